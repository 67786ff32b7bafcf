//! In: what changed since the cursor, page by page. The cursor is stored in the same transaction
//! as the page it stands behind.

use std::collections::BTreeSet;

use mysafe_protocol::bytes::ServerEpoch;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ChangesQuery, ChangesResponse};

use super::host::{Local, Progress, Remote};
use super::reading::{Missing, Reading};
use super::report::{Notice, Outcome};
use super::take::Fetched;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Clock, OpenError, Refusal, Vault, keys};

/// Where a device stands in the server's log of changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cursor {
    pub(super) epoch: ServerEpoch,
    pub(super) position: u64,
    /// The server's clock in Unix seconds, and this one when it was read, Unix milliseconds.
    pub(super) time: Option<(u64, u64)>,
}

impl Cursor {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.epoch.0);
        fields.put(2, self.position);
        if let Some((server, here)) = self.time {
            fields.put(3, server);
            fields.put(4, here);
        }
        fields.encode()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self {
            epoch: ServerEpoch(fields.need_array(1)?),
            position: fields.need(2)?,
            time: fields.take(3)?.zip(fields.take(4)?),
        })
    }

    /// Seconds that the server's clock is ahead of this one.
    fn ahead(&self) -> Option<i64> {
        let (server, here) = self.time?;
        server.cast_signed().checked_sub((here / 1_000).cast_signed())
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
    /// Reads the log to its end.
    pub(super) async fn pull(&mut self, outcome: &mut Outcome) -> Result<(), SyncError<L::Error>> {
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
            let mut page = self.server().await?.changes(&query).await?;
            let mut there = Vec::with_capacity(page.items.len());
            for state in page.items {
                if !self.is_taken(&state).await? {
                    there.push(state);
                }
            }
            page.items = there;
            let time = page.time.map(|time| (time, self.now));
            let next = Cursor { epoch: page.epoch, position: page.position, time };
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
                missing.came(&page, |item| !self.vault.is_theirs(item));
            }
            // A server that says "more" without moving on would keep us here for ever.
            let forward = cursor.is_some_and(|cursor| next.position > cursor.position);
            let more = page.more && if restart { restarts == 1 } else { forward };
            let total = page.total;
            let rest = missing.as_ref().filter(|_| !more);
            let reading = (restored || missing.is_some()).then_some(Reading {
                restored,
                more,
                missing: rest,
            });
            if !self.take_page(cursor, page, next, reading, outcome).await? {
                // Another context took a page: the log goes on from its cursor.
                missing = None;
                if restored && restarts > 1 {
                    return Ok(());
                }
                from_start = restored;
            } else if more {
                self.local.took_page(self.progress(total)).await;
            } else {
                break;
            }
        }
        // Items of others are kept, and theirs to give back. Own ones are sent again.
        let missing = missing.map(|missing| missing.items).unwrap_or_default();
        for item in &missing {
            if self.vault.is_theirs(item) {
                self.refuse(item, Refusal::Incomplete.code(), outcome).await?;
            }
        }
        self.need_record(outcome).await
    }

    /// Returns this device's clock and the server's.
    pub(super) async fn clock(&self) -> Result<Clock, SyncError<L::Error>> {
        let ahead = self.cursor().await?.and_then(|cursor| cursor.ahead());
        Ok(Clock { now: self.now, ahead })
    }

    /// Whether access until one of these times is over. The clock is read only where access ends at all.
    pub(super) async fn is_over(
        &self,
        until: impl IntoIterator<Item = u64>,
    ) -> Result<bool, SyncError<L::Error>> {
        match until.into_iter().min() {
            Some(until) => Ok(self.clock().await?.passed(until)),
            None => Ok(false),
        }
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
            let key = had.key();
            between.push(self.between(&state.item, state, had.held.as_ref(), key.as_ref()).await?);
        }
        let _guard = self.lock().await?;
        if self.cursor().await? != cursor {
            return Ok(false);
        }
        self.reload().await?;
        let mut puts = Vec::new();
        let mut notices = Vec::new();
        let mut strangers = BTreeSet::new();
        let before = self.again().await?;
        let mut again = before.clone();
        // Whom the user met is known before what they shared is taken.
        if let Some(record) = &page.account {
            let restored = reading.as_ref().is_some_and(|reading| reading.restored);
            let (planned, told) = self.plan_page_record(record, restored, &mut again).await?;
            puts.extend(planned);
            notices.extend(told);
        }
        let had = self.had(&items).await?;
        for ((state, between), had) in page.items.iter().zip(between).zip(had) {
            let fetched = Fetched { between, found: None, left: &page.left };
            let planned = self.plan_item(&state.item, state, had, &fetched).await;
            match unless_damaged(planned)?.unwrap_or(Err(Refusal::Damaged)) {
                Ok((new, planned, told)) => {
                    outcome.taken += u32::from(new);
                    puts.extend(planned);
                    notices.extend(told);
                }
                // Settled once the log is read: nothing is told before that.
                Err(Refusal::WentBack | Refusal::Forked | Refusal::NeedsReadable) => {
                    again.items.insert(state.item);
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
                    notices.push(Notice::of(refusal.code(), state.item));
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
        puts.extend(self.plan_left(&page.left, &page.items).await?);
        if let Some(reading) = reading {
            puts.extend(self.plan_missing(&reading, &mut again).await?);
        }
        if again != before {
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

    pub(super) async fn cursor(&self) -> Result<Option<Cursor>, SyncError<L::Error>> {
        // Damaged, the log is read from its beginning.
        let stored = unless_damaged(self.state(keys::CURSOR).await)?.flatten();
        Ok(stored.and_then(|bytes| Cursor::decode(&bytes).ok()))
    }
}
