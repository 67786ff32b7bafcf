//! What is read and written of mailboxes.

use mysafe_protocol::bytes::UserId;

use crate::database::Connection;

/// Whether someone showed that this mailbox is theirs.
pub async fn is_confirmed(on: &mut Connection, user: &UserId) -> Result<bool, sqlx::Error> {
    let confirmed: Option<i64> = sqlx::query_scalar("SELECT confirmed FROM users WHERE id = $1")
        .bind(&user.0[..])
        .fetch_one(on)
        .await?;
    Ok(confirmed.is_some())
}

/// The mailbox of an address is its account's. Says whether there is such an account.
pub async fn confirm(on: &mut Connection, address: &str, now: i64) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE users SET confirmed = COALESCE(confirmed, $2) WHERE address = $1")
            .bind(address)
            .bind(now)
            .execute(on)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// Confirms the mailbox of an account, unless somebody else has its address by now. Returns false then.
pub async fn confirm_own(
    on: &mut Connection,
    user: &UserId,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET confirmed = COALESCE(confirmed, $2) WHERE id = $1 AND released IS NULL",
    )
    .bind(&user.0[..])
    .bind(now)
    .execute(on)
    .await?;
    Ok(done.rows_affected() > 0)
}
