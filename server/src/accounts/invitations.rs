//! Invitations: a link for one address, good for seven days and one account. Only the hash of its
//! token is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::database::{Connection, Database};
use crate::state::random;

/// Seconds that an invitation is good for.
const LIFE: i64 = 7 * 24 * 60 * 60;

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// Stores a new invitation and gives its token.
pub async fn invite(database: &Database, address: &str, now: i64) -> Result<String, sqlx::Error> {
    let token = URL_SAFE_NO_PAD.encode(random::<32>());
    let mut transaction = database.write().await?;
    sqlx::query(
        "INSERT INTO invitations (token_hash, address, expires, used) VALUES ($1, $2, $3, 0)",
    )
    .bind(hash(&token))
    .bind(address)
    .bind(now + LIFE)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(token)
}

/// Whether an invitation is for this address, not used and not expired.
pub async fn is_good(
    on: &mut Connection,
    token: &str,
    address: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(
        "SELECT 1 FROM invitations \
         WHERE token_hash = $1 AND address = $2 AND used = 0 AND expires > $3",
    )
    .bind(hash(token))
    .bind(address)
    .bind(now)
    .fetch_optional(on)
    .await?;
    Ok(found.is_some())
}

/// An invitation is good once.
pub async fn use_up(on: &mut Connection, token: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE invitations SET used = 1 WHERE token_hash = $1")
        .bind(hash(token))
        .execute(on)
        .await?;
    Ok(())
}

/// Forgets expired invitations.
pub async fn sweep(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM invitations WHERE expires <= $1").bind(now).execute(on).await?;
    Ok(())
}
