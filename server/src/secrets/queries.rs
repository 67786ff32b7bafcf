//! What is read and written of that which opens an account.

use mysafe_protocol::bodies::Signed;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::RecoverySecret;
use sqlx::Row as _;

use crate::accounts::NEAREST;
use crate::database::Connection;

/// What someone with a recovery code gets at.
pub struct Recoverable {
    pub user: UserId,
    pub bundle: Signed,
    pub verifier_hash: Vec<u8>,
    pub wrap: Vec<u8>,
}

/// By the address that someone says is theirs; none too if it has no recovery code. A row is read and decoded
/// in any case: the time does not tell whether there is an account.
pub async fn recoverable(
    on: &mut Connection,
    address: &str,
) -> Result<Option<Recoverable>, sqlx::Error> {
    let query = format!(
        "SELECT id, bundle, bundle_signature, recovery_hash, recovery_wrap, address FROM users \
         WHERE {NEAREST}"
    );
    let Some(row) = sqlx::query(&query).bind(address).fetch_optional(on).await? else {
        return Ok(None);
    };
    let read = || -> Result<_, sqlx::Error> {
        let id: Vec<u8> = row.try_get(0)?;
        let id = UserId::try_from(&id[..]).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Recoverable {
            user: id,
            bundle: Signed {
                body: row.try_get::<Vec<u8>, _>(1)?.into(),
                signature: row.try_get::<Vec<u8>, _>(2)?.into(),
            },
            verifier_hash: row.try_get::<Option<_>, _>(3)?.unwrap_or_default(),
            wrap: row.try_get::<Option<_>, _>(4)?.unwrap_or_default(),
        })
    };
    let nearest = read()?;
    let fits = row.try_get::<String, _>(5)? == address && !nearest.verifier_hash.is_empty();
    Ok(Some(nearest).filter(|_| fits))
}

/// Takes over a new password.
pub async fn set_password(
    on: &mut Connection,
    user: &UserId,
    opaque_record: &[u8],
    wrap: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET opaque_record = $2, wrap = $3 WHERE id = $1")
        .bind(&user.0[..])
        .bind(opaque_record)
        .bind(wrap)
        .execute(on)
        .await?;
    Ok(())
}

/// Takes over a new recovery code.
pub async fn set_recovery(
    on: &mut Connection,
    user: &UserId,
    recovery: &RecoverySecret,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET recovery_hash = $2, recovery_wrap = $3 WHERE id = $1")
        .bind(&user.0[..])
        .bind(&recovery.verifier_hash.0[..])
        .bind(&recovery.wrap[..])
        .execute(on)
        .await?;
    Ok(())
}
