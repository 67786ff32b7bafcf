//! Letters on their way.

use sqlx::Row as _;

use super::Letter;
use crate::database::{Connection, Database};
use crate::state::random;

/// How long whoever took a letter may try before somebody else does: longer than any try takes.
const LEASE: i64 = 5 * 60;
/// Letters taken at a time: those that somebody waits for, then the others. Few of these, so that a code that
/// comes meanwhile does not wait for many.
const BATCHES: [(i64, i64); 2] = [(1, 20), (0, 5)];
/// The longest time between two tries.
const LONGEST: i64 = 6 * 60 * 60;

/// A letter taken out to be delivered.
pub struct Taken {
    pub id: Vec<u8>,
    pub address: String,
    /// As it was stored.
    pub letter: String,
    /// Tries before this one.
    tries: i64,
}

/// Puts a letter into the outbox; it goes when the transaction is committed, and not after
/// `expires`.
pub async fn send(
    on: &mut Connection,
    address: &str,
    letter: &Letter,
    now: i64,
    expires: i64,
) -> Result<(), sqlx::Error> {
    let urgent = i64::from(letter.is_urgent());
    let letter = serde_json::to_string(letter).expect("a letter is plain text");
    sqlx::query(
        "INSERT INTO mails (id, address, letter, created, due, expires, tries, urgent) \
         VALUES ($1, $2, $3, $4, $4, $5, 0, $6)",
    )
    .bind(&random::<16>()[..])
    .bind(address)
    .bind(letter)
    .bind(now)
    .bind(expires)
    .bind(urgent)
    .execute(on)
    .await?;
    Ok(())
}

/// Takes what is due. Nobody else gets it for a while, and if this process dies somebody does then.
pub async fn take(database: &Database, now: i64) -> Result<Vec<Taken>, sqlx::Error> {
    let mut transaction = database.write().await?;
    let mut rows = Vec::new();
    for (urgent, most) in BATCHES {
        if !rows.is_empty() {
            break;
        }
        rows = sqlx::query(
            "UPDATE mails SET due = $2, tries = tries + 1 WHERE id IN (SELECT id FROM mails \
             WHERE urgent = $4 AND due <= $1 AND expires > $1 ORDER BY due LIMIT $3) \
             AND due <= $1 RETURNING id, address, letter, tries",
        )
        .bind(now)
        .bind(now + LEASE)
        .bind(most)
        .bind(urgent)
        .fetch_all(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(Taken {
                id: row.try_get(0)?,
                address: row.try_get(1)?,
                letter: row.try_get(2)?,
                tries: row.try_get::<i64, _>(3)? - 1,
            })
        })
        .collect()
}

/// Delivered, or never to be.
pub async fn done(database: &Database, taken: &Taken) -> Result<(), sqlx::Error> {
    let mut transaction = database.write().await?;
    sqlx::query("DELETE FROM mails WHERE id = $1")
        .bind(&taken.id[..])
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// To be tried again: after half a minute, then after twice as long each time.
pub async fn later(database: &Database, taken: &Taken, now: i64) -> Result<(), sqlx::Error> {
    let wait = 30_i64.checked_shl(u32::try_from(taken.tries).unwrap_or(u32::MAX));
    let wait = wait.filter(|wait| (1..=LONGEST).contains(wait)).unwrap_or(LONGEST);
    let mut transaction = database.write().await?;
    sqlx::query("UPDATE mails SET due = $2 WHERE id = $1")
        .bind(&taken.id[..])
        .bind(now + wait)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// Forgets letters that are of no use any more.
pub async fn sweep(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    let gone = sqlx::query("DELETE FROM mails WHERE expires <= $1").bind(now).execute(on).await?;
    if gone.rows_affected() > 0 {
        let mails = gone.rows_affected();
        metrics::counter!("mysafe_mails_lost_total").increment(mails);
        tracing::warn!(mails, "could not be delivered before they were of no use");
    }
    Ok(())
}
