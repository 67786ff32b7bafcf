//! Writes that the user wrote over before they were sent: never sent, and kept on this device for
//! the history, so that nothing that was saved is gone.

use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{ItemId, OperationId, Signed};

use super::history::{History, Version};
use super::local::{LocalItem, Put, Readable, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::Random;

impl Vault {
    /// The write that waits and is written over by the user, to store for the history.
    pub(crate) fn seal_past(
        &self,
        item: &ItemId,
        local: &LocalItem,
        random: &mut impl Random,
    ) -> Option<Put> {
        let key = keys::past(item, &local.pending.as_ref()?.operation);
        self.seal_waiting(key, local, random)
    }

    /// The write that waits and cannot be sent, to store for the history: no later write contains it.
    pub(crate) fn seal_unsent(
        &self,
        item: &ItemId,
        local: &LocalItem,
        random: &mut impl Random,
    ) -> Option<Put> {
        let key = keys::unsent(item, &local.pending.as_ref()?.operation);
        self.seal_waiting(key, local, random)
    }

    fn seal_waiting(
        &self,
        key: String,
        local: &LocalItem,
        random: &mut impl Random,
    ) -> Option<Put> {
        let write = local.pending.as_ref()?;
        // With the key of its epoch, which may be another one when the line is read.
        let write = ItemWriteRequest { key: local.key().cloned(), ..write.clone() };
        let plaintext = minicbor_serde::to_vec(&write).expect("writing to memory cannot fail");
        Some(self.put_device(Store::State, DeviceKind::State, &key, &plaintext, random))
    }

    /// A confirmed state of an item that another takes the place of, to store as a line of local history: as it
    /// is shown. None of a deletion.
    pub(crate) fn seal_line(
        &self,
        item: &ItemId,
        local: &LocalItem,
        random: &mut impl Random,
    ) -> Option<Put> {
        let local = local.without_pending();
        let state = match &local.readable {
            Readable::Newest => local.state.as_ref().filter(|_| !local.is_deleted())?,
            Readable::Earlier(earlier) => earlier,
            Readable::Nothing => return None,
        };
        let write = ItemWriteRequest {
            operation: operation_of(&state.revision),
            base: 0,
            revision: state.revision.clone(),
            overview: state.overview.clone(),
            details: state.details.clone(),
            key: Some(state.key.clone()),
            identifier: None,
            list: None,
            envelopes: Vec::new(),
        };
        let alone = LocalItem { pending: Some(write), ..LocalItem::none() };
        self.seal_past(item, &alone, random)
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
            let key = write.key.clone().or_else(|| local.key().cloned());
            let sealed = key.clone().unwrap_or_default();
            let pending = Some(ItemWriteRequest { key, ..write.clone() });
            let alone = LocalItem { pending, ..local.clone() };
            let Ok(open) = self.open_item(item, &alone) else { continue };
            let secret_differs = open.details.client_secret() != newest.details.client_secret();
            let version = Version {
                only_here: true,
                overview: open.overview,
                secret_differs,
                details: write.details,
                key: sealed,
                ..Version::of(&open.revision)
            };
            let time = version.time;
            let older = history.versions.iter().skip(1).position(|other| other.time <= time);
            let place = older.map_or(history.versions.len(), |older| older + 1);
            history.versions.insert(place, version);
        }
    }
}

/// The operation of a line that was confirmed, which no write had.
fn operation_of(confirmed: &Signed) -> OperationId {
    let mut operation = OperationId([0; 16]);
    operation.0.copy_from_slice(&confirmed.hash().0[..16]);
    operation
}
