//! An address that was never confirmed does not stay with its account for ever: after seven days it is
//! free for whoever signs up with it. The former account keeps its keys and items, and nobody signs in
//! to it any more.

use mysafe_protocol::bytes::UserId;
use sqlx::Row as _;

use crate::database::Connection;

/// Seconds for which an account has its address unconfirmed.
pub const LIFE: i64 = 7 * 24 * 60 * 60;

/// Returns true if an account has the address and keeps it: confirmed, not seven days old, or the
/// administrator's.
pub async fn is_taken(on: &mut Connection, address: &str, now: i64) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(
        "SELECT 1 FROM users WHERE address = $1 \
         AND (confirmed IS NOT NULL OR administrator <> 0 OR created > $2)",
    )
    .bind(address)
    .bind(now - LIFE)
    .fetch_optional(on)
    .await?;
    Ok(found.is_some())
}

/// Takes a free address from the account that had it, with its sessions, codes and letters. Returns the
/// former account, if there is one.
pub async fn release(
    on: &mut Connection,
    address: &str,
    now: i64,
) -> Result<Option<UserId>, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM users WHERE address = $1").bind(address);
    let Some(row) = row.fetch_optional(&mut *on).await? else { return Ok(None) };
    let user: Vec<u8> = row.try_get(0)?;
    let user = UserId::try_from(&user[..]).map_err(|error| sqlx::Error::Decode(error.into()))?;
    // No address is without an `@`. The conditions hold again here: the mailbox may just have been
    // confirmed.
    let done = sqlx::query(
        "UPDATE users SET address = $2, released = $3, opaque_record = $4, wrap = $4, \
         recovery_hash = NULL, recovery_wrap = NULL \
         WHERE id = $1 AND confirmed IS NULL AND administrator = 0 AND created <= $5",
    )
    .bind(&user.0[..])
    .bind(format!("released:{user}"))
    .bind(now)
    .bind(&[][..])
    .bind(now - LIFE)
    .execute(&mut *on)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    for sql in [
        // Their apps see an expired session: what is in those browsers stays there.
        "DELETE FROM sessions WHERE owner = $1",
        "DELETE FROM attempts WHERE owner = $1",
        "DELETE FROM codes WHERE owner = $1",
        "DELETE FROM codes_mailed WHERE owner = $1",
    ] {
        sqlx::query(sql).bind(&user.0[..]).execute(&mut *on).await?;
    }
    sqlx::query("DELETE FROM mails WHERE address = $1").bind(address).execute(on).await?;
    Ok(Some(user))
}
