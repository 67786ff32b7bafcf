//! A real SMTP server that keeps what it takes: npm's `smtp-server`.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use crate::process::Group;
use crate::wait::PATIENCE;
use crate::workspace::root;

/// It runs until it is dropped.
pub struct SmtpReceiver {
    _process: Group,
    port: u16,
    tls: Option<Tls>,
    mails: Receiver<PathBuf>,
    passed: RefCell<Vec<String>>,
    folder: tempfile::TempDir,
}

/// How TLS begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tls {
    /// With the connection (RFC 8314).
    AtOnce,
    /// By STARTTLS (RFC 3207).
    Later,
}

impl SmtpReceiver {
    /// On a free port.
    #[track_caller]
    pub fn start() -> Self {
        Self::run(None)
    }

    /// The same with TLS, by a certificate of an authority that nobody knows.
    #[track_caller]
    pub fn start_with(tls: Tls) -> Self {
        Self::run(Some(tls))
    }

    /// The certificate of that authority.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    #[track_caller]
    fn run(tls: Option<Tls>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("node");
        command.arg(root().join("tests/src/smtp_receiver.mjs")).arg(folder.path());
        if let Some(tls) = tls {
            certify(folder.path());
            command.arg(if tls == Tls::AtOnce { "smtps" } else { "starttls" });
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Group::start(&mut command);
        let output = process.child().stdout.take().expect("it has one");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.next().and_then(|port| port.parse().ok()).expect("it says its port");
        let (send, mails) = channel();
        std::thread::spawn(move || lines.try_for_each(|mail| send.send(PathBuf::from(mail))));
        Self { _process: process, port, tls, mails, passed: RefCell::default(), folder }
    }

    /// What the server under test has to be told.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        let url = match self.tls {
            None => format!("smtp://127.0.0.1:{}", self.port),
            Some(Tls::AtOnce) => format!("smtps://localhost:{}", self.port),
            Some(Tls::Later) => format!("smtp://localhost:{}?tls=required", self.port),
        };
        [("MYSAFE_SMTP_URL", url), ("MYSAFE_MAIL_FROM", "MySafe <mysafe@example.com>".to_owned())]
    }

    /// The next mail, as it came.
    #[track_caller]
    pub fn next(&self) -> String {
        let path = self.mails.recv_timeout(PATIENCE).expect("a mail comes");
        std::fs::read_to_string(path).expect("it was kept")
    }

    /// A mail with this subject to an address that was not asked for yet, in whatever order they come.
    #[track_caller]
    pub fn next_to(&self, address: &str, subject: &str) -> String {
        let subject = format!("Subject: {subject}\r\n");
        let mut passed = self.passed.borrow_mut();
        let wanted = |mail: &String| mail.contains(address) && mail.contains(&subject);
        let found = loop {
            match passed.iter().position(wanted) {
                Some(at) => break passed.swap_remove(at),
                None => passed.push(self.next()),
            }
        };
        drop(passed);
        found
    }

    /// Every mail that came, as it came.
    #[track_caller]
    pub fn all(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder is there");
        let read = |file: std::io::Result<std::fs::DirEntry>| {
            std::fs::read_to_string(file.expect("an entry").path()).expect("it was kept")
        };
        files.map(read).collect()
    }

    /// The eight digits in the next mail, which has this subject.
    #[track_caller]
    pub fn next_code(&self, subject: &str) -> String {
        let mail = self.next();
        assert!(mail.contains(&format!("Subject: {subject}\r\n")), "{mail}");
        code_in(&mail)
    }

    /// The same in a mail to an address, in whatever order they come.
    #[track_caller]
    pub fn next_code_to(&self, address: &str, subject: &str) -> String {
        code_in(&self.next_to(address, subject))
    }
}

#[track_caller]
fn code_in(mail: &str) -> String {
    let line = mail.lines().find(|line| line.starts_with("    ")).expect("a code");
    line.trim().to_owned()
}

/// An authority, and a certificate of it for this machine.
#[track_caller]
fn certify(folder: &Path) {
    let openssl = |arguments: &str| {
        let mut command = Command::new("openssl");
        let status = command.args(arguments.split(' ')).current_dir(folder).stderr(Stdio::null());
        assert!(status.status().expect("openssl is installed").success(), "openssl {arguments}");
    };
    let new = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc";
    openssl(&format!("{new} -x509 -days 2 -keyout ca.key -out ca.pem -subj /CN=Nobody"));
    openssl(&format!("{new} -keyout server.key -out server.csr -subj /CN=localhost"));
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost").expect("written");
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -extfile names -out server.pem",
    );
}
