//! The one error type of all routes. A client gets a stable code; the cause goes to the log and
//! never into an answer.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mysafe_protocol::bodies::NotAccepted;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::{ErrorCode, ErrorResponse, ItemState, Reason};

use crate::wire::Answer;

/// Why a request is refused.
#[derive(Debug)]
pub enum Error {
    /// A code says it all.
    Code(ErrorCode),
    /// One code stands for several reasons; which one it is.
    Because(ErrorCode, Reason),
    /// The item is at another revision: here it is, if there is one.
    Stale(Option<Box<ItemState>>),
    /// Too many tries; how long to wait.
    TooManyTries(Duration),
    /// An account or an item is full of something; how long to wait, if that helps.
    QuotaExceeded(Reason, Option<Duration>),
    /// The server's fault.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The server's fault, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::Code(code)
    }
}

impl From<Malformed> for Error {
    fn from(_: Malformed) -> Self {
        Self::Code(ErrorCode::Malformed)
    }
}

impl From<NotAccepted> for Error {
    fn from(why: NotAccepted) -> Self {
        Self::Code(match why {
            NotAccepted::Malformed => ErrorCode::Malformed,
            NotAccepted::Forged => ErrorCode::Forged,
        })
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(%error, "the database does not answer");
                Self::Code(ErrorCode::Unavailable)
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut body = ErrorResponse {
            code: ErrorCode::Internal,
            retry_after: None,
            reason: None,
            current: None,
        };
        match self {
            Self::Code(code) => body.code = code,
            Self::Because(code, reason) => {
                body.code = code;
                body.reason = Some(reason);
            }
            Self::Stale(current) => {
                body.code = ErrorCode::Stale;
                body.current = current.map(|state| *state);
            }
            Self::TooManyTries(wait) => {
                body.code = ErrorCode::TooManyTries;
                body.retry_after = Some(wait.as_secs() + 1);
            }
            Self::QuotaExceeded(reason, wait) => {
                body.code = ErrorCode::QuotaExceeded;
                body.reason = Some(reason);
                body.retry_after = wait.map(|wait| wait.as_secs());
            }
            Self::Internal(cause) => tracing::error!(%cause, "internal error"),
        }
        let status = StatusCode::from_u16(body.code.status())
            .expect("every code has a status that HTTP knows");
        let retry_after = body.retry_after;
        let mut response = (status, Answer(body)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // RFC 9110, section 11.6.1; the scheme is RFC 6750's.
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
