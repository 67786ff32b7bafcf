//! A web site on this machine. The browsers of these tests resolve every name to 127.0.0.1, so it
//! can be visited under any name, and nothing they do reaches another machine.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::spawn;

/// A site that answers every path with the same page. Runs until the test program ends.
#[derive(Clone, Copy, Debug)]
pub struct Website {
    port: u16,
}

impl Website {
    /// Starts it on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // Browsers open connections ahead of need; one that says nothing holds up no other.
                spawn(move || answer(client));
            }
        });
        Self { port }
    }

    /// Its address under a name, with a path: `url("api.example.com", "/docs")`.
    pub fn url(self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }
}

fn answer(client: TcpStream) {
    const PAGE: &str = "<!doctype html><html lang=en><title>A portal</title><h1>A portal</h1><p>Get your key here.";
    let mut writing = client.try_clone().expect("a socket can be shared");
    // The head ends with an empty line; there is never a body.
    let ended = BufReader::new(client).lines().map_while(Result::ok).any(|line| line.is_empty());
    if ended {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            PAGE.len()
        );
        // Whoever asked may be gone.
        let _ =
            writing.write_all(head.as_bytes()).and_then(|()| writing.write_all(PAGE.as_bytes()));
    }
}
