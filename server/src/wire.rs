//! Bodies as JSON or CBOR, by `Content-Type` and `Accept`: extractors and the responder. What
//! does not have the form of its request is refused as `malformed`, unknown fields included.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use mysafe_protocol::wire::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;

const JSON: &str = "application/json";
const CBOR: &str = "application/cbor";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Json,
    Cbor,
}

tokio::task_local! {
    /// What the request being answered accepts. Errors come from anywhere, so they find it here.
    static ACCEPTED: Format;
}

/// Middleware: answers below it take the format that `Accept` asks for.
pub async fn negotiate(request: Request, next: Next) -> Response {
    let accepts_cbor = request
        .headers()
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| media_type(range) == CBOR);
    let format = if accepts_cbor { Format::Cbor } else { Format::Json };
    ACCEPTED.scope(format, next.run(request)).await
}

fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn sent_format(headers: &HeaderMap) -> Result<Format, Error> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match media_type(value.unwrap_or_default()).as_str() {
        JSON => Ok(Format::Json),
        CBOR => Ok(Format::Cbor),
        _ => Err(ErrorCode::Malformed.into()),
    }
}

/// A body to answer with.
#[derive(Debug)]
pub struct Answer<T>(pub T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let format = ACCEPTED.try_with(|format| *format).unwrap_or(Format::Json);
        let encoded = match format {
            Format::Json => serde_json::to_vec(&self.0).map_err(|error| error.to_string()),
            Format::Cbor => minicbor_serde::to_vec(&self.0).map_err(|error| error.to_string()),
        };
        let media_type = if format == Format::Json { JSON } else { CBOR };
        match encoded {
            Ok(bytes) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
            Err(cause) => {
                tracing::error!(%cause, "an answer could not be encoded");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// The body of a request.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let format = sent_format(request.headers())?;
        let bytes =
            axum::body::Bytes::from_request(request, state).await.map_err(|why| match why {
                BytesRejection::FailedToBufferBody(cut)
                    if cut.status() == StatusCode::PAYLOAD_TOO_LARGE =>
                {
                    ErrorCode::TooLarge
                }
                _ => ErrorCode::Malformed,
            })?;
        let value = match format {
            Format::Json => serde_json::from_slice(&bytes).ok(),
            Format::Cbor => whole_cbor(&bytes),
        };
        Ok(Self(value.ok_or(ErrorCode::Malformed)?))
    }
}

/// Reads one value and refuses anything behind it.
fn whole_cbor<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut from = minicbor_serde::Deserializer::new(bytes);
    let value = T::deserialize(&mut from).ok()?;
    (from.decoder().position() == bytes.len()).then_some(value)
}

/// The query of a request.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|query| Self(query.0)).map_err(|_| ErrorCode::Malformed.into())
    }
}

/// The id in a request's path.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| ErrorCode::Malformed.into())
    }
}
