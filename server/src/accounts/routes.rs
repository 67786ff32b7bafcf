//! Sign-up in two requests, and bundles by id.

use axum::extract::State;
use axum::http::HeaderMap;
use mysafe_protocol::bodies::Bundle;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::limits;
use mysafe_protocol::opaque::Suite1;
use mysafe_protocol::wire::{
    BundleResponse, ErrorCode, ErrorResponse, SignUpFinishRequest, SignUpFinishResponse,
    SignUpStartRequest, SignUpStartResponse, Signups,
};
use opaque_ke::{RegistrationRequest, RegistrationUpload, ServerRegistration};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::accounts::queries::{self, NewAccount};
use crate::accounts::{admission, invitations, people, record, release};
use crate::error::Error;
use crate::mailboxes::codes::Purpose;
use crate::peer::Peer;
use crate::rates::Try;
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::wire::{Answer, Body, Id};
use crate::{checks, mailboxes, server};

/// The routes of accounts.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(finish))
        .routes(routes!(bundle))
        .routes(routes!(people::search))
        .routes(routes!(record::write))
}

/// Begins a sign-up: OPAQUE registration, first half. Stores nothing.
#[utoipa::path(post, operation_id = "sign_up_start", path = "/v1/accounts/start",
    tag = "accounts", security(()),
    request_body = SignUpStartRequest,
    responses((status = 200, body = SignUpStartResponse),
        (status = 403, body = ErrorResponse),
        (status = 409, body = ErrorResponse)))]
async fn start(
    State(state): State<AppState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Body(request): Body<SignUpStartRequest>,
) -> Result<Answer<SignUpStartResponse>, Error> {
    checks::address(&request.address)?;
    state.rates.address(Try::JoinStart, &request.address, peer)?;

    let mut connection = state.database.read().await?;
    let accounts = server::accounts(&mut connection).await?;
    let signups = server::signups(&state.settings, accounts, server::is_direct(&headers));
    let admission = request.admission.as_deref();
    admission::admit(&state, &mut connection, signups, &request.address, admission).await?;
    if release::is_taken(&mut connection, &request.address, state.clock.now()).await? {
        return Err(ErrorCode::AddressTaken.into());
    }

    let blinded = RegistrationRequest::<Suite1>::deserialize(&request.registration_request)
        .map_err(|_| ErrorCode::Malformed)?;
    let identifier = request.address.as_bytes();
    let started = ServerRegistration::<Suite1>::start(&state.keys.opaque, blinded, identifier)
        .map_err(|_| ErrorCode::Malformed)?;
    let response = started.message.serialize().to_vec();
    Ok(Answer(SignUpStartResponse { registration_response: response.into() }))
}

/// Ends a sign-up: everything the account consists of, stored in one transaction or not at all.
#[utoipa::path(post, operation_id = "sign_up_finish", path = "/v1/accounts/finish",
    tag = "accounts", security(()),
    request_body = SignUpFinishRequest,
    responses((status = 200, body = SignUpFinishResponse),
        (status = 403, body = ErrorResponse),
        (status = 409, body = ErrorResponse)))]
async fn finish(
    State(state): State<AppState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Body(request): Body<SignUpFinishRequest>,
) -> Result<Answer<SignUpFinishResponse>, Error> {
    let address = request.address.as_str();
    checks::address(address)?;
    state.rates.address(Try::JoinFinish, address, peer)?;
    let name = checks::line(&request.name, limits::PERSON)?;
    let (bundle, opaque_record) = check(&request)?;
    let user = bundle.user();

    let mut transaction = state.database.write().await?;
    let accounts = server::count_account(&mut transaction).await?;
    let signups = server::signups(&state.settings, accounts - 1, server::is_direct(&headers));
    let admission = request.admission.as_deref();
    admission::admit(&state, &mut transaction, signups, address, admission).await?;
    let now = state.clock.now();
    let former = release::release(&mut transaction, address, now).await?;
    // The same keys with the same address are the same account.
    if release::is_taken(&mut transaction, address, now).await?
        || queries::exists(&mut transaction, &user).await?
    {
        return Err(ErrorCode::AddressTaken.into());
    }
    if let (Signups::Invite, Some(token)) = (signups, admission) {
        invitations::use_up(&mut transaction, token).await?;
    }
    let administrator = accounts == 1;
    let new = NewAccount {
        user,
        address,
        name,
        administrator,
        bundle: &request.bundle,
        sign_pk: bundle.sign_pk,
        opaque_record,
        wrap: &request.wrap,
        recovery: &request.recovery,
        record: &request.record.blob,
        now,
    };
    queries::insert(&mut transaction, new).await?;
    if state.post.reaches_people() {
        mailboxes::mail_code(&state, &mut transaction, &user, Purpose::Confirm).await?;
    }
    transaction.commit().await?;
    if let Some(former) = former {
        state.feed.sessions_ended(&former);
    }
    state.post.waiting.notify_one();
    metrics::counter!("mysafe_sign_ups_total").increment(1);
    Ok(Answer(SignUpFinishResponse { user, administrator }))
}

/// What can be checked of a sign-up without the database: gives the bundle and the OPAQUE record.
fn check(request: &SignUpFinishRequest) -> Result<(Bundle, Vec<u8>), Error> {
    checks::sealed_key(&request.wrap)?;
    checks::sealed_key(&request.recovery.wrap)?;
    checks::sealed(&request.record.blob, limits::SEAL + limits::ACCOUNT)?;
    if request.record.version != 1 {
        return Err(ErrorCode::Malformed.into());
    }
    let upload = RegistrationUpload::<Suite1>::deserialize(&request.registration_upload)
        .map_err(|_| ErrorCode::Malformed)?;
    let record = ServerRegistration::<Suite1>::finish(upload).serialize().to_vec();
    checks::signed(&request.bundle)?;
    let bundle = Bundle::accept(&request.bundle)?;
    if bundle.address != request.address {
        return Err(ErrorCode::Forged.into());
    }
    Ok((bundle, record))
}

/// Address and public keys of a user, and whether their mailbox is confirmed.
#[utoipa::path(get, path = "/v1/users/{user}/bundle", tag = "accounts",
    params(("user" = UserId, Path)),
    responses((status = 200, body = BundleResponse),
        (status = 404, body = ErrorResponse)))]
async fn bundle(
    _: SignedIn,
    State(state): State<AppState>,
    Id(user): Id<UserId>,
) -> Result<Answer<BundleResponse>, Error> {
    let found = queries::bundle(&mut *state.database.read().await?, &user).await?;
    found.map(Answer).ok_or(ErrorCode::NotFound.into())
}
