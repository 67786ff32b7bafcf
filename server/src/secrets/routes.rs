//! A new password or recovery code, and recovery. Each is one transaction with the end of the
//! sessions it ends.

use axum::extract::State;
use axum::http::StatusCode;
use mysafe_protocol::opaque::Suite1;
use mysafe_protocol::wire::{
    ErrorCode, ErrorResponse, PasswordSecret, PasswordStartRequest, PasswordStartResponse,
    RecoveryFinishRequest, RecoverySecret, RecoveryStartRequest, RecoveryStartResponse,
    SecretsRequest,
};
use mysafe_protocol::{Bytes, UserId};
use opaque_ke::{RegistrationRequest, RegistrationUpload, ServerRegistration};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::database::Connection;
use crate::error::Error;
use crate::mail::Letter;
use crate::mailboxes::codes::{self, Purpose};
use crate::peer::Peer;
use crate::rates::Try;
use crate::secrets::queries::{self, Recoverable};
use crate::sessions::{self, SignedIn};
use crate::state::AppState;
use crate::wire::{Answer, Body};
use crate::{accounts, checks, mail, mailboxes};

/// Bytes of the proof that is derived from a recovery code.
const VERIFIER: usize = 32;
/// Seconds after which nobody needs to hear of a recovery any more.
const NOTICE_LIFE: i64 = 7 * 24 * 60 * 60;

/// The routes of what opens an account.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(password_start))
        .routes(routes!(change))
        .routes(routes!(recovery_start))
        .routes(routes!(recovery_finish))
}

/// The server's half of an OPAQUE registration (RFC 9807 section 5). Stores nothing.
fn register(state: &AppState, address: &str, request: &Bytes) -> Result<Bytes, Error> {
    let blinded =
        RegistrationRequest::<Suite1>::deserialize(request).map_err(|_| ErrorCode::Malformed)?;
    let started =
        ServerRegistration::<Suite1>::start(&state.keys.opaque, blinded, address.as_bytes())
            .map_err(|_| ErrorCode::Malformed)?;
    Ok(started.message.serialize().to_vec().into())
}

/// Begins a new password of whoever is signed in. Stores nothing.
#[utoipa::path(post, path = "/v1/accounts/password/start", tag = "accounts",
    request_body = PasswordStartRequest,
    responses((status = 200, body = PasswordStartResponse)))]
async fn password_start(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Body(request): Body<PasswordStartRequest>,
) -> Result<Answer<PasswordStartResponse>, Error> {
    let address = accounts::address(&mut *state.database.read().await?, &signed_in.user).await?;
    let registration_response = register(&state, &address, &request.registration_request)?;
    Ok(Answer(PasswordStartResponse { registration_response }))
}

/// A new password, a new recovery code, or both, by whoever proves to know the present password.
/// Ends all other sessions of the account.
#[utoipa::path(put, operation_id = "change_secrets", path = "/v1/accounts/secrets",
    tag = "accounts",
    request_body = SecretsRequest,
    responses((status = 204),
        (status = 403, body = ErrorResponse)))]
async fn change(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Body(request): Body<SecretsRequest>,
) -> Result<StatusCode, Error> {
    let password = request.password.as_ref().map(checked_password).transpose()?;
    request.recovery.as_ref().map(check_recovery).transpose()?;
    if request.password.is_none() && request.recovery.is_none() {
        return Err(ErrorCode::Malformed.into());
    }
    let mut transaction = state.database.write().await?;
    let proven = sessions::prove(
        &mut transaction,
        &request.attempt,
        &request.credential_finalization,
        state.clock.now(),
    )
    .await?;
    if proven != Some(signed_in.user) {
        // The attempt is used up all the same.
        transaction.commit().await?;
        return Err(ErrorCode::WrongPassword.into());
    }
    store(&mut transaction, &signed_in.user, password.as_ref(), request.recovery.as_ref()).await?;
    sessions::revoke(&mut transaction, &signed_in.user, Some(&signed_in.token_hash)).await?;
    transaction.commit().await?;
    state.feed.sessions_ended(&signed_in.user);
    Ok(StatusCode::NO_CONTENT)
}

/// Begins a recovery. Where the server mails people it takes the digits mailed to the address too,
/// unless the account's own token comes along. Unknown addresses, accounts without a code and wrong codes are refused alike.
#[utoipa::path(post, path = "/v1/recovery/start", tag = "accounts", security(()),
    request_body = RecoveryStartRequest,
    responses((status = 200, body = RecoveryStartResponse),
        (status = 401, body = ErrorResponse),
        (status = 403, body = ErrorResponse)))]
