//! A real SMTP server that keeps what it takes: npm's `smtp-server`.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use crate::process::Group;
use crate::wait::PATIENCE;
use crate::workspace::root;

/// It runs until it is dropped.
pub struct SmtpReceiver {
    _process: Group,
    port: u16,
    mails: Receiver<PathBuf>,
    passed: RefCell<Vec<String>>,
    folder: tempfile::TempDir,
}

impl SmtpReceiver {
    /// On a free port.
    #[track_caller]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("node");
        command.arg(root().join("tests/src/smtp_receiver.mjs")).arg(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Group::start(&mut command);
        let output = process.child().stdout.take().expect("it has one");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.next().and_then(|port| port.parse().ok()).expect("it says its port");
        let (send, mails) = channel();
        std::thread::spawn(move || lines.try_for_each(|mail| send.send(PathBuf::from(mail))));
        Self { _process: process, port, mails, passed: RefCell::default(), folder }
    }

    /// What the server under test has to be told.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        [
            ("MYSAFE_SMTP_URL", format!("smtp://127.0.0.1:{}", self.port)),
            ("MYSAFE_MAIL_FROM", "MySafe <mysafe@example.com>".to_owned()),
        ]
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
        let line = mail.lines().find(|line| line.starts_with("    ")).expect("a code");
        line.trim().to_owned()
    }
}
