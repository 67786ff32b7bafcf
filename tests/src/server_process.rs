//! The real server: the program that people run, on a folder of its own.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::process::Group;
use crate::wait::{PATIENCE, wait_for};
use crate::workspace::built_program;

/// The signal of a write beyond the limit of a file's size. Nothing catches it.
const SIGXFSZ: i32 = 25;

/// A running `mysafe-server serve`. Killed on drop.
pub struct ServerProcess {
    process: Group,
    address: SocketAddr,
    log: PathBuf,
}

impl ServerProcess {
    /// Starts it on a free port with its database in `data`, and waits until it answers. Its log is
    /// added to `server.log` beside that folder.
    #[track_caller]
    pub fn start(data: &Path) -> Self {
        // The port is free again as soon as the socket is dropped; nobody else is given it meanwhile.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        Self::start_at(data, address.expect("a free port"), &[])
    }

    /// The same on a certain port, as after a restart, and with further settings.
    #[track_caller]
    pub fn start_at(data: &Path, address: SocketAddr, settings: &[(&str, &str)]) -> Self {
        let log = data.with_file_name("server.log");
        let file =
            File::options().create(true).append(true).open(&log).expect("the log can be written");
        let mut command = Command::new(built_program("mysafe-server"));
        command.arg("serve").env("MYSAFE_LISTEN", address.to_string()).env("MYSAFE_DATA", data);
        // Stories and measurements upload more than people do; a test of a limit sets it.
        command.env("MYSAFE_WRITE_BURST", "1000000");
        command.env("MYSAFE_LOG", "debug").envs(settings.iter().copied());
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a second handle"))
            .stderr(file);
        let mut process = Group::start(&mut command);
        let up = wait_for(PATIENCE, || {
            if let Some(status) = process.ended() {
                panic!(
                    "the server ended ({status}): {}",
                    std::fs::read_to_string(&log).unwrap_or_default()
                );
            }
            healthy(address).then_some(())
        });
        let server = Self { process, address, log };
        assert!(up.is_some(), "the server does not answer: {}", server.log());
        server
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address for people.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Bytes of memory that it holds now, and the most that it ever held.
    #[track_caller]
    pub fn memory(&self) -> (u64, u64) {
        let file = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(file).expect("the server runs");
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            kib.expect("Linux tells it") * 1024
        };
        (bytes("VmRSS:"), bytes("VmHWM:"))
    }

    /// All that it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log can be read")
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    #[track_caller]
    pub fn stop(mut self) {
        self.process.signal("TERM");
        let status =
            self.process.wait(Duration::from_secs(20)).expect("the server stops when asked");
        assert!(status.success(), "the server stopped with {status}: {}", self.log());
    }

    /// From here on it dies at the write that would make a file longer than so many bytes: after the
    /// bytes that fit, before the next one, as surely as by SIGKILL. For the moments of a transaction,
    /// which no clock hits.
    #[track_caller]
    pub fn die_at_file_size(&self, bytes: u64) {
        self.limit_files(&bytes.to_string());
    }

    /// Takes that back.
    #[track_caller]
    pub fn live_at_any_file_size(&self) {
        self.limit_files("unlimited");
    }

    #[track_caller]
    fn limit_files(&self, soft: &str) {
        let status = Command::new("prlimit")
            .args([&format!("--fsize={soft}:"), "--core=0:"])
            .args(["--pid", &self.process.id().to_string()])
            .status()
            .expect("prlimit, of util-linux, is installed");
        assert!(status.success(), "prlimit: {status}");
    }

    /// Waits until it has died of that.
    #[track_caller]
    pub fn has_died_of_file_size(mut self) {
        let status = self.process.wait(PATIENCE).expect("the server has died");
        assert_eq!(status.signal(), Some(SIGXFSZ), "the server ended with {status}");
    }

    /// Ends it in the middle of whatever it does (SIGKILL).
    pub fn kill(mut self) {
        self.process.kill();
    }
}

/// Whether `GET /healthz` says that all is well.
pub fn healthy(address: SocketAddr) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 2"))
}
