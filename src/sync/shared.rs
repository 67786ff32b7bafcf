//! Items of others: access to them that ended, that is given up, and what is put aside because the
//! address of its owner is pinned to other keys.

use std::collections::BTreeSet;

use minicbor::bytes::ByteVec;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{ItemId, Status, UserId, limits};

use super::host::{Local, Remote, RemoteError};
use super::report::{ACCESS_ENDED, Notice, Outcome};
use super::take::nothing_waits;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::model::line;
use crate::vault::{LocalItem, Met, OpenError, Put, Refusal, Store, Vault, keys};

/// Why access is not given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeaveError {
    /// It is not somebody else's item.
    #[error("own")]
    Own,
    /// It is not here.
    #[error("no such item")]
    Gone,
}

/// Items put aside, each with its owner.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Strangers(pub(super) BTreeSet<(ItemId, UserId)>);

impl Strangers {
    pub(super) fn encode(&self) -> Vec<u8> {
        let bytes = |id: &[u8]| ByteVec::from(id.to_vec());
        let list: Vec<(ByteVec, ByteVec)> =
            self.0.iter().map(|(item, user)| (bytes(&item.0), bytes(&user.0))).collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(ByteVec, ByteVec)> = minicbor::decode(bytes)?;
        let pair = |(item, user): &(ByteVec, ByteVec)| {
            let item = ItemId::try_from(item.as_slice()).map_err(|_| Malformed)?;
            Ok((item, UserId::try_from(user.as_slice()).map_err(|_| Malformed)?))
        };
        let aside = Self(list.iter().map(pair).collect::<Result<_, Malformed>>()?);
        if aside.encode() == bytes { Ok(aside) } else { Err(Malformed) }
    }
}

