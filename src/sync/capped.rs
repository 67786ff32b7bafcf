//! How often a day this device writes above what a server has beside. A server takes what it likes and denies it:
//! so a write counts before it is sent, and the count goes down only on evidence.

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

    /// Takes back the last that was counted of an item, if the server's first answer to that write shows that others
    /// came first. It shows a body that verifies, numbered above the one that the write names and not above the
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
        let key = keys::first(item);
        let stored = unless_damaged(self.state(&key).await)?.flatten();
        let before: u64 = stored.and_then(|bytes| minicbor::decode(&bytes).ok()).unwrap_or(0);
        if number <= before.max(write.base) || number > united.revision {
            return Ok(());
        }
        let counted = keys::united(item);
        let mut times = self.united_today(&counted).await?;
        times.pop();
        let mut puts = Vec::new();
        let times = minicbor::to_vec(times).expect("writing to memory cannot fail");
        let number = minicbor::to_vec(number).expect("writing to memory cannot fail");
        for (key, bytes) in [(counted, times), (key, number)] {
            puts.push(self.vault.seal_state(&key, &bytes, self.random));
        }
        self.local.apply(puts).await.map_err(SyncError::Store)
    }
}
