//! Requests to the MySafe server: CBOR both ways, a time limit, no cookies, no cache.

use gloo_net::http::{Method, RequestBuilder};
use mysafe::protocol::wire::{ErrorCode, ErrorResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

const CBOR: &str = "application/cbor";
const EVENTS: &str = "text/event-stream, application/cbor";
const TIME_LIMIT_MS: u32 = 20_000;
const SHORT_LIMIT_MS: u32 = 5_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = AbortSignal, js_name = timeout)]
    fn signal_after(milliseconds: u32) -> web_sys::AbortSignal;
}

/// Why there is no answer to use.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum HttpError {
    /// Nobody answered within the time limit.
    NoAnswer,
    /// The server said no, and why.
    Refused(Box<ErrorResponse>),
    /// Something answered that is not this interface.
    NotMySafe,
}

impl HttpError {
    /// The server's code, if it was the server that refused.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(error) => Some(error.code),
            _ => None,
        }
    }
}

/// Where and as whom to ask.
pub(crate) struct Endpoint<'e> {
    /// Base address, without trailing slash.
    pub(crate) base: &'e str,
    /// Bearer token.
    pub(crate) token: Option<&'e str>,
}

impl Endpoint<'_> {
    /// Reads something.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, HttpError> {
        let builder = self.builder(Method::GET, path);
        let request = builder.build().map_err(|_| HttpError::NoAnswer)?;
        answer(request).await
    }

    /// Sends something and reads the answer.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, HttpError> {
        answer(self.with_body(method, path, body)?).await
    }

    /// Sends something that is answered without content.
    pub(crate) async fn tell(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(), HttpError> {
        bytes(self.with_body(method, path, body)?).await.map(drop)
    }

    /// Opens an answer that goes on until `signal` ends it.
    pub(crate) async fn listen(
        &self,
        path: &str,
        signal: &web_sys::AbortSignal,
    ) -> Result<gloo_net::http::Response, HttpError> {
        let builder = self.builder(Method::GET, path).abort_signal(Some(signal));
        let request = builder.header("Accept", EVENTS).build().map_err(|_| HttpError::NoAnswer)?;
        let response = request.send().await.map_err(|_| HttpError::NoAnswer)?;
        if response.ok() { Ok(response) } else { Err(refusal(response).await) }
    }

    fn with_body(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<gloo_net::http::Request, HttpError> {
        let bytes = minicbor_serde::to_vec(body).expect("writing to memory cannot fail");
        self.builder(method, path)
            .header("Content-Type", CBOR)
            .body(js_sys::Uint8Array::from(bytes.as_slice()))
            .map_err(|_| HttpError::NoAnswer)
    }

    /// Asks for something to be done that has no body and no answer.
    pub(crate) async fn act(&self, method: Method, path: &str) -> Result<(), HttpError> {
        let request = self.builder(method, path).build().map_err(|_| HttpError::NoAnswer)?;
        bytes(request).await.map(drop)
    }

    fn builder(&self, method: Method, path: &str) -> RequestBuilder {
        let mut builder = RequestBuilder::new(&format!("{}{path}", self.base))
            .method(method)
            .header("Accept", CBOR)
            .credentials(web_sys::RequestCredentials::Omit)
            .cache(web_sys::RequestCache::NoStore)
            .redirect(web_sys::RequestRedirect::Error)
            .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
            .abort_signal(Some(&signal_after(TIME_LIMIT_MS)));
        if let Some(token) = self.token {
            builder = builder.header("Authorization", &format!("Bearer {token}"));
        }
        builder
    }
}

/// Whether anything answers there, readable for us or not.
pub(crate) async fn somebody_answers(base: &str) -> bool {
    let request = RequestBuilder::new(base)
        .mode(web_sys::RequestMode::NoCors)
        .credentials(web_sys::RequestCredentials::Omit)
        .cache(web_sys::RequestCache::NoStore)
        .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
        .abort_signal(Some(&signal_after(SHORT_LIMIT_MS)))
        .build();
    match request {
        Ok(request) => request.send().await.is_ok(),
        Err(_) => false,
    }
}

async fn bytes(request: gloo_net::http::Request) -> Result<Vec<u8>, HttpError> {
    let response = request.send().await.map_err(|_| HttpError::NoAnswer)?;
    if !response.ok() {
        return Err(refusal(response).await);
    }
    response.binary().await.map_err(|_| HttpError::NoAnswer)
}

async fn refusal(response: gloo_net::http::Response) -> HttpError {
    let Ok(bytes) = response.binary().await else { return HttpError::NoAnswer };
    match minicbor_serde::from_slice::<ErrorResponse>(&bytes) {
        Ok(error) => HttpError::Refused(Box::new(error)),
        // A gateway in front of the server answers for it.
        Err(_) if response.status() >= 500 => HttpError::NoAnswer,
        Err(_) => HttpError::NotMySafe,
    }
}

async fn answer<T: DeserializeOwned>(request: gloo_net::http::Request) -> Result<T, HttpError> {
    let bytes = bytes(request).await?;
    minicbor_serde::from_slice(&bytes).map_err(|_| HttpError::NotMySafe)
}
