//! What sessions read and write.

use mysafe_protocol::bodies::Signed;
use mysafe_protocol::bytes::UserId;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::accounts::NEAREST;
use crate::database::Connection;

/// The row of a user that signing in needs.
pub struct Credentials {
    pub user: UserId,
    pub opaque_record: Vec<u8>,
    /// Whether the user has the address. If not, it is a neighbour's row, read for its time alone.
    pub fits: bool,
}

impl Credentials {
    /// Returns true if both are the same row of the user who has the address, or neither is.
    pub fn is_same(one: Option<&Self>, other: Option<&Self>) -> bool {
        let fitting = |credentials: Option<&Self>| {
            credentials
                .filter(|credentials| credentials.fits)
                .map(|credentials| (credentials.user, credentials.opaque_record.clone()))
        };
        fitting(one) == fitting(other)
    }
}

/// By the address that someone says is theirs. None if nobody has an account.
pub async fn credentials(
    on: &mut Connection,
    address: &str,
) -> Result<Option<Credentials>, sqlx::Error> {
    let query = format!("SELECT id, opaque_record, address FROM users WHERE {NEAREST}");
    let row = sqlx::query(&query).bind(address).fetch_optional(on).await?;
    row.map(|row| {
        Ok(Credentials {
            user: user(&row, 0)?,
            opaque_record: row.try_get(1)?,
            fits: row.try_get::<String, _>(2)? == address,
        })
    })
    .transpose()
}

/// Keeps a sign-in until its second request. The owner of one that does not fit is a neighbour: the database
/// looks the owner up in any case.
pub async fn insert_attempt(
    on: &mut Connection,
    id_hash: &[u8],
    credentials: Option<&Credentials>,
    state: &[u8],
    expires: i64,
) -> Result<(), sqlx::Error> {
    let fits = credentials.is_some_and(|credentials| credentials.fits);
    sqlx::query("INSERT INTO attempts (id_hash, owner, state, expires) VALUES ($1, $2, $3, $4)")
        .bind(id_hash)
        .bind(credentials.map(|credentials| credentials.user.0.to_vec()))
        .bind([&[u8::from(fits)], state].concat())
        .bind(expires)
        .execute(on)
        .await?;
    Ok(())
}

/// A sign-in between its two requests.
pub struct Attempt {
    /// None if nobody has an account.
    pub owner: Option<UserId>,
    /// Whether the owner has the address that it began with.
    pub fits: bool,
    /// OPAQUE's state.
    pub state: Vec<u8>,
}

/// Takes a sign-in out: it is good once.
pub async fn take_attempt(
    on: &mut Connection,
    id_hash: &[u8],
    now: i64,
) -> Result<Option<Attempt>, sqlx::Error> {
    let row =
        sqlx::query("DELETE FROM attempts WHERE id_hash = $1 RETURNING owner, state, expires")
            .bind(id_hash)
            .fetch_optional(on)
            .await?;
    let Some(row) = row else { return Ok(None) };
    if row.try_get::<i64, _>(2)? <= now {
        return Ok(None);
    }
    let owner: Option<Vec<u8>> = row.try_get(0)?;
    let owner = owner.map(|bytes| user_id(&bytes)).transpose()?;
    let stored: Vec<u8> = row.try_get(1)?;
    let Some((fits, state)) = stored.split_first() else { return Ok(None) };
    Ok(Some(Attempt { owner, fits: *fits == 1, state: state.to_vec() }))
}

/// What someone who signed in is told about themselves.
pub struct Profile {
    pub name: String,
    pub administrator: bool,
    pub bundle: Signed,
    pub wrap: Vec<u8>,
}

/// By user id.
pub async fn profile(on: &mut Connection, user: &UserId) -> Result<Profile, sqlx::Error> {
    let row = sqlx::query(
        "SELECT name, administrator, bundle, bundle_signature, wrap FROM users WHERE id = $1",
    )
    .bind(&user.0[..])
    .fetch_one(on)
    .await?;
    Ok(Profile {
        name: row.try_get(0)?,
        administrator: row.try_get::<i64, _>(1)? != 0,
        bundle: Signed {
            body: row.try_get::<Vec<u8>, _>(2)?.into(),
            signature: row.try_get::<Vec<u8>, _>(3)?.into(),
        },
        wrap: row.try_get(4)?,
    })
}

