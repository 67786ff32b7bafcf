//! Writes that the user wrote over before they were sent: never sent, and kept on this device for
//! the history, so that nothing that was saved is gone.

use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{ItemId, Revision};

use super::history::{History, Version};
use super::local::{LocalItem, Put, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::Random;

impl Vault {
    /// The write that waits and is written over by the user, to store for the history.
    pub(super) fn seal_past(
        &self,
        item: &ItemId,
        local: &LocalItem,
        random: &mut impl Random,
    ) -> Option<Put> {
        let write = local.pending.as_ref()?;
        let plaintext = minicbor_serde::to_vec(write).expect("writing to memory cannot fail");
        let key = keys::past(item, &write.operation);
        Some(self.put_device(Store::State, DeviceKind::State, &key, &plaintext, random))
    }

    /// And back; `key` is the one it is stored under.
    pub fn open_past(&self, key: &str, blob: &[u8]) -> Result<ItemWriteRequest, OpenError> {
        let opened = self.open_device(DeviceKind::State, key, blob)?;
        minicbor_serde::from_slice(&opened).map_err(|_| OpenError::Damaged)
    }

    /// Adds to a history the writes that were written over here before they were sent, by their time.
    /// One that does not open is left out: it is this device's own.
    pub fn add_past(
        &self,
        item: &ItemId,
        local: &LocalItem,
        history: &mut History,
        past: Vec<ItemWriteRequest>,
    ) {
        let Ok(newest) = self.open_item(item, local) else { return };
        for write in past {
            let alone = LocalItem { state: local.state.clone(), pending: Some(write.clone()) };
            // A new item's first write brought the key, the others were made with it.
            let key = write.key.or_else(|| local.key().cloned());
            let sealed = key.clone().unwrap_or_default();
            let alone = LocalItem {
                pending: alone.pending.map(|write| ItemWriteRequest { key, ..write }),
                ..alone
            };
            let Ok(open) = self.open_item(item, &alone) else { continue };
            let Revision { revision, author, time, status, epoch, .. } = open.revision;
            let secret_differs = open.details.client_secret() != newest.details.client_secret();
            let version = Version {
                revision,
                author,
                time,
                status,
                waiting: false,
                only_here: true,
                overview: open.overview,
                secret_changed: false,
                secret_differs,
                details: write.details,
                epoch,
                key: sealed,
            };
            let older = history.versions.iter().skip(1).position(|other| other.time <= time);
            let place = older.map_or(history.versions.len(), |older| older + 1);
            history.versions.insert(place, version);
        }
    }
}
