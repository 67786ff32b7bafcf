//! Bringing letters out of the outbox to their readers: by SMTP (RFC 5321), or into files that a
//! mail program opens (RFC 5322) where no SMTP server is set.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::HeaderName;
use lettre::message::header::HeaderValue;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::Notify;

use super::Letter;
use super::outbox::{self, Taken};
use crate::panics;
use crate::settings::{Settings, Smtp};
use crate::state::AppState;

/// How often the outbox is looked at where nobody says that there is something.
const LOOKING: Duration = Duration::from_secs(15);
/// How long an SMTP server may take for one step.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where letters go.
pub struct Post {
    way: Way,
    from: Mailbox,
    base_url: String,
    /// Something was put into the outbox.
    pub waiting: Notify,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Why a letter was not delivered.
#[derive(Debug)]
enum NotDelivered {
    /// It may be next time.
    NotNow,
    /// It will never be.
    Never,
}

impl Post {
    /// As the operator set it.
    pub fn new(settings: &Settings) -> Self {
        let way = match &settings.smtp {
            Some(Smtp(transport)) => Way::Smtp(transport.clone().timeout(Some(PATIENCE)).build()),
            None => Way::Folder(settings.data.join("mails")),
        };
        let from = settings.mail_from.clone();
        Self { way, from, base_url: settings.base_url.clone(), waiting: Notify::new() }
    }

    /// Whether letters reach their readers.
    pub fn reaches_people(&self) -> bool {
        matches!(self.way, Way::Smtp(_))
    }

    async fn deliver(&self, taken: &Taken) -> Result<(), NotDelivered> {
        let message = self.message(taken).ok_or(NotDelivered::Never)?;
        match &self.way {
            Way::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => {
                    // Its text may name the address: the status alone.
                    let status = error.status().map(|status| status.to_string());
                    let refused = refuses_reader(status.as_deref(), &error.to_string());
                    let status = status.unwrap_or_else(|| "no answer".to_owned());
                    tracing::warn!(status, again = !refused, "the SMTP server did not take a mail");
                    Err(if refused { NotDelivered::Never } else { NotDelivered::NotNow })
                }
            },
            Way::Folder(folder) => {
                let name = hex(&taken.id);
                keep(folder, &name, &message.formatted()).map_err(|error| {
                    tracing::warn!(%error, "a mail could not be written to its folder");
                    NotDelivered::NotNow
                })?;
                tracing::info!("no SMTP server is set: mails/{name}.eml");
                Ok(())
            }
        }
    }

    /// Nothing if it cannot be one: an address or a letter of another time.
    fn message(&self, taken: &Taken) -> Option<Message> {
        let letter: Letter = serde_json::from_str(&taken.letter).ok()?;
        let words = letter.words(&self.base_url);
        let domain = self.from.email.domain();
        // The same at each try, so that a reader's program knows a second copy.
        let id = format!("<{}@{domain}>", hex(&taken.id));
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, taken.address.parse().ok()?))
            .subject(words.subject)
            .message_id(Some(id))
            // No answer of a holiday to a program (RFC 3834).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        message.multipart(MultiPart::alternative_plain_html(words.text, words.html)).ok()
    }
}

/// Whether an SMTP server will never take a mail for this reader: the mailbox or its domain is not there
/// (RFC 5321 section 4.2.3, RFC 7504). What it says of the sender, of a sign-in or of its rules, also under
/// one of these numbers (RFC 3463: 5.7), is for the operator to set right, and the mail waits.
fn refuses_reader(status: Option<&str>, text: &str) -> bool {
    let mailbox = status.is_some_and(|status| ["550", "551", "553", "556"].contains(&status));
    let words = text.split([' ', ':', '-']);
    let enhanced = words.into_iter().find(|word| {
        let numbers: Vec<&str> = word.split('.').collect();
        numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u16>().is_ok())
    });
    mailbox && enhanced.is_none_or(|code| code.starts_with("5.1.") || code.starts_with("5.2."))
}

/// Written whole or not at all, for its owner alone.
fn keep(folder: &Path, name: &str, mail: &[u8]) -> std::io::Result<()> {
    if !folder.is_dir() {
        std::fs::DirBuilder::new().mode(0o700).create(folder)?;
    }
    let half = folder.join(format!("{name}.new"));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&half)?;
    file.write_all(mail)?;
    file.sync_all()?;
    std::fs::rename(half, folder.join(format!("{name}.eml")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Delivers whatever is due; how many letters were looked at.
pub async fn deliver(state: &AppState) -> Result<usize, sqlx::Error> {
    let taken = outbox::take(&state.database, state.clock.now()).await?;
    for letter in &taken {
        let kind = match state.post.deliver(letter).await {
            Ok(()) => {
                outbox::done(&state.database, letter).await?;
                "delivered"
            }
            Err(NotDelivered::Never) => {
                outbox::done(&state.database, letter).await?;
                "refused"
            }
            Err(NotDelivered::NotNow) => {
                outbox::later(&state.database, letter, state.clock.now()).await?;
                "not_now"
            }
        };
        metrics::counter!("mysafe_mails_total", "outcome" => kind).increment(1);
    }
    Ok(taken.len())
}

/// Delivers until the server stops.
pub async fn deliver_regularly(state: AppState) {
    let mut stop = state.stopping.subscribe();
    while !*stop.borrow() {
        let one = state.clone();
        match panics::contain(async move { deliver(&one).await }).await {
            // There may be more.
            Some(Ok(1..)) => continue,
            Some(Ok(0)) | None => {}
            Some(Err(error)) => tracing::warn!(%error, "the outbox cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOKING) => {}
            () = state.post.waiting.notified() => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}
