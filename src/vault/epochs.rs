//! The item keys of an item's epochs, as sealed for its owner.

use std::collections::BTreeMap;

use mysafe_protocol::wire::{EpochKey, ItemVersion};
use mysafe_protocol::{Bytes, ItemId, Revision};

use super::local::LocalItem;
use super::open::Vault;
use crate::crypto::{ItemKey, SealError};

/// The item keys of an item's epochs, each sealed for the owner.
pub(super) struct Keys(BTreeMap<u64, Bytes>);

impl Keys {
    /// Those of what is here, and of earlier epochs.
    pub(super) fn of(local: &LocalItem, earlier: &[EpochKey]) -> Self {
        let mut keys: BTreeMap<u64, Bytes> =
            earlier.iter().map(|earlier| (earlier.epoch, earlier.key.clone())).collect();
        let state = local.state.as_ref().map(|state| (&state.revision, &state.key));
        let pending = local.pending.as_ref();
        let pending = pending.and_then(|write| Some((&write.revision, write.key.as_ref()?)));
        for (signed, key) in state.into_iter().chain(pending) {
            if let Ok(revision) = Revision::read(signed) {
                keys.insert(revision.epoch, key.clone());
            }
        }
        Self(keys)
    }

    /// Whether a version is of an epoch whose key is not known.
    pub(super) fn is_before(&self, version: &ItemVersion) -> bool {
        Revision::read(&version.revision)
            .is_ok_and(|revision| !self.0.contains_key(&revision.epoch))
    }

    /// The one of an epoch; empty, which opens nothing, if it is not known.
    pub(super) fn sealed(&self, epoch: u64) -> Bytes {
        self.0.get(&epoch).cloned().unwrap_or_default()
    }
}

impl Vault {
    /// The item key of an epoch: the owner's copy, or the envelope to this user.
    pub(super) fn item_key(
        &self,
        item: &ItemId,
        epoch: u64,
        sealed: &[u8],
    ) -> Result<ItemKey, SealError> {
        match self.entries.get(item).and_then(|entry| entry.access.owner) {
            None => ItemKey::unwrap(&self.account, &self.user(), item, epoch, sealed),
            Some(_) => ItemKey::disclose(&self.identity, item, epoch, sealed),
        }
    }
}
