//! What items read and write.

use mysafe_protocol::bodies::{Revision, Signed};
use mysafe_protocol::bytes::{Bytes, Hash, IdentifierTag, ItemId, UserId};
use mysafe_protocol::wire::{ItemState, ItemWriteRequest};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::database::Connection;
use crate::error::Error;

/// Counts the user's log of changes up. Other writers of this user wait from here on until this
/// transaction ends, so positions become visible in their order.
pub async fn next_position(on: &mut Connection, owner: &UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "UPDATE logs SET position = position + 1 WHERE owner = $1 RETURNING position",
    )
    .bind(&owner.0[..])
    .fetch_one(on)
    .await
}

/// Where an item stands.
pub struct Head {
    /// The hash of the newest revision.
    pub hash: Hash,
    /// The newest revision.
    pub revision: Revision,
    /// The signed access list of its epoch.
    pub list: Option<Signed>,
}

/// Returns where an item stands, whoever owns it.
pub async fn head(on: &mut Connection, item: &ItemId) -> Result<Option<Head>, Error> {
    let row = sqlx::query(
        "SELECT r.body, r.signature, i.list_body, i.list_signature FROM items i \
         JOIN revisions r ON r.item = i.id AND r.hash = i.head WHERE i.id = $1",
    )
    .bind(&item.0[..])
    .fetch_optional(on)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let signed = signed(&row, 0)?;
    let revision = read(&signed)?;
    Ok(Some(Head { hash: signed.hash(), revision, list: list(&row, 2)? }))
}

/// Reads a body that was stored.
pub fn read(signed: &Signed) -> Result<Revision, Error> {
    Revision::read(signed).map_err(|_| Error::internal("a stored body cannot be read".to_owned()))
}

/// The columns of an [`ItemState`], for [`state`].
pub const STATE: &str = "SELECT i.id, i.owner, r.body, r.signature, r.overview, r.details, i.key, \
                         i.list_body, i.list_signature FROM items i JOIN revisions r ON r.item = i.id AND r.hash = i.head";

/// Reads a row of [`STATE`].
pub fn state(row: &AnyRow) -> Result<ItemState, sqlx::Error> {
    Ok(ItemState {
        item: id(row, 0)?,
        owner: id(row, 1)?,
        revision: signed(row, 2)?,
        overview: bytes(row, 4)?,
        details: bytes(row, 5)?,
        key: bytes(row, 6)?,
        list: list(row, 7)?,
    })
}

/// An access list and, in the next column, its signature; none in the first epoch.
fn list(row: &AnyRow, column: usize) -> Result<Option<Signed>, sqlx::Error> {
    let body: Option<Vec<u8>> = row.try_get(column)?;
    body.map(|body| Ok(Signed { body: Bytes(body), signature: bytes(row, column + 1)? }))
        .transpose()
}

/// The columns of an [`ItemState`] as a member sees it: the key is the envelope to them.
pub const SHARED: &str = "SELECT i.id, i.owner, r.body, r.signature, r.overview, r.details, e.blob, \
                          i.list_body, i.list_signature FROM grants g JOIN items i ON i.id = g.item \
                          JOIN revisions r ON r.item = i.id AND r.hash = i.head \
                          JOIN envelopes e ON e.item = g.item AND e.member = g.member AND e.epoch = g.epoch";

/// An item as its owner or a member sees it.
pub async fn item(
    on: &mut Connection,
    user: &UserId,
    item: &ItemId,
    now: i64,
) -> Result<Option<ItemState>, sqlx::Error> {
    let row = sqlx::query(&format!("{STATE} WHERE i.id = $1 AND i.owner = $2"))
        .bind(&item.0[..])
        .bind(&user.0[..])
        .fetch_optional(&mut *on)
        .await?;
    if let Some(row) = row {
        return state(&row).map(Some);
    }
    let shared = format!(
        "{SHARED} WHERE g.item = $1 AND g.member = $2 AND g.ended IS NULL \
         AND (g.until IS NULL OR g.until > $3)"
    );
    let row = sqlx::query(&shared)
        .bind(&item.0[..])
        .bind(&user.0[..])
        .bind(now)
        .fetch_optional(on)
        .await?;
    row.as_ref().map(state).transpose()
}

/// Returns where an item stands in the log of its owner, or of somebody who has access.
pub async fn position(
    on: &mut Connection,
    user: &UserId,
    item: &ItemId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT position FROM items WHERE id = $1 AND owner = $2 \
         UNION ALL SELECT position FROM grants WHERE item = $1 AND member = $2",
    )
    .bind(&item.0[..])
    .bind(&user.0[..])
    .fetch_one(on)
    .await
}

