//! Moves the revisions of a database of version 7 to the table in which hashes name them.

use sha2::{Digest as _, Sha256};
use sqlx::{AnyPool, Row as _};

use super::{Connection, Database};

/// Rows that one transaction moves.
const BATCH: i64 = 200;
/// The migration that drops the emptied table.
pub(super) const MOVED: i64 = 9;

/// Returns true if every revision was moved at an earlier start.
pub(super) async fn is_done(pool: &AnyPool) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM _sqlx_migrations WHERE version = $1").bind(MOVED);
    Ok(found.fetch_optional(pool).await?.is_some())
}

/// Moves every revision, a batch to a transaction. A start that was interrupted loses one batch at most,
/// and the next start goes on with the rows that are left.
pub(super) async fn move_all(database: &Database) -> Result<(), sqlx::Error> {
    loop {
        let mut transaction = database.write().await?;
        let moved = move_batch(&mut transaction).await?;
        transaction.commit().await?;
        if moved == 0 {
            return Ok(());
        }
        tracing::info!(moved, "revisions moved to their hashes");
    }
}

/// Moves one batch and returns its number of rows.
pub(super) async fn move_batch(on: &mut Connection) -> Result<usize, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT item, revision, body FROM numbered_revisions ORDER BY item, revision LIMIT $1",
    )
    .bind(BATCH)
    .fetch_all(&mut *on)
    .await?;
    for row in &rows {
        let (item, number): (Vec<u8>, i64) = (row.try_get(0)?, row.try_get(1)?);
        let body: Vec<u8> = row.try_get(2)?;
        let hash = Sha256::digest(&body).to_vec();
        sqlx::query(
            "INSERT INTO revisions (item, hash, revision, body, signature, overview, details, lost) \
             SELECT item, $3, revision, body, signature, overview, details, lost \
             FROM numbered_revisions WHERE item = $1 AND revision = $2 \
             ON CONFLICT (item, hash) DO NOTHING",
        )
        .bind(&item)
        .bind(number)
        .bind(&hash)
        .execute(&mut *on)
        .await?;
        sqlx::query("UPDATE items SET head = $3 WHERE id = $1 AND revision = $2")
            .bind(&item)
            .bind(number)
            .bind(&hash)
            .execute(&mut *on)
            .await?;
        sqlx::query("DELETE FROM numbered_revisions WHERE item = $1 AND revision = $2")
            .bind(&item)
            .bind(number)
            .execute(&mut *on)
            .await?;
    }
    Ok(rows.len())
}
