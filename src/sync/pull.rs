//! In: what changed since the cursor, page by page. The cursor is stored in the same transaction
//! as the page it stands behind.

use std::collections::BTreeSet;

use mysafe_protocol::bytes::ServerEpoch;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::wire::{ChangesQuery, ChangesResponse};
use mysafe_protocol::{ItemId, limits};

use super::host::{Local, Progress, Remote};
use super::report::{Notice, Outcome};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{OpenError, Refusal, Vault, keys};

/// Where a device stands in the server's log of changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cursor {
    pub(super) epoch: ServerEpoch,
    pub(super) position: u64,
}

impl Cursor {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.epoch.0);
        fields.put(2, self.position);
        fields.encode()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self { epoch: ServerEpoch(fields.need_array(1)?), position: fields.need(2)? })
    }
}

/// The position of a stored cursor.
pub fn position(vault: &Vault, cursor: &[u8]) -> Result<u64, OpenError> {
    let opened = vault.open_state(keys::CURSOR, cursor)?;
    Cursor::decode(&opened).map(|cursor| cursor.position).map_err(|_| OpenError::Damaged)
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    pub(super) async fn pull(&mut self, outcome: &mut Outcome) -> Result<(), SyncError<L::Error>> {
        // While the log comes from its beginning: the held items that did not come yet.
        let mut missing: Option<BTreeSet<ItemId>> = None;
        let mut restarts = 0;
        loop {
            let cursor = self.cursor().await?;
            let query = ChangesQuery {
                epoch: cursor.map(|cursor| cursor.epoch),
                position: cursor.map(|cursor| cursor.position),
                limit: Some(limits::PAGE),
            };
            let page = self.remote.changes(&query).await?;
            let next = Cursor { epoch: page.epoch, position: page.position };
            let restart = cursor
                .is_none_or(|cursor| cursor.epoch != next.epoch || next.position < cursor.position);
            if restart {
                restarts += 1;
                missing = Some(self.held_items().await?);
            }
            if let Some(missing) = &mut missing {
                for state in &page.items {
                    missing.remove(&state.item);
                }
            }
            // A server that says "more" without moving on would keep us here for ever.
            let forward = cursor.is_some_and(|cursor| next.position > cursor.position);
            let more = page.more && if restart { restarts == 1 } else { forward };
            let total = page.total;
            if !self.take_page(cursor, page, next, outcome).await? {
                // Another context took a page: the log goes on from its cursor.
                missing = None;
            } else if more {
                self.local.took_page(self.progress(total)).await;
            } else {
                break;
            }
        }
        for item in missing.unwrap_or_default() {
            self.refuse(&item, Refusal::Incomplete.code(), outcome).await?;
        }
        self.need_record(outcome).await
    }

    /// Whether the page was taken: not if the cursor moved while it was on its way.
    async fn take_page(
        &mut self,
        cursor: Option<Cursor>,
        page: ChangesResponse,
        next: Cursor,
        outcome: &mut Outcome,
    ) -> Result<bool, SyncError<L::Error>> {
        let mut between = Vec::new();
        for state in &page.items {
            between.push(self.between(&state.item, state).await?);
        }
        let _guard = self.local.lock().await.map_err(SyncError::Store)?;
        if self.cursor().await? != cursor {
            return Ok(false);
        }
        self.reload().await?;
        let mut puts = Vec::new();
        let mut notices = Vec::new();
        for (state, between) in page.items.iter().zip(&between) {
            match self.plan_item(&state.item, state, between).await? {
                Ok((new, planned, told)) => {
                    outcome.taken += u32::from(new);
                    puts.extend(planned);
                    notices.extend(told);
                }
                Err(refusal) => {
                    self.vault.mark(&state.item, Some(refusal.code()));
                    let code = refusal.code().to_owned();
                    notices.push(Notice { code, item: Some(state.item) });
                }
            }
        }
        let (planned, refused) = self.plan_uses(&page.uses).await?;
        puts.extend(planned);
        notices.extend(refused);
        if let Some(record) = &page.account {
            match self.plan_record(record).await? {
                Ok(planned) => puts.extend(planned),
                Err(refusal) => {
                    notices.push(Notice { code: refusal.code().to_owned(), item: None });
                }
            }
        }
        if !notices.is_empty() {
            puts.push(self.reports_with(&notices).await?);
        }
        puts.push(self.vault.seal_state(keys::CURSOR, &next.encode(), self.random));
        puts.push(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        outcome.notices.extend(notices);
        Ok(true)
    }

    /// Nothing to show for a sync that brings what is here already.
    fn progress(&self, total: Option<u64>) -> Option<Progress> {
        let total = total?;
        let done = self.vault.entries().filter(|entry| !entry.waiting).count() as u64;
        (done < total).then_some(Progress { done, total })
    }

    async fn cursor(&self) -> Result<Option<Cursor>, SyncError<L::Error>> {
        match self.state(keys::CURSOR).await? {
            Some(bytes) => Ok(Some(Cursor::decode(&bytes).map_err(|_| SyncError::Damaged)?)),
            None => Ok(None),
        }
    }

    /// The items that this device accepted from the server.
    async fn held_items(&self) -> Result<BTreeSet<ItemId>, SyncError<L::Error>> {
        let mut held = BTreeSet::new();
        for entry in self.vault.entries() {
            if !entry.waiting || self.held(&entry.id).await?.is_some() {
                held.insert(entry.id);
            }
        }
        Ok(held)
    }
}
