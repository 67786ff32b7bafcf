//! Items that come back to their owner. A server that lost an item takes it from the first who sends one of
//! its id, who may be a stranger that was shown it once. The id says whose it is.

use mysafe_protocol::bytes::{ItemId, UserId};

use super::queries::id;
use super::quota;
use crate::database::Connection;
use crate::error::Error;

/// Returns whether an item that the server has from a stranger is this user's by its id.
pub async fn is_due(on: &mut Connection, user: &UserId, item: &ItemId) -> Result<bool, Error> {
    if !item.is_of(user) {
        return Ok(false);
    }
    let row = sqlx::query("SELECT owner FROM items WHERE id = $1")
        .bind(&item.0[..])
        .fetch_optional(on)
        .await?;
    let holder = row.map(|row| id::<UserId>(&row, 0)).transpose()?;
    Ok(holder.is_some_and(|holder| holder != *user))
}

/// Takes an item from a stranger, with all that was stored of it.
pub async fn take(on: &mut Connection, item: &ItemId) -> Result<(), Error> {
    quota::forget(on, item).await?;
    for table in ["uses", "envelopes", "grants", "item_keys", "revisions"] {
        sqlx::query(&format!("DELETE FROM {table} WHERE item = $1"))
            .bind(&item.0[..])
            .execute(&mut *on)
            .await?;
    }
    sqlx::query("DELETE FROM items WHERE id = $1").bind(&item.0[..]).execute(on).await?;
    Ok(())
}
