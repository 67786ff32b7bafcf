//! When an item was last used: known at once here, sent sealed to the user's other browsers.

use mysafe_protocol::cbor::Fields;
use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::{Bytes, ItemId};

use super::entry::Entry;
use super::local::{Put, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::Random;
use crate::model::UseBody;

impl Vault {
    /// Notes that an item was used now.
    pub fn used(&mut self, item: &ItemId, now: u64, random: &mut impl Random) -> Vec<Put> {
        let Some(entry) = self.entries.get_mut(item) else { return Vec::new() };
        entry.last_use = entry.last_use.max(now);
        entry.access.seen = entry.access.owner.is_some();
        let waiting = self.waiting_use(item, random);
        waiting.into_iter().chain(self.cache(random)).collect()
    }

    /// An item of somebody else was viewed or dismissed: it is new no more. Nothing if it was not.
    pub fn see(&mut self, item: &ItemId, random: &mut impl Random) -> Vec<Put> {
        let entry = self.entries.get_mut(item);
        let Some(entry) = entry.filter(|entry| entry.access.owner.is_some()) else {
            return Vec::new();
        };
        if entry.access.seen {
            return Vec::new();
        }
        entry.access.seen = true;
        let waiting = self.waiting_use(item, random);
        waiting.into_iter().chain(self.cache(random)).collect()
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
        let (theirs, later) = UseBody::decode_with(&opened).map_err(|_| OpenError::Damaged)?;
        match self.entries.get_mut(item) {
            None => Ok(UseNews::NotHere(theirs, later)),
            Some(entry) => {
                entry.note_later(later, theirs.last_use >= entry.last_use);
                let ours = entry.used();
                let both = ours.merge(theirs);
                entry.note_use(both);
                Ok(if both == theirs { UseNews::Taken } else { UseNews::OursIsLater })
            }
        }
    }

    /// An item was used so. Whether it is here.
    pub(crate) fn used_at(&mut self, item: &ItemId, used: UseBody, later: &Fields) -> bool {
        let Some(entry) = self.entries.get_mut(item) else { return false };
        entry.note_later(later.clone(), used.last_use >= entry.last_use);
        entry.note_use(entry.used().merge(used));
        true
    }

    /// The last use known here, to send.
    pub(crate) fn waiting_use(&self, item: &ItemId, random: &mut impl Random) -> Option<Put> {
        let entry = self.entries.get(item)?;
        let body = entry.used().encode_with(&entry.later_use);
        let blob = self.account.seal_use(&self.user(), item, &body, random);
        let key = keys::used(item);
        Some(self.put_device(Store::Outbox, DeviceKind::Outbox, &key, &blob, random))
    }
}

impl Entry {
    /// As a use record says it; what is one's own is never new.
    fn used(&self) -> UseBody {
        let seen = self.access.owner.is_none() || self.access.seen;
        UseBody { last_use: self.last_use, seen }
    }

    /// Takes over the fields of a later version; of two values of one field that of the later use stays.
    fn note_later(&mut self, mut later: Fields, is_newer: bool) {
        let (newer, older) = match is_newer {
            true => (&mut later, &self.later_use),
            false => (&mut self.later_use, &later),
        };
        newer.adopt(older);
        if is_newer {
            self.later_use = later;
        }
    }

    fn note_use(&mut self, used: UseBody) {
        self.last_use = used.last_use;
        self.access.seen = self.access.owner.is_some() && used.seen;
    }
}

/// What a use record from the server was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum UseNews {
    /// As late as what was known here, or later.
    Taken,
    /// Earlier than what is known here.
    OursIsLater,
    /// Of an item that is not here, with the fields of a later version.
    NotHere(UseBody, Fields),
}
