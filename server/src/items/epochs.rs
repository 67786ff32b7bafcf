//! Epochs of an item's key: each from the second on begins with an access list and a key of its own.
//! A deletion ends its epoch; the content goes thirty days later.

use mysafe_protocol::bodies::{AccessList, Revision, Signed};
use mysafe_protocol::bytes::{Bytes, ItemId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{EarlierEpoch, EpochKey, ErrorCode, ItemWriteRequest};
use sqlx::Row as _;

use super::queries::{NewRevision, bytes, signed};
use super::quota;
use crate::checks;
use crate::database::Connection;
use crate::error::Error;
use crate::sessions::SignedIn;

/// The epoch of private items. Later ones come with an access list.
const PRIVATE: u64 = 1;
/// Seconds for which a deleted item can be restored.
pub const RESTORABLE: i64 = 30 * 24 * 60 * 60;

/// Checks that the key and the access list of an epoch come with the write that begins it and with
/// no other; gives the list. `at` is the epoch the item is in; none if it is not known.
pub fn begins(
    at: Option<u64>,
    revision: &Revision,
    request: &ItemWriteRequest,
    signed_in: &SignedIn,
) -> Result<Option<AccessList>, Error> {
    let new = at != Some(revision.epoch);
    if request.key.is_some() != new || request.list.is_some() != (new && revision.epoch > PRIVATE) {
        return Err(ErrorCode::Malformed.into());
    }
    let Some(signed) = &request.list else {
        let nobody = request.envelopes.is_empty();
        return if nobody { Ok(None) } else { Err(ErrorCode::Malformed.into()) };
    };
    let list = own_list(signed, &revision.item, revision.epoch, signed_in)?;
    let fits = revision.list == Some(signed.hash());
    if fits { Ok(Some(list)) } else { Err(ErrorCode::Forged.into()) }
}

/// Reads the access list of an epoch of an item that belongs to the session's user.
fn own_list(
    signed: &Signed,
    item: &ItemId,
    epoch: u64,
    signed_in: &SignedIn,
) -> Result<AccessList, Error> {
    if signed.body.len() > limits::LIST {
        return Err(ErrorCode::TooLarge.into());
    }
    let list = AccessList::accept(signed, &signed_in.sign_pk)?;
    let fits = list.item == *item && list.epoch == epoch && list.owner == signed_in.user;
    if fits { Ok(list) } else { Err(ErrorCode::Forged.into()) }
}

/// Checks epochs that are sent again, all before that of a revision. Returns their lists.
pub fn earlier(
    epochs: &[EarlierEpoch],
    before: &Revision,
    signed_in: &SignedIn,
) -> Result<Vec<AccessList>, Error> {
    let mut lists = Vec::new();
    for earlier in epochs {
        checks::sealed_key(&earlier.key)?;
        if earlier.epoch == 0 || earlier.epoch >= before.epoch {
            return Err(ErrorCode::Malformed.into());
        }
        if let Some(signed) = &earlier.list {
            lists.push(own_list(signed, &before.item, earlier.epoch, signed_in)?);
        }
    }
    Ok(lists)
}

/// Stores the key and list of an epoch that was sent again. Returns false if the server has the epoch.
pub async fn insert_earlier(
    on: &mut Connection,
    item: &ItemId,
    earlier: &EarlierEpoch,
) -> Result<bool, Error> {
    let list = earlier.list.as_ref();
    let done = sqlx::query(
        "INSERT INTO item_keys (item, epoch, key, list_body, list_signature) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (item, epoch) DO NOTHING",
    )
    .bind(&item.0[..])
    .bind(checks::number(earlier.epoch)?)
    .bind(&earlier.key[..])
    .bind(list.map(|list| &list.body[..]))
    .bind(list.map(|list| &list.signature[..]))
    .execute(on)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Moves the item to the epoch that a write begins; key and list of the one before
/// stay for its history.
pub async fn begin(
    on: &mut Connection,
    new: &NewRevision<'_>,
    before: u64,
    key: &Bytes,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO item_keys (item, epoch, key, list_body, list_signature) \
         SELECT id, $2, key, list_body, list_signature FROM items WHERE id = $1",
    )
    .bind(&new.item.0[..])
    .bind(before.cast_signed())
    .execute(&mut *on)
    .await?;
    let list = new.request.list.as_ref();
    sqlx::query("UPDATE items SET key = $2, list_body = $3, list_signature = $4 WHERE id = $1")
        .bind(&new.item.0[..])
        .bind(&key[..])
        .bind(list.map(|list| &list.body[..]))
        .bind(list.map(|list| &list.signature[..]))
        .execute(on)
        .await?;
    Ok(())
}

/// The item keys of earlier epochs.
pub async fn keys(on: &mut Connection, item: &ItemId) -> Result<Vec<EpochKey>, sqlx::Error> {
    let rows = sqlx::query("SELECT epoch, key FROM item_keys WHERE item = $1 ORDER BY epoch")
        .bind(&item.0[..])
        .fetch_all(on)
        .await?;
    let key = |row| {
        let epoch: i64 = sqlx::any::AnyRow::try_get(row, 0)?;
        Ok(EpochKey { epoch: epoch.unsigned_abs(), key: bytes(row, 1)? })
    };
    rows.iter().map(key).collect()
}

/// The signed access lists of these epochs, as far as they are known; oldest first.
pub async fn lists(
    on: &mut Connection,
    item: &ItemId,
    (first, last): (u64, u64),
) -> Result<Vec<Signed>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT list_body, list_signature FROM item_keys \
         WHERE item = $1 AND epoch BETWEEN $2 AND $3 AND list_body IS NOT NULL ORDER BY epoch",
    )
    .bind(&item.0[..])
    .bind(first.cast_signed())
    .bind(last.cast_signed())
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| signed(row, 0)).collect()
}

/// Erases the content of what was deleted long enough ago. The signed bodies stay.
pub async fn erase(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    quota::give_back(on, now - RESTORABLE).await?;
    sqlx::query(
        "UPDATE revisions SET overview = $2, details = $2, lost = 1 WHERE lost = 0 AND item IN \
         (SELECT id FROM items WHERE deleted IS NOT NULL AND deleted <= $1)",
    )
    .bind(now - RESTORABLE)
    .bind(&[][..])
    .execute(on)
    .await?;
    Ok(())
}
