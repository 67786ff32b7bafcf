//! A server that was restored from a backup and says so by a new epoch. Nothing held here is given
//! up: where the server is behind it gets again, as it was signed, what it lost. Where somebody wrote
//! on from an older revision meanwhile, what is held here is merged over that, above both numbers.

use std::collections::BTreeSet;

use mysafe_protocol::ItemId;
use mysafe_protocol::wire::{
    AccountRecord, ChangesResponse, ErrorCode, ItemState, WriteAgainRequest,
};

use super::chain::Chain;
use super::host::{Local, Remote, RemoteError};
use super::push::{Done, TRIES, server_code};
use super::report::{BOTH_CHANGED, NOT_DELETED, Notice, Outcome, RESTORED};
use super::take::nothing_waits;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Held, LocalItem, Put, Refusal, Store, keys};

/// A page of a new epoch's log.
pub(super) struct Reading<'m> {
    /// There are more.
    pub(super) more: bool,
    /// After the last: what came in none.
    pub(super) missing: Option<&'m Missing>,
}

/// What this device has and the log, from its beginning, did not bring yet.
pub(super) struct Missing {
    pub(super) items: BTreeSet<ItemId>,
    uses: BTreeSet<ItemId>,
}

impl Missing {
    /// A page came.
    pub(super) fn came(&mut self, page: &ChangesResponse) {
        for item in page.items.iter().map(|state| &state.item).chain(&page.ended) {
            self.items.remove(item);
        }
        for used in &page.uses {
            self.uses.remove(&used.item);
        }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// What this device accepted from the server, and the uses it knows.
    pub(super) async fn missing(&self) -> Result<Missing, SyncError<L::Error>> {
        let (mut items, mut uses) = (BTreeSet::new(), BTreeSet::new());
        for entry in self.vault.entries() {
            // What cannot be read was there.
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

    /// Notes, with the page it is stored with, what of it the server is to get again.
    pub(super) async fn plan_again(
        &mut self,
        reading: &Reading<'_>,
        behind: Vec<ItemId>,
        record: Option<AccountRecord>,
    ) -> Result<(Vec<Put>, Option<Notice>), SyncError<L::Error>> {
        let mut again = self.again().await?;
        again.record = record;
        again.reading = reading.more;
        again.items.extend(behind);
        let mut puts = Vec::new();
        if let Some(missing) = reading.missing {
            // What others own is theirs to give back.
            let own = missing.items.iter().filter(|item| !self.vault.is_theirs(item));
            again.items.extend(own);
            for item in &missing.uses {
                puts.extend(self.vault.waiting_use(item, self.random));
            }
        }
        let told = (!again.reading && !again.items.is_empty()).then(|| Notice {
            code: RESTORED.to_owned(),
            item: None,
            name: None,
        });
        puts.push(self.vault.seal_state(keys::AGAIN, &again.encode(), self.random));
        Ok((puts, told))
    }

    /// Sends again what a restored server lost. Whether there was anything.
    pub(super) async fn send_again(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<bool, SyncError<L::Error>> {
        let items = self.again().await?.items;
        for item in &items {
            let sent = match self.send_item(item, outcome).await {
                Err(SyncError::Damaged) => Err(Refusal::Damaged.code()),
                sent => sent?,
            };
            if let Err(code) = sent {
                self.refuse(item, code, outcome).await?;
            }
            self.sent_again(item, sent.is_ok()).await?;
        }
        Ok(!items.is_empty())
    }

    /// One item, until the server has what is held here; or why not.
    async fn send_item(
        &mut self,
        item: &ItemId,
        outcome: &mut Outcome,
    ) -> Result<Result<(), &'static str>, SyncError<L::Error>> {
        let mut on_server: Option<Box<ItemState>> = None;
        let mut named = true;
        for _ in 0..TRIES {
            let local = self.local_item(item).await?;
            let (Some(state), Some(held)) = (&local.state, self.held(item).await?) else {
                return Ok(Err(Refusal::Incomplete.code()));
            };
            let chain = self.chain(item).await?.to(&state.revision);
            let (base, at, between) = match &on_server {
                None => (0, None, chain.0),
                Some(current) => {
                    let theirs = match self.vault.accept(item, None, current, &[]) {
                        Ok(accepted) => accepted.held,
                        Err(refusal) => return Ok(Err(refusal.code())),
                    };
                    if theirs.hash == held.hash {
                        return Ok(Ok(()));
                    }
                    if theirs.revision >= held.revision {
                        match self.take_item(item, Some(held), current, outcome).await? {
                            Ok(Some(new)) => {
                                outcome.taken += u32::from(new);
                                return Ok(Ok(()));
                            }
                            Ok(None) => continue,
                            Err(refusal) => return Ok(Err(refusal.code())),
                        }
                    }
                    let Some(between) = chain.after(theirs.hash, &state.revision) else {
                        match self.write_over(&held, &theirs, current, &chain, outcome).await? {
                            Ok(true) => return Ok(Ok(())),
                            Ok(false) => continue,
                            Err(refusal) => return Ok(Err(refusal.code())),
                        }
                    };
                    (theirs.revision, Some(theirs.epoch), between)
                }
            };
            let Ok(mut write) = self.vault.write_again(state, base, at, self.random) else {
                return Ok(Err(Refusal::Unreadable.code()));
            };
            write.identifier = write.identifier.filter(|_| named);
            let request = WriteAgainRequest { write, between };
            match self.remote.write_again(item, &request).await {
                Ok(_) => {
                    outcome.sent += 1;
                    return Ok(Ok(()));
                }
                Err(RemoteError::Stale(current)) => on_server = current,
                // Another item has it on the restored server. The next write of this one says so.
                Err(RemoteError::Refused(ErrorCode::IdentifierTaken)) if named => named = false,
                Err(RemoteError::Refused(code)) => return Ok(Err(server_code(code))),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Err(Refusal::WentBack.code()))
    }

    /// The server went on from an older revision than the held one: what is here is written over
    /// that, and waits. Not if another context moved on meanwhile.
    async fn write_over(
        &mut self,
        held: &Held,
        theirs: &Held,
        current: &ItemState,
        chain: &Chain,
        outcome: &mut Outcome,
    ) -> Result<Result<bool, Refusal>, SyncError<L::Error>> {
        let item = &current.item;
        let shared = self.shared(current, theirs.revision, chain).await?;
        let _guard = self.local.lock().await.map_err(SyncError::Store)?;
        self.reload().await?;
        if self.held(item).await?.as_ref() != Some(held) {
            return Ok(Ok(false));
        }
        let local = self.local_item(item).await?;
        let (changes, told) = if local.is_deleted() {
            // What somebody works with is not deleted by who did not know of it.
            let accepted = self.vault.accept(item, None, current, &[]);
            let Ok(accepted) = accepted else { return Ok(Err(Refusal::Unreadable)) };
            self.vault.confirm(accepted);
            let cache = self.vault.cache(self.random);
            (nothing_waits(item).into_iter().chain(cache).collect(), Some(NOT_DELETED))
        } else {
            let written = self.vault.write_over(&local, shared, current, self.now, self.random);
            let Ok((change, conflicts)) = written else { return Ok(Err(Refusal::Unreadable)) };
            (change.puts, (!conflicts.is_empty()).then_some(BOTH_CHANGED))
        };
        // Its number is above both.
        let mut puts =
            self.item_puts(&LocalItem { state: None, ..local }, current, theirs, &[]).await?;
        puts.push(Put::remove(Store::State, keys::bodies(item)));
        puts.push(Put::remove(Store::Outbox, keys::sent(item)));
        puts.extend(changes);
        if let Some(code) = told {
            let notice = Notice { code: code.to_owned(), item: Some(*item), name: None };
            puts.push(self.reports_with(std::slice::from_ref(&notice)).await?);
            outcome.notices.push(notice);
        }
        let mut again = self.again().await?;
        again.items.remove(item);
        puts.push(self.vault.seal_state(keys::AGAIN, &again.encode(), self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        Ok(Ok(true))
    }

    /// The revision from which both the held one and the server's come, if the server still has it.
    async fn shared(
        &self,
        current: &ItemState,
        number: u64,
        chain: &Chain,
    ) -> Result<Option<ItemState>, SyncError<L::Error>> {
        let versions = match self.remote.history(&current.item, number).await {
            Ok(answer) => answer.versions,
            Err(
                error @ (RemoteError::Offline | RemoteError::SignInEnded | RemoteError::Revoked),
            ) => {
                return Err(error.into());
            }
            // Without it every difference counts as changed on both sides.
            Err(_) => return Ok(None),
        };
        let ours = |hash| chain.0.iter().any(|signed| signed.hash() == hash);
        let found = versions.into_iter().find(|version| ours(version.revision.hash()));
        let state = found.map(|version| ItemState {
            revision: version.revision,
            overview: version.overview,
            details: version.details,
            ..current.clone()
        });
        Ok(state.filter(|state| {
            let local = LocalItem { state: Some(state.clone()), pending: None };
            self.vault.form(&current.item, &local).is_ok()
        }))
    }

    /// Nothing of an item is to be sent again any more. If the server has it, what was said of the
    /// item is over.
    async fn sent_again(&mut self, item: &ItemId, sent: bool) -> Done<L> {
        let _guard = self.local.lock().await.map_err(SyncError::Store)?;
        self.reload().await?;
        let mut again = self.again().await?;
        if !again.items.remove(item) {
            return Ok(());
        }
        if sent {
            self.vault.cleared(item);
        }
        let put = self.vault.seal_state(keys::AGAIN, &again.encode(), self.random);
        let mut puts = vec![put];
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)
    }
}
