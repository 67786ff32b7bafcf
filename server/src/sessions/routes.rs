//! Signing in, in two requests that answer the same whether or not anybody has the address; what
//! the token's own app learns of its session; signing out.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mysafe_protocol::bytes::{Bytes, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::opaque::{CONTEXT, Suite1};
use mysafe_protocol::wire::{
    CurrentSessionResponse, ErrorCode, ErrorResponse, SessionResponse, SignInFinishRequest,
    SignInStartRequest, SignInStartResponse,
};
use opaque_ke::{
    CredentialFinalization, CredentialRequest, ServerLogin, ServerLoginParameters,
    ServerRegistration,
};
use rand_core_06::OsRng;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::database::Connection;
use crate::error::Error;
use crate::peer::Peer;
use crate::rates::Try;
use crate::sessions::queries::Credentials;
use crate::sessions::signed_in::{SignedIn, hash};
use crate::sessions::{ATTEMPT_LIFE, LIFE, queries};
use crate::state::{AppState, random};
use crate::wire::{Answer, Body};
use crate::{checks, mailboxes};

/// The routes of sessions.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(finish))
        .routes(routes!(current, sign_out))
}

fn parameters() -> ServerLoginParameters<'static, 'static> {
    ServerLoginParameters { context: Some(CONTEXT), ..Default::default() }
}

/// Begins a sign-in: KE1 to KE2 (RFC 9807 section 6.2). An address that nobody has goes the same
/// way with the library's fake record, and only the last step fails.
#[utoipa::path(post, operation_id = "sign_in_start", path = "/v1/sessions/start",
    tag = "sessions", security(()),
    request_body = SignInStartRequest,
    responses((status = 200, body = SignInStartResponse),
        (status = 401, body = ErrorResponse)))]
async fn start(
    State(state): State<AppState>,
    Peer(peer): Peer,
    Body(request): Body<SignInStartRequest>,
) -> Result<Answer<SignInStartResponse>, Error> {
    checks::address(&request.address)?;
    state.rates.address(Try::SignIn, &request.address, peer)?;
    let ke1 = CredentialRequest::<Suite1>::deserialize(&request.credential_request)
        .map_err(|_| ErrorCode::Malformed)?;

    let found = queries::credentials(&mut *state.database.read().await?, &request.address).await?;
    let fitting = found.as_ref().filter(|credentials| credentials.fits);
    // A record is decoded in any case, and the library makes its fake one in any case: what takes longer for
    // an address with an account tells that there is one.
    let decoy = state.keys.decoy_record();
    let bytes = fitting.map_or(&decoy, |credentials| &credentials.opaque_record);
    let record = ServerRegistration::<Suite1>::deserialize(bytes)
        .map_err(|_| Error::internal("an OPAQUE record in the database does not parse"))?;
    let record = fitting.map(|_| record);
    let identifier = request.address.as_bytes();
    let started = ServerLogin::<Suite1>::start(
        &mut OsRng,
        &state.keys.opaque,
        record,
        ke1,
        identifier,
        parameters(),
    )
    .map_err(|_| ErrorCode::Malformed)?;

    let attempt: [u8; 32] = random();
    let mut transaction = state.database.write().await?;
    // Another password since it was read: this attempt would outlive the old one.
    let again = queries::credentials(&mut transaction, &request.address).await?;
    if !Credentials::is_same(found.as_ref(), again.as_ref()) {
        return Err(not_signed_in());
    }
    queries::insert_attempt(
        &mut transaction,
        &Sha256::digest(attempt),
        found.as_ref(),
        &started.state.serialize(),
        state.clock.now() + ATTEMPT_LIFE,
    )
    .await?;
    transaction.commit().await?;
    Ok(Answer(SignInStartResponse {
        attempt: attempt.to_vec().into(),
        credential_response: started.message.serialize().to_vec().into(),
    }))
}

