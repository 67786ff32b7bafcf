//! A wire tap: stands between the extension and the server on this machine, forwards every byte and
//! keeps it. Can also play a server that is down, or one that never answers.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
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
        for (from, to) in [(copy(&client), copy(&server)), (server, client)] {
            let index = {
                let mut streams = self.streams.lock().expect("no panic while recording");
                streams.push(Vec::new());
                streams.len() - 1
            };
            let shared = Arc::clone(self);
            spawn(move || shared.pump(from, to, index));
        }
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream, index: usize) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            self.streams.lock().expect("no panic while recording")[index].extend(&buffer[..length]);
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
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
