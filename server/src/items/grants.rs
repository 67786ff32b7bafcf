//! Access that the owner gives and takes with a new epoch. How else it ends is in `ending`.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission};
use mysafe_protocol::bytes::{ItemId, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{EpochKey, ErrorCode, ItemWriteRequest, Reason};
use sqlx::Row as _;

use super::access::{Logs, Member};
use super::ending::end;
use super::queries::{bytes, id};
use crate::database::Connection;
use crate::error::Error;
use crate::mail::{self, Letter};
use crate::settings::Limits;
use crate::state::AppState;
use crate::{accounts, checks, mailboxes};

/// Seconds for which a notice is tried to be delivered.
const NOTICE_LIFE: i64 = 7 * 24 * 60 * 60;
/// The version every envelope starts with.
const SUITE: u8 = 0x01;

/// By which terms a list gives access.
pub enum Terms {
    /// The list was made now. People are new whom none of the lists known so far names.
    Fresh { known: BTreeSet<UserId> },
    /// The list is sent again as it was signed: nobody in it is new. `returned` are those whom a list
    /// between the present one and this one did not name.
    Again { returned: BTreeSet<UserId> },
}

/// Access that the list of a new epoch gives and takes, all checked.
pub struct Giving<'a> {
    list: &'a AccessList,
    request: &'a ItemWriteRequest,
    before: &'a [Member],
    logs: &'a Logs,
    now: i64,
    /// The people who are new, and get a letter.
    pub joining: Vec<UserId>,
    /// The people whom the list names although their access ended. It stays ended.
    ended: BTreeSet<UserId>,
}

impl<'a> Giving<'a> {
    /// Checks that the people of a list may be given access to an item: each has an envelope, and nobody
    /// else has one. New people have confirmed mailboxes, and so has the owner if anybody gains access.
    pub async fn check(
        on: &mut Connection,
        list: &'a AccessList,
        request: &'a ItemWriteRequest,
        before: &'a [Member],
        logs: &'a Logs,
        terms: Terms,
        now: i64,
    ) -> Result<Self, Error> {
        let named = named(list, request)?;
        let ended = before.iter().filter(|member| member.listed && member.ended);
        let ended: BTreeSet<UserId> =
            ended.map(|member| member.user).filter(|user| named.contains(user)).collect();
        let mut giving = Self { list, request, before, logs, now, joining: Vec::new(), ended };
        match terms {
            Terms::Fresh { known } => {
                // The list's owner did not know that the access ended.
                if !giving.ended.is_empty() {
                    return Err(ErrorCode::OwnerFirst.into());
                }
                if giving.list.grants.iter().any(|grant| giving.is_over(grant)) {
                    return Err(ErrorCode::Malformed.into());
                }
                let gaining = giving.gaining();
                giving.joining = gaining.into_iter().filter(|user| !known.contains(user)).collect();
            }
            Terms::Again { returned } => giving.ended.retain(|user| !returned.contains(user)),
        }
        if !giving.gaining().is_empty() && !mailboxes::is_confirmed(on, &list.owner).await? {
            return Err(Error::Because(ErrorCode::NotAllowed, Reason::MailboxNotConfirmed));
        }
        for user in &named {
            logs.of(user)?;
        }
        for user in &giving.joining {
            if !mailboxes::is_confirmed(on, user).await? {
                return Err(ErrorCode::NotFound.into());
            }
        }
        Ok(giving)
    }

    fn is_over(&self, grant: &Grant) -> bool {
        grant.until.is_some_and(|until| until <= self.now.unsigned_abs())
    }

    /// Returns who has access by the list and has none now.
    fn gaining(&self) -> Vec<UserId> {
        let has = |user: &UserId| {
            self.before.iter().any(|member| member.user == *user && member.is_in(self.now))
        };
        let grants = self.list.grants.iter().zip(&self.request.envelopes);
        let gains = grants.filter(|(grant, envelope)| {
            let user = &envelope.user;
            !self.is_over(grant) && !self.ended.contains(user) && !has(user)
        });
        gains.map(|(_, envelope)| envelope.user).collect()
    }

