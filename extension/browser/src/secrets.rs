//! Changing what opens an account: a new master password, a new recovery code, and both by
//! whoever has the code.

use std::rc::Rc;

use gloo_net::http::Method;
use mysafe::crypto::{
    AccountKey, ExportKey, Identity, NotACode, RecoveryCode, SignUp, SystemRandom, strength,
};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    ErrorCode, PasswordStartRequest, RecoveryFinishRequest, RecoveryStartRequest,
    RecoveryStartResponse, SecretsRequest,
};
use mysafe::vault::{
    DeviceRecord, EnterError, UnlockError, enter, password_secret, recover, recovery_secret,
};
use zeroize::Zeroizing;

use crate::account::{device_record, enter_account, exchange, keep, knock, mail_address};
use crate::entering::{SignInDraft, SignInError, not_mysafe, sign_in_error};
use crate::http::{Endpoint, HttpError};
use crate::open::Open;
use crate::remote::SignedIn;
use crate::server::Server;
use crate::store::{Device, StoreError};

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
    sent.map_err(|error| refused(&changing.server, error))
}

/// Sets a new master password, signs in with it and opens what the server kept before it is done.
/// Ends the other sessions.
pub async fn set_master_password(
    open: &Open,
    password: Zeroizing<String>,
    new: Zeroizing<String>,
) -> Result<Rc<Open>, SecretsError> {
    if !strength(&new, &[open.name(), open.address()]).accepted() {
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
    match changing.remote.change_secrets(&request).await {
        // A lost answer: whether the new password is good tells.
        Ok(()) | Err(HttpError::NoAnswer) => {}
        Err(error) => return Err(refused(server, error)),
    }
    let entered = renew(open, server, &new).await;
    match entered {
        Ok(renewed) => {
            // The session with which it was changed has done its work.
            let _ = changing.remote.sign_out().await;
            Ok(renewed)
        }
        Err(error) => Err(SecretsError::SignIn(Box::new(error))),
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

/// What a person enters who has lost the master password.
pub struct RecoverDraft {
    /// A server that answered.
    pub server: Server,
    /// Their mail address.
    pub address: String,
    /// The recovery code, as typed.
    pub code: Zeroizing<String>,
    /// The new master password.
    pub password: Zeroizing<String>,
}

/// Why an account is not recovered.
#[derive(Debug, Clone, PartialEq)]
pub enum RecoverError {
    /// Not a recovery code.
    Code(NotACode),
    /// The server does not know this code for this address; which of them is not told.
    WrongCode,
    /// The new master password is too weak.
    WeakPassword,
    /// Anything that also stops a sign-in.
    Failed(SignInError),
}

impl From<SignInError> for RecoverError {
    fn from(error: SignInError) -> Self {
        Self::Failed(error)
    }
}

/// A recovery whose first request the server took: the account is open, nothing is changed yet.
pub struct Recovering {
    draft: RecoverDraft,
    address: String,
    verifier: Bytes,
    account: AccountKey,
    identity: Identity,
    upload: Vec<u8>,
    export: ExportKey,
}

/// Begins a recovery. Hashes the new password.
pub async fn begin_recovery(draft: RecoverDraft) -> Result<Recovering, RecoverError> {
    let address = mail_address(&draft.address).ok_or(SignInError::AddressInvalid)?;
    let code = RecoveryCode::parse(&draft.code).map_err(RecoverError::Code)?;
    if !strength(&draft.password, &[&address]).accepted() {
        return Err(RecoverError::WeakPassword);
    }
    let device = Device::open().await.map_err(SignInError::Store)?;
    let present = device_record(&device).await.map_err(SignInError::Store)?;
    if present.as_ref().is_some_and(|present| present.address != address) {
        return Err(SignInError::OtherAccount.into());
    }
    let random = &mut SystemRandom;
    let (started, message) = SignUp::start(&draft.password, random);
    let request = RecoveryStartRequest {
        address: address.clone(),
        verifier: code.verifier(),
        registration_request: Bytes(message),
    };
    let endpoint = Endpoint { base: &draft.server.url, token: None };
    let answer: RecoveryStartResponse = endpoint
        .send(Method::POST, "/v1/recovery/start", &request)
        .await
        .map_err(|error| match sign_in_error(&draft.server, error) {
            SignInError::WrongCredentials => RecoverError::WrongCode,
            error => RecoverError::Failed(error),
        })?;
    let (account, identity) =
        recover(&answer, &address, &code).map_err(|EnterError::Forged| SignInError::Forged)?;
    if present.is_some_and(|present| present.user != identity.user()) {
        return Err(SignInError::Forged.into());
    }
    let (upload, export) = started
        .finish(&answer.registration_response, random)
        .map_err(|_| SignInError::Server(not_mysafe(&draft.server)))?;
    Ok(Recovering { verifier: code.verifier(), draft, address, account, identity, upload, export })
}

/// Ends a recovery with a new code, which its owner has, and signs in.
pub async fn finish_recovery(
    begun: &Recovering,
    code: &RecoveryCode,
) -> Result<Rc<Open>, RecoverError> {
    let Recovering { draft, address, verifier, account, identity, upload, export } = begun;
    let user = identity.user();
    let random = &mut SystemRandom;
    let request = RecoveryFinishRequest {
        address: address.clone(),
        verifier: verifier.clone(),
        password: password_secret(account, &user, upload.clone(), export, random),
        recovery: recovery_secret(account, &user, code, random),
    };
    let endpoint = Endpoint { base: &draft.server.url, token: None };
    let told = endpoint.tell(Method::POST, "/v1/recovery/finish", &request).await;
    let sign_in = SignInDraft {
        server: draft.server.clone(),
        address: address.clone(),
        password: draft.password.clone(),
    };
    let Err(error) = told else { return Ok(enter_account(sign_in, None).await?) };
    // It may have been done with its answer lost: then the new password is good already.
    let maybe_done =
        matches!(error, HttpError::NoAnswer) || error.code() == Some(ErrorCode::NotSignedIn);
    if maybe_done && let Ok(open) = enter_account(sign_in, None).await {
        return Ok(open);
    }
    match sign_in_error(&draft.server, error) {
        SignInError::WrongCredentials => Err(RecoverError::WrongCode),
        error => Err(error.into()),
    }
}
