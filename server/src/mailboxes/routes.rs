//! Asking for a code, and confirming by it.

use axum::extract::State;
use axum::http::StatusCode;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::{ConfirmRequest, ErrorCode, ErrorResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::codes::{self, Purpose};
use super::queries;
use crate::accounts;
use crate::database::Connection;
use crate::error::Error;
use crate::mail::{self, Letter};
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::wire::Body;

/// The routes of mailboxes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(confirm))
}

/// Mails a code to one's own address. Nothing to do where it is confirmed.
#[utoipa::path(post, operation_id = "mail_code", path = "/v1/mailbox/code", tag = "accounts",
    responses((status = 204)))]
async fn ask(signed_in: SignedIn, State(state): State<AppState>) -> Result<StatusCode, Error> {
    let mut transaction = state.database.write().await?;
    if queries::is_confirmed(&mut transaction, &signed_in.user).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    mail_code(&state, &mut transaction, &signed_in.user, Purpose::Confirm).await?;
    transaction.commit().await?;
    state.post.waiting.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms one's own address by the code that was mailed there.
#[utoipa::path(put, operation_id = "confirm_mailbox", path = "/v1/mailbox",
    tag = "accounts", request_body = ConfirmRequest,
    responses((status = 204),
        (status = 403, body = ErrorResponse)))]
async fn confirm(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Body(request): Body<ConfirmRequest>,
) -> Result<StatusCode, Error> {
    let now = state.clock.now();
    let (user, purpose) = (&signed_in.user, Purpose::Confirm);
    let mut transaction = state.database.write().await?;
    if !queries::is_confirmed(&mut transaction, user).await? {
        let keys = &state.keys;
        let checked = codes::check(&mut transaction, keys, user, purpose, &request.code, now);
        if let Err(code) = checked.await? {
            // The try counts.
            transaction.commit().await?;
            return Err(code.into());
        }
        codes::use_up(&mut transaction, user, purpose).await?;
        if !queries::confirm_own(&mut transaction, user, now).await? {
            return Err(ErrorCode::NotSignedIn.into());
        }
    }
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a new code into the outbox, to a user's address.
pub async fn mail_code(
    state: &AppState,
    on: &mut Connection,
    user: &UserId,
    purpose: Purpose,
) -> Result<(), Error> {
    let now = state.clock.now();
    let code = codes::make(on, &state.keys, user, purpose, now).await?;
    let letter = match purpose {
        Purpose::Confirm => Letter::Confirm { code },
        Purpose::Recover => Letter::Recover { code },
    };
    let address = accounts::address(on, user).await?;
    mail::send(on, &address, &letter, now, now + codes::LIFE).await?;
    Ok(())
}
