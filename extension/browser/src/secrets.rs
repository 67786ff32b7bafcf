//! Changing what opens an account: a new master password, a new recovery code.

use std::rc::Rc;

use gloo_net::http::Method;
use mysafe::crypto::{RecoveryCode, SignUp, SystemRandom};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    ErrorCode, PasswordStartRequest, RecoveryStartRequest, RecoveryStartResponse, SecretsRequest,
};
use mysafe::vault::{DeviceRecord, EnterError, UnlockError, enter, recover};
use zeroize::Zeroizing;

use crate::account::{exchange, keep, knock};
use crate::entering::{SignInError, not_mysafe, sign_in_error};
use crate::http::{Endpoint, HttpError};
use crate::open::Open;
use crate::record::device_record;
use crate::remote::SignedIn;
use crate::server::Server;
use crate::store::{Device, StoreError};
use crate::strength::strength;

/// A new recovery code, to be shown.
pub fn new_recovery_code() -> RecoveryCode {
    RecoveryCode::generate(&mut SystemRandom)
}

/// Two of the groups of four symbols, to be typed back.
pub fn two_groups() -> [usize; 2] {
    use mysafe::crypto::Random;
    let [first, second]: [u8; 2] = SystemRandom.array();
    let (first, second) = (usize::from(first % 8), usize::from(second % 7));
    let second = if second >= first { second + 1 } else { second };
    [first.min(second), first.max(second)]
}

/// Why what opens an account is not changed.
#[derive(Debug, Clone, PartialEq)]
pub enum SecretsError {
    /// Not the present master password.
    WrongPassword,
    /// The new one is too weak.
    WeakPassword,
    /// The sign-in here has ended: sign in again first.
    SignInEnded,
    /// It is changed, but signing in with it did not work yet.
    SignIn(Box<SignInError>),
    /// The server did not answer: it may be changed or not.
    Unknown,
    /// Anything else that also stops a sign-in.
    Failed(Box<SignInError>),
}

impl From<StoreError> for SecretsError {
    fn from(error: StoreError) -> Self {
        Self::Failed(Box::new(SignInError::Store(error)))
    }
}

fn refused(server: &Server, error: HttpError) -> SecretsError {
    match error.code() {
        Some(ErrorCode::NotSignedIn | ErrorCode::SessionRevoked) => SecretsError::SignInEnded,
        Some(ErrorCode::WrongPassword) => SecretsError::WrongPassword,
        _ => SecretsError::Failed(Box::new(sign_in_error(server, error))),
    }
}

/// Whether this is the present master password, as far as this browser knows. Hashes it.
pub async fn check_password(password: &str) -> Result<(), SecretsError> {
    let device = Device::open().await?;
    let record = device_record(&device).await?.ok_or(StoreError::Damaged)?;
    match record.unlock(password) {
        Ok(_) => Ok(()),
        Err(UnlockError::WrongPassword) => Err(SecretsError::WrongPassword),
        Err(UnlockError::NoWrap) => Err(SecretsError::SignInEnded),
        Err(UnlockError::Forged) => Err(StoreError::Damaged.into()),
    }
}

/// Someone who is signed in and knows the present password.
struct Changing {
    server: Server,
    remote: SignedIn,
    attempt: Bytes,
    credential_finalization: Bytes,
}

impl Changing {
    async fn begin(open: &Open, password: &str) -> Result<Self, SecretsError> {
        let remote = open.signed_in().await.ok_or(SecretsError::SignInEnded)?;
        let server = Server::known(open.server());
        let (proof, _) = knock(&server, open.address(), password).await.map_err(|error| {
            if error == SignInError::WrongCredentials {
                SecretsError::WrongPassword
            } else {
                SecretsError::Failed(Box::new(error))
            }
        })?;
        let credential_finalization = proof.credential_finalization;
        Ok(Self { server, remote, attempt: proof.attempt, credential_finalization })
    }
}

