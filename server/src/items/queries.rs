//! What items read and write.

use mysafe_protocol::bodies::Signed;
use mysafe_protocol::bytes::{Bytes, IdentifierTag, ItemId, UserId};
use mysafe_protocol::wire::{ItemState, ItemWriteRequest};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::database::Connection;

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
    pub owner: UserId,
    pub revision: i64,
    pub body: Vec<u8>,
}

/// Where an item stands, whoever owns it.
pub async fn head(on: &mut Connection, item: &ItemId) -> Result<Option<Head>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT i.owner, i.revision, r.body FROM items i \
         JOIN revisions r ON r.item = i.id AND r.revision = i.revision WHERE i.id = $1",
    )
    .bind(&item.0[..])
    .fetch_optional(on)
    .await?;
    row.map(|row| {
        Ok(Head { owner: id(&row, 0)?, revision: row.try_get(1)?, body: row.try_get(2)? })
    })
    .transpose()
}

/// The columns of an [`ItemState`], for [`state`].
pub const STATE: &str = "SELECT i.id, i.owner, r.body, r.signature, r.overview, r.details, i.key, \
                         i.list_body, i.list_signature FROM items i JOIN revisions r ON r.item = i.id AND r.revision = i.revision";

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
                          JOIN revisions r ON r.item = i.id AND r.revision = i.revision \
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
    /// Who wrote it.
    pub author: &'a UserId,
    pub number: i64,
    pub request: &'a ItemWriteRequest,
    /// Its position in the log of the owner.
    pub position: i64,
    /// When it was deleted, if this deletes it.
    pub deleted: Option<i64>,
}

impl NewRevision<'_> {
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
         list_signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
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
    .execute(on)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves the item to its new revision.
pub async fn update(on: &mut Connection, new: &NewRevision<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE items SET revision = $2, position = $3, deleted = $4 WHERE id = $1")
        .bind(&new.item.0[..])
        .bind(new.number)
        .bind(new.position)
        .bind(new.deleted)
        .execute(&mut *on)
        .await?;
    if new.author == new.owner {
        // Others keep what it is.
        sqlx::query("UPDATE items SET identifier = $2 WHERE id = $1")
            .bind(&new.item.0[..])
            .bind(new.identifier())
            .execute(on)
            .await?;
    }
    Ok(())
}

/// Stores the revision itself.
pub async fn insert_revision(
    on: &mut Connection,
    new: &NewRevision<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO revisions (item, revision, body, signature, overview, details) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&new.item.0[..])
    .bind(new.number)
    .bind(&new.request.revision.body[..])
    .bind(&new.request.revision.signature[..])
    .bind(&new.request.overview[..])
    .bind(&new.request.details[..])
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
