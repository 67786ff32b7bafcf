//! In: what changed since the cursor, page by page. The cursor is stored in the same transaction
//! as the page it stands behind.

use std::collections::BTreeSet;

use mysafe_protocol::bytes::ServerEpoch;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ChangesQuery, ChangesResponse};

use super::host::{Local, Progress, Remote};
use super::report::{Notice, Outcome};
use super::restored::{Missing, Reading};
use super::{Sync, SyncError, unless_damaged};
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

/// Items of the first page of all.
const FIRST: u32 = 100;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Whether a new epoch of the server was read.
    pub(super) async fn pull(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<bool, SyncError<L::Error>> {
        // While the log comes from its beginning: what did not come yet.
        let mut missing: Option<Missing> = None;
        // A new epoch whose log was not read to its end: from the beginning once more.
        let mut restored = self.again().await?.reading;
        let mut from_start = restored;
        let mut restarts = 0;
        loop {
            let cursor = self.cursor().await?;
            let known = cursor.filter(|_| !from_start);
            let query = ChangesQuery {
                epoch: known.map(|cursor| cursor.epoch),
                position: known.map(|cursor| cursor.position),
                // The first rows of many are to be there soon.
                limit: Some(if known.is_none() { FIRST } else { limits::PAGE }),
            };
            let page = self.remote.changes(&query).await?;
            let next = Cursor { epoch: page.epoch, position: page.position };
            restored |= cursor.is_some_and(|cursor| cursor.epoch != next.epoch);
            let restart = known
                .is_none_or(|cursor| cursor.epoch != next.epoch || next.position < cursor.position);
            from_start = false;
            if restart {
                restarts += 1;
                let all = self.missing().await?;
                // It was written to before its log was ever read: which epoch that was is not known.
                restored |= cursor.is_none() && !all.items.is_empty();
                missing = Some(all);
            }
            if let Some(missing) = &mut missing {
                missing.came(&page);
            }
            // A server that says "more" without moving on would keep us here for ever.
            let forward = cursor.is_some_and(|cursor| next.position > cursor.position);
            let more = page.more && if restart { restarts == 1 } else { forward };
            let total = page.total;
            let rest = missing.as_ref().filter(|_| !more);
            let reading = restored.then_some(Reading { more, missing: rest });
            if !self.take_page(cursor, page, next, reading, outcome).await? {
                // Another context took a page: the log goes on from its cursor.
                missing = None;
                if restored && restarts > 1 {
                    return Ok(restored);
                }
                from_start = restored;
            } else if more {
                self.local.took_page(self.progress(total)).await;
            } else {
                break;
            }
        }
        if let Some(missing) = missing.filter(|_| !restored) {
            for item in missing.items {
                self.refuse(&item, Refusal::Incomplete.code(), outcome).await?;
            }
        }
        self.need_record(outcome).await?;
        Ok(restored)
    }

    /// Whether the server has begun a new epoch whose log this device did not read yet.
    pub(super) async fn is_new_epoch(&self) -> Result<bool, SyncError<L::Error>> {
        if self.again().await?.reading {
            return Ok(true);
        }
        let Some(cursor) = self.cursor().await? else { return Ok(true) };
        let query = ChangesQuery {
            epoch: Some(cursor.epoch),
            position: Some(cursor.position),
            limit: Some(1),
        };
        Ok(self.remote.changes(&query).await?.epoch != cursor.epoch)
    }

    /// Whether the page was taken: not if the cursor moved while it was on its way.
    async fn take_page(
        &mut self,
        cursor: Option<Cursor>,
        page: ChangesResponse,
        next: Cursor,
        reading: Option<Reading<'_>>,
        outcome: &mut Outcome,
    ) -> Result<bool, SyncError<L::Error>> {
        let mut between = Vec::new();
        let items: Vec<_> = page.items.iter().map(|state| state.item).collect();
        for (state, had) in page.items.iter().zip(self.had(&items).await?) {
            between.push(self.between(&state.item, state, had.held).await?);
        }
        let _guard = self.local.lock().await.map_err(SyncError::Store)?;
        if self.cursor().await? != cursor {
            return Ok(false);
        }
        self.reload().await?;
        let mut puts = Vec::new();
        let mut notices = Vec::new();
        let mut behind = Vec::new();
        let mut strangers = BTreeSet::new();
        let mut again = self.again().await?;
        let restored = reading.is_some() || again.record.is_some();
        // Whom the user met is known before what they shared is taken.
        if let Some(record) = &page.account {
            let lacks = restored && self.lacks_ours(record).await?;
            match self.plan_record(record).await? {
                _ if lacks => again.record = Some(record.clone()),
                Ok(planned) => {
                    puts.extend(planned);
                    again.record = None;
                }
                Err(refusal) => {
                    let code = refusal.code().to_owned();
                    notices.push(Notice { code, item: None, name: None });
                }
            }
        }
        let lost = &again.items;
        let had = self.had(&items).await?;
        for ((state, between), had) in page.items.iter().zip(&between).zip(had) {
            let planned = self.plan_item(&state.item, state, had, between).await;
            match unless_damaged(planned)?.unwrap_or(Err(Refusal::Damaged)) {
                Ok((new, planned, told)) => {
                    outcome.taken += u32::from(new);
                    puts.extend(planned);
                    notices.extend(told);
                }
                // The server gets again what it lost.
                Err(Refusal::WentBack) if lost.contains(&state.item) => {}
                Err(Refusal::WentBack)
                    if reading.is_some()
                        && state.owner == self.vault.user()
                        && self.vault.entry(&state.item).is_some() =>
                {
                    behind.push(state.item);
                }
                Err(Refusal::AccessEnded) => {
                    let (planned, told) = self.plan_end(&state.item).await?;
                    puts.extend(planned);
                    notices.extend(told);
                }
                Err(refusal) => {
                    if refusal == Refusal::KeyChanged {
                        strangers.insert((state.item, state.owner));
                    }
                    self.vault.mark(&state.item, Some(refusal.code()));
                    let code = refusal.code().to_owned();
                    notices.push(Notice { code, item: Some(state.item), name: None });
                }
            }
        }
        for item in &page.ended {
            let (planned, told) = self.plan_end(item).await?;
            puts.extend(planned);
            notices.extend(told);
        }
        puts.extend(self.plan_aside(strangers).await?);
        let (planned, refused) = self.plan_uses(&page.uses).await?;
        puts.extend(planned);
        notices.extend(refused);
        puts.extend(self.plan_left(&page.left).await?);
        if let Some(reading) = reading {
            let (planned, told) = self.plan_again(&reading, behind, again.record).await?;
            puts.extend(planned);
            notices.extend(told);
        } else if restored {
            puts.push(self.vault.seal_state(keys::AGAIN, &again.encode(), self.random));
        }
        if !notices.is_empty() {
            puts.push(self.reports_with(&notices).await?);
        }
        puts.push(self.vault.seal_state(keys::CURSOR, &next.encode(), self.random));
        self.vault.forget_deleted(self.now);
        puts.extend(self.vault.cache(self.random));
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
        // Damaged, the log is read from its beginning.
        let stored = unless_damaged(self.state(keys::CURSOR).await)?.flatten();
        Ok(stored.and_then(|bytes| Cursor::decode(&bytes).ok()))
    }
}
