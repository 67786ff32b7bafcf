//! Whether the address of the account is confirmed, and confirming it by the digits mailed there.

use gloo_net::http::Method;
use mysafe::protocol::wire::{ConfirmRequest, CurrentSessionResponse, ErrorCode};

use crate::http::HttpError;
use crate::open::Open;
use crate::remote::SignedIn;

/// What the server knows of one's mailbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mailbox {
    /// Others find one by it.
    pub confirmed: bool,
    /// The server mails codes; else an administrator confirms.
    pub mails: bool,
}

/// Why a mailbox is not confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MailboxError {
    /// Not the digits of the last mail, or they are too old, or were tried too often.
    WrongCode,
    /// Wait.
    TooManyTries {
        /// So many seconds.
        retry_after: u64,
    },
    /// One has to sign in again first.
    SignInEnded,
    /// The server does not answer as it should.
    NoAnswer,
}

impl From<HttpError> for MailboxError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Refused(error) => match error.code {
                ErrorCode::WrongCode => Self::WrongCode,
                ErrorCode::TooManyTries => {
                    Self::TooManyTries { retry_after: error.retry_after.unwrap_or(60) }
                }
                ErrorCode::NotSignedIn | ErrorCode::SessionRevoked => Self::SignInEnded,
                _ => Self::NoAnswer,
            },
            HttpError::NoAnswer | HttpError::NotMySafe => Self::NoAnswer,
        }
    }
}

impl Open {
    /// Asks the server about the mailbox.
    pub async fn mailbox(&self) -> Result<Mailbox, MailboxError> {
        let path = "/v1/sessions/current";
        let session: CurrentSessionResponse =
            self.mail_server().await?.endpoint().get(path).await?;
        Ok(Mailbox { confirmed: session.confirmed, mails: session.mails })
    }

    /// Has a code mailed.
    pub async fn mail_code(&self) -> Result<(), MailboxError> {
        Ok(self.mail_server().await?.endpoint().act(Method::POST, "/v1/mailbox/code").await?)
    }

    /// Confirms by the mailed code; spaces between its digits do not count.
    pub async fn confirm_mailbox(&self, code: &str) -> Result<(), MailboxError> {
        let request = ConfirmRequest { code: digits(code) };
        let server = self.mail_server().await?;
        Ok(server.endpoint().tell(Method::PUT, "/v1/mailbox", &request).await?)
    }

    async fn mail_server(&self) -> Result<SignedIn, MailboxError> {
        self.signed_in().await.ok_or(MailboxError::SignInEnded)
    }
}

/// A mailed code as the server wants it.
pub(crate) fn digits(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace()).collect()
}
