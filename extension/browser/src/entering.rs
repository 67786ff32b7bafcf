//! What a person enters to make an account or to sign in, and why it does not work.

use mysafe::protocol::wire::ErrorCode;
use zeroize::Zeroizing;

use crate::http::HttpError;
use crate::server::{Server, ServerError};
use crate::store::StoreError;

/// What a person enters to make an account.
pub struct SignUpDraft {
    /// A server that answered.
    pub server: Server,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub address: String,
    /// The master password.
    pub password: Zeroizing<String>,
    /// Invitation or set-up code, where the server asks for one.
    pub admission: Option<String>,
}

/// What a person enters to sign in.
pub struct SignInDraft {
    /// A server that answered.
    pub server: Server,
    /// Their mail address.
    pub address: String,
    /// The master password.
    pub password: Zeroizing<String>,
}

/// Why an account is not made.
#[derive(Debug, Clone, PartialEq)]
pub enum SignUpError {
    /// No name, or a longer one than allowed.
    NameInvalid,
    /// Not a mail address.
    AddressInvalid,
    /// It has an account already.
    AddressTaken,
    /// The master password is too weak.
    WeakPassword,
    /// The server asks for an invitation.
    NeedsInvitation,
    /// Not a valid invitation for this address.
    BadInvitation,
    /// The server asks for the code from its log.
    NeedsSetupCode,
    /// Not that code.
    BadSetupCode,
    /// Wait.
    TooManyTries {
        /// So many seconds.
        retry_after: u64,
    },
    /// The server did not answer as it should.
    Server(ServerError),
    /// The account exists, but signing in to it failed.
    SignIn(Box<SignInError>),
    /// This browser did not store it.
    Store(StoreError),
}

/// Why signing in fails.
#[derive(Debug, Clone, PartialEq)]
pub enum SignInError {
    /// Not a mail address.
    AddressInvalid,
    /// Wrong address or password; which of them is not told.
    WrongCredentials,
    /// This browser holds the vault of another account: sign out there first.
    OtherAccount,
    /// What the server sent does not belong to this account.
    Forged,
    /// Wait.
    TooManyTries {
        /// So many seconds.
        retry_after: u64,
    },
    /// The server did not answer as it should.
    Server(ServerError),
    /// This browser did not store it.
    Store(StoreError),
}

/// Why signing out stops.
#[derive(Debug, Clone, PartialEq)]
pub enum SignOutError {
    /// Something is only in this browser.
    Unsent {
        /// So many changes are not on the server yet.
        changes: u32,
        /// So many forms were not saved.
        drafts: u32,
    },
    /// The store failed.
    Store(StoreError),
}

pub(crate) fn not_mysafe(server: &Server) -> ServerError {
    ServerError::NotMySafe { host: server.host.clone() }
}

fn server_error(server: &Server, error: &HttpError) -> ServerError {
    match error {
        HttpError::NotMySafe => not_mysafe(server),
        _ => ServerError::NoAnswer { host: server.host.clone() },
    }
}

fn wait(error: &HttpError) -> u64 {
    match error {
        HttpError::Refused(error) => error.retry_after.unwrap_or(60),
        _ => 60,
    }
}

pub(crate) fn sign_up_error(server: &Server, error: HttpError) -> SignUpError {
    match error.code() {
        Some(ErrorCode::AddressTaken) => SignUpError::AddressTaken,
        Some(ErrorCode::NeedsInvitation) => SignUpError::NeedsInvitation,
        Some(ErrorCode::BadInvitation) => SignUpError::BadInvitation,
        Some(ErrorCode::NeedsSetupCode) => SignUpError::NeedsSetupCode,
        Some(ErrorCode::BadSetupCode) => SignUpError::BadSetupCode,
        Some(ErrorCode::TooManyTries) => SignUpError::TooManyTries { retry_after: wait(&error) },
        Some(ErrorCode::Malformed) => SignUpError::AddressInvalid,
        _ => SignUpError::Server(server_error(server, &error)),
    }
}

pub(crate) fn sign_in_error(server: &Server, error: HttpError) -> SignInError {
    match error.code() {
        Some(ErrorCode::NotSignedIn) => SignInError::WrongCredentials,
        Some(ErrorCode::TooManyTries) => SignInError::TooManyTries { retry_after: wait(&error) },
        Some(ErrorCode::Malformed) => SignInError::AddressInvalid,
        _ => SignInError::Server(server_error(server, &error)),
    }
}
