//! Eight digits by mail: good for ten minutes and five tries, at most five mails an hour. Kept as
//! HMAC (RFC 2104) under a key of the key file: a stolen database does not tell them.

use std::time::Duration;

use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::ErrorCode;
use subtle::ConstantTimeEq as _;

use crate::database::Connection;
use crate::error::Error;
use crate::keys::Keys;
use crate::state::random;

/// Seconds that a code is good for.
pub const LIFE: i64 = 10 * 60;
/// Tries before a code is worth nothing.
const TRIES: i64 = 5;
/// Mails within [`HOUR`].
const MAILS: i64 = 5;
const HOUR: i64 = 60 * 60;

/// What a code is for; no code of one is good for the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// That this is one's mailbox.
    Confirm = 1,
    /// Recovery, beside the recovery code.
    Recover = 2,
}

/// A new code in place of the last one for the same purpose.
pub async fn make(
    on: &mut Connection,
    keys: &Keys,
    user: &UserId,
    purpose: Purpose,
    now: i64,
) -> Result<String, Error> {
    let mailed: Vec<i64> =
        sqlx::query_scalar("SELECT at FROM codes_mailed WHERE owner = $1 AND at > $2 ORDER BY at")
            .bind(&user.0[..])
            .bind(now - HOUR)
            .fetch_all(&mut *on)
            .await?;
    let too_many = usize::try_from(MAILS).is_ok_and(|most| mailed.len() >= most);
    if let Some(first) = mailed.first().filter(|_| too_many) {
        let wait = u64::try_from(first + HOUR - now).unwrap_or_default();
        return Err(Error::TooManyTries(Duration::from_secs(wait)));
    }
    let code = eight_digits();
    sqlx::query("INSERT INTO codes_mailed (owner, at) VALUES ($1, $2)")
        .bind(&user.0[..])
        .bind(now)
        .execute(&mut *on)
        .await?;
    sqlx::query(
        "INSERT INTO codes (owner, purpose, mac, expires, tries) VALUES ($1, $2, $3, $4, 0) \
         ON CONFLICT (owner, purpose) DO UPDATE SET mac = $3, expires = $4, tries = 0",
    )
    .bind(&user.0[..])
    .bind(purpose as i64)
    .bind(mac(keys, user, purpose, &code))
    .bind(now + LIFE)
    .execute(on)
    .await?;
    Ok(code)
}

/// Whether this is the code that was mailed. A wrong one counts as a try: commit the transaction
/// also when it is refused. One that is right stays good until [`use_up`].
pub async fn check(
    on: &mut Connection,
    keys: &Keys,
    user: &UserId,
    purpose: Purpose,
    typed: &str,
    now: i64,
) -> Result<Result<(), ErrorCode>, sqlx::Error> {
    let kept: Option<Vec<u8>> = sqlx::query_scalar(
        "UPDATE codes SET tries = tries + 1 \
         WHERE owner = $1 AND purpose = $2 AND expires > $3 AND tries < $4 RETURNING mac",
    )
    .bind(&user.0[..])
    .bind(purpose as i64)
    .bind(now)
    .bind(TRIES)
    .fetch_optional(&mut *on)
    .await?;
    let given = mac(keys, user, purpose, typed);
    let kept = kept.unwrap_or_else(|| vec![0; given.len()]);
    if !bool::from(given.ct_eq(&kept)) {
        return Ok(Err(ErrorCode::WrongCode));
    }
    sqlx::query("UPDATE codes SET tries = tries - 1 WHERE owner = $1 AND purpose = $2")
        .bind(&user.0[..])
        .bind(purpose as i64)
        .execute(on)
        .await?;
    Ok(Ok(()))
}

/// A code is good once.
pub async fn use_up(
    on: &mut Connection,
    user: &UserId,
    purpose: Purpose,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM codes WHERE owner = $1 AND purpose = $2")
        .bind(&user.0[..])
        .bind(purpose as i64)
        .execute(on)
        .await?;
    Ok(())
}

/// Forgets what counts no more.
pub async fn sweep(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM codes WHERE expires <= $1").bind(now).execute(&mut *on).await?;
    sqlx::query("DELETE FROM codes_mailed WHERE at <= $1").bind(now - HOUR).execute(on).await?;
    Ok(())
}

fn mac(keys: &Keys, user: &UserId, purpose: Purpose, code: &str) -> Vec<u8> {
    keys.code_mac(&[&[purpose as u8], &user.0[..], code.as_bytes()].concat())
}

/// Each of the hundred million equally likely.
fn eight_digits() -> String {
    const ALL: u32 = 100_000_000;
    loop {
        let number = u32::from_le_bytes(random());
        // The last, incomplete round would make small numbers likelier.
        if number < u32::MAX - u32::MAX % ALL {
            return format!("{:08}", number % ALL);
        }
    }
}
