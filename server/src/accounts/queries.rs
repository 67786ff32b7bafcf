//! What accounts read and write.

use mysafe_protocol::bodies::Signed;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::{BundleResponse, RecoverySecret};
use sqlx::Row as _;

use crate::database::Connection;

/// The condition for the row of an address, or for that of a neighbour in the index if nobody has it: the
/// database reads one row in any case, so that the time does not tell. Compare the row's `address`.
pub const NEAREST: &str = "address = COALESCE( \
    (SELECT address FROM users WHERE address >= $1 ORDER BY address LIMIT 1), \
    (SELECT address FROM users ORDER BY address LIMIT 1))";

/// A new account, all checked.
pub struct NewAccount<'a> {
    pub user: UserId,
    pub address: &'a str,
    pub name: &'a str,
    pub administrator: bool,
    pub bundle: &'a Signed,
    pub sign_pk: [u8; 32],
    pub opaque_record: Vec<u8>,
    pub wrap: &'a [u8],
    pub recovery: &'a RecoverySecret,
    pub record: &'a [u8],
    pub now: i64,
}

/// Stores a new account. Its log of changes begins with its account record, at position 1.
pub async fn insert(on: &mut Connection, new: NewAccount<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, address, name, administrator, bundle, bundle_signature, sign_pk, \
         opaque_record, wrap, created, recovery_hash, recovery_wrap) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&new.user.0[..])
    .bind(new.address)
    .bind(new.name)
    .bind(i64::from(new.administrator))
    .bind(&new.bundle.body[..])
    .bind(&new.bundle.signature[..])
    .bind(&new.sign_pk[..])
    .bind(new.opaque_record)
    .bind(new.wrap)
    .bind(new.now)
    .bind(&new.recovery.verifier_hash.0[..])
    .bind(&new.recovery.wrap[..])
    .execute(&mut *on)
    .await?;
    sqlx::query("INSERT INTO logs (owner, position) VALUES ($1, 1)")
        .bind(&new.user.0[..])
        .execute(&mut *on)
        .await?;
    sqlx::query(
        "INSERT INTO account_records (owner, version, blob, position) VALUES ($1, 1, $2, 1)",
    )
    .bind(&new.user.0[..])
    .bind(new.record)
    .execute(on)
    .await?;
    Ok(())
}

/// Returns true if there is an account of this id.
pub async fn exists(on: &mut Connection, user: &UserId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM users WHERE id = $1").bind(&user.0[..]);
    Ok(found.fetch_optional(on).await?.is_some())
}

/// The address of a user.
pub async fn address(on: &mut Connection, user: &UserId) -> Result<String, sqlx::Error> {
    sqlx::query("SELECT address FROM users WHERE id = $1")
        .bind(&user.0[..])
        .fetch_one(on)
        .await?
        .try_get(0)
}

/// Returns the bundle of a user. People without an account have one if it came with their revisions.
pub async fn bundle(
    on: &mut Connection,
    user: &UserId,
) -> Result<Option<BundleResponse>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT bundle, bundle_signature, confirmed FROM users WHERE id = $1 \
         UNION ALL SELECT body, signature, NULL FROM bundles WHERE owner = $1 \
         AND NOT EXISTS (SELECT 1 FROM users WHERE id = $1)",
    )
    .bind(&user.0[..])
    .fetch_optional(on)
    .await?;
    row.map(|row| {
        let bundle = Signed {
            body: row.try_get::<Vec<u8>, _>(0)?.into(),
            signature: row.try_get::<Vec<u8>, _>(1)?.into(),
        };
        let confirmed = row.try_get::<Option<i64>, _>(2)?.is_some();
        Ok(BundleResponse { bundle, confirmed })
    })
    .transpose()
}

/// Keeps the bundle of somebody who has no account here.
pub async fn keep_bundle(
    on: &mut Connection,
    user: &UserId,
    bundle: &Signed,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO bundles (owner, body, signature) VALUES ($1, $2, $3) \
         ON CONFLICT (owner) DO NOTHING",
    )
    .bind(&user.0[..])
    .bind(&bundle.body[..])
    .bind(&bundle.signature[..])
    .execute(on)
    .await?;
    Ok(())
}

/// The key that a user's signatures are verified with.
pub async fn sign_pk(on: &mut Connection, user: &UserId) -> Result<Option<[u8; 32]>, sqlx::Error> {
    let key: Option<Vec<u8>> = sqlx::query_scalar("SELECT sign_pk FROM users WHERE id = $1")
        .bind(&user.0[..])
        .fetch_optional(on)
        .await?;
    let key = key.map(|key| key.try_into().map_err(|_| "not 32 bytes"));
    key.transpose().map_err(|error: &str| sqlx::Error::Decode(error.into()))
}
