//! The router: all features, and what stands around every request.

use std::time::Duration;

use axum::Router;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use mysafe_protocol::wire::ErrorCode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::error::Error;
use crate::state::AppState;
use crate::{gate, observe, openapi, pages, panics, wire};

/// All routes of the server. Serve it with connection info (the client's address), which the
/// limits on sign-up and sign-in count by.
pub fn app(state: AppState) -> Router {
    let (routes, _) = openapi::routes().split_for_parts();
    around(routes.merge(pages::routes()), state)
}

/// Puts around routes what stands around every request.
pub fn around(routes: Router<AppState>, state: AppState) -> Router {
    routes
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(state.clone(), gate::gate))
        .layer(CatchPanicLayer::custom(panics::answer))
        .layer(from_fn(observe::limit_time))
        .layer(from_fn(wire::negotiate))
        .layer(from_fn_with_state(state.clone(), observe::observe))
        .layer(cors())
        .layer(from_fn(observe::harden))
        .with_state(state)
}

/// Any origin may ask: a request carries a bearer token that its sender knows, never a cookie
/// that the browser adds.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::PUT, Method::POST, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT])
        .expose_headers([header::RETRY_AFTER])
        .max_age(Duration::from_secs(7_200))
}

async fn no_such_route() -> Error {
    ErrorCode::NotFound.into()
}

/// The router adds `Allow` (RFC 9110 section 15.5.6).
async fn no_such_method() -> Error {
    ErrorCode::NoSuchMethod.into()
}