/// Sets a new recovery code, which its owner has. Ends the other sessions.
pub async fn set_recovery_code(
    open: &Open,
    password: Zeroizing<String>,
    code: &RecoveryCode,
) -> Result<(), SecretsError> {
    let changing = Changing::begin(open, &password).await?;
    let request = SecretsRequest {
        attempt: changing.attempt,
        credential_finalization: changing.credential_finalization,
        password: None,
        recovery: Some(open.with_vault(|vault| vault.recovery_secret(code, &mut SystemRandom))),
    };
    let sent = changing.remote.change_secrets(&request).await;
    sent.map_err(|error| refused(&changing.server, error))?;
    opens(open, &changing.server, &changing.remote, code).await
}

/// What the server keeps for the new code is opened once before it is done.
async fn opens(
    open: &Open,
    server: &Server,
    remote: &SignedIn,
    code: &RecoveryCode,
) -> Result<(), SecretsError> {
    let failed = |error| SecretsError::SignIn(Box::new(error));
    // The half of a registration that comes along is never finished.
    let (_, message) = SignUp::start("", &mut SystemRandom);
    let request = RecoveryStartRequest {
        mailed_code: None,
        address: open.address().to_owned(),
        verifier: code.verifier(),
        registration_request: Bytes(message),
    };
    // With the token no mailed code is asked for.
    let endpoint = Endpoint { base: &server.url, token: Some(&remote.token) };
    let answer: RecoveryStartResponse = endpoint
        .send(Method::POST, "/v1/recovery/start", &request)
        .await
        .map_err(|error| failed(sign_in_error(server, error)))?;
    match recover(&answer, open.address(), code) {
        Ok((_, identity)) if identity.user() == open.with_vault(|vault| vault.user()) => Ok(()),
        _ => Err(failed(SignInError::Forged)),
    }
}

/// Sets a new master password, signs in with it and opens what the server kept before it is done.
/// Ends the other sessions.
pub async fn set_master_password(
    open: &Open,
    password: Zeroizing<String>,
    new: Zeroizing<String>,
) -> Result<Rc<Open>, SecretsError> {
    if !strength(&new, &[open.name(), open.address()]).await.accepted() {
        return Err(SecretsError::WeakPassword);
    }
    let changing = Changing::begin(open, &password).await?;
    let server = &changing.server;
    let random = &mut SystemRandom;
    let (started, message) = SignUp::start(&new, random);
    let request = PasswordStartRequest { registration_request: Bytes(message) };
    let answer = changing.remote.password_start(&request).await;
    let answer = answer.map_err(|error| refused(server, error))?;
    let not_ours = || SecretsError::Failed(Box::new(SignInError::Server(not_mysafe(server))));
    let (upload, export) =
        started.finish(&answer.registration_response, random).map_err(|_| not_ours())?;
    let request = SecretsRequest {
        attempt: changing.attempt,
        credential_finalization: changing.credential_finalization,
        password: Some(open.with_vault(|vault| vault.password_secret(upload, &export, random))),
        recovery: None,
    };
    let sent = changing.remote.change_secrets(&request).await;
    // A lost answer: whether the new password is good tells.
    if let Err(error) = &sent
        && *error != HttpError::NoAnswer
    {
        return Err(refused(server, error.clone()));
    }
    match (renew(open, server, &new).await, sent) {
        (Ok(renewed), _) => {
            // The session with which it was changed has done its work.
            let _ = changing.remote.sign_out().await;
            Ok(renewed)
        }
        (Err(error), Ok(())) => Err(SecretsError::SignIn(Box::new(error))),
        (Err(_), Err(_)) => Err(SecretsError::Unknown),
    }
}

/// Signs in anew and renews this browser's own copy of the key.
async fn renew(open: &Open, server: &Server, password: &str) -> Result<Rc<Open>, SignInError> {
    let (session, export) = exchange(server, open.address(), password).await?;
    let entered = enter(&session, open.address(), &export);
    let (account, identity) = entered.map_err(|EnterError::Forged| SignInError::Forged)?;
    if identity.user() != open.with_vault(|vault| vault.user()) {
        return Err(SignInError::Forged);
    }
    let device = Device::open().await.map_err(SignInError::Store)?;
    let name = &session.name;
    let random = &mut SystemRandom;
    let record = DeviceRecord::make(&account, &identity, name, &server.url, password, random);
    keep(device, record, account, &identity, &session, None).await.map_err(SignInError::Store)
}
