//! An item's earlier revisions: read, and put back where they were lost.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Signed;
use mysafe_protocol::wire::ItemVersion;

use super::queries::{bytes, signed};
use crate::database::Connection;

/// The signed bodies of an item after a revision, oldest first.
pub async fn revisions(
    on: &mut Connection,
    item: &ItemId,
    after: i64,
    most: i64,
) -> Result<Vec<Signed>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT body, signature FROM revisions WHERE item = $1 AND revision > $2 \
         ORDER BY revision LIMIT $3",
    )
    .bind(&item.0[..])
    .bind(after)
    .bind(most)
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| signed(row, 0)).collect()
}

/// The revisions of an item before one, with their sealed parts, newest first.
pub async fn history(
    on: &mut Connection,
    item: &ItemId,
    before: i64,
    most: usize,
) -> Result<Vec<ItemVersion>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT body, signature, overview, details FROM revisions \
         WHERE item = $1 AND revision < $2 AND lost = 0 ORDER BY revision DESC LIMIT $3",
    )
    .bind(&item.0[..])
    .bind(before)
    .bind(most as i64)
    .fetch_all(on)
    .await?;
    let version = |row| {
        Ok(ItemVersion {
            revision: signed(row, 0)?,
            overview: bytes(row, 2)?,
            details: bytes(row, 3)?,
        })
    };
    rows.iter().map(version).collect()
}

/// Stores a body whose sealed parts were lost.
pub async fn insert_body(
    on: &mut Connection,
    item: &ItemId,
    number: i64,
    body: &Signed,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO revisions (item, revision, body, signature, overview, details, lost) \
         VALUES ($1, $2, $3, $4, $5, $5, 1)",
    )
    .bind(&item.0[..])
    .bind(number)
    .bind(&body.body[..])
    .bind(&body.signature[..])
    .bind(&[][..])
    .execute(on)
    .await?;
    Ok(())
}