/// Whether another of the user's items has this Identifier.
pub async fn has_identifier(
    on: &mut Connection,
    owner: &UserId,
    item: &ItemId,
    tag: &IdentifierTag,
) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query("SELECT 1 FROM items WHERE owner = $1 AND identifier = $2 AND id <> $3")
            .bind(&owner.0[..])
            .bind(&tag.0[..])
            .bind(&item.0[..])
            .fetch_optional(on)
            .await?;
    Ok(found.is_some())
}

/// A revision to store, all checked.
pub struct NewRevision<'a> {
    pub item: &'a ItemId,
    pub owner: &'a UserId,
    /// The session's user. A revision that is sent again may have another author.
    pub sender: &'a UserId,
    pub number: i64,
    pub request: &'a ItemWriteRequest,
    /// Its position in the log of the owner.
    pub position: i64,
    /// When it was deleted, if this deletes it.
    pub deleted: Option<i64>,
}

impl NewRevision<'_> {
    /// The hash of its body.
    pub fn hash(&self) -> Vec<u8> {
        self.request.revision.hash().0.to_vec()
    }

    fn identifier(&self) -> Option<Vec<u8>> {
        self.request.identifier.map(|tag| tag.0.to_vec())
    }

    fn list(&self) -> [Option<&[u8]>; 2] {
        let list = self.request.list.as_ref();
        [list.map(|list| &list.body[..]), list.map(|list| &list.signature[..])]
    }
}

/// Makes the item; not if there is one of this id.
pub async fn insert(
    on: &mut Connection,
    new: &NewRevision<'_>,
    key: &Bytes,
) -> Result<bool, sqlx::Error> {
    let [list_body, list_signature] = new.list();
    let done = sqlx::query(
        "INSERT INTO items (id, owner, revision, key, identifier, position, deleted, list_body, \
         list_signature, head) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(&new.item.0[..])
    .bind(&new.owner.0[..])
    .bind(new.number)
    .bind(&key[..])
    .bind(new.identifier())
    .bind(new.position)
    .bind(new.deleted)
    .bind(list_body)
    .bind(list_signature)
    .bind(new.hash())
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves the item to its new revision.
pub async fn update(on: &mut Connection, new: &NewRevision<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE items SET revision = $2, position = $3, deleted = $4, head = $5 WHERE id = $1",
    )
    .bind(&new.item.0[..])
    .bind(new.number)
    .bind(new.position)
    .bind(new.deleted)
    .bind(new.hash())
    .execute(&mut *on)
    .await?;
    if new.sender == new.owner {
        // Others keep what it is.
        sqlx::query("UPDATE items SET identifier = $2 WHERE id = $1")
            .bind(&new.item.0[..])
            .bind(new.identifier())
            .execute(on)
            .await?;
    }
    Ok(())
}

/// Moves an item to the end of its owner's log, so that all their devices get it again.
pub async fn moved(on: &mut Connection, item: &ItemId, position: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE items SET position = $2 WHERE id = $1")
        .bind(&item.0[..])
        .bind(position)
        .execute(on)
        .await?;
    Ok(())
}

/// Stores when the user last used an item, in place of what was known before.
pub async fn set_use(
    on: &mut Connection,
    owner: &UserId,
    item: &ItemId,
    blob: &[u8],
    position: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO uses (owner, item, blob, position) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (owner, item) DO UPDATE SET blob = $3, position = $4",
    )
    .bind(&owner.0[..])
    .bind(&item.0[..])
    .bind(blob)
    .bind(position)
    .execute(on)
    .await?;
    Ok(())
}

/// A binary column.
pub fn bytes(row: &AnyRow, column: usize) -> Result<Bytes, sqlx::Error> {
    Ok(Bytes(row.try_get(column)?))
}

/// An id in a binary column.
pub fn id<T>(row: &AnyRow, column: usize) -> Result<T, sqlx::Error>
where
    T: for<'a> TryFrom<&'a [u8], Error = mysafe_protocol::bytes::NotAnId>,
{
    let bytes: Vec<u8> = row.try_get(column)?;
    T::try_from(&bytes).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A body and, in the next column, its signature.
pub fn signed(row: &AnyRow, column: usize) -> Result<Signed, sqlx::Error> {
    Ok(Signed { body: bytes(row, column)?, signature: bytes(row, column + 1)? })
}
