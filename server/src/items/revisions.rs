//! An item's earlier revisions: read, and put back where they were lost.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::bodies::{Revision, Signed};
use mysafe_protocol::bytes::{Hash, ItemId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::ItemVersion;
use sqlx::Row as _;

use super::queries::{NewRevision, bytes, read, signed};
use super::{PAGE_BYTES, REVISIONS};
use crate::checks;
use crate::database::Connection;
use crate::error::Error;

/// Hashes in one query.
const HASHES: usize = 500;

/// Returns the signed bodies of an item after a number, oldest first: `most` of them, and all others of
/// the last one's number.
pub async fn revisions(
    on: &mut Connection,
    item: &ItemId,
    after: i64,
    most: i64,
) -> Result<Vec<Signed>, sqlx::Error> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT revision FROM revisions WHERE item = $1 AND revision > $2 \
         ORDER BY revision LIMIT 1 OFFSET $3",
    )
    .bind(&item.0[..])
    .bind(after)
    .bind(most - 1)
    .fetch_optional(&mut *on)
    .await?;
    let rows = sqlx::query(
        "SELECT body, signature FROM revisions \
         WHERE item = $1 AND revision > $2 AND revision <= $3 ORDER BY revision, hash",
    )
    .bind(&item.0[..])
    .bind(after)
    .bind(last.unwrap_or(i64::MAX))
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| signed(row, 0)).collect()
}

/// A part of an item's history.
pub struct Page {
    /// Newest first.
    pub versions: Vec<ItemVersion>,
    /// There are older ones.
    pub more: bool,
    /// There are others of the last one's number.
    pub rest: bool,
}

/// Returns the revisions of an item with numbers below one, with their sealed parts, newest first, those of
/// one number by their hashes: [`limits::HISTORY`] of them, and others of the last one's number, as far as
/// they have room in [`PAGE_BYTES`]. With `after` those of the highest number begin behind this hash.
pub async fn history(
    on: &mut Connection,
    item: &ItemId,
    before: i64,
    after: Option<&Hash>,
) -> Result<Page, sqlx::Error> {
    // Behind the highest number alone: no hash is above this one.
    let after = after.map_or(&[0xff; 32][..], |hash| &hash.0[..]);
    let rows = sqlx::query(
        "SELECT revision, hash, LENGTH(overview) + LENGTH(details) FROM revisions WHERE item = $1 \
         AND lost = 0 AND (revision < $2 OR (revision = $2 AND hash > $3)) \
         ORDER BY revision DESC, hash LIMIT $4",
    )
    .bind(&item.0[..])
    .bind(before)
    .bind(after)
    .bind(REVISIONS + 1)
    .fetch_all(&mut *on)
    .await?;
    let (mut last, mut size, mut page) = (None, 0, (false, false));
    for (at, row) in rows.iter().enumerate() {
        let number: i64 = row.try_get(0)?;
        let same = last.as_ref().is_some_and(|(last, _)| *last == number);
        size += row.try_get::<i64, _>(2)?;
        let enough = at as i64 == REVISIONS || size > PAGE_BYTES;
        if at > 0 && (enough || (at >= limits::HISTORY && !same)) {
            page = (true, same);
            break;
        }
        last = Some((number, row.try_get::<Vec<u8>, _>(1)?));
    }
    let (more, rest) = page;
    let Some((last, hash)) = last else { return Ok(Page { versions: Vec::new(), more, rest }) };
    let rows = sqlx::query(
        "SELECT body, signature, overview, details FROM revisions WHERE item = $1 \
         AND lost = 0 AND (revision < $2 OR (revision = $2 AND hash > $3)) \
         AND (revision > $4 OR (revision = $4 AND hash <= $5)) ORDER BY revision DESC, hash",
    )
    .bind(&item.0[..])
    .bind(before)
    .bind(after)
    .bind(last)
    .bind(hash)
    .fetch_all(on)
    .await?;
    let version = |row| {
        Ok(ItemVersion {
            revision: signed(row, 0)?,
            overview: bytes(row, 2)?,
            details: bytes(row, 3)?,
        })
    };
    let versions = rows.iter().map(version).collect::<Result<_, sqlx::Error>>()?;
    Ok(Page { versions, more, rest })
}

/// A revision that the server has.
pub struct Known {
    /// Its body.
    pub revision: Revision,
    /// Its sealed parts were lost.
    pub lost: bool,
}

/// Returns which of these revisions of an item the server has.
pub async fn known(
    on: &mut Connection,
    item: &ItemId,
    hashes: &BTreeSet<Hash>,
) -> Result<BTreeMap<Hash, Known>, Error> {
    let hashes: Vec<&Hash> = hashes.iter().collect();
    let mut known = BTreeMap::new();
    for some in hashes.chunks(HASHES) {
        let places: Vec<String> = (0..some.len()).map(|at| format!("${}", at + 2)).collect();
        let sql = format!(
            "SELECT body, signature, lost FROM revisions WHERE item = $1 AND hash IN ({})",
            places.join(", ")
        );
        let mut query = sqlx::query(&sql).bind(&item.0[..]);
        for hash in some {
            query = query.bind(&hash.0[..]);
        }
        for row in query.fetch_all(&mut *on).await? {
            let signed = signed(&row, 0)?;
            let lost = row.try_get::<i64, _>(2)? != 0;
            known.insert(signed.hash(), Known { revision: read(&signed)?, lost });
        }
    }
    Ok(known)
}

/// Stores the newest revision.
pub async fn insert(on: &mut Connection, new: &NewRevision<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO revisions (item, hash, revision, body, signature, overview, details) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&new.item.0[..])
    .bind(new.hash())
    .bind(new.number)
    .bind(&new.request.revision.body[..])
    .bind(&new.request.revision.signature[..])
    .bind(&new.request.overview[..])
    .bind(&new.request.details[..])
    .execute(on)
    .await?;
    Ok(())
}

/// Stores a body that was sent again. Its sealed parts are lost unless they come by [`fill`].
pub async fn insert_body(
    on: &mut Connection,
    signed: &Signed,
    revision: &Revision,
) -> Result<(), Error> {
    // A deletion has no parts to lose.
    let lost = !revision.fits(&[], &[]);
    sqlx::query(
        "INSERT INTO revisions (item, hash, revision, body, signature, overview, details, lost) \
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(&revision.item.0[..])
    .bind(&signed.hash().0[..])
    .bind(checks::number(revision.revision)?)
    .bind(&signed.body[..])
    .bind(&signed.signature[..])
    .bind(&[][..])
    .bind(i64::from(lost))
    .execute(on)
    .await?;
    Ok(())
}

/// Stores the sealed parts of a revision whose parts were lost. Returns false if they were not.
pub async fn fill(
    on: &mut Connection,
    item: &ItemId,
    parts: &ItemVersion,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE revisions SET overview = $3, details = $4, lost = 0 \
         WHERE item = $1 AND hash = $2 AND lost = 1",
    )
    .bind(&item.0[..])
    .bind(&parts.revision.hash().0[..])
    .bind(&parts.overview[..])
    .bind(&parts.details[..])
    .execute(on)
    .await?;
    Ok(done.rows_affected() > 0)
}
