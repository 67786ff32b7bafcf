//! How often a day this device writes above what a server has beside. A server takes what it likes and denies it:
//! so a write counts before it is sent, and the count goes down only on evidence.

use minicbor::bytes::ByteArray;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ItemState, ItemWriteRequest};
use mysafe_protocol::{ItemId, Revision};

use super::host::{Local, Remote};
use super::push::Done;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Put, keys};

/// How many uniting revisions of an item a device makes by itself in a day.
pub(super) const A_DAY: usize = 3;
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// The writes that came before uniting revisions of an item, and the one that waits.
#[derive(Clone, Copy, Default)]
struct First {
    /// The highest number that took back a count.
    number: u64,
    /// The uniting revision of which every answer was that it waits.
    waits: Option<Hash>,
}

impl First {
    fn encode(&self) -> Vec<u8> {
        let waits = self.waits.map(|hash| ByteArray::from(hash.0));
        minicbor::to_vec((self.number, waits)).expect("writing to memory cannot fail")
    }

    fn decode(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        let (number, waits): (u64, Option<ByteArray<32>>) = minicbor::decode(bytes)?;
        Ok(Self { number, waits: waits.map(|hash| Hash(hash.into())) })
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Counts one more of today, to store under this key.
    pub(super) async fn count_today(&mut self, key: &str) -> Result<Put, SyncError<L::Error>> {
        let mut times = self.united_today(key).await?;
        times.push(self.now);
        let bytes = minicbor::to_vec(times).expect("writing to memory cannot fail");
        Ok(self.vault.seal_state(key, &bytes, self.random))
    }

    /// Returns when, in the last day by this clock, this device united what a server had beside. A time in
    /// the future counts.
    pub(super) async fn united_today(&self, key: &str) -> Result<Vec<u64>, SyncError<L::Error>> {
        let stored = unless_damaged(self.state(key).await)?.flatten();
        let times: Vec<u64> =
            stored.and_then(|bytes| minicbor::decode(&bytes).ok()).unwrap_or_default();
        Ok(times.into_iter().filter(|time| time.saturating_add(DAY) > self.now).collect())
    }

    /// Takes back the last that was counted of an item, if the server's first answer to that write but "it waits" shows
    /// that others came first. It shows a body that verifies, numbered above the one that the write names and not above the
    /// write, so that it does not lead to it. Each number shows that once.
    pub(super) async fn count_less(
        &mut self,
        item: &ItemId,
        write: &ItemWriteRequest,
        united: &Revision,
        current: &ItemState,
    ) -> Done<L> {
        let Ok(judged) = self.vault.judge(item, current) else { return Ok(()) };
        // This very write did not come before itself.
        if judged.held.hash == write.revision.hash() {
            return Ok(());
        }
        let number = judged.revision.revision;
        let _guard = self.lock().await?;
        let before = self.first(item).await?;
        if number <= before.number.max(write.base) || number > united.revision {
            return Ok(());
        }
        let counted = keys::united(item);
        let mut times = self.united_today(&counted).await?;
        times.pop();
        let mut puts = Vec::new();
        let times = minicbor::to_vec(times).expect("writing to memory cannot fail");
        let first = First { number, waits: None }.encode();
        for (key, bytes) in [(counted, times), (keys::first(item), first)] {
            puts.push(self.vault.seal_state(&key, &bytes, self.random));
        }
        self.local.apply(puts).await.map_err(SyncError::Store)
    }

    /// Whether every answer to this waiting write was that it waits. That note is gone before the write is sent
    /// once more: an answer that is lost counts as one by which it was taken.
    pub(super) async fn only_waited(
        &mut self,
        item: &ItemId,
        write: &ItemWriteRequest,
    ) -> Result<bool, SyncError<L::Error>> {
        let waited = self.first(item).await?.waits == Some(write.revision.hash());
        if waited {
            self.note_waits(item, None).await?;
        }
        Ok(waited)
    }

    /// Notes that every answer to this write was that it waits, or that none is known to be.
    pub(super) async fn note_waits(
        &mut self,
        item: &ItemId,
        write: Option<&ItemWriteRequest>,
    ) -> Done<L> {
        let _guard = self.lock().await?;
        let waits = write.map(|write| write.revision.hash());
        let first = First { waits, ..self.first(item).await? }.encode();
        let put = self.vault.seal_state(&keys::first(item), &first, self.random);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    async fn first(&self, item: &ItemId) -> Result<First, SyncError<L::Error>> {
        let stored = unless_damaged(self.state(&keys::first(item)).await)?.flatten();
        Ok(stored.and_then(|bytes| First::decode(&bytes).ok()).unwrap_or_default())
    }
}
