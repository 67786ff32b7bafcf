//! The program itself: it serves, invites, stops when told to, and starts again however it ended.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mysafe-server"));
    command.env_clear().env("MYSAFE_DATA", data).env("MYSAFE_LISTEN", "127.0.0.1:0");
    command
}

/// A server process that ends with the test.
struct Process {
    child: Child,
    log: BufReader<ChildStderr>,
    address: SocketAddr,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    fn start_with(data: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = program(data);
        command.arg("serve").envs(settings.iter().copied()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let line = line_with(&mut log, "listening on http://");
        let address = line.rsplit("http://").next().unwrap();
        let end = address.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':');
        let address = address[..end.unwrap()].parse().unwrap();
        Self { child, log, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn tell(&self, signal: &str) {
        let process = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
    }
}

fn line_with(log: &mut BufReader<ChildStderr>, text: &str) -> String {
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "no {text:?} in: {seen}");
        if line.contains(text) {
            return line;
        }
        seen += &line;
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr[..]].concat()).unwrap()
}

#[test]
fn a_request_that_has_begun_is_finished_before_the_server_stops() {
    for signal in ["-TERM", "-INT"] {
        let folder = folder();
        let mut server = Process::start(folder.path());
        let body = "{\"address\":\"a@b\",\"credential_request\":\"AA\"}";
        let (first, rest) = body.split_at(10);
        let mut stream = server.connect();
        write!(
            stream,
            "POST /v1/sessions/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Expect: 100-continue\r\nContent-Length: {}\r\n\r\n{first}",
            body.len()
        )
        .unwrap();
        // The server says so when it begins to read the body.
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        server.tell(signal);
        line_with(&mut server.log, "stopping");
        stream.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("{\"code\":\"malformed\"}"), "{answer}");
        line_with(&mut server.log, "stopped");
        assert!(server.child.wait().unwrap().success());
        assert!(TcpStream::connect(server.address).is_err());
        // Stopped in order, SQLite has folded its log into the one file.
        assert!(!folder.path().join("mysafe.sqlite-wal").exists());
    }
}

#[test]
fn a_killed_server_starts_again_as_if_nothing_had_been() {
    let folder = folder();
    let mut server = Process::start(folder.path());
    let invite = program(folder.path()).args(["invite", "Ana@example.com"]).output().unwrap();
    assert!(invite.status.success(), "{}", said(&invite));
    let link = String::from_utf8(invite.stdout).unwrap();
    let token = link.trim().strip_prefix("http://127.0.0.1:0/invite#").unwrap();
    assert_eq!(token.len(), 43);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    // Another start, another invitation: the database is whole.
    let server = Process::start(folder.path());
    assert!(server.get("/readyz").starts_with("HTTP/1.1 204"));
    let again = program(folder.path()).args(["invite", "ana@example.com"]).output().unwrap();
    assert!(again.status.success());
    assert_ne!(String::from_utf8(again.stdout).unwrap(), link);
}

#[test]
fn the_set_up_code_is_in_the_log_where_others_can_reach_the_server() {
    let folder = folder();
    let public = ("MYSAFE_BASE_URL", "https://safe.example.com");
    let mut server = Process::start_with(folder.path(), &[public, ("MYSAFE_LOG_FORMAT", "json")]);
    let line = line_with(&mut server.log, "set-up code");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let message = line["fields"]["message"].as_str().unwrap();
    let code = message.rsplit(' ').next().unwrap();
    assert_eq!(code.len(), 23);
    assert!(server.get("/v1/server").contains("\"signups\":\"first_with_code\""));
    let key_file = std::fs::read_to_string(folder.path().join("mysafe.key")).unwrap();
    assert!(key_file.contains(code));
}

#[test]
fn what_cannot_work_is_said_in_one_line() {
    let folder = folder();
    let no_address = program(folder.path()).args(["invite", "ana"]).output().unwrap();
    assert!(!no_address.status.success());
    assert_eq!(said(&no_address), "mysafe-server: not a mail address\n");
    let mut wrong = program(folder.path());
    let wrong = wrong.arg("serve").env("MYSAFE_SIGNUPS", "closed").output().unwrap();
    assert!(!wrong.status.success());
    assert_eq!(said(&wrong), "mysafe-server: MYSAFE_SIGNUPS: invite or open\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and nothing was made");
}

#[test]
fn the_description_of_the_interface_is_printed() {
    let output = program(Path::new("/nowhere")).arg("openapi").output().unwrap();
    assert!(output.status.success());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["paths"]["/v1/changes"]["get"].is_object());
}

#[test]
fn a_new_epoch_begins_where_a_server_was_and_nowhere_else() {
    let folder = folder();
    let nowhere = program(folder.path()).arg("new-epoch").output().unwrap();
    assert!(!nowhere.status.success());
    assert!(said(&nowhere).contains("no key file"), "{}", said(&nowhere));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and nothing was made");
    drop(Process::start(folder.path()));
    let begun = program(folder.path()).arg("new-epoch").output().unwrap();
    assert!(begun.status.success(), "{}", said(&begun));
    let expected = "A new epoch has begun, and everybody signs in again. Start the server.\n";
    assert_eq!(said(&begun), expected);
    assert!(Process::start(folder.path()).get("/readyz").starts_with("HTTP/1.1 204"));
}