/// Whose items were refused because their addresses are pinned to other keys: what a device stores under
/// [`keys::STRANGERS`].
pub fn strangers(vault: &Vault, stored: Option<&[u8]>) -> Result<Vec<UserId>, OpenError> {
    let Some(stored) = stored else { return Ok(Vec::new()) };
    let opened = vault.open_state(keys::STRANGERS, stored)?;
    let aside = Strangers::decode(&opened).map_err(|_| OpenError::Damaged)?;
    let owners: BTreeSet<UserId> = aside.0.into_iter().map(|(_, owner)| owner).collect();
    Ok(owners.into_iter().filter(|owner| vault.met(owner) == Met::KeyChanged).collect())
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Gives up the access to an item of somebody else. What was not sent becomes a draft.
    pub async fn leave(
        &mut self,
        item: &ItemId,
    ) -> Result<Result<(), LeaveError>, SyncError<L::Error>> {
        self.reload().await?;
        match self.vault.entry(item).map(|entry| entry.access.owner) {
            None => return Ok(Err(LeaveError::Gone)),
            Some(None) => return Ok(Err(LeaveError::Own)),
            Some(Some(_)) => {}
        }
        match self.server().await?.leave(item).await {
            // It had ended already.
            Ok(()) | Err(RemoteError::Refused(mysafe_protocol::wire::ErrorCode::NotFound)) => {}
            Err(error) => return Err(error.into()),
        }
        self.end_access(item, None).await?;
        Ok(Ok(()))
    }

    /// Takes items of others off this device whose time is over by the clocks, whatever the server says.
    pub(super) async fn end_over(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<(), SyncError<L::Error>> {
        for item in self.vault.ended_here(&self.clock().await?) {
            self.end_access(&item, Some(outcome)).await?;
        }
        Ok(())
    }

    /// Takes an item of somebody else off this device, in a transaction of its own.
    pub(super) async fn end_access(
        &mut self,
        item: &ItemId,
        outcome: Option<&mut Outcome>,
    ) -> Result<(), SyncError<L::Error>> {
        let _guard = self.lock().await?;
        self.reload().await?;
        let (mut puts, notices) = self.plan_end(item).await?;
        if let Some(outcome) = outcome {
            if !notices.is_empty() {
                puts.push(self.reports_with(&notices).await?);
            }
            outcome.notices.extend(notices);
        }
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)
    }

    /// What to store because the access to an item ended, and what to tell. What was not sent becomes a
    /// draft; the numbers held stay.
    pub(super) async fn plan_end(
        &mut self,
        item: &ItemId,
    ) -> Result<(Vec<Put>, Vec<Notice>), SyncError<L::Error>> {
        let Some(entry) = self.vault.entry(item) else { return Ok((Vec::new(), Vec::new())) };
        if entry.access.owner.is_none() {
            // Own items leave only by a signed deletion.
            let code = Refusal::Incomplete.code().to_owned();
            self.vault.mark(item, Some(Refusal::Incomplete.code()));
            return Ok((Vec::new(), vec![Notice::of(&code, *item)]));
        }
        let told = self.leaves(item, ACCESS_ENDED);
        // An item that cannot be read leaves as any other, and nothing of it can be kept.
        let before = unless_damaged(self.local_item(item).await)?.unwrap_or_else(LocalItem::none);
        let kept = unless_damaged(self.keep_as_draft(item, &before).await)?;
        let mut puts = kept.unwrap_or_default();
        puts.extend(self.move_draft(item, !puts.is_empty()).await?);
        puts.extend(self.keep_unsent_lines(item, &before).await?);
        puts.extend(nothing_waits(item));
        puts.push(Put::remove(Store::Outbox, keys::used(item)));
        puts.push(Put::remove(Store::Items, keys::item(item)));
        puts.push(Put::remove(Store::State, keys::bodies(item)));
        let past = self.state_keys(&keys::past_of(item)).await?;
        puts.extend(past.into_iter().map(|key| Put::remove(Store::State, key)));
        self.vault.forget(item);
        Ok((puts, told.into_iter().collect()))
    }

    /// What to tell when an item of somebody else leaves; nothing if it did already.
    pub(super) fn leaves(&self, item: &ItemId, code: &str) -> Option<Notice> {
        let entry = self.vault.entry(item)?;
        let here = entry.access.owner.is_some() && entry.status != Status::Deleted;
        here.then(|| Notice { name: self.shown_name(item), ..Notice::of(code, *item) })
    }

    /// The name of an item, for a notice that may be all that is left of it.
    pub(super) fn shown_name(&self, item: &ItemId) -> Option<String> {
        self.vault.entry(item).map(|entry| line(&entry.overview.name, limits::NAME))
    }

    /// What to store to ask again for these items once their owners are accepted.
    pub(super) async fn plan_aside(
        &mut self,
        refused: BTreeSet<(ItemId, UserId)>,
    ) -> Result<Option<Put>, SyncError<L::Error>> {
        if refused.is_empty() {
            return Ok(None);
        }
        let mut aside = self.put_aside().await?;
        aside.0.extend(refused);
        Ok(Some(self.vault.seal_state(keys::STRANGERS, &aside.encode(), self.random)))
    }

    /// Asks again for what was put aside, of whoever was accepted since.
    pub(super) async fn take_aside(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<(), SyncError<L::Error>> {
        for (item, owner) in self.put_aside().await?.0 {
            if self.vault.met(&owner) == Met::KeyChanged {
                continue;
            }
            let held = self.held(&item).await?;
            match self.asked(&item).await? {
                Ok(state) => match self.take_item(&item, held, &state, outcome).await? {
                    Ok(new) => outcome.taken += u32::from(new == Some(true)),
                    Err(refusal) => self.refuse(&item, refusal.code(), outcome).await?,
                },
                // It is there no more.
                Err(RemoteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
            let _guard = self.lock().await?;
            let mut aside = self.put_aside().await?;
            aside.0.remove(&(item, owner));
            let put = match aside.0.is_empty() {
                true => Put::remove(Store::State, keys::STRANGERS),
                false => self.vault.seal_state(keys::STRANGERS, &aside.encode(), self.random),
            };
            self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
        }
        Ok(())
    }

    /// Returns what was put aside. Damaged, the log tells it again.
    pub(super) async fn put_aside(&self) -> Result<Strangers, SyncError<L::Error>> {
        let stored = unless_damaged(self.state(keys::STRANGERS).await)?.flatten();
        Ok(stored.and_then(|bytes| Strangers::decode(&bytes).ok()).unwrap_or_default())
    }
}
