//! Who may do what with an item. Every route of items asks here, and whoever has no access learns of
//! nothing, not even that there is such an item.

use std::collections::BTreeMap;

use mysafe_protocol::bytes::{ItemId, UserId};
use mysafe_protocol::wire::ErrorCode;
use sqlx::Row as _;

use crate::database::Connection;
use crate::error::Error;
use crate::items::queries::id;

/// What somebody may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Right {
    View,
    Edit,
    Own,
}

/// Somebody whom a list of the item's owner names or named.
pub struct Member {
    pub user: UserId,
    pub until: Option<i64>,
    /// They were given Can edit.
    pub edits: bool,
    /// The list of the present epoch names them.
    pub listed: bool,
    /// They left, or were removed, or the time was noticed to be over.
    pub ended: bool,
}

impl Member {
    /// Whether they have access at this time.
    pub fn is_in(&self, now: i64) -> bool {
        !self.ended && self.until.is_none_or(|until| until > now)
    }
}

/// What a user may do with an item.
pub async fn right(
    on: &mut Connection,
    user: &UserId,
    item: &ItemId,
    now: i64,
) -> Result<Right, Error> {
    let row = sqlx::query(
        "SELECT i.owner, g.permission FROM items i LEFT JOIN grants g ON g.item = i.id \
         AND g.member = $2 AND g.ended IS NULL AND (g.until IS NULL OR g.until > $3) \
         WHERE i.id = $1",
    )
    .bind(&item.0[..])
    .bind(&user.0[..])
    .bind(now)
    .fetch_optional(on)
    .await?;
    let row = row.ok_or(ErrorCode::NotFound)?;
    if id::<UserId>(&row, 0)? == *user {
        return Ok(Right::Own);
    }
    match row.try_get::<Option<i64>, _>(1)? {
        None => Err(ErrorCode::NotFound.into()),
        Some(0) => Ok(Right::View),
        Some(_) => Ok(Right::Edit),
    }
}

/// Everybody whom a list of the item names or named.
pub async fn members(on: &mut Connection, item: &ItemId) -> Result<Vec<Member>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT member, until, listed, ended, permission FROM grants WHERE item = $1 \
         ORDER BY member",
    )
    .bind(&item.0[..])
    .fetch_all(on)
    .await?;
    let member = |row: &sqlx::any::AnyRow| {
        let listed: i64 = row.try_get(2)?;
        Ok(Member {
            user: id(row, 0)?,
            until: row.try_get(1)?,
            edits: row.try_get::<i64, _>(4)? != 0,
            listed: listed == 1,
            ended: row.try_get::<Option<i64>, _>(3)?.is_some(),
        })
    };
    rows.iter().map(member).collect()
}

/// The next positions in the logs of everybody whom a write concerns.
#[derive(Default)]
pub struct Logs(BTreeMap<UserId, i64>);

impl Logs {
    /// Counts each log up, in the order of the users, so that no two writes wait for each other.
    /// Whoever has no account has no log.
    pub async fn advance(
        on: &mut Connection,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, sqlx::Error> {
        let mut logs: BTreeMap<UserId, i64> = users.into_iter().map(|user| (user, 0)).collect();
        for (user, position) in &mut logs {
            let next: Option<i64> = sqlx::query_scalar(
                "UPDATE logs SET position = position + 1 WHERE owner = $1 RETURNING position",
            )
            .bind(&user.0[..])
            .fetch_optional(&mut *on)
            .await?;
            *position = next.unwrap_or_default();
        }
        logs.retain(|_, position| *position > 0);
        Ok(Self(logs))
    }

    /// The position in somebody's log.
    pub fn of(&self, user: &UserId) -> Result<i64, ErrorCode> {
        self.0.get(user).copied().ok_or(ErrorCode::NotFound)
    }

    /// Each with the end of their log.
    pub fn iter(&self) -> impl Iterator<Item = (&UserId, i64)> {
        self.0.iter().map(|(user, position)| (user, *position))
    }
}
