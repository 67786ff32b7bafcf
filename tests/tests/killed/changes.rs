//! The three changes, each with the requests that the extension makes for it.

use std::net::SocketAddr;

use mysafe::crypto::{SignUp, SystemRandom};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    ErrorCode, PasswordStartRequest, PasswordStartResponse, RecoveryFinishRequest,
    RecoveryStartRequest, RecoveryStartResponse, SecretsRequest,
};
use mysafe::vault::{password_secret, recover, recovery_secret};
use mysafe_tests::client::{Connection, Failure, prove, refused_as, sign_in};

use crate::before::{Before, NEW, OLD};

/// What someone changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Password,
    Code,
    Recovery,
}

impl Change {
    /// Makes it, once.
    pub fn make(self, before: &Before, server: SocketAddr) -> Result<(), Failure> {
        let mut connection = Connection::open(&server.to_string())?;
        match self {
            Self::Password => set_password(before, &mut connection),
            Self::Code => set_code(before, &mut connection),
            Self::Recovery => set_both(before, &mut connection),
        }
    }

    /// Makes it again after it ended somewhere. Whoever finds that what was good is not any more
    /// enters with what they chose.
    #[track_caller]
    pub fn make_again(self, before: &Before, server: SocketAddr) {
        let Err(failure) = self.make(before, server) else { return };
        let old_is_refused = match self {
            // With a wrong password, the client itself sees that the answer does not open.
            Self::Password => refused_as(&failure).is_none(),
            Self::Code => false,
            Self::Recovery => refused_as(&failure) == Some(ErrorCode::NotSignedIn),
        };
        assert!(old_is_refused, "{self:?} again: {failure}");
        let mut connection = Connection::open(&server.to_string()).expect("the server accepts");
        sign_in(&mut connection, &NEW).expect("what was chosen opens it");
    }
}

fn set_password(before: &Before, connection: &mut Connection) -> Result<(), Failure> {
    let random = &mut SystemRandom;
    let (proof, _) = prove(connection, &OLD)?;
    let (started, message) = SignUp::start(NEW.password, random);
    let start = PasswordStartRequest { registration_request: Bytes(message) };
    connection.authorize(&before.token);
    let answer: PasswordStartResponse =
        connection.send("POST", "/v1/accounts/password/start", &start)?;
    let (upload, export) = started.finish(&answer.registration_response, random)?;
    let request = SecretsRequest {
        attempt: proof.attempt,
        credential_finalization: proof.credential_finalization,
        password: Some(before.vault.password_secret(upload, &export, random)),
        recovery: None,
    };
    connection.tell("PUT", "/v1/accounts/secrets", &request)?;
    sign_in(connection, &NEW).map(drop)
}

fn set_code(before: &Before, connection: &mut Connection) -> Result<(), Failure> {
    let (proof, _) = prove(connection, &OLD)?;
    let request = SecretsRequest {
        attempt: proof.attempt,
        credential_finalization: proof.credential_finalization,
        password: None,
        recovery: Some(before.vault.recovery_secret(&before.new_code, &mut SystemRandom)),
    };
    connection.authorize(&before.token);
    connection.tell("PUT", "/v1/accounts/secrets", &request)
}

fn set_both(before: &Before, connection: &mut Connection) -> Result<(), Failure> {
    let random = &mut SystemRandom;
    let (started, message) = SignUp::start(NEW.password, random);
    let verifier = before.old_code.verifier();
    let start = RecoveryStartRequest {
        mailed_code: None,
        address: OLD.address.to_owned(),
        verifier: verifier.clone(),
        registration_request: Bytes(message),
    };
    let answer: RecoveryStartResponse = connection.send("POST", "/v1/recovery/start", &start)?;
    let (account, identity) = recover(&answer, OLD.address, &before.old_code)?;
    let (upload, export) = started.finish(&answer.registration_response, random)?;
    let user = identity.user();
    let request = RecoveryFinishRequest {
        mailed_code: None,
        address: OLD.address.to_owned(),
        verifier,
        password: password_secret(&account, &user, upload, &export, random),
        recovery: recovery_secret(&account, &user, &before.new_code, random),
    };
    connection.tell("POST", "/v1/recovery/finish", &request)?;
    sign_in(connection, &NEW).map(drop)
}
