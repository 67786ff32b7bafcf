//! How access ends: by the member's own act, by the owner's, and by time. Each puts the item into the
//! owner's log, whose client then begins an epoch without them.

use mysafe_protocol::bytes::{ItemId, UserId};
use mysafe_protocol::wire::ErrorCode;

use super::access::{self, Logs, Right};
use super::grants::{lock, tell};
use super::queries::id;
use crate::database::Connection;
use crate::error::Error;
use crate::state::AppState;

/// Ends somebody's access to an item.
pub async fn end(
    on: &mut Connection,
    item: &ItemId,
    user: &UserId,
    position: i64,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE grants SET ended = $3, position = $4 WHERE item = $1 AND member = $2")
        .bind(&item.0[..])
        .bind(&user.0[..])
        .bind(now)
        .bind(position)
        .execute(on)
        .await?;
    Ok(())
}

/// Ends somebody's own access.
pub async fn leave(state: &AppState, user: &UserId, item: &ItemId) -> Result<(), Error> {
    let now = state.clock.now();
    let mut transaction = state.database.write().await?;
    let owner = lock(&mut transaction, item).await?.ok_or(ErrorCode::NotFound)?;
    if access::right(&mut transaction, user, item, now).await? == Right::Own {
        return Err(ErrorCode::NotAllowed.into());
    }
    let logs = end_all(&mut transaction, item, &owner, &[*user], now).await?;
    transaction.commit().await?;
    tell(state, &logs);
    Ok(())
}

/// Ends the access of a member, by the owner's act. Nothing to do where it has ended.
pub async fn remove(
    state: &AppState,
    owner: &UserId,
    item: &ItemId,
    user: &UserId,
) -> Result<(), Error> {
    let now = state.clock.now();
    let mut transaction = state.database.write().await?;
    lock(&mut transaction, item).await?;
    if access::right(&mut transaction, owner, item, now).await? != Right::Own {
        return Err(ErrorCode::NotAllowed.into());
    }
    let members = access::members(&mut transaction, item).await?;
    let member = members.iter().find(|member| member.user == *user);
    if member.ok_or(ErrorCode::NotFound)?.ended {
        return Ok(());
    }
    let logs = end_all(&mut transaction, item, owner, &[*user], now).await?;
    transaction.commit().await?;
    tell(state, &logs);
    Ok(())
}

/// Ends what was given until a time that has passed: an item at a time, so that nobody waits long.
pub async fn end_expired(state: &AppState) -> Result<(), Error> {
    let now = state.clock.now();
    let rows = sqlx::query(
        "SELECT DISTINCT item FROM grants WHERE ended IS NULL AND until IS NOT NULL AND until <= $1",
    )
    .bind(now)
    .fetch_all(&mut *state.database.read().await?)
    .await?;
    for row in &rows {
        let item: ItemId = id(row, 0)?;
        let mut transaction = state.database.write().await?;
        let Some(owner) = lock(&mut transaction, &item).await? else { continue };
        let members = access::members(&mut transaction, &item).await?;
        let over: Vec<UserId> = members
            .iter()
            .filter(|member| !member.ended && !member.is_in(now))
            .map(|member| member.user)
            .collect();
        let logs = end_all(&mut transaction, &item, &owner, &over, now).await?;
        transaction.commit().await?;
        tell(state, &logs);
    }
    Ok(())
}

/// Ends the access of these people, and puts the item into its owner's log, whose client takes them off
/// the list.
async fn end_all(
    on: &mut Connection,
    item: &ItemId,
    owner: &UserId,
    users: &[UserId],
    now: i64,
) -> Result<Logs, Error> {
    let logs = Logs::advance(on, users.iter().copied().chain([*owner])).await?;
    for user in users {
        end(on, item, user, logs.of(user)?, now).await?;
    }
    sqlx::query("UPDATE items SET position = $2 WHERE id = $1")
        .bind(&item.0[..])
        .bind(logs.of(owner)?)
        .execute(on)
        .await?;
    Ok(logs)
}
