//! The ways to items that a device knows by their newest revisions alone, as a new device does. It asks for the
//! bodies once, after all else: after a restore it then sends what was signed, and unites nothing with older versions.

use std::collections::BTreeSet;

use minicbor::bytes::ByteArray;
use mysafe_protocol::bytes::ServerEpoch;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{ItemId, Signed, limits};

use super::chain::Kept;
use super::host::{Local, Remote, RemoteError};
use super::push::Done;
use super::report::Outcome;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Store, keys};

/// Items that one sync asks about.
pub(super) const IN_A_SYNC: usize = 100;

/// The end of the last search for such items.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Asked {
    /// The place in the log behind which nothing was left to ask for.
    at: Option<(ServerEpoch, u64)>,
    /// The item whose answer did not arrive.
    tried: Option<ItemId>,
}

impl Asked {
    fn encode(&self) -> Vec<u8> {
        let at = self.at.map(|(epoch, position)| (ByteArray::from(epoch.0), position));
        let tried = self.tried.map(|item| ByteArray::from(item.0));
        minicbor::to_vec((at, tried)).expect("writing to memory cannot fail")
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        type Stored = (Option<(ByteArray<16>, u64)>, Option<ByteArray<16>>);
        let (at, tried): Stored = minicbor::decode(bytes)?;
        Ok(Self {
            at: at.map(|(epoch, position)| (ServerEpoch(epoch.into()), position)),
            tried: tried.map(|item| ItemId(item.into())),
        })
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Asks for the bodies that lead to items of which this device has none yet. A server that does not give
    /// them changes nothing, and is asked no more about that item.
    pub(super) async fn ask_for_ways(&mut self, outcome: &Outcome) -> Done<L> {
        let at = self.cursor().await?.map(|cursor| (cursor.epoch, cursor.position));
        let before = self.asked_ways().await?;
        if outcome.taken == 0 && at.is_some() && before.at == at {
            return Ok(());
        }
        let items = self.without_ways().await?;
        let mut asked = Asked { at: at.filter(|_| items.len() <= IN_A_SYNC), tried: None };
        for item in items.iter().take(IN_A_SYNC) {
            match self.ask_for_way(item).await {
                Ok(()) => {}
                // Without an answer twice, the item goes without.
                Err(SyncError::Remote(RemoteError::Offline | RemoteError::Busy(_))) => {
                    asked.at = None;
                    if before.tried == Some(*item) {
                        self.keep_way(item, None).await?;
                    } else {
                        asked.tried = Some(*item);
                    }
                    break;
                }
                Err(SyncError::Damaged) => self.keep_way(item, None).await?,
                Err(error) => return Err(error),
            }
        }
        if asked == before {
            return Ok(());
        }
        let _guard = self.lock().await?;
        let put = self.vault.seal_state(keys::WAYS, &asked.encode(), self.random);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// Returns the items above their first revision of which no bodies were ever kept here.
    async fn without_ways(&self) -> Result<Vec<ItemId>, SyncError<L::Error>> {
        let stored = self.local.keys(Store::State).await.map_err(SyncError::Store)?;
        let kept: BTreeSet<&str> =
            stored.iter().filter_map(|key| key.strip_prefix(keys::BODIES)).collect();
        let mut items = Vec::new();
        for entry in self.vault.entries().filter(|entry| entry.revision > 1) {
            if !kept.contains(&*entry.id.to_string())
                && let Some(held) = unless_damaged(self.held(&entry.id).await)?.flatten()
                && held.revision > 1
            {
                items.push(entry.id);
            }
        }
        Ok(items)
    }

    async fn ask_for_way(&mut self, item: &ItemId) -> Done<L> {
        let Some(held) = self.held(item).await? else { return Ok(()) };
        // No more are kept.
        let after = held.revision.saturating_sub(limits::AGAIN as u64);
        let bodies = self.bodies_after(item, after, &held.hash).await?.unwrap_or_default();
        self.keep_way(item, Some(bodies)).await
    }

    /// Keeps the bodies that lead to the held revision; without any it is noted that none came.
    async fn keep_way(&mut self, item: &ItemId, bodies: Option<Vec<Signed>>) -> Done<L> {
        let key = keys::bodies(item);
        let _guard = self.lock().await?;
        if self.local.get(Store::State, &key).await.map_err(SyncError::Store)?.is_some() {
            // Another context of this device was here.
            return Ok(());
        }
        let local = unless_damaged(self.local_item(item).await)?;
        let state = local.and_then(|local| local.state);
        let verified = |signed: &Signed| self.vault.read_revision(signed).is_some();
        let mut kept = Kept(bodies.unwrap_or_default().into_iter().filter(verified).collect());
        match state {
            Some(state) => kept.lead_to(&state.revision, &state.owner),
            None => kept = Kept::default(),
        }
        let put = self.vault.seal_state(&key, &kept.encode(), self.random);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// Returns the end of the last search. Damaged, it is made again.
    async fn asked_ways(&self) -> Result<Asked, SyncError<L::Error>> {
        let stored = unless_damaged(self.state(keys::WAYS).await)?.flatten();
        Ok(stored.and_then(|bytes| Asked::decode(&bytes).ok()).unwrap_or_default())
    }
}
