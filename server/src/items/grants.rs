//! Access as it is stored: given and taken with a new epoch, left, and ended by time.

use mysafe_protocol::bodies::{AccessList, Grantee, Permission};
use mysafe_protocol::bytes::{ItemId, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{EpochKey, ErrorCode, ItemWriteRequest};
use sqlx::Row as _;

use super::access::{self, Logs, Member, Right};
use super::queries::{bytes, id};
use crate::database::Connection;
use crate::error::Error;
use crate::mail::{self, Letter};
use crate::state::AppState;
use crate::{accounts, checks, mailboxes};

/// Seconds for which a notice is tried to be delivered.
const NOTICE_LIFE: i64 = 7 * 24 * 60 * 60;
/// The version every envelope starts with.
const SUITE: u8 = 0x01;

/// A list that names people, each with an envelope and nobody else: who they are.
pub fn named(list: &AccessList, request: &ItemWriteRequest) -> Result<Vec<UserId>, ErrorCode> {
    let user = |grant: &mysafe_protocol::bodies::Grant| match grant.to {
        Grantee::User(user) => Ok(user),
        // There are no groups on this server.
        Grantee::Group { .. } => Err(ErrorCode::NotFound),
    };
    let named: Vec<UserId> = list.grants.iter().map(user).collect::<Result<_, _>>()?;
    let enclosed = request.envelopes.iter().map(|envelope| &envelope.user);
    if !named.iter().eq(enclosed) {
        return Err(ErrorCode::Malformed);
    }
    for envelope in &request.envelopes {
        let blob = &envelope.blob;
        if blob.len() != limits::ENVELOPE || blob[0] != SUITE {
            return Err(ErrorCode::Malformed);
        }
    }
    Ok(named)
}

/// Whether a list goes on naming somebody whose access ended: its owner did not know of it. They are taken
/// off first, by a list without them.
pub fn keeps_ended(named: &[UserId], before: &[Member]) -> bool {
    let ended = before.iter().filter(|member| member.listed && member.ended);
    ended.into_iter().any(|member| named.contains(&member.user))
}

/// Whether these people may be given access to an item in this state: their mailboxes are confirmed,
/// no time is over already, and nobody joins an item that is not active. Gives who joins.
pub async fn joining(
    on: &mut Connection,
    list: &AccessList,
    named: &[UserId],
    before: &[Member],
    logs: &Logs,
    active: bool,
    now: i64,
) -> Result<Vec<UserId>, Error> {
    for grant in &list.grants {
        if grant.until.map(checks::number).transpose()?.is_some_and(|until| until <= now) {
            return Err(ErrorCode::Malformed.into());
        }
    }
    let was = |user: &UserId| before.iter().any(|member| member.user == *user && member.is_in(now));
    let joining: Vec<UserId> = named.iter().filter(|user| !was(user)).copied().collect();
    if !joining.is_empty() && !active {
        return Err(ErrorCode::NotAllowed.into());
    }
    for user in &joining {
        logs.of(user)?;
        if !mailboxes::is_confirmed(on, user).await? {
            return Err(ErrorCode::NotFound.into());
        }
    }
    Ok(joining)
}

/// Gives and takes access as the list of a new epoch says.
pub async fn replace(
    on: &mut Connection,
    list: &AccessList,
    request: &ItemWriteRequest,
    before: &[Member],
    logs: &Logs,
    now: i64,
) -> Result<(), Error> {
    let epoch = checks::number(list.epoch)?;
    for member in before.iter().filter(|member| list.of(&member.user).is_none()) {
        sqlx::query("UPDATE grants SET listed = 0 WHERE item = $1 AND member = $2")
            .bind(&list.item.0[..])
            .bind(&member.user.0[..])
            .execute(&mut *on)
            .await?;
        if !member.ended {
            end(on, &list.item, &member.user, logs.of(&member.user)?, now).await?;
        }
    }
    for (grant, envelope) in list.grants.iter().zip(&request.envelopes) {
        let permission = match grant.permission {
            Permission::View => 0_i64,
            Permission::Edit => 1,
        };
        sqlx::query(
            "INSERT INTO grants (item, member, permission, until, epoch, listed, ended, position) \
             VALUES ($1, $2, $3, $4, $5, 1, NULL, $6) ON CONFLICT (item, member) DO UPDATE \
             SET permission = $3, until = $4, epoch = $5, listed = 1, ended = NULL, position = $6",
        )
        .bind(&list.item.0[..])
        .bind(&envelope.user.0[..])
        .bind(permission)
        .bind(grant.until.map(checks::number).transpose()?)
        .bind(epoch)
        .bind(logs.of(&envelope.user)?)
        .execute(&mut *on)
        .await?;
        sqlx::query("INSERT INTO envelopes (item, member, epoch, blob) VALUES ($1, $2, $3, $4)")
            .bind(&list.item.0[..])
            .bind(&envelope.user.0[..])
            .bind(epoch)
            .bind(&envelope.blob[..])
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// The item moved on for everybody who has access.
pub async fn moved(
    on: &mut Connection,
    item: &ItemId,
    members: &[Member],
    logs: &Logs,
) -> Result<(), Error> {
    for member in members.iter().filter(|member| !member.ended) {
        sqlx::query("UPDATE grants SET position = $3 WHERE item = $1 AND member = $2")
            .bind(&item.0[..])
            .bind(&member.user.0[..])
            .bind(logs.of(&member.user)?)
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

async fn end(
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

/// Mails everyone who joined that the item is there.
pub async fn write_to(
    on: &mut Connection,
    item: &ItemId,
    owner: &UserId,
    joining: &[UserId],
    now: i64,
) -> Result<(), sqlx::Error> {
    for user in joining {
        let from = accounts::address(on, owner).await?;
        let address = accounts::address(on, user).await?;
        let letter = Letter::Shared { from, item: item.to_string() };
        mail::send(on, &address, &letter, now, now + NOTICE_LIFE).await?;
    }
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

/// Other writers of this item wait from here on until this transaction ends. Gives its owner.
pub async fn lock(on: &mut Connection, item: &ItemId) -> Result<Option<UserId>, sqlx::Error> {
    let row = sqlx::query("UPDATE items SET revision = revision WHERE id = $1 RETURNING owner")
        .bind(&item.0[..])
        .fetch_optional(on)
        .await?;
    row.map(|row| id(&row, 0)).transpose()
}

/// Tells everybody who listens. To be called after the commit.
pub fn tell(state: &AppState, logs: &Logs) {
    for (user, position) in logs.iter() {
        state.feed.changed(user, position);
    }
}

/// The envelopes to a member, of all epochs but the present one.
pub async fn keys(
    on: &mut Connection,
    user: &UserId,
    item: &ItemId,
) -> Result<Vec<EpochKey>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT e.epoch, e.blob FROM envelopes e JOIN grants g \
         ON g.item = e.item AND g.member = e.member AND g.epoch <> e.epoch \
         WHERE e.item = $1 AND e.member = $2 ORDER BY e.epoch",
    )
    .bind(&item.0[..])
    .bind(&user.0[..])
    .fetch_all(on)
    .await?;
    let key = |row: &sqlx::any::AnyRow| {
        let epoch: i64 = row.try_get(0)?;
        Ok(EpochKey { epoch: epoch.unsigned_abs(), key: bytes(row, 1)? })
    };
    rows.iter().map(key).collect()
}
