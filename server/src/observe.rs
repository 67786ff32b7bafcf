//! Around every request: its log line and numbers, security headers, the time limit. A log line
//! holds method, route, status and time; never a body, token, query or id.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use mysafe_protocol::wire::ErrorCode;

use crate::error::Error;
use crate::state::AppState;

/// A request that takes longer is given up; its transaction never was.
const LONGEST: Duration = Duration::from_secs(30);

/// Logs and counts a request.
pub async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("(none)", |path| path.as_str());
    let method = method_name(request.method());
    let start = Instant::now();
    let response = next.run(request).await;
    let (status, time) = (response.status().as_u16(), start.elapsed());
    state.metrics.request(method, route, status, time);
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(method, route, status, micros, "request");
    response
}

/// Methods are free text: only those of the interface get a name of their own.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// Gives up a request that takes too long.
pub async fn limit_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::from(ErrorCode::Unavailable).into_response(),
    }
}

/// Nothing here is a page, nothing is to be kept by caches.
pub async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // A page brings its own.
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}