/// Ends a sign-in: KE3, which only the right password makes.
#[utoipa::path(post, operation_id = "sign_in_finish", path = "/v1/sessions/finish",
    tag = "sessions", security(()),
    request_body = SignInFinishRequest,
    responses((status = 200, body = SessionResponse),
        (status = 401, body = ErrorResponse)))]
async fn finish(
    State(state): State<AppState>,
    Body(request): Body<SignInFinishRequest>,
) -> Result<Answer<SessionResponse>, Error> {
    let app = checks::line(&request.app, limits::APP)?;
    let now = state.clock.now();
    let mut transaction = state.database.write().await?;
    let proof = &request.credential_finalization;
    let Some(user) = prove(&mut transaction, &request.attempt, proof, now).await? else {
        // The attempt is used up all the same.
        transaction.commit().await?;
        return Err(not_signed_in());
    };

    let token = URL_SAFE_NO_PAD.encode(random::<32>());
    let expires = now + LIFE;
    queries::insert(&mut transaction, &hash(&token), &user, app, now, expires).await?;
    let profile = queries::profile(&mut transaction, &user).await?;
    transaction.commit().await?;
    metrics::counter!("mysafe_sign_ins_total", "result" => "good").increment(1);
    Ok(Answer(SessionResponse {
        token,
        expires: expires.unsigned_abs(),
        user,
        name: profile.name,
        administrator: profile.administrator,
        bundle: profile.bundle,
        wrap: profile.wrap.into(),
    }))
}

/// Who the KE3 of an attempt proves to be. Takes the attempt out.
pub async fn prove(
    on: &mut Connection,
    attempt: &Bytes,
    credential_finalization: &Bytes,
    now: i64,
) -> Result<Option<UserId>, Error> {
    let ke3 = CredentialFinalization::<Suite1>::deserialize(credential_finalization)
        .map_err(|_| ErrorCode::Malformed)?;
    let attempt = queries::take_attempt(on, &Sha256::digest(&attempt[..]), now).await?;
    let Some(attempt) = attempt else { return Ok(None) };
    let login = ServerLogin::<Suite1>::deserialize(&attempt.state)
        .map_err(|_| Error::internal("a sign-in in the database does not parse"))?;
    // The proof is checked in any case: the time does not tell whether there is an account.
    let is_proven = login.finish(ke3, parameters()).is_ok();
    Ok(attempt.owner.filter(|_| is_proven && attempt.fits))
}

fn not_signed_in() -> Error {
    metrics::counter!("mysafe_sign_ins_total", "result" => "refused").increment(1);
    ErrorCode::NotSignedIn.into()
}

/// The session that the token of this request stands for.
#[utoipa::path(get, operation_id = "current_session", path = "/v1/sessions/current",
    tag = "sessions",
    responses((status = 200, body = CurrentSessionResponse), (status = 401, body = ErrorResponse)))]
async fn current(
    signed_in: SignedIn,
    State(state): State<AppState>,
) -> Result<Answer<CurrentSessionResponse>, Error> {
    let mut connection = state.database.read().await?;
    let profile = queries::profile(&mut connection, &signed_in.user).await?;
    let found = queries::app(&mut connection, &signed_in.token_hash).await?;
    let (app, expires) = found.ok_or(ErrorCode::NotSignedIn)?;
    Ok(Answer(CurrentSessionResponse {
        user: signed_in.user,
        name: profile.name,
        administrator: profile.administrator,
        confirmed: mailboxes::is_confirmed(&mut connection, &signed_in.user).await?,
        mails: state.post.reaches_people(),
        app,
        expires: expires.unsigned_abs(),
    }))
}

/// Signs this app out: its token is worth nothing from here on.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions",
    responses((status = 204), (status = 401, body = ErrorResponse)))]
async fn sign_out(signed_in: SignedIn, State(state): State<AppState>) -> Result<StatusCode, Error> {
    let mut transaction = state.database.write().await?;
    queries::delete(&mut transaction, &signed_in.token_hash).await?;
    transaction.commit().await?;
    state.feed.sessions_ended(&signed_in.user);
    Ok(StatusCode::NO_CONTENT)
}
