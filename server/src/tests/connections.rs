//! Real connections: how long a request's head may take, and how a server ends them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::connections::{self, Bounds};
use crate::testing::{Member, Server, reached};

/// Long enough for a request, short enough to wait for.
const HEADERS: Duration = Duration::from_millis(500);

struct Listening {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Listening {
    async fn of(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = server.state.stopping.subscribe();
        let bounds = Bounds { most: server.settings.limits.connections, headers: HEADERS };
        let serving = connections::serve(listener, server.router(), stop, bounds);
        Self { address, serving: tokio::spawn(serving) }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Stops, which must not take as long as a request may.
    async fn stopped(self, server: &Server) {
        server.state.stopping.send_replace(true);
        tokio::time::timeout(Duration::from_secs(5), self.serving).await.unwrap().unwrap();
        assert!(TcpStream::connect(self.address).await.is_err());
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let all = stream.read_to_string(&mut text);
    // Whoever is let go in the midst of writing may see the connection reset.
    let _ = tokio::time::timeout(Duration::from_secs(10), all).await.expect("it ends");
    text
}

/// Reads up to a text.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut seen = String::new();
    while !seen.ends_with(end) {
        let byte = tokio::time::timeout(Duration::from_secs(10), stream.read_u8()).await;
        seen.push(char::from(byte.expect("it comes").unwrap()));
    }
    seen
}

#[tokio::test]
async fn who_sends_a_request_too_slowly_is_let_go() {
    let server = Server::open().await;
    let listening = Listening::of(&server).await;
    let mut slow = listening.connect().await;
    let start = Instant::now();
    slow.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
    // A little now and then does not help.
    let dripping = async {
        while slow.write_all(b"x-slow: 1\r\n").await.is_ok() {
            if start.elapsed() > 4 * HEADERS {
                break;
            }
            tokio::time::sleep(HEADERS / 5).await;
        }
        rest(&mut slow).await
    };
    assert_eq!(dripping.await, "", "no answer");
    assert!(start.elapsed() >= HEADERS && start.elapsed() < 10 * HEADERS);
    // Others are served meanwhile and after it, and a connection serves more than one request.
    let mut quick = listening.connect().await;
    for _ in 0..2 {
        tokio::time::sleep(HEADERS / 2).await;
        quick.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert!(until(&mut quick, "\r\n\r\n").await.starts_with("HTTP/1.1 204"));
    }
    listening.stopped(&server).await;
}

#[tokio::test]
async fn a_connection_waits_until_another_is_closed() {
    let server = Server::with(|settings| settings.limits.connections = 2).await;
    let listening = Listening::of(&server).await;
    let before = reached(&server, "connections").await;
    let ask = async |stream: &mut TcpStream| {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    };
    let mut two = [listening.connect().await, listening.connect().await];
    for stream in &mut two {
        ask(stream).await;
        assert!(until(stream, "\r\n\r\n").await.starts_with("HTTP/1.1 204"));
    }
    let mut third = listening.connect().await;
    ask(&mut third).await;
    let early = tokio::time::timeout(HEADERS / 5, third.read_u8()).await;
    assert!(early.is_err(), "there is no place yet");
    assert!(reached(&server, "connections").await > before);
    drop(two);
    assert!(until(&mut third, "\r\n\r\n").await.starts_with("HTTP/1.1 204"));
    listening.stopped(&server).await;
}

#[tokio::test]
async fn a_body_may_take_longer_than_a_head() {
    let server = Server::open().await;
    let listening = Listening::of(&server).await;
    let mut stream = listening.connect().await;
    let head = "POST /v1/sessions/start HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 2\r\nconnection: close\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(2 * HEADERS).await;
    stream.write_all(b"}").await.unwrap();
    assert!(rest(&mut stream).await.ends_with("{\"code\":\"malformed\"}"));
}

#[tokio::test]
async fn stopping_ends_idle_connections_and_streams_and_finishes_requests() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let listening = Listening::of(&server).await;
    let mut idle = listening.connect().await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    until(&mut idle, "\r\n\r\n").await;

    let mut events = listening.connect().await;
    let head = format!(
        "GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        ana.token
    );
    events.write_all(head.as_bytes()).await.unwrap();
    until(&mut events, "data: 1\n\n").await;
    // A stream outlives the time of a request's head, and hears of changes.
    tokio::time::sleep(2 * HEADERS).await;
    ana.add(&server).await;
    until(&mut events, "data: 2\n\n").await;

    let mut begun = listening.connect().await;
    let head = "POST /v1/sessions/start HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 2\r\nexpect: 100-continue\r\n\r\n";
    begun.write_all(head.as_bytes()).await.unwrap();
    until(&mut begun, "HTTP/1.1 100 Continue\r\n\r\n").await;

    server.state.stopping.send_replace(true);
    assert_eq!(rest(&mut idle).await, "");
    assert_eq!(rest(&mut events).await, "\r\n0\r\n\r\n", "it ends as an answer should");
    begun.write_all(b"{}").await.unwrap();
    assert!(rest(&mut begun).await.ends_with("{\"code\":\"malformed\"}"));
    listening.stopped(&server).await;
}

#[tokio::test]
async fn who_goes_away_is_not_told_any_more() {
    let server = Server::open().await;
    let ana = Member::new(&server, "ana@example.com").await;
    let listening = Listening::of(&server).await;
    let mut events = listening.connect().await;
    let head = format!(
        "GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        ana.token
    );
    events.write_all(head.as_bytes()).await.unwrap();
    until(&mut events, "data: 1\n\n").await;
    assert_eq!(server.state.feed.listeners(), (1, 1));
    drop(events);
    let gone = async {
        while server.state.feed.listeners() != (0, 0) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("the stream was let go");
}
