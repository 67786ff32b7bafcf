//! Live changes: while a view is open, one of them keeps the server's stream of events open for
//! all and asks the background for a sync when something moved. Without the stream nothing is
//! missing: syncs come as ever, only later.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::channel::oneshot;
use futures::future::{Either, Shared, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Promise, Uint8Array};
use mysafe::protocol::wire::ErrorCode;
use mysafe::sync::Events;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::chrome::get;
use crate::open::Open;
use crate::remote::SignedIn;
use crate::store::Guard;
use crate::sync::{sync_now, sync_status};

/// One stream for all views of this browser: it may have six connections to a server.
const LOCK: &str = "mysafe-live";
/// How long the server may take to begin.
const BEGIN_MS: u32 = 20_000;
/// A living server says something three times in this time.
const SILENCE_MS: u32 = 60_000;
/// Pause after the first failure; doubled after each more, up to [`LONGEST_MS`].
const SHORTEST_MS: u32 = 1_000;
const LONGEST_MS: u32 = 30_000;

#[wasm_bindgen]
extern "C" {
    type AbortController;
    #[wasm_bindgen(constructor)]
    fn new() -> AbortController;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> web_sys::AbortSignal;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);

    type Body;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Body) -> Result<Reader, JsValue>;
    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;
}

/// Hears of changes until it is dropped.
pub struct Live {
    _until: oneshot::Sender<()>,
}

/// Hears of changes on the server from now on.
pub fn stay_live(open: Rc<Open>) -> Live {
    let (until, dropped) = oneshot::channel();
    spawn_local(async move {
        // Either it is over, or nobody listens any more: the same.
        let _ = listen_always(open, Wanted(dropped.shared())).await;
    });
    Live { _until: until }
}

/// Whether anybody still wants to hear.
#[derive(Clone)]
struct Wanted(Shared<oneshot::Receiver<()>>);

impl Wanted {
    /// Waits for something, as long as it is wanted. Only for what may be dropped in the middle: a
    /// request to the store may not, its answer would find nobody.
    async fn wait<T>(&self, what: impl Future<Output = T>) -> Option<T> {
        match select(self.0.clone(), Box::pin(what)).await {
            Either::Left(_) => None,
            Either::Right((value, _)) => Some(value),
        }
    }
}

/// Why there is no stream any more.
enum Ended {
    /// It was there and broke off.
    Broken,
    /// It did not begin.
    Refused,
    /// Nobody is signed in here.
    SignedOut,
}

async fn listen_always(open: Rc<Open>, wanted: Wanted) -> Option<()> {
    let _turn = wanted.wait(Guard::acquire(LOCK)).await?.ok()?;
    let mut pause = SHORTEST_MS;
    loop {
        match listen(&open, &wanted).await? {
            Ended::Broken => pause = SHORTEST_MS,
            Ended::Refused => pause = (2 * pause).min(LONGEST_MS),
            Ended::SignedOut => pause = LONGEST_MS,
        }
        // A server that was away must not see all its clients come back in one moment.
        let part = 0.5 + js_sys::Math::random() / 2.0;
        wanted.wait(TimeoutFuture::new((f64::from(pause) * part) as u32)).await?;
    }
}

/// One stream, from its beginning to its end; nothing if it is not wanted any more.
async fn listen(open: &Open, wanted: &Wanted) -> Option<Ended> {
    let Some(server) = open.signed_in().await else { return Some(Ended::SignedOut) };
    let Some(stream) = Stream::begin(&server, wanted).await? else { return Some(Ended::Refused) };
    let mut events = Events::default();
    let mut first = true;
    while let Some(bytes) = wanted.wait(stream.next()).await? {
        let Ok(position) = events.take(&bytes) else { return Some(Ended::Refused) };
        let Some(position) = position else { continue };
        if open.position().await != Some(position) || first && is_behind().await {
            // What comes meanwhile waits in the stream.
            sync_now().await;
        }
        first = false;
    }
    Some(if first { Ended::Refused } else { Ended::Broken })
}

/// The server is there again: what could not be done without it can be now.
async fn is_behind() -> bool {
    let status = sync_status().await;
    status.offline || status.waiting > 0
}

/// A request that ends when this is dropped.
struct Request(AbortController);

impl Drop for Request {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The stream of events.
struct Stream {
    _request: Request,
    reader: Reader,
}

impl Stream {
    /// `Some(None)` if the server does not begin one.
    async fn begin(server: &SignedIn, wanted: &Wanted) -> Option<Option<Self>> {
        let request = Request(AbortController::new());
        let signal = request.0.signal();
        let answer = wanted.wait(in_time(BEGIN_MS, server.events(&signal))).await?;
        let response = match answer {
            None => return Some(None),
            Some(Ok(response)) => response,
            Some(Err(error)) => {
                let ended = [ErrorCode::NotSignedIn, ErrorCode::SessionRevoked];
                if error.code().is_some_and(|code| ended.contains(&code)) {
                    // Sync says so to everybody.
                    sync_now().await;
                }
                return Some(None);
            }
        };
        let reader = response
            .body()
            .and_then(|body| JsValue::from(body).unchecked_into::<Body>().get_reader().ok());
        Some(reader.map(|reader| Self { _request: request, reader }))
    }

    /// What came next; nothing at the end, or after too long a silence.
    async fn next(&self) -> Option<Vec<u8>> {
        let read = JsFuture::from(self.reader.read().ok()?);
        let piece = in_time(SILENCE_MS, read).await?.ok()?;
        let bytes: Uint8Array = get(&piece, "value").dyn_into().ok()?;
        Some(bytes.to_vec())
    }
}

async fn in_time<T>(limit: u32, future: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(future), TimeoutFuture::new(limit)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