/// Stores a new session.
pub async fn insert(
    on: &mut Connection,
    token_hash: &[u8],
    user: &UserId,
    app: &str,
    now: i64,
    expires: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sessions (token_hash, owner, app, created, seen, expires) \
         VALUES ($1, $2, $3, $4, $4, $5)",
    )
    .bind(token_hash)
    .bind(&user.0[..])
    .bind(app)
    .bind(now)
    .bind(expires)
    .execute(on)
    .await?;
    Ok(())
}

/// A session that has not expired, as authentication needs it.
pub struct Session {
    pub user: UserId,
    pub sign_pk: [u8; 32],
    pub seen: i64,
    pub revoked: bool,
}

/// By the hash of its token.
pub async fn session(
    on: &mut Connection,
    token_hash: &[u8],
    now: i64,
) -> Result<Option<Session>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT u.id, u.sign_pk, s.seen, s.revoked FROM sessions s JOIN users u ON u.id = s.owner \
         WHERE s.token_hash = $1 AND s.expires > $2 AND u.released IS NULL",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(on)
    .await?;
    row.map(|row| {
        Ok(Session {
            user: user(&row, 0)?,
            sign_pk: user_id(&row.try_get::<Vec<u8>, _>(1)?)?.0,
            seen: row.try_get(2)?,
            revoked: row.try_get::<i64, _>(3)? != 0,
        })
    })
    .transpose()
}

/// Whether a session still stands for its user.
pub async fn is_valid(
    on: &mut Connection,
    token_hash: &[u8],
    now: i64,
) -> Result<bool, sqlx::Error> {
    Ok(session(on, token_hash, now).await?.is_some_and(|session| !session.revoked))
}

/// What the session's own app is told about it: its name and when it ends.
pub async fn app(
    on: &mut Connection,
    token_hash: &[u8],
) -> Result<Option<(String, i64)>, sqlx::Error> {
    let row = sqlx::query("SELECT app, expires FROM sessions WHERE token_hash = $1")
        .bind(token_hash)
        .fetch_optional(on)
        .await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}

/// The session was used: it lives on.
pub async fn renew(
    on: &mut Connection,
    token_hash: &[u8],
    now: i64,
    expires: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sessions SET seen = $2, expires = $3 WHERE token_hash = $1")
        .bind(token_hash)
        .bind(now)
        .bind(expires)
        .execute(on)
        .await?;
    Ok(())
}

/// Ends the sessions of a user on purpose, but for one: their apps learn that it was that.
pub async fn revoke(
    on: &mut Connection,
    user: &UserId,
    but: Option<&[u8; 32]>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sessions SET revoked = 1 WHERE owner = $1 AND token_hash <> $2")
        .bind(&user.0[..])
        .bind(but.map_or(&[][..], |hash| &hash[..]))
        .execute(&mut *on)
        .await?;
    // A sign-in begun before is not ended with what was good then.
    sqlx::query("DELETE FROM attempts WHERE owner = $1").bind(&user.0[..]).execute(on).await?;
    Ok(())
}

/// Ends a session.
pub async fn delete(on: &mut Connection, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(on).await?;
    Ok(())
}

/// Forgets sessions and attempts that have ended.
pub async fn sweep(on: &mut Connection, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM attempts WHERE expires <= $1").bind(now).execute(&mut *on).await?;
    sqlx::query("DELETE FROM sessions WHERE expires <= $1").bind(now).execute(on).await?;
    Ok(())
}

fn user(row: &AnyRow, column: usize) -> Result<UserId, sqlx::Error> {
    user_id(&row.try_get::<Vec<u8>, _>(column)?)
}

fn user_id(bytes: &[u8]) -> Result<UserId, sqlx::Error> {
    UserId::try_from(bytes).map_err(|error| sqlx::Error::Decode(error.into()))
}
