//! How many notices of shared items there are in a day (UTC): one for an item and a reader, and so many of one
//! sender. Whoever gets none finds the item in MySafe all the same.

use mysafe_protocol::bytes::{ItemId, UserId};

use crate::database::Connection;
use crate::metrics;
use crate::settings::Limits;

const DAY: i64 = 24 * 60 * 60;

/// Counts a notice. Returns false if there are enough.
pub async fn count(
    on: &mut Connection,
    item: &ItemId,
    (sender, reader): (&UserId, &UserId),
    limits: &Limits,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let day = now.div_euclid(DAY);
    let sent: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM notices WHERE sender = $1 AND day = $2")
            .bind(&sender.0[..])
            .bind(day)
            .fetch_one(&mut *on)
            .await?;
    if sent.unsigned_abs() >= limits.share_letters {
        metrics::limit_reached("share_letters");
        return Ok(false);
    }
    let counted = sqlx::query(
        "INSERT INTO notices (item, reader, sender, day) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (item, reader) DO UPDATE SET sender = $3, day = $4 WHERE notices.day < $4",
    )
    .bind(&item.0[..])
    .bind(&reader.0[..])
    .bind(&sender.0[..])
    .bind(day)
    .execute(on)
    .await?;
    Ok(counted.rows_affected() > 0)
}

/// Forgets the notices of days that are over.
pub async fn sweep(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM notices WHERE day < $1").bind(now.div_euclid(DAY)).execute(on).await?;
    Ok(())
}
