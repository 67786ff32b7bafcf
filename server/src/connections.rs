//! Connections: taken, served over HTTP/1.1, and ended in order. A client that sends the head of
//! its request too slowly, or nothing for as long, is let go; a request's body has the time limit
//! of all requests (see `observe`). There are at most so many at once; others wait to be taken.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tower::ServiceExt as _;

use crate::metrics;

/// How long the head of a request may take, counted from the end of the one before.
pub const HEADERS: Duration = Duration::from_secs(30);
/// Wait after there was no room for another connection.
const FULL: Duration = Duration::from_secs(1);

/// How many connections there are at once, and how long the head of a request may take on each.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub most: u32,
    pub headers: Duration,
}

/// Takes connections until `stop`, then ends those that are idle and waits for the others.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
    bounds: Bounds,
) {
    // Every connection holds a sender: when the last is gone nothing comes any more.
    let (open, mut all_closed) = mpsc::channel::<()>(1);
    let places = Arc::new(Semaphore::new(bounds.most as usize));
    loop {
        let accepted = tokio::select! {
            biased;
            // An error says that the sender is gone, which is a reason to stop too.
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = next(&listener, &places) => accepted,
        };
        match accepted {
            Ok((stream, address, place)) => {
                let one = one(stream, address, router.clone(), stop.clone(), bounds.headers);
                let open = open.clone();
                tokio::spawn(async move {
                    one.await;
                    drop((place, open));
                });
            }
            // Gone before it was taken.
            Err(error) if is_the_clients(error.kind()) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(FULL).await;
            }
        }
    }
    drop((listener, open));
    all_closed.recv().await;
}

/// Waits for a place, then for a connection. Meanwhile the operating system keeps clients waiting.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    if places.available_permits() == 0 {
        metrics::limit_reached("connections");
    }
    let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, address) = listener.accept().await?;
    Ok((stream, address, place))
}

fn is_the_clients(kind: ErrorKind) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(kind, ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn one(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
    headers: Duration,
) {
    // An event is small and is to leave at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(headers);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What goes wrong with a connection is the client's to notice.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
