//! What the tests of all features drive the server with: the real router over a database in a
//! temporary folder, and people with real keys and a real OPAQUE client.

mod person;
mod receiver;
mod writing;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use futures_util::StreamExt as _;
use mysafe_protocol::wire::{ErrorCode, ErrorResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::{AppState, Clock, Settings, app};

pub use person::{Member, PASSWORD, Person, Upload, VERIFIER, cheap, recovery};
pub use receiver::Receiver;
pub use writing::{Writing, lost, sealed};

/// A server with its own folder and clock.
pub struct Server {
    pub folder: Arc<TempDir>,
    pub settings: Settings,
    pub state: AppState,
    router: Router,
    time: Arc<AtomicI64>,
}

impl Server {
    /// On a loopback address, open to everybody after the first.
    pub async fn open() -> Self {
        Self::with(|settings| settings.open_signups = true).await
    }

    /// With other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mut settings = Settings::of(|_| None).unwrap();
        settings.data = folder.path().join("data");
        // Tests of a limit set it.
        settings.limits.write_burst = 1_000_000;
        change(&mut settings);
        Self::start(folder, settings, Arc::new(AtomicI64::new(1_800_000_000))).await
    }

    /// Open to everybody after the first, with somebody who takes its mails.
    pub async fn with_mail() -> (Self, Receiver) {
        let receiver = Receiver::start().await;
        let mails = Settings::of(|name| match name {
            "MYSAFE_SMTP_URL" => Some(receiver.url.clone()),
            "MYSAFE_MAIL_FROM" => Some("MySafe <mysafe@example.com>".to_owned()),
            _ => None,
        });
        let mails = mails.unwrap();
        let server = Self::with(|settings| {
            settings.open_signups = true;
            settings.smtp = mails.smtp;
            settings.mail_from = mails.mail_from;
        });
        (server.await, receiver)
    }

    async fn start(folder: Arc<TempDir>, settings: Settings, time: Arc<AtomicI64>) -> Self {
        let now = time.clone();
        let clock = Clock::of(move || now.load(Ordering::Relaxed));
        let state = AppState::open(settings.clone(), clock).await.unwrap();
        Self { folder, settings, router: app(state.clone()), state, time }
    }

    /// Stops and starts again on the same folder.
    pub async fn restart(self) -> Self {
        self.state.database.close().await;
        Self::start(self.folder, self.settings, self.time).await
    }

    /// Lets time go by.
    pub fn wait(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The routes, to be served over a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends a request whose answer has no end.
    pub async fn listen(&self, call: Call) -> Listening {
        let response = self.router.clone().oneshot(call.request()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Listening {
            headers: response.headers().clone(),
            body: response.into_body().into_data_stream(),
        }
    }

    /// Sends a request.
    pub async fn send(&self, call: Call) -> Reply {
        let response = self.router.clone().oneshot(call.request()).await.unwrap();
        Reply::of(response).await
    }
}

/// Waits until something holds, and fails if it does not for long.
pub async fn until(holds: impl Fn() -> bool) {
    for _ in 0..5_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it did not come to hold within five seconds");
}

/// Waits for something, and fails if it does not come for long.
pub async fn soon<T>(comes: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), comes).await.expect("it comes within ten seconds")
}

/// How often a limit was reached, as the operator sees it. Other tests count too.
pub async fn reached(server: &Server, limit: &str) -> u64 {
    let reply = server.send(Call::get("/metrics")).await;
    let text = String::from_utf8(reply.body).unwrap();
    let line = format!("mysafe_limits_reached_total{{limit=\"{limit}\"}} ");
    text.lines().find_map(|text| text.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
}

/// A request being made.
#[derive(Clone)]
pub struct Call {
    method: &'static str,
    path: String,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Call {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), token: None, headers: vec![], body: vec![] }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn put(path: impl Into<String>) -> Self {
        Self::new("PUT", path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }

    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn json(self, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).unwrap();
        self.raw("application/json", body)
    }

    pub fn cbor(self, body: &impl Serialize) -> Self {
        let body = minicbor_serde::to_vec(body).unwrap();
        self.raw("application/cbor", body)
    }

    pub fn raw(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }

    /// The request itself, to be sent by hand.
    pub fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        if let Some(token) = self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

/// An answer that goes on.
pub struct Listening {
    pub headers: HeaderMap,
    body: BodyDataStream,
}

impl Listening {
    /// What comes next; nothing at its end. Waits for it, but not for ever.
    pub async fn next(&mut self) -> Option<String> {
        let next = tokio::time::timeout(Duration::from_secs(10), self.body.next()).await;
        let bytes = next.expect("something comes, or it ends")?.unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Whether nothing has come for a moment.
    pub async fn is_quiet(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(50), self.body.next()).await.is_err()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// The body of a success, in the format it says it has.
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.read()
    }

    /// The code of a refusal, which must have the status that belongs to it.
    pub fn code(&self) -> ErrorCode {
        let error = self.error();
        assert_eq!(self.status.as_u16(), error.code.status());
        error.code
    }

    /// The body of a refusal.
    pub fn error(&self) -> ErrorResponse {
        assert!(!self.status.is_success(), "{}: {}", self.status, self.text());
        self.read()
    }

    fn read<T: DeserializeOwned>(&self) -> T {
        match self.headers["content-type"].to_str().unwrap() {
            "application/json" => serde_json::from_slice(&self.body).unwrap(),
            "application/cbor" => minicbor_serde::from_slice(&self.body).unwrap(),
            other => panic!("an answer in {other}"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