async fn recovery_start(
    signed_in: Result<SignedIn, Error>,
    State(state): State<AppState>,
    Peer(peer): Peer,
    Body(request): Body<RecoveryStartRequest>,
) -> Result<Answer<RecoveryStartResponse>, Error> {
    checks::address(&request.address)?;
    state.rates.address(Try::RecoveryStart, &request.address, peer)?;
    let registration_response = register(&state, &request.address, &request.registration_request)?;
    let mut transaction = state.database.write().await?;
    let found = recoverable(&mut transaction, &request.address, &request.verifier).await?;
    // Whoever is signed in only looks whether their new code opens the account.
    let owner = signed_in.is_ok_and(|signed_in| signed_in.user == found.user);
    let mailed = if owner {
        Ok(())
    } else {
        mailed(&state, &mut transaction, &found.user, request.mailed_code.as_deref()).await?
    };
    transaction.commit().await?;
    state.post.waiting.notify_one();
    mailed?;
    Ok(Answer(RecoveryStartResponse {
        user: found.user,
        bundle: found.bundle,
        wrap: found.wrap.into(),
        registration_response,
    }))
}

/// Ends a recovery: the new password and code, in one transaction with the end of all sessions.
#[utoipa::path(post, path = "/v1/recovery/finish", tag = "accounts", security(()),
    request_body = RecoveryFinishRequest,
    responses((status = 204),
        (status = 401, body = ErrorResponse),
        (status = 403, body = ErrorResponse)))]
async fn recovery_finish(
    State(state): State<AppState>,
    Peer(peer): Peer,
    Body(request): Body<RecoveryFinishRequest>,
) -> Result<StatusCode, Error> {
    checks::address(&request.address)?;
    state.rates.address(Try::RecoveryFinish, &request.address, peer)?;
    let password = checked_password(&request.password)?;
    check_recovery(&request.recovery)?;
    let mut transaction = state.database.write().await?;
    let found = recoverable(&mut transaction, &request.address, &request.verifier).await?;
    let mailed = mailed(&state, &mut transaction, &found.user, request.mailed_code.as_deref());
    if let Err(code) = mailed.await? {
        transaction.commit().await?;
        state.post.waiting.notify_one();
        return Err(code.into());
    }
    codes::use_up(&mut transaction, &found.user, Purpose::Recover).await?;
    let now = state.clock.now();
    let (address, letter) = (&request.address, Letter::Recovered);
    mail::send(&mut transaction, address, &letter, now, now + NOTICE_LIFE).await?;
    store(&mut transaction, &found.user, Some(&password), Some(&request.recovery)).await?;
    sessions::revoke(&mut transaction, &found.user, None).await?;
    transaction.commit().await?;
    state.post.waiting.notify_one();
    state.feed.sessions_ended(&found.user);
    metrics::counter!("mysafe_recoveries_total").increment(1);
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the mailed code came too, where codes reach people. If none came, one is mailed. Commit
/// also when it is refused.
async fn mailed(
    state: &AppState,
    on: &mut Connection,
    user: &UserId,
    code: Option<&str>,
) -> Result<Result<(), ErrorCode>, Error> {
    if !state.post.reaches_people() {
        return Ok(Ok(()));
    }
    match code {
        None => {
            mailboxes::mail_code(state, on, user, Purpose::Recover).await?;
            Ok(Err(ErrorCode::NeedsMailedCode))
        }
        Some(code) => {
            let (keys, now) = (&state.keys, state.clock.now());
            Ok(codes::check(on, keys, user, Purpose::Recover, code, now).await?)
        }
    }
}

/// The account of an address whose recovery code the verifier is of.
async fn recoverable(
    on: &mut Connection,
    address: &str,
    verifier: &Bytes,
) -> Result<Recoverable, Error> {
    if verifier.len() != VERIFIER {
        return Err(ErrorCode::Malformed.into());
    }
    let found = queries::recoverable(on, address).await?;
    let given = Sha256::digest(&verifier[..]);
    // Compared with something in any case: an unknown address takes no less time.
    let kept = found.as_ref().map_or(&[0; 32][..], |found| &found.verifier_hash);
    let fits = bool::from(given.ct_eq(kept));
    found.filter(|_| fits).ok_or_else(|| {
        metrics::counter!("mysafe_recoveries_refused_total").increment(1);
        ErrorCode::NotSignedIn.into()
    })
}

/// A new password, checked: the OPAQUE record and the wrapped key.
struct NewPassword<'a> {
    opaque_record: Vec<u8>,
    wrap: &'a [u8],
}

fn checked_password(secret: &PasswordSecret) -> Result<NewPassword<'_>, Error> {
    checks::sealed_key(&secret.wrap)?;
    let upload = RegistrationUpload::<Suite1>::deserialize(&secret.registration_upload)
        .map_err(|_| ErrorCode::Malformed)?;
    let opaque_record = ServerRegistration::<Suite1>::finish(upload).serialize().to_vec();
    Ok(NewPassword { opaque_record, wrap: &secret.wrap })
}

fn check_recovery(secret: &RecoverySecret) -> Result<(), Error> {
    Ok(checks::sealed_key(&secret.wrap)?)
}

async fn store(
    on: &mut Connection,
    user: &UserId,
    password: Option<&NewPassword<'_>>,
    recovery: Option<&RecoverySecret>,
) -> Result<(), sqlx::Error> {
    if let Some(password) = password {
        queries::set_password(on, user, &password.opaque_record, password.wrap).await?;
    }
    if let Some(recovery) = recovery {
        queries::set_recovery(on, user, recovery).await?;
    }
    Ok(())
}
