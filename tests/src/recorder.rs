//! A wire tap: stands between the extension and the server on this machine, forwards every byte and
//! keeps it. Can also play a server that is down, one that never answers, or one that takes its time
//! with certain requests.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{JoinHandle, spawn};

/// A TCP proxy that records. Stops on drop.
pub struct Recorder {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

/// What the recorder does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Forward,
    Hang,
    Stopped,
}

struct Shared {
    upstream: SocketAddr,
    mode: Mutex<Mode>,
    open: Mutex<Vec<TcpStream>>,
    /// How the requests begin that wait, and the end of their waiting.
    held: Mutex<Option<String>>,
    released: Condvar,
    /// One stream of bytes for each connection and direction.
    streams: Mutex<Vec<Vec<u8>>>,
}

impl Recorder {
    /// Starts on a free port of 127.0.0.1, in front of `upstream`.
    pub fn start(upstream: SocketAddr) -> Self {
        let shared = Arc::new(Shared {
            upstream,
            mode: Mutex::new(Mode::Forward),
            open: Mutex::default(),
            held: Mutex::default(),
            released: Condvar::new(),
            streams: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut recorder = Self { address, shared, accepting: None };
        recorder.accept(listener);
        recorder
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whom it stands in front of.
    pub fn upstream(&self) -> SocketAddr {
        self.shared.upstream
    }

    /// What to type as the server's address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts all connections and refuses new ones, as a stopped server does.
    pub fn stop(&mut self) {
        self.set(Mode::Stopped);
        if let Some(accepting) = self.accepting.take() {
            // The thread sees the mode once its wait for a connection ends.
            drop(TcpStream::connect(self.address));
            accepting.join().expect("the accepting thread does not panic");
        }
        self.cut();
    }

    /// Cuts all connections; accepts new ones and never answers them.
    pub fn hang(&mut self) {
        self.resume_as(Mode::Hang);
        self.cut();
    }

    /// Forwards again.
    pub fn resume(&mut self) {
        self.resume_as(Mode::Forward);
        // Those that hang would hang for good.
        self.cut();
    }

    /// From now on requests that begin so ("GET /v1/changes?epoch=") wait here, until they are let go.
    pub fn hold(&self, beginning: &str) {
        *self.shared.held.lock().expect("no panic while held") = Some(beginning.to_owned());
        self.shared.released.notify_all();
    }

    /// Lets go what waits, and holds nothing any more.
    pub fn let_go(&self) {
        *self.shared.held.lock().expect("no panic while held") = None;
        self.shared.released.notify_all();
    }

    /// All that was sent and received so far: a stream for each connection and direction.
    ///
    /// # Panics
    /// If an answer was compressed: then its bytes tell nothing of what is in it.
    pub fn streams(&self) -> Vec<Vec<u8>> {
        let streams = self.shared.streams.lock().expect("no panic while recording").clone();
        for stream in &streams {
            let text = String::from_utf8_lossy(stream).to_ascii_lowercase();
            assert!(
                !text.contains("\r\ncontent-encoding:"),
                "compressed traffic cannot be searched"
            );
        }
        streams
    }

    fn set(&self, mode: Mode) {
        *self.shared.mode.lock().expect("no panic while held") = mode;
    }

    fn resume_as(&mut self, mode: Mode) {
        self.set(mode);
        if self.accepting.is_none() {
            let listener = TcpListener::bind(self.address).expect("the port is still free");
            self.accept(listener);
        }
    }

    fn cut(&self) {
        for stream in self.shared.open.lock().expect("no panic while held").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn accept(&mut self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        self.accepting = Some(spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let mode = *shared.mode.lock().expect("no panic while held");
                match mode {
                    Mode::Stopped => return,
                    Mode::Hang => shared.keep_open(&client),
                    Mode::Forward => shared.forward(client),
                }
            }
        }));
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.let_go();
        self.stop();
    }
}

impl Shared {
    fn forward(self: &Arc<Self>, client: TcpStream) {
        // A server that is down: the client's connection ends too.
        let Ok(server) = TcpStream::connect(self.upstream) else { return };
        self.keep_open(&client);
        self.keep_open(&server);
        let copy = |stream: &TcpStream| stream.try_clone().expect("a socket can be shared");
        let ways = [(copy(&client), copy(&server), true), (server, client, false)];
        for (from, to, may_wait) in ways {
            let index = {
                let mut streams = self.streams.lock().expect("no panic while recording");
                streams.push(Vec::new());
                streams.len() - 1
            };
            let shared = Arc::clone(self);
            spawn(move || shared.pump(from, to, index, may_wait));
        }
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream, index: usize, may_wait: bool) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            self.streams.lock().expect("no panic while recording")[index].extend(&buffer[..length]);
            if may_wait {
                self.wait(&buffer[..length]);
            }
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// A browser sends the head of a request at once.
    fn wait(&self, request: &[u8]) {
        let held = self.held.lock().expect("no panic while held");
        let waits = |held: &mut Option<String>| {
            held.as_ref().is_some_and(|beginning| request.starts_with(beginning.as_bytes()))
        };
        drop(self.released.wait_while(held, waits).expect("no panic while held"));
    }

    fn keep_open(&self, stream: &TcpStream) {
        let copy = stream.try_clone().expect("a socket can be shared");
        self.open.lock().expect("no panic while held").push(copy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Answers each line with "re: " and the line.
    fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        spawn(move || {
            for mut client in listener.incoming().map_while(Result::ok) {
                let mut buffer = [0; 64];
                let length = client.read(&mut buffer).unwrap();
                client.write_all(&[b"re: ", &buffer[..length]].concat()).unwrap();
            }
        });
        address
    }

    fn ask(address: SocketAddr) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_millis(300)))?;
        stream.write_all(b"hello")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn both_directions_are_forwarded_and_kept() {
        let recorder = Recorder::start(echo());
        assert_eq!(ask(recorder.address()).unwrap(), "re: hello");
        let mut streams = recorder.streams();
        streams.sort();
        assert_eq!(streams, [b"hello".to_vec(), b"re: hello".to_vec()]);
    }

    #[test]
    fn what_is_held_waits_until_it_is_let_go_and_nothing_else_does() {
        let recorder = Recorder::start(echo());
        recorder.hold("hell");
        assert_eq!(ask(recorder.address()).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        recorder.hold("other");
        assert_eq!(ask(recorder.address()).unwrap(), "re: hello");
        recorder.hold("hell");
        let mut stream = TcpStream::connect(recorder.address()).unwrap();
        stream.write_all(b"hello").unwrap();
        recorder.let_go();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "re: hello");
    }

    #[test]
    fn a_stopped_one_refuses_a_hanging_one_stays_silent_and_both_come_back() {
        let mut recorder = Recorder::start(echo());
        recorder.stop();
        assert_eq!(
            ask(recorder.address()).unwrap_err().kind(),
            std::io::ErrorKind::ConnectionRefused
        );
        recorder.hang();
        assert_eq!(ask(recorder.address()).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        recorder.resume();
        assert_eq!(ask(recorder.address()).unwrap(), "re: hello");
    }
}
