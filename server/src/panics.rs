//! A panic ends the request in which it happens and no other. The log says where it was, and never its
//! text, which may hold what a client sent.

use std::any::Any;
use std::future::Future;
use std::panic::PanicHookInfo;

use axum::response::{IntoResponse as _, Response};
use mysafe_protocol::wire::ErrorCode;

use crate::error::Error;

/// Has the log say where panics are, in place of standard error with their texts.
pub fn log() {
    std::panic::set_hook(Box::new(hook));
}

fn hook(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a panic");
}

/// Answers a request that panicked.
pub fn answer(_: Box<dyn Any + Send>) -> Response {
    count();
    Error::from(ErrorCode::Internal).into_response()
}

fn count() {
    ::metrics::counter!("mysafe_panics_total").increment(1);
}

/// Runs one round of work that is done again and again: after a panic the next round comes all the same.
pub async fn contain<T: Send + 'static>(
    round: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    match tokio::spawn(round).await {
        Ok(done) => Some(done),
        Err(ended) => {
            if ended.is_panic() {
                count();
            }
            None
        }
    }
}
