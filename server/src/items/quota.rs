//! How much is stored of the items of each account, and how much more may be. All that is written to an
//! item counts for its owner, whoever writes it.

use std::time::Duration;

use mysafe_protocol::bytes::{ItemId, UserId};
use mysafe_protocol::wire::{EarlierEpoch, ItemWriteRequest, Reason};

use crate::database::Connection;
use crate::error::Error;
use crate::metrics;
use crate::settings::Limits;

/// Bytes that each stored body or epoch takes beside its own: indices, and the note that the write was done.
pub const BESIDE: usize = 512;
const DAY: i64 = 24 * 60 * 60;

/// Returns the bytes that a write stores.
pub fn bytes(request: &ItemWriteRequest) -> usize {
    let list = request.list.as_ref().map_or(0, |list| list.body.len() + list.signature.len());
    let envelopes: usize = request.envelopes.iter().map(|envelope| envelope.blob.len()).sum();
    let revision = request.revision.body.len() + request.revision.signature.len();
    let key = request.key.as_ref().map_or(0, |key| key.len());
    body(revision) + request.overview.len() + request.details.len() + key + list + envelopes
}

/// Returns the bytes that a signed body of this length takes.
pub fn body(length: usize) -> usize {
    length + BESIDE
}

/// Returns the bytes that an epoch that is sent again takes.
pub fn epoch(earlier: &EarlierEpoch) -> usize {
    let list = earlier.list.as_ref().map_or(0, |list| list.body.len() + list.signature.len());
    body(earlier.key.len() + list)
}

/// A write as it counts.
pub struct Charge<'a> {
    pub owner: &'a UserId,
    pub item: &'a ItemId,
    /// Bytes more.
    pub bytes: usize,
    /// Items more; fewer by a deletion.
    pub items: i64,
    /// Revisions that count for the day.
    pub revisions: i64,
    /// Deletes the item, or takes access from somebody and gives nobody any: no quota refuses that.
    pub frees: bool,
    pub now: i64,
}

impl Charge<'_> {
    /// Counts a write, and refuses it if the account or the item is full. To be called in the transaction of
    /// the write, which then never was.
    pub async fn count(&self, on: &mut Connection, limits: &Limits) -> Result<(), Error> {
        let added = i64::try_from(self.bytes).map_err(Error::internal)?;
        let (bytes, items) = add(on, self.owner, added, self.items).await?;
        let day = self.now.div_euclid(DAY);
        let (today, of_item): (i64, i64) = sqlx::query_as(
            "UPDATE items SET today = CASE WHEN day = $2 THEN today + $3 ELSE $3 END, day = $2, \
             bytes = bytes + $4 WHERE id = $1 RETURNING today, bytes",
        )
        .bind(&self.item.0[..])
        .bind(day)
        .bind(self.revisions)
        .bind(added)
        .fetch_one(on)
        .await?;
        if self.frees {
            return Ok(());
        }
        let over = |number: i64, most: u64| number.unsigned_abs() > most;
        if self.revisions > 0 && over(today, limits.item_revisions) {
            let tomorrow = ((day + 1) * DAY - self.now).unsigned_abs();
            metrics::limit_reached("item_revisions");
            let wait = Some(Duration::from_secs(tomorrow));
            return Err(Error::QuotaExceeded(Reason::ItemRevisions, wait));
        }
        if self.items > 0 && over(items, limits.account_items) {
            metrics::limit_reached("account_items");
            return Err(Error::QuotaExceeded(Reason::AccountItems, None));
        }
        if over(bytes, limits.account_bytes) {
            metrics::limit_reached("account_bytes");
            return Err(Error::QuotaExceeded(Reason::AccountBytes, None));
        }
        if over(of_item, limits.item_bytes) {
            metrics::limit_reached("item_bytes");
            // A reason of its own would be none that clients of before can read.
            return Err(Error::QuotaExceeded(Reason::AccountBytes, None));
        }
        Ok(())
    }
}

/// Returns how many bytes more an account and an item may store.
pub async fn room(
    on: &mut Connection,
    owner: &UserId,
    item: &ItemId,
    limits: &Limits,
) -> Result<usize, Error> {
    let stored: Option<(i64, i64)> = sqlx::query_as(
        "SELECT s.bytes, i.bytes FROM items i JOIN storage s ON s.owner = $1 WHERE i.id = $2",
    )
    .bind(&owner.0[..])
    .bind(&item.0[..])
    .fetch_optional(on)
    .await?;
    let (of_account, of_item) = stored.unwrap_or_default();
    let left = |most: u64, stored: i64| most.saturating_sub(stored.unsigned_abs());
    let left = left(limits.account_bytes, of_account).min(left(limits.item_bytes, of_item));
    usize::try_from(left).map_err(Error::internal)
}

/// Adds to what is stored of an account, and returns the bytes and items that are then.
async fn add(
    on: &mut Connection,
    owner: &UserId,
    bytes: i64,
    items: i64,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "INSERT INTO storage (owner, bytes, items) VALUES ($1, $2, $3) ON CONFLICT (owner) \
         DO UPDATE SET bytes = storage.bytes + $2, items = storage.items + $3 RETURNING bytes, items",
    )
    .bind(&owner.0[..])
    .bind(bytes)
    .bind(items)
    .fetch_one(on)
    .await
}

/// Gives back what the content takes of items that were deleted before a time. To be called before it is
/// erased.
pub async fn give_back(on: &mut Connection, before: i64) -> Result<(), sqlx::Error> {
    let rows: Vec<(Vec<u8>, i64)> = sqlx::query_as(
        "SELECT i.owner, CAST(SUM(LENGTH(r.overview) + LENGTH(r.details)) AS BIGINT) FROM revisions r \
         JOIN items i ON i.id = r.item WHERE r.lost = 0 AND i.deleted IS NOT NULL \
         AND i.deleted <= $1 GROUP BY i.owner ORDER BY i.owner",
    )
    .bind(before)
    .fetch_all(&mut *on)
    .await?;
    for (owner, bytes) in rows {
        sqlx::query("UPDATE storage SET bytes = bytes - $2 WHERE owner = $1")
            .bind(owner)
            .bind(bytes)
            .execute(&mut *on)
            .await?;
    }
    sqlx::query(
        "UPDATE items SET bytes = bytes - (SELECT CAST(SUM(LENGTH(overview) + LENGTH(details)) \
         AS BIGINT) FROM revisions WHERE item = items.id AND lost = 0) WHERE deleted IS NOT NULL \
         AND deleted <= $1 AND EXISTS (SELECT 1 FROM revisions WHERE item = items.id AND lost = 0)",
    )
    .bind(before)
    .execute(on)
    .await?;
    Ok(())
}

/// Gives back what an item takes that is taken from a stranger.
pub async fn forget(on: &mut Connection, item: &ItemId) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE storage SET items = items - (SELECT COUNT(*) FROM items WHERE id = $1 \
         AND deleted IS NULL), bytes = bytes - (SELECT bytes FROM items WHERE id = $1) \
         WHERE owner = (SELECT owner FROM items WHERE id = $1)",
    )
    .bind(&item.0[..])
    .execute(on)
    .await?;
    Ok(())
}
