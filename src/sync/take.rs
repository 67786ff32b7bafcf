//! Taking one item from the server: accepted as a whole or refused as a whole, and what a write
//! that waits becomes over it.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::{ItemState, ItemWriteRequest};
use mysafe_protocol::{ItemId, Revision, Signed, UserId};

use super::host::{Local, Remote, RemoteError};
use super::report::{
    BOTH_CHANGED, DELETED, NOT_DELETED, Notice, Outcome, UNSENT_DELETED, VIEW_ONLY,
};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Accepted, Held, LocalItem, Put, Refusal, Store, keys, state_of};

/// What to store to have an item, and whether it is news; or why it is refused.
pub(super) type Planned = Result<(bool, Vec<Put>, Vec<Notice>), Refusal>;

/// What this device has of an item, as it is stored.
pub(super) struct Had {
    pub(super) held: Option<Held>,
    /// What is held cannot be read.
    damaged: bool,
    state: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Takes one item outside a page, in its own transaction. `None` if another context of this
    /// device moved on from `held` meanwhile, or else whether it was news.
    pub(super) async fn take_item(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        state: &ItemState,
        outcome: &mut Outcome,
    ) -> Result<Result<Option<bool>, Refusal>, SyncError<L::Error>> {
        let between = self.between(item, state, held).await?;
        let _guard = self.local.lock().await.map_err(SyncError::Store)?;
        self.reload().await?;
        let had = self.had(&[*item]).await?.into_iter().next();
        let Some(had) = had.filter(|had| had.held == held) else { return Ok(Ok(None)) };
        let (new, mut puts, notices) = match self.plan_item(item, state, had, &between).await? {
            Ok(planned) => planned,
            Err(Refusal::AccessEnded) => {
                let (puts, notices) = self.plan_end(item).await?;
                (false, puts, notices)
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !notices.is_empty() {
            puts.push(self.reports_with(&notices).await?);
        }
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        outcome.notices.extend(notices);
        Ok(Ok(Some(new)))
    }

    /// The bodies after the held revision, asked for only if they are needed to decide. The
    /// server may give them in several answers.
    pub(super) async fn between(
        &mut self,
        item: &ItemId,
        state: &ItemState,
        held: Option<Held>,
    ) -> Result<Vec<Signed>, SyncError<L::Error>> {
        self.know_signers(state).await?;
        let mut bodies: Vec<Signed> = Vec::new();
        let Some(held) = held else { return Ok(bodies) };
        let undecided = self.vault.accept(item, Some(&held), state, &[]).err();
        if undecided != Some(Refusal::NeedsBetween) {
            return Ok(bodies);
        }
        let (newest, mut after) = (state.revision.hash(), held.revision);
        loop {
            let more = match self.remote.revisions(item, after).await {
                Ok(answer) => answer.revisions,
                Err(
                    error
                    @ (RemoteError::Offline | RemoteError::SignInEnded | RemoteError::Revoked),
                ) => {
                    return Err(error.into());
                }
                // Withheld: this item is refused for it, the others go on.
                Err(_) => return Ok(Vec::new()),
            };
            self.know_authors(&more).await?;
            let Some(last) = more.last() else { return Ok(bodies) };
            let number = self.vault.read_revision(last).map(|revision| revision.revision);
            // An endless answer would need endless revisions that somebody signed.
            if number.is_some_and(|number| number <= after) {
                return Ok(bodies);
            }
            let found = more.iter().any(|signed| signed.hash() == newest);
            bodies.extend(more);
            match number {
                Some(number) if !found => after = number,
                _ => return Ok(bodies),
            }
        }
    }

    /// What this device has of these items, asked for at once: a page has hundreds.
    pub(super) async fn had(&self, items: &[ItemId]) -> Result<Vec<Had>, SyncError<L::Error>> {
        let wanted = items.iter().flat_map(|item| {
            let (key, write) = (keys::item(item), keys::write(item));
            [(Store::State, key.clone()), (Store::Items, key), (Store::Outbox, write)]
        });
        let wanted: Vec<_> = wanted.collect();
        let mut values = self.local.get_all(&wanted).await.map_err(SyncError::Store)?.into_iter();
        let mut had = Vec::with_capacity(items.len());
        while let (Some(held), Some(state), Some(pending)) =
            (values.next(), values.next(), values.next())
        {
            let key = &wanted[had.len() * 3].1;
            let stored = held.is_some();
            let held = held.and_then(|blob| self.vault.open_state(key, &blob).ok());
            let held = held.and_then(|bytes| Held::decode(&bytes).ok());
            had.push(Had { held, damaged: stored && held.is_none(), state, pending });
        }
        Ok(had)
    }

    /// What this device accepted last of an item.
    pub(super) async fn held(&self, item: &ItemId) -> Result<Option<Held>, SyncError<L::Error>> {
        match self.state(&keys::item(item)).await? {
            Some(bytes) => Ok(Some(Held::decode(&bytes).map_err(|_| SyncError::Damaged)?)),
            None => Ok(None),
        }
    }

    /// What to store to have this item; whether it is news. A write that waits is made again
    /// over it.
    pub(super) async fn plan_item(
        &mut self,
        item: &ItemId,
        state: &ItemState,
        had: Had,
        between: &[Signed],
    ) -> Result<Planned, SyncError<L::Error>> {
        if had.damaged {
            return Ok(Err(Refusal::Damaged));
        }
        let held = had.held;
        let accepted = match self.vault.accept(item, held.as_ref(), state, between) {
            Ok(accepted) => accepted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if held == Some(accepted.held) {
            self.vault.cleared(item);
            return Ok(Ok((false, Vec::new(), Vec::new())));
        }
        let before = self.vault.local(item, had.state.as_deref(), had.pending.as_deref())?;
        let mut puts = self.item_puts(&before, state, &accepted.held, between).await?;
        if accepted.revision.status == Status::Deleted {
            let mut kept = self.keep_as_draft(item, &before).await?;
            kept.extend(self.move_draft(item, !kept.is_empty()).await?);
            let unsent = kept.iter().any(|put| put.store == Store::Drafts);
            puts.extend(kept);
            let name = self.vault.entry(item).map(|entry| entry.overview.name.clone());
            let own = || Notice { code: UNSENT_DELETED.to_owned(), item: Some(*item), name };
            let theirs = self.vault.is_theirs(item);
            let told = self.leaves(item, DELETED).or_else(|| (unsent && !theirs).then(own));
            self.vault.confirm(accepted);
            return Ok(Ok((true, puts, told.into_iter().collect())));
        }
        let Some(pending) = &before.pending else {
            self.vault.confirm(accepted);
            return Ok(Ok((true, puts, Vec::new())));
        };
        let arrived = self.arrived(item, &accepted, between).await?;
        if arrived.as_ref().is_some_and(|write| write.operation == pending.operation) {
            // The server has it, only its answer was lost.
            self.vault.confirm(accepted);
            puts.extend(nothing_waits(item));
            return Ok(Ok((true, puts, Vec::new())));
        }
        if arrived.is_none() && is_deletion(pending) {
            // What somebody works with is not deleted by who did not know of it.
            self.vault.confirm(accepted);
            puts.extend(nothing_waits(item));
            let notice = Notice { code: NOT_DELETED.to_owned(), item: Some(*item), name: None };
            return Ok(Ok((true, puts, vec![notice])));
        }
        if !self.vault.may_edit(&accepted) {
            // What was not sent is not lost, but goes nowhere any more.
            let name = Some(accepted.overview.name.clone());
            puts.extend(self.keep_as_draft(item, &before).await?);
            self.vault.confirm(accepted);
            let notice = Notice { code: VIEW_ONLY.to_owned(), item: Some(*item), name };
            return Ok(Ok((true, puts, vec![notice])));
        }
        let mut base = before.clone();
        if let Some(write) = &arrived
            && let Some(state) = state_of(item, state.owner, &before, write)
        {
            base.state = Some(state);
        }
        let after = LocalItem { state: Some(state.clone()), pending: None };
        let mut notices = Vec::new();
        match self.vault.rebase(&base, &after, self.now, self.random) {
            Ok((change, conflicts)) => {
                puts.extend(change.puts);
                if !conflicts.is_empty() {
                    // The other value is in the revision that this one goes over.
                    notices.push(Notice {
                        code: BOTH_CHANGED.to_owned(),
                        item: Some(*item),
                        name: None,
                    });
                }
            }
            Err(_) => return Ok(Err(Refusal::Unreadable)),
        }
        puts.push(Put::remove(Store::Outbox, keys::sent(item)));
        Ok(Ok((true, puts, notices)))
    }

    /// The newest of the writes sent from here that the accepted revision is or follows, though
    /// no answer said so: what is waiting now was made over that one.
    async fn arrived(
        &mut self,
        item: &ItemId,
        accepted: &Accepted,
        between: &[Signed],
    ) -> Result<Option<ItemWriteRequest>, SyncError<L::Error>> {
        let stored = self.local.get(Store::Outbox, &keys::sent(item)).await;
        let Some(blob) = stored.map_err(SyncError::Store)? else { return Ok(None) };
        // Damaged, it is not known that it arrived: then it merges as another's would.
        let sent = self.vault.open_sent(item, &blob).unwrap_or_default();
        Ok(sent.into_iter().rev().find(|write| {
            let hash = write.revision.hash();
            accepted.held.hash == hash
                || accepted.revision.prev == Some(hash)
                || between.iter().any(|signed| signed.hash() == hash)
        }))
    }

    /// An item as this device has it.
    pub(super) async fn local_item(&self, item: &ItemId) -> Result<LocalItem, SyncError<L::Error>> {
        let state = self.local.get(Store::Items, &keys::item(item)).await;
        let pending = self.local.get(Store::Outbox, &keys::write(item)).await;
        let (state, pending) =
            (state.map_err(SyncError::Store)?, pending.map_err(SyncError::Store)?);
        Ok(self.vault.local(item, state.as_deref(), pending.as_deref())?)
    }

    /// The item as the server has it, and that this was accepted; `between` leads to it from what
    /// was there before.
    pub(super) async fn item_puts(
        &mut self,
        before: &LocalItem,
        state: &ItemState,
        held: &Held,
        between: &[Signed],
    ) -> Result<Vec<Put>, SyncError<L::Error>> {
        let bytes = minicbor_serde::to_vec(state).expect("writing to memory cannot fail");
        let key = keys::item(&state.item);
        let mut puts = vec![
            self.vault.seal_state(&key, &held.encode(), self.random),
            Put::set(Store::Items, key, bytes),
        ];
        if let Some(old) = &before.state {
            let mut chain = self.chain(&state.item).await?;
            chain.grow(&old.revision, between, &state.revision);
            let key = keys::bodies(&state.item);
            puts.push(self.vault.seal_state(&key, &chain.encode(), self.random));
        }
        Ok(puts)
    }
}

/// Whether a write deletes its item.
pub(super) fn is_deletion(write: &ItemWriteRequest) -> bool {
    Revision::read(&write.revision).is_ok_and(|revision| revision.status == Status::Deleted)
}

/// Nothing of an item waits any more.
pub(super) fn nothing_waits(item: &ItemId) -> [Put; 2] {
    [keys::write(item), keys::sent(item)].map(|key| Put::remove(Store::Outbox, key))
}

/// What is held of an item that the server confirmed to this user.
pub(super) fn held_of(me: &UserId, state: &ItemState) -> Option<Held> {
    let revision = Revision::read(&state.revision).ok()?;
    let owner = Some(state.owner).filter(|owner| owner != me);
    Some(Held { owner, ..Held::of(&revision, state.revision.hash()) })
}
