//! The server itself: what a client learns first, whether it lives, and the one row that the
//! database keeps about itself.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use mysafe_protocol::ServerEpoch;
use mysafe_protocol::wire::{
    ErrorCode, ErrorResponse, INTERFACE, PRODUCT, ServerResponse, Signups,
};
use sqlx::Row as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::database::{Connection, Database};
use crate::error::Error;
use crate::keys::{Keys, KeysError};
use crate::peer;
use crate::settings::Settings;
use crate::state::{AppState, StartError, random};
use crate::wire::Answer;

/// People whom the operator is told after a restore.
const CONFIRMED_LAST: i64 = 10;

/// The routes of the server itself.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(about)).routes(routes!(healthz)).routes(routes!(readyz))
}

/// What the server is and who may sign up.
#[utoipa::path(get, path = "/v1/server", tag = "server", security(()),
    responses((status = 200, body = ServerResponse)))]
async fn about(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Answer<ServerResponse>, Error> {
    let accounts = accounts(&mut *state.database.read().await?).await?;
    Ok(Answer(ServerResponse {
        product: PRODUCT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        interface: INTERFACE,
        signups: signups(&state.settings, accounts, is_direct(&headers)),
    }))
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()),
    responses((status = 204)))]
async fn healthz() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The server takes requests: its database answers and it is not about to stop.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 204), (status = 503, body = ErrorResponse)))]
async fn readyz(State(state): State<AppState>) -> Result<StatusCode, Error> {
    if *state.stopping.borrow() {
        return Err(ErrorCode::Unavailable.into());
    }
    accounts(&mut *state.database.read().await?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who may sign up when there are so many accounts. `direct` says that the request comes from this machine
/// itself, see [`is_direct`].
pub fn signups(settings: &Settings, accounts: i64, direct: bool) -> Signups {
    match accounts {
        0 if settings.is_local() && direct => Signups::First,
        0 => Signups::FirstWithCode,
        _ if settings.open_signups => Signups::Open,
        _ => Signups::Invite,
    }
}

/// Returns true if no web page and no reverse proxy sends a request, as far as its head says: a page that is
/// open in a browser of this machine reaches its servers too. Extensions say what they are.
pub fn is_direct(headers: &HeaderMap) -> bool {
    !is_of_page(headers) && !peer::is_forwarded(headers)
}

/// Returns true if a web page sends a request: browsers say so, and extensions say what they are.
pub fn is_of_page(headers: &HeaderMap) -> bool {
    let is_extension = |origin: &HeaderValue| {
        let origin = origin.as_bytes();
        origin.starts_with(b"chrome-extension://") || origin.starts_with(b"moz-extension://")
    };
    !headers.get_all(header::ORIGIN).iter().all(is_extension)
}

/// How many accounts there are.
pub async fn accounts(on: &mut Connection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT accounts FROM server").fetch_one(on).await
}

/// Counts one account more and says how many there are then. Other sign-ups wait from here on
/// until this transaction ends.
pub async fn count_account(on: &mut Connection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("UPDATE server SET accounts = accounts + 1 RETURNING accounts")
        .fetch_one(on)
        .await
}

/// The epoch of a database that already served.
pub async fn epoch_of(database: &Database) -> Result<Option<ServerEpoch>, sqlx::Error> {
    let epoch: Option<Vec<u8>> = sqlx::query_scalar("SELECT epoch FROM server")
        .fetch_optional(&mut *database.read().await?)
        .await?;
    epoch
        .map(|epoch| ServerEpoch::try_from(epoch.as_slice()))
        .transpose()
        .map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Makes the database these keys' own: gives a new one its epoch, refuses one that was made with
/// other keys.
pub async fn claim(database: &Database, keys: &Keys) -> Result<ServerEpoch, StartError> {
    let mut transaction = database.write().await?;
    let fresh: [u8; 16] = random();
    sqlx::query(
        "INSERT INTO server (id, epoch, keys, accounts) VALUES (1, $1, $2, 0) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(&fresh[..])
    .bind(&keys.fingerprint()[..])
    .execute(&mut *transaction)
    .await?;
    let owner: Vec<u8> =
        sqlx::query_scalar("SELECT keys FROM server").fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    if owner != keys.fingerprint() {
        return Err(KeysError::OtherDatabase.into());
    }
    Ok(epoch_of(database).await?.expect("the row was just written"))
}

/// Begins a new epoch of a database that was restored from a backup: clients compare all they have with it
/// and send again what it lost. Ends all sessions as expired, sign-ins that were begun, and mailed codes:
/// they are those of the backup.
pub async fn new_epoch(database: &Database) -> Result<(), sqlx::Error> {
    let fresh: [u8; 16] = random();
    let mut transaction = database.write().await?;
    sqlx::query("UPDATE server SET epoch = $1").bind(&fresh[..]).execute(&mut *transaction).await?;
    for sql in [
        // The apps of revoked sessions are still to learn that they were revoked.
        "DELETE FROM sessions WHERE revoked = 0",
        "DELETE FROM attempts",
        "DELETE FROM codes",
    ] {
        sqlx::query(sql).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// Returns the addresses that were confirmed last, with the times, newest first.
pub async fn confirmed_last(database: &Database) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT address, confirmed FROM users WHERE confirmed IS NOT NULL \
         ORDER BY confirmed DESC, address LIMIT $1",
    )
    .bind(CONFIRMED_LAST)
    .fetch_all(&mut *database.read().await?)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
