//! One page of a user's log of changes. Each thing (item, use record, account record) stands in
//! the log once, at the position of its last change.

use mysafe_protocol::bytes::{Bytes, ItemId, UserId};
use mysafe_protocol::wire::{AccountRecord, ChangesResponse, ItemState, Left, UseState};
use mysafe_protocol::{ServerEpoch, limits};
use sqlx::Row as _;

use crate::database::Connection;
use crate::items::PAGE_BYTES;
use crate::items::queries::{SHARED, STATE};
use crate::items::queries::{bytes, id, state};

/// What stands in the log after a position: where, and how large it is.
const LOG: &str = "SELECT position, bytes FROM ( \
    SELECT i.position AS position, length(r.overview) + length(r.details) AS bytes \
      FROM items i JOIN revisions r ON r.item = i.id AND r.hash = i.head \
      WHERE i.owner = $1 AND i.position > $2 \
    UNION ALL SELECT g.position, length(r.overview) + length(r.details) \
      FROM grants g JOIN items i ON i.id = g.item \
      JOIN revisions r ON r.item = i.id AND r.hash = i.head \
      WHERE g.member = $1 AND g.position > $2 \
    UNION ALL SELECT position, length(blob) FROM uses WHERE owner = $1 AND position > $2 \
    UNION ALL SELECT position, length(blob) FROM account_records \
      WHERE owner = $1 AND position > $2 \
    ) AS log ORDER BY position LIMIT $3";

/// The page after a position.
///
/// The first query fixes the page: it sees one state of the log, in which nothing before its last
/// position is still to come (see `next_position`). What moves on in the log before the others
/// are asked is missing here and comes again in a later page.
pub async fn page(
    on: &mut Connection,
    owner: &UserId,
    epoch: ServerEpoch,
    after: i64,
    limit: Option<u32>,
    now: i64,
) -> Result<ChangesResponse, sqlx::Error> {
    let after = if last_position(on, owner).await? < after { 0 } else { after };
    let (until, more) = cut(on, owner, after, limit).await?;
    Ok(ChangesResponse {
        epoch,
        position: until.unsigned_abs(),
        more,
        items: items(on, owner, after, until, now).await?,
        ended: ended(on, owner, after, until, now).await?,
        left: left(on, owner, after, until, now).await?,
        uses: uses(on, owner, after, until).await?,
        account: account(on, owner, after, until).await?,
        total: if more { Some(count(on, owner, now).await?) } else { None },
        time: Some(now.unsigned_abs()),
    })
}

/// Where a user's log of changes ends. A position beyond is from a state of the database that is
/// gone.
pub async fn last_position(on: &mut Connection, owner: &UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT position FROM logs WHERE owner = $1")
        .bind(&owner.0[..])
        .fetch_one(on)
        .await
}

/// The last position of the page and whether there is more behind it.
async fn cut(
    on: &mut Connection,
    owner: &UserId,
    after: i64,
    limit: Option<u32>,
) -> Result<(i64, bool), sqlx::Error> {
    let limit = limit.unwrap_or(limits::PAGE).clamp(1, limits::PAGE);
    let rows = sqlx::query(LOG)
        .bind(&owner.0[..])
        .bind(after)
        .bind(i64::from(limit) + 1)
        .fetch_all(on)
        .await?;
    let (mut until, mut held, mut size) = (after, 0, 0);
    for row in &rows {
        size += row.try_get::<i64, _>(1)?;
        if held == limit || (held > 0 && size > PAGE_BYTES) {
            return Ok((until, true));
        }
        until = row.try_get(0)?;
        held += 1;
    }
    Ok((until, false))
}

/// Own items, and those of others to which the user has access.
async fn items(
    on: &mut Connection,
    user: &UserId,
    after: i64,
    until: i64,
    now: i64,
) -> Result<Vec<ItemState>, sqlx::Error> {
    let query = format!(
        "{STATE} WHERE i.owner = $1 AND i.position > $2 AND i.position <= $3 ORDER BY i.position"
    );
    let own = sqlx::query(&query).bind(&user.0[..]).bind(after).bind(until);
    let mut rows = own.fetch_all(&mut *on).await?;
    let query = format!(
        "{SHARED} WHERE g.member = $1 AND g.position > $2 AND g.position <= $3 \
         AND g.ended IS NULL AND (g.until IS NULL OR g.until > $4) ORDER BY g.position"
    );
    let shared = sqlx::query(&query).bind(&user.0[..]).bind(after).bind(until).bind(now);
    rows.extend(shared.fetch_all(on).await?);
    rows.iter().map(state).collect()
}

/// Items of others to which the user had access.
async fn ended(
    on: &mut Connection,
    user: &UserId,
    after: i64,
    until: i64,
    now: i64,
) -> Result<Vec<ItemId>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT item FROM grants WHERE member = $1 AND position > $2 AND position <= $3 \
         AND (ended IS NOT NULL OR until <= $4) ORDER BY position",
    )
    .bind(&user.0[..])
    .bind(after)
    .bind(until)
    .bind(now)
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| id(row, 0)).collect()
}

/// Whom the lists of own items still name although their access ended.
async fn left(
    on: &mut Connection,
    owner: &UserId,
    after: i64,
    until: i64,
    now: i64,
) -> Result<Vec<Left>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT g.item, g.member FROM items i JOIN grants g ON g.item = i.id AND g.listed = 1 \
         AND (g.ended IS NOT NULL OR g.until <= $4) \
         WHERE i.owner = $1 AND i.position > $2 AND i.position <= $3 ORDER BY i.position",
    )
    .bind(&owner.0[..])
    .bind(after)
    .bind(until)
    .bind(now)
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| Ok(Left { item: id(row, 0)?, user: id(row, 1)? })).collect()
}

async fn uses(
    on: &mut Connection,
    owner: &UserId,
    after: i64,
    until: i64,
) -> Result<Vec<UseState>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT item, blob FROM uses WHERE owner = $1 AND position > $2 AND position <= $3 \
         ORDER BY position",
    )
    .bind(&owner.0[..])
    .bind(after)
    .bind(until)
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| Ok(UseState { item: id(row, 0)?, blob: bytes(row, 1)? })).collect()
}

async fn count(on: &mut Connection, user: &UserId, now: i64) -> Result<u64, sqlx::Error> {
    let own: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM items WHERE owner = $1")
        .bind(&user.0[..])
        .fetch_one(&mut *on)
        .await?;
    let shared: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM grants WHERE member = $1 AND ended IS NULL \
         AND (until IS NULL OR until > $2)",
    )
    .bind(&user.0[..])
    .bind(now)
    .fetch_one(on)
    .await?;
    Ok((own + shared).unsigned_abs())
}

async fn account(
    on: &mut Connection,
    owner: &UserId,
    after: i64,
    until: i64,
) -> Result<Option<AccountRecord>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT version, blob FROM account_records \
         WHERE owner = $1 AND position > $2 AND position <= $3",
    )
    .bind(&owner.0[..])
    .bind(after)
    .bind(until)
    .fetch_optional(on)
    .await?;
    row.map(|row| {
        let version: i64 = row.try_get(0)?;
        Ok(AccountRecord { version: version.unsigned_abs(), blob: Bytes(row.try_get(1)?) })
    })
    .transpose()
}
