//! Stands between a client and the server and sees whole requests and answers; at one of them the
//! server dies.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::{JoinHandle, spawn};

use mysafe_tests::server_process::ServerProcess;

/// Bytes of a page in SQLite's write-ahead log with the header of its frame.
const FRAME: u64 = 24 + 4096;

/// At which request the server dies, from 0, and when.
#[derive(Clone, Copy, Debug)]
pub struct Death {
    pub request: usize,
    pub at: Moment,
}

/// When a server dies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// The request did not reach it.
    Before,
    /// It works on it: its database's log grew by so many bytes and the next one is the end of it.
    Writing(u64),
    /// It has done all of it; the answer never arrives.
    Answered,
}

/// So many of [`offsets`] lie in each frame.
pub const IN_A_FRAME: usize = 3;

/// The growths at which to end a server: before each frame of the log, after its header, and in the
/// middle of its page.
pub fn offsets() -> impl Iterator<Item = u64> {
    let within: [u64; IN_A_FRAME] = [0, 24, FRAME / 2];
    (0..).flat_map(move |frame| within.map(|within| frame * FRAME + within))
}

/// For one connection of one client.
pub struct Gate {
    address: SocketAddr,
    passing: JoinHandle<Passage>,
}

struct Passage {
    server: Option<ServerProcess>,
    log: PathBuf,
    death: Option<Death>,
    requests: Vec<String>,
    /// A write was to be the end of the server. What it does after its answer, as delivering a
    /// letter, may be that write.
    limited: bool,
}

impl Gate {
    /// In front of a server with its database in `data`.
    pub fn start(server: ServerProcess, data: &Path, death: Option<Death>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let log = data.join("mysafe.sqlite-wal");
        let passage =
            Passage { server: Some(server), log, death, requests: Vec::new(), limited: false };
        let passing = spawn(move || {
            let (client, _) = listener.accept().expect("a client");
            passage.pass(client)
        });
        Self { address, passing }
    }

    /// Where the client finds the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Once the client has gone: the server if it lives, and the requests that were made.
    pub fn end(self) -> (Option<ServerProcess>, Vec<String>) {
        let passage = self.passing.join().expect("the gate does not panic");
        (passage.server, passage.requests)
    }
}

impl Passage {
    /// Ends with the client, or with the server.
    fn pass(mut self, client: TcpStream) -> Self {
        let at = self.server.as_ref().expect("it lives").address();
        let mut server = BufReader::new(TcpStream::connect(at).expect("the server accepts"));
        let mut client = BufReader::new(client);
        while let Some(request) = message(&mut client) {
            let death = self.death.filter(|death| death.request == self.requests.len());
            let line = String::from_utf8_lossy(&request);
            self.requests.push(line.split(' ').take(2).collect::<Vec<_>>().join(" "));
            match death.map(|death| death.at) {
                Some(Moment::Before) => {
                    self.kill();
                    return self;
                }
                Some(Moment::Writing(bytes)) => {
                    let now = std::fs::metadata(&self.log).map_or(0, |log| log.len());
                    self.server.as_ref().expect("it lives").die_at_file_size(now + bytes);
                    self.limited = true;
                }
                Some(Moment::Answered) | None => {}
            }
            let sent = server.get_mut().write_all(&request);
            let Some(answer) = sent.ok().and_then(|()| message(&mut server)) else {
                assert!(self.limited, "{:?}: {death:?}", self.requests.last());
                self.server.take().expect("it lived").has_died_of_file_size();
                return self;
            };
            if death.is_some() {
                self.server.as_ref().expect("it lives").live_at_any_file_size();
                let line = String::from_utf8_lossy(&answer);
                assert!(line.starts_with("HTTP/1.1 2"), "{line}");
            }
            if death.is_some_and(|death| death.at == Moment::Answered) {
                self.kill();
                return self;
            }
            client.get_mut().write_all(&answer).expect("the client reads");
        }
        self
    }

    fn kill(&mut self) {
        self.server.take().expect("it lives").kill();
    }
}

/// A whole request or answer; `None` if the other side has gone.
fn message(from: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut length = 0;
    loop {
        let start = bytes.len();
        if from.read_until(b'\n', &mut bytes).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&bytes[start..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length is a number");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let head = bytes.len();
    bytes.resize(head + length, 0);
    from.read_exact(&mut bytes[head..]).ok()?;
    Some(bytes)
}
