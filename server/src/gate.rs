//! Before the body of a request is read: its size, and how often its client tries.

use std::net::SocketAddr;
use std::sync::Once;

use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use mysafe_protocol::limits;
use mysafe_protocol::wire::ErrorCode;

use crate::error::Error;
use crate::metrics;
use crate::peer::{self, Peer};
use crate::server::is_of_page;
use crate::state::AppState;

/// The first request of a sign-up.
const SIGN_UP_START: &str = "/v1/accounts/start";
/// The second request of a sign-up has an account record.
const SIGN_UP: &str = "/v1/accounts/finish";
/// The routes with a body for people who are not signed in.
const SIGNED_OUT: [&str; 5] = [
    SIGN_UP_START,
    "/v1/sessions/start",
    "/v1/sessions/finish",
    "/v1/recovery/start",
    "/v1/recovery/finish",
];
/// The route on which a password is tried by somebody who is signed in.
const SECRETS: &str = "/v1/accounts/secrets";

/// Refuses a request whose body is too large, and one of a client that tries too often.
pub async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let signed_out = SIGNED_OUT.contains(&route);
    let tries = signed_out || [SIGN_UP, SECRETS].contains(&route);
    let most = if signed_out { limits::REQUEST_SIGNED_OUT } else { limits::REQUEST };
    if tries {
        // A page would use up the tries of the network in which its reader is. A sign-up tries no password.
        let signs_up = [SIGN_UP, SIGN_UP_START].contains(&route);
        let of_page = is_of_page(request.headers());
        if of_page && !signs_up {
            return Error::from(ErrorCode::NotAllowed).into_response();
        }
        say_if_proxy_is_silent(&state, &request);
        let Peer(peer) = Peer::of(request.extensions(), request.headers());
        if let Err(refused) = state.rates.client(peer, of_page) {
            return refused.into_response();
        }
    }
    if length(&request).is_some_and(|length| length > most as u64) {
        metrics::limit_reached("request_bytes");
        return Error::from(ErrorCode::TooLarge).into_response();
    }
    DefaultBodyLimit::max(most).apply(&mut request);
    next.run(request).await
}

/// The length of the body, as the head says it.
fn length(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Says once that a reverse proxy does not say for whom it asks: everybody counts as one client then.
fn say_if_proxy_is_silent(state: &AppState, request: &Request) {
    static SAID: Once = Once::new();
    let from_here = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .is_some_and(|info| info.0.ip().to_canonical().is_loopback());
    if from_here && state.settings.has_name() && !peer::is_forwarded(request.headers()) {
        SAID.call_once(|| {
            metrics::limit_reached("proxy_without_client");
            tracing::warn!(
                "the reverse proxy sends no X-Forwarded-For: all clients are counted as one"
            );
        });
    }
}
