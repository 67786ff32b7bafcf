//! One page of a user's log of changes. Each thing (item, use record, account record) stands in
//! the log once, at the position of its last change.

use mysafe_protocol::bytes::{Bytes, UserId};
use mysafe_protocol::wire::{AccountRecord, ChangesResponse, ItemState, UseState};
use mysafe_protocol::{ServerEpoch, limits};
use sqlx::Row as _;

use crate::database::Connection;
use crate::items::PAGE_BYTES;
use crate::items::queries::STATE;
use crate::items::queries::{bytes, id, state};

/// What stands in the log after a position: where, and how large it is.
const LOG: &str = "SELECT position, bytes FROM ( \
    SELECT i.position AS position, length(r.overview) + length(r.details) AS bytes \
      FROM items i JOIN revisions r ON r.item = i.id AND r.revision = i.revision \
      WHERE i.owner = $1 AND i.position > $2 \
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
) -> Result<ChangesResponse, sqlx::Error> {
    let after = if last_position(on, owner).await? < after { 0 } else { after };
    let (until, more) = cut(on, owner, after, limit).await?;
    Ok(ChangesResponse {
        epoch,
        position: until.unsigned_abs(),
        more,
        items: items(on, owner, after, until).await?,
        uses: uses(on, owner, after, until).await?,
        account: account(on, owner, after, until).await?,
        total: if more { Some(count(on, owner).await?) } else { None },
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

async fn items(
    on: &mut Connection,
    owner: &UserId,
    after: i64,
    until: i64,
) -> Result<Vec<ItemState>, sqlx::Error> {
    let query = format!(
        "{STATE} WHERE i.owner = $1 AND i.position > $2 AND i.position <= $3 ORDER BY i.position"
    );
    let rows = sqlx::query(&query).bind(&owner.0[..]).bind(after).bind(until).fetch_all(on).await?;
    rows.iter().map(state).collect()
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

async fn count(on: &mut Connection, owner: &UserId) -> Result<u64, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM items WHERE owner = $1")
        .bind(&owner.0[..])
        .fetch_one(on)
        .await?;
    Ok(count.unsigned_abs())
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
