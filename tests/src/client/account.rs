//! Signing up and in, as the extension does it.

use mysafe::crypto::{ExportKey, RecoveryCode, SignIn, SignUp, SystemRandom};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    SessionResponse, SignInFinishRequest, SignInStartRequest, SignInStartResponse,
    SignUpFinishRequest, SignUpFinishResponse, SignUpStartRequest, SignUpStartResponse,
};
use mysafe::vault::{Vault, create, enter};

use super::{Connection, Failure};

/// Someone who uses MySafe.
#[derive(Clone, Copy)]
pub struct Person {
    /// Their name.
    pub name: &'static str,
    /// Their mail address.
    pub address: &'static str,
    /// Their master password. It protects invented secrets alone.
    pub password: &'static str,
}

/// Makes the account. Gives its recovery code.
pub fn sign_up(connection: &mut Connection, person: &Person) -> Result<RecoveryCode, Failure> {
    let random = &mut SystemRandom;
    let address = person.address.to_owned();
    let (started, message) = SignUp::start(person.password, random);
    let start = SignUpStartRequest {
        address: address.clone(),
        admission: None,
        registration_request: Bytes(message),
    };
    let answer: SignUpStartResponse = connection.send("POST", "/v1/accounts/start", &start)?;
    let (upload, export) = started.finish(&answer.registration_response, random)?;
    let code = RecoveryCode::generate(random);
    let created = create(&address, &export, &code, random);
    let finish = SignUpFinishRequest {
        address,
        name: person.name.to_owned(),
        admission: None,
        registration_upload: Bytes(upload),
        bundle: created.bundle,
        wrap: created.wrap,
        recovery: created.recovery,
        record: created.record,
    };
    let _: SignUpFinishResponse = connection.send("POST", "/v1/accounts/finish", &finish)?;
    Ok(code)
}

/// That one knows the master password, and the key that it gives.
pub type Proof = (SignInFinishRequest, ExportKey);

/// The first request of a sign-in.
pub fn prove(connection: &mut Connection, person: &Person) -> Result<Proof, Failure> {
    let (started, message) = SignIn::start(person.password, &mut SystemRandom);
    let start = SignInStartRequest {
        address: person.address.to_owned(),
        credential_request: Bytes(message),
    };
    let answer: SignInStartResponse = connection.send("POST", "/v1/sessions/start", &start)?;
    let (message, export) = started.finish(&answer.credential_response, &mut SystemRandom)?;
    let finish = SignInFinishRequest {
        attempt: answer.attempt,
        credential_finalization: Bytes(message),
        app: "A client without a browser".to_owned(),
    };
    Ok((finish, export))
}

/// Opens a session: the unlocked, empty vault and the token.
pub fn sign_in(connection: &mut Connection, person: &Person) -> Result<(Vault, String), Failure> {
    let (finish, export) = prove(connection, person)?;
    let session: SessionResponse = connection.send("POST", "/v1/sessions/finish", &finish)?;
    let (account, identity) = enter(&session, person.address, &export)?;
    let vault = Vault::open(account, &identity.user(), person.address)?;
    Ok((vault, session.token))
}
