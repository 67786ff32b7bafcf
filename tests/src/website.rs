//! A web site on this machine. The browsers of these tests resolve every name to 127.0.0.1, so it
//! can be visited under any name, and nothing they do reaches another machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::spawn;

/// A site. Runs until the test program ends.
#[derive(Clone, Copy, Debug)]
pub struct Website {
    port: u16,
}

/// What a browser asks for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The path, as in "/docs?x".
    pub path: String,
    /// The `Host` header, with the port.
    pub host: String,
    /// The `Authorization` header; empty if there is none.
    pub authorization: String,
    /// What was sent along.
    pub body: String,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its `Content-Type`.
    pub kind: &'static str,
    /// Further headers, each with its line end.
    pub headers: &'static str,
    /// Its content.
    pub body: String,
}

impl Page {
    /// A page in HTML.
    pub fn html(body: impl Into<String>) -> Self {
        Self { kind: "text/html; charset=utf-8", headers: "", body: body.into() }
    }

    /// Another kind of content.
    pub fn of(kind: &'static str, body: impl Into<String>) -> Self {
        Self { kind, headers: "", body: body.into() }
    }
}

type Answers = dyn Fn(&Request) -> Page + Send + Sync;

impl Website {
    /// Starts one that answers every path but "/form" with the same page, on a free port.
    pub fn start() -> Self {
        const PAGE: &str = "<!doctype html><html lang=en><title>A portal</title><h1>A portal</h1><p>Get your key here.";
        const FORM: &str =
            "<!doctype html><html lang=en><title>A form</title><label>Key <input></label>";
        Self::serving(|request| Page::html(if request.path == "/form" { FORM } else { PAGE }))
    }

    /// Starts one with pages of its own, on a free port.
    pub fn serving(answers: impl Fn(&Request) -> Page + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let answers: Arc<Answers> = Arc::new(answers);
        spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let answers = Arc::clone(&answers);
                // Browsers open connections ahead of need; one that says nothing holds up no other.
                spawn(move || answer(client, &*answers));
            }
        });
        Self { port }
    }

    /// Its address under a name, with a path: `url("api.example.com", "/docs")`.
    pub fn url(self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }
}

fn answer(client: TcpStream, answers: &Answers) {
    let mut writing = client.try_clone().expect("a socket can be shared");
    let Some(request) = read(client) else { return };
    let Page { kind, headers, body } = answers(&request);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n"
    );
    // Whoever asked may be gone.
    let _ = writing.write_all(head.as_bytes()).and_then(|()| writing.write_all(body.as_bytes()));
}

/// The head ends with an empty line; how long the body is stands in it.
fn read(client: TcpStream) -> Option<Request> {
    let mut reading = BufReader::new(client);
    let (mut request, mut length) = (Request::default(), 0);
    let mut line = String::new();
    loop {
        line.clear();
        if reading.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        match text.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            Some((name, value)) if name.eq_ignore_ascii_case("host") => {
                value.clone_into(&mut request.host);
            }
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                value.clone_into(&mut request.authorization);
            }
            None => text.split(' ').nth(1)?.clone_into(&mut request.path),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    reading.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}
