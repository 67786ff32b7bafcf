//! An SMTP server (RFC 5321) that keeps what it takes, and refuses when told to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it has.
#[derive(Clone, Default)]
struct Kept {
    mails: Arc<Mutex<Vec<Mail>>>,
    /// The answer to each recipient, if not a good one.
    refusal: Arc<Mutex<Option<&'static str>>>,
}

/// One mail.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    /// Head and body as they came.
    pub text: String,
}

impl Mail {
    /// The eight digits in it.
    pub fn code(&self) -> String {
        let line = self.text.lines().find(|line| line.starts_with("    ")).expect("a code");
        line.replace(' ', "")
    }
}

/// The receiver, for as long as the test runs.
pub struct Receiver {
    pub url: String,
    kept: Kept,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let kept = Kept::default();
        let inside = kept.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, inside.clone()));
            }
        });
        Self { url, kept }
    }

    /// Takes what it has got so far.
    pub fn mails(&self) -> Vec<Mail> {
        std::mem::take(&mut self.kept.mails.lock().unwrap())
    }

    /// Answers so to every recipient from now on; well again without anything.
    pub fn refuse(&self, answer: Option<&'static str>) {
        *self.kept.refusal.lock().unwrap() = answer;
    }
}

async fn talk(stream: TcpStream, kept: Kept) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 receiver\r\n").await.ok()?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250 receiver",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                let refusal = *kept.refusal.lock().unwrap();
                refusal.unwrap_or("250 taken")
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                loop {
                    match lines.next_line().await.ok()??.as_str() {
                        "." => break,
                        line => text.extend([line, "\n"]),
                    }
                }
                kept.mails.lock().unwrap().push(Mail { to: to.clone(), text });
                "250 kept"
            }
            "QUIT" => "221 good bye",
            _ => "250 well",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
