//! A reading of the log from its beginning: after a new epoch of the server, or a position that it does not
//! have any more. What a device has and the whole log did not bring, the server lost or withholds.

use std::collections::BTreeSet;

use mysafe_protocol::ItemId;
use mysafe_protocol::wire::{ChangesResponse, ErrorCode, ItemState};

use super::again::Again;
use super::host::{Local, Remote, RemoteError};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Put, Refusal};

/// A page of such a reading.
pub(super) struct Reading<'m> {
    /// The server says that a new epoch began.
    pub(super) restored: bool,
    /// There are more pages.
    pub(super) more: bool,
    /// After the last page: the things that came in none.
    pub(super) missing: Option<&'m Missing>,
}

/// Things that this device has and the log, from its beginning, did not bring yet.
pub(super) struct Missing {
    pub(super) items: BTreeSet<ItemId>,
    uses: BTreeSet<ItemId>,
}

impl Missing {
    /// A page came. An own item that it calls ended is not there, and not deleted either.
    pub(super) fn came(&mut self, page: &ChangesResponse, own: impl Fn(&ItemId) -> bool) {
        let ended = page.ended.iter().filter(|item| !own(item));
        for item in page.items.iter().map(|state| &state.item).chain(ended) {
            self.items.remove(item);
        }
        for used in &page.uses {
            self.uses.remove(&used.item);
        }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Whether a stranger has this user's item, by its id: a server that lost it took one of theirs, which they
    /// signed. The user's own is not there, and takes the id back once it is sent.
    pub(super) async fn is_taken(
        &mut self,
        state: &ItemState,
    ) -> Result<bool, SyncError<L::Error>> {
        let user = self.vault.user();
        if state.owner == user || !state.item.is_of(&user) {
            return Ok(false);
        }
        self.know_signers(state).await?;
        let judged = self.vault.judge(&state.item, state);
        Ok(matches!(judged, Ok(_) | Err(Refusal::KeyChanged)))
    }

    /// Asks for an item. One that a stranger took is not there.
    pub(super) async fn asked(
        &mut self,
        item: &ItemId,
    ) -> Result<Result<ItemState, RemoteError>, SyncError<L::Error>> {
        let found = self.server().await?.item(item).await;
        if let Ok(state) = &found
            && self.is_taken(state).await?
        {
            return Ok(Err(RemoteError::Refused(ErrorCode::NotFound)));
        }
        Ok(found)
    }

    /// Returns the items that this device accepted from the server, and the uses it knows.
    pub(super) async fn missing(&self) -> Result<Missing, SyncError<L::Error>> {
        let (mut items, mut uses) = (BTreeSet::new(), BTreeSet::new());
        for entry in self.vault.entries() {
            // A state that cannot be read was there.
            let held = async || unless_damaged(self.held(&entry.id).await);
            if !entry.waiting || held().await?.is_none_or(|held| held.is_some()) {
                items.insert(entry.id);
            }
            if entry.last_use > 0 {
                uses.insert(entry.id);
            }
        }
        Ok(Missing { items, uses })
    }

    /// Notes own items that the whole log did not bring, to be sent again, and after a restore those of which
    /// older bodies are here, which the server may lack. Gives what to store of uses.
    pub(super) async fn plan_missing(
        &mut self,
        reading: &Reading<'_>,
        again: &mut Again,
    ) -> Result<Vec<Put>, SyncError<L::Error>> {
        again.reading = reading.restored && reading.more;
        let mut puts = Vec::new();
        if reading.restored && !reading.more {
            let own = self.vault.entries().filter(|entry| !self.vault.is_theirs(&entry.id));
            let own: Vec<ItemId> = own.map(|entry| entry.id).collect();
            for item in own {
                if !self.kept(&item).await?.0.is_empty() {
                    again.items.insert(item);
                }
            }
        }
        if let Some(missing) = reading.missing {
            // Items of others are theirs to give back.
            let own = missing.items.iter().filter(|item| !self.vault.is_theirs(item));
            again.items.extend(own);
            for item in &missing.uses {
                puts.extend(self.vault.waiting_use(item, self.random));
            }
        }
        Ok(puts)
    }
}
