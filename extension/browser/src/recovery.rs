//! Recovery: a new master password and a new recovery code by whoever has the code.

use std::rc::Rc;

use gloo_net::http::Method;
use mysafe::crypto::{
    AccountKey, ExportKey, Identity, NotACode, RecoveryCode, SignUp, SystemRandom,
};
use mysafe::protocol::Bytes;
use mysafe::protocol::wire::{
    ErrorCode, RecoveryFinishRequest, RecoveryStartRequest, RecoveryStartResponse,
};
use mysafe::vault::{EnterError, password_secret, recover, recovery_secret};
use zeroize::Zeroizing;

use crate::account::{enter_account, mail_address};
use crate::entering::{SignInDraft, SignInError, not_mysafe, sign_in_error};
use crate::http::{Endpoint, HttpError};
use crate::mailbox::digits;
use crate::open::Open;
use crate::record::device_record;
use crate::server::Server;
use crate::store::Device;
use crate::strength::strength;

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
    /// The digits that were mailed, once they were asked for.
    pub mailed_code: Option<String>,
}

/// Why an account is not recovered.
#[derive(Debug, Clone, PartialEq)]
pub enum RecoverError {
    /// Not a recovery code.
    Code(NotACode),
    /// The server does not know this code for this address; which of them is not told.
    WrongCode,
    /// The server mailed digits to the address, and wants them too.
    NeedsMailedCode,
    /// Not the digits of the last mail, or they are too old, or were tried too often.
    WrongMailedCode,
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
    if !strength(&draft.password, &[&address]).await.accepted() {
        return Err(RecoverError::WeakPassword);
    }
    let device = Device::open().await.map_err(SignInError::Store)?;
    let present = device_record(&device).await.map_err(SignInError::Store)?;
    if present.as_ref().is_some_and(|present| present.address != address) {
        return Err(SignInError::OtherAccount.into());
    }
    let random = &mut SystemRandom;
    let (started, message) = SignUp::start(&draft.password, random);
    let mailed_code = draft.mailed_code.as_deref().map(digits);
    let request = RecoveryStartRequest {
        mailed_code,
        address: address.clone(),
        verifier: code.verifier(),
        registration_request: Bytes(message),
    };
    let endpoint = Endpoint { base: &draft.server.url, token: None };
    let answer: RecoveryStartResponse = endpoint
        .send(Method::POST, "/v1/recovery/start", &request)
        .await
        .map_err(|error| refused(&draft.server, error))?;
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
        mailed_code: draft.mailed_code.as_deref().map(digits),
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
    Err(refused(&draft.server, error))
}

fn refused(server: &Server, error: HttpError) -> RecoverError {
    match error.code() {
        Some(ErrorCode::NeedsMailedCode) => RecoverError::NeedsMailedCode,
        Some(ErrorCode::WrongCode) => RecoverError::WrongMailedCode,
        _ => match sign_in_error(server, error) {
            SignInError::WrongCredentials => RecoverError::WrongCode,
            error => error.into(),
        },
    }
}
