//! What was done, so that a request sent again is answered again and done once.

use mysafe_protocol::bytes::{OperationId, UserId};
use sqlx::Row as _;

use crate::items::OPERATION_LIFE;
use crate::items::queries::NewRevision;

use crate::database::Connection;

/// A write that was done.
pub struct Operation {
    pub request_hash: Vec<u8>,
    pub position: i64,
}

/// Whether a write was done before.
pub async fn done(
    on: &mut Connection,
    owner: &UserId,
    operation: &OperationId,
) -> Result<Option<Operation>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT request_hash, position FROM operations WHERE owner = $1 AND operation = $2",
    )
    .bind(&owner.0[..])
    .bind(&operation.0[..])
    .fetch_optional(on)
    .await?;
    row.map(|row| Ok(Operation { request_hash: row.try_get(0)?, position: row.try_get(1)? }))
        .transpose()
}

/// Remembers that the write was done.
pub async fn remember(
    on: &mut Connection,
    new: &NewRevision<'_>,
    request_hash: &[u8],
    position: i64,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO operations (owner, operation, request_hash, position, created) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&new.sender.0[..])
    .bind(&new.request.operation.0[..])
    .bind(request_hash)
    .bind(position)
    .bind(now)
    .execute(on)
    .await?;
    Ok(())
}

/// Forgets old operations.
pub async fn sweep(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM operations WHERE created <= $1")
        .bind(now - OPERATION_LIFE)
        .execute(on)
        .await?;
    Ok(())
}