    /// Gives and takes the access.
    pub async fn store(&self, on: &mut Connection) -> Result<(), Error> {
        let Self { list, logs, now, .. } = self;
        let epoch = checks::number(list.epoch)?;
        for member in self.before.iter().filter(|member| list.of(&member.user).is_none()) {
            sqlx::query("UPDATE grants SET listed = 0 WHERE item = $1 AND member = $2")
                .bind(&list.item.0[..])
                .bind(&member.user.0[..])
                .execute(&mut *on)
                .await?;
            if !member.ended {
                end(on, &list.item, &member.user, logs.of(&member.user)?, *now).await?;
            }
        }
        for (grant, envelope) in list.grants.iter().zip(&self.request.envelopes) {
            let permission = match grant.permission {
                Permission::View => 0_i64,
                Permission::Edit => 1,
            };
            let ended = self.ended.contains(&envelope.user).then_some(*now);
            sqlx::query(
                "INSERT INTO grants (item, member, permission, until, epoch, listed, ended, position) \
                 VALUES ($1, $2, $3, $4, $5, 1, $7, $6) ON CONFLICT (item, member) DO UPDATE \
                 SET permission = $3, until = $4, epoch = $5, listed = 1, ended = $7, position = $6",
            )
            .bind(&list.item.0[..])
            .bind(&envelope.user.0[..])
            .bind(permission)
            .bind(grant.until.map(checks::number).transpose()?)
            .bind(epoch)
            .bind(logs.of(&envelope.user)?)
            .bind(ended)
            .execute(&mut *on)
            .await?;
            sqlx::query(
                "INSERT INTO envelopes (item, member, epoch, blob) VALUES ($1, $2, $3, $4)",
            )
            .bind(&list.item.0[..])
            .bind(&envelope.user.0[..])
            .bind(epoch)
            .bind(&envelope.blob[..])
            .execute(&mut *on)
            .await?;
        }
        Ok(())
    }
}

/// Returns whom a list names, each of whom has an envelope.
fn named(list: &AccessList, request: &ItemWriteRequest) -> Result<Vec<UserId>, ErrorCode> {
    let user = |grant: &Grant| match grant.to {
        Grantee::User(user) => Ok(user),
        // There are no groups on this server.
        Grantee::Group { .. } => Err(ErrorCode::NotFound),
    };
    let named: Vec<UserId> = list.grants.iter().map(user).collect::<Result<_, _>>()?;
    let enclosed = request.envelopes.iter().map(|envelope| &envelope.user);
    if !named.iter().eq(enclosed) {
        return Err(ErrorCode::Malformed);
    }
    for envelope in &request.envelopes {
        let blob = &envelope.blob;
        if blob.len() != limits::ENVELOPE || blob[0] != SUITE {
            return Err(ErrorCode::Malformed);
        }
    }
    Ok(named)
}

/// The item moved on for everybody who has access.
pub async fn moved(
    on: &mut Connection,
    item: &ItemId,
    members: &[Member],
    logs: &Logs,
) -> Result<(), Error> {
    for member in members.iter().filter(|member| !member.ended) {
        sqlx::query("UPDATE grants SET position = $3 WHERE item = $1 AND member = $2")
            .bind(&item.0[..])
            .bind(&member.user.0[..])
            .bind(logs.of(&member.user)?)
            .execute(&mut *on)
            .await?;
    }
    Ok(())
}

/// Mails everyone who joined that the item is there, unless there were enough such letters today.
pub async fn write_to(
    on: &mut Connection,
    item: &ItemId,
    owner: &UserId,
    joining: &[UserId],
    limits: &Limits,
    now: i64,
) -> Result<(), sqlx::Error> {
    for user in joining {
        if !mail::notices::count(on, item, (owner, user), limits, now).await? {
            continue;
        }
        let from = accounts::address(on, owner).await?;
        let address = accounts::address(on, user).await?;
        let letter = Letter::Shared { from, item: item.to_string() };
        mail::send(on, &address, &letter, now, now + NOTICE_LIFE).await?;
    }
    Ok(())
}

/// Other writers of this item wait from here on until this transaction ends. Gives its owner.
pub async fn lock(on: &mut Connection, item: &ItemId) -> Result<Option<UserId>, sqlx::Error> {
    let row = sqlx::query("UPDATE items SET revision = revision WHERE id = $1 RETURNING owner")
        .bind(&item.0[..])
        .fetch_optional(on)
        .await?;
    row.map(|row| id(&row, 0)).transpose()
}

/// Tells everybody who listens. To be called after the commit.
pub fn tell(state: &AppState, logs: &Logs) {
    for (user, position) in logs.iter() {
        state.feed.changed(user, position);
    }
}

/// The envelopes to a member, of all epochs but the present one.
pub async fn keys(
    on: &mut Connection,
    user: &UserId,
    item: &ItemId,
) -> Result<Vec<EpochKey>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT e.epoch, e.blob FROM envelopes e JOIN grants g \
         ON g.item = e.item AND g.member = e.member AND g.epoch <> e.epoch \
         WHERE e.item = $1 AND e.member = $2 ORDER BY e.epoch",
    )
    .bind(&item.0[..])
    .bind(&user.0[..])
    .fetch_all(on)
    .await?;
    let key = |row: &sqlx::any::AnyRow| {
        let epoch: i64 = row.try_get(0)?;
        Ok(EpochKey { epoch: epoch.unsigned_abs(), key: bytes(row, 1)? })
    };
    rows.iter().map(key).collect()
}
