//! Why a step of the first run did not work, in words.

use mysafe_browser::{NotACode, RecoverError, ServerError, SignInError, SignUpError};

use crate::screens::broken;
use crate::screens::welcome_answers::Step;
use crate::t;

/// Why a server is not usable.
pub fn server(error: &ServerError) -> String {
    match error {
        ServerError::Invalid => t!("server-invalid"),
        ServerError::NotEncrypted { host } => t!("server-not-encrypted", host = host.as_str()),
        ServerError::NoAnswer { host } => t!("server-no-answer", host = host.as_str()),
        ServerError::NotMySafe { host } => t!("server-not-mysafe", host = host.as_str()),
    }
}

/// Why signing in failed.
pub fn sign_in(error: &SignInError) -> String {
    match error {
        SignInError::AddressInvalid => t!("address-invalid"),
        SignInError::WrongCredentials => t!("wrong-credentials"),
        SignInError::OtherAccount => t!("other-account"),
        SignInError::Forged => t!("account-forged"),
        SignInError::TooManyTries { retry_after } => t!("too-many-tries", seconds = *retry_after),
        SignInError::Server(error) => server(error),
        SignInError::Store(error) => broken::text(error),
    }
}

/// Why what was typed is not a recovery code.
pub fn not_a_code(why: &NotACode) -> String {
    match why {
        NotACode::Length(_) => t!("code-length"),
        NotACode::Symbol => t!("code-symbol"),
        NotACode::Check => t!("code-check"),
    }
}

/// Why an account is not recovered, and the step where it is said.
pub fn recover(error: &RecoverError) -> (Step, String) {
    match error {
        RecoverError::Code(why) => (Step::Recover, not_a_code(why)),
        RecoverError::WrongCode => (Step::Recover, t!("code-unknown")),
        RecoverError::NeedsMailedCode => (Step::Mailed, t!("mailed-code-missing")),
        RecoverError::WrongMailedCode => (Step::Mailed, t!("mailed-code-wrong")),
        RecoverError::WeakPassword => (Step::Password, t!("weak-password")),
        RecoverError::Failed(SignInError::AddressInvalid) => (Step::Recover, t!("address-invalid")),
        RecoverError::Failed(error) => (Step::Password, sign_in(error)),
    }
}

/// The step of the sign-up at which its failure belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    /// Name.
    Name,
    /// Mail address.
    Address,
    /// Invitation or set-up code.
    Admission,
    /// Master password, and everything that fails after it.
    Password,
}

/// Why making an account failed, and where to say so.
pub fn sign_up(error: &SignUpError) -> (At, String) {
    match error {
        SignUpError::NameInvalid => (At::Name, t!("name-invalid")),
        SignUpError::AddressInvalid => (At::Address, t!("address-invalid")),
        SignUpError::AddressTaken => (At::Address, t!("address-taken")),
        SignUpError::NeedsInvitation => (At::Admission, t!("needs-invitation")),
        SignUpError::BadInvitation => (At::Admission, t!("bad-invitation")),
        SignUpError::NeedsSetupCode => (At::Admission, t!("needs-setup-code")),
        SignUpError::BadSetupCode => (At::Admission, t!("bad-setup-code")),
        SignUpError::WeakPassword => (At::Password, t!("weak-password")),
        SignUpError::TooManyTries { retry_after } => {
            (At::Password, t!("too-many-tries", seconds = *retry_after))
        }
        SignUpError::Server(error) => (At::Password, server(error)),
        SignUpError::SignIn(error) => (At::Password, sign_in(error)),
        SignUpError::Store(error) => (At::Password, broken::text(error)),
    }
}
