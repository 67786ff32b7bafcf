//! When an item was last used: known at once here, sent sealed to the user's other browsers.

use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::{Bytes, ItemId};

use super::local::{Put, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::Random;
use crate::model::UseBody;

impl Vault {
    /// Notes that an item was used now.
    pub fn used(&mut self, item: &ItemId, now: u64, random: &mut impl Random) -> Vec<Put> {
        let Some(entry) = self.entries.get_mut(item) else { return Vec::new() };
        entry.last_use = entry.last_use.max(now);
        let waiting = self.waiting_use(item, random);
        waiting.into_iter().chain([self.cache(random)]).collect()
    }

    /// The use record that waits, as it goes to the server.
    pub(crate) fn open_use_write(&self, item: &ItemId, blob: &[u8]) -> Result<Bytes, OpenError> {
        let opened = self.open_device(DeviceKind::Outbox, &keys::used(item), blob)?;
        Ok(Bytes(opened.to_vec()))
    }

    /// Takes a use record from the server: the later one wins.
    pub(crate) fn accept_use(&mut self, item: &ItemId, blob: &[u8]) -> Result<UseNews, OpenError> {
        let opened =
            self.account.open_use(&self.user(), item, blob).map_err(|_| OpenError::Damaged)?;
        let theirs = UseBody::decode(&opened).map_err(|_| OpenError::Damaged)?;
        match self.entries.get_mut(item) {
            None => Ok(UseNews::NotHere(theirs.last_use)),
            Some(entry) if entry.last_use > theirs.last_use => Ok(UseNews::OursIsLater),
            Some(entry) => {
                entry.last_use = theirs.last_use;
                Ok(UseNews::Taken)
            }
        }
    }

    /// An item was used then. Whether it is here.
    pub(crate) fn used_at(&mut self, item: &ItemId, last_use: u64) -> bool {
        let entry = self.entries.get_mut(item);
        entry.map(|entry| entry.last_use = entry.last_use.max(last_use)).is_some()
    }

    /// The last use known here, to send.
    pub(crate) fn waiting_use(&self, item: &ItemId, random: &mut impl Random) -> Option<Put> {
        let last_use = self.entries.get(item)?.last_use;
        let body = UseBody { last_use, seen: true }.encode();
        let blob = self.account.seal_use(&self.user(), item, &body, random);
        let key = keys::used(item);
        Some(self.put_device(Store::Outbox, DeviceKind::Outbox, &key, &blob, random))
    }
}

/// What a use record from the server was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UseNews {
    /// As late as what was known here, or later.
    Taken,
    /// Earlier than what is known here.
    OursIsLater,
    /// Of an item that is not here.
    NotHere(u64),
}
