//! The item keys that somebody was ever given, and the versions that these open. A former editor keeps
//! every key; a server that helps them keeps every version.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{Bytes, ItemId, Revision, Status, UserId};

use super::server::{Data, Server};
use crate::crypto::{Identity, ItemKey};
use crate::model::{Details, Overview};

/// An item key of an epoch, sealed for this person.
type Envelope = (ItemId, u64, Vec<u8>);

/// The keys that one person ever had.
pub(super) struct Keyring {
    identity: Rc<Identity>,
    envelopes: BTreeSet<Envelope>,
    /// Those that were opened so far: opening costs more than all else.
    opened: RefCell<BTreeMap<Envelope, Option<ItemKey>>>,
}

impl Keyring {
    pub(super) fn new(identity: Rc<Identity>) -> Self {
        Self { identity, envelopes: BTreeSet::new(), opened: RefCell::default() }
    }

    pub(super) fn user(&self) -> UserId {
        self.identity.user()
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.envelopes.len()
    }

    /// Takes every envelope to this person that the server stores.
    pub(super) fn collect(&mut self, data: &Data) {
        let me = self.identity.user();
        for (request, _) in data.operations.values() {
            let Ok(revision) = Revision::read(&request.revision) else { continue };
            for envelope in request.envelopes.iter().filter(|envelope| envelope.user == me) {
                self.add(revision.item, revision.epoch, &envelope.blob);
            }
        }
        for ((item, _), share) in data.shares.iter().filter(|((_, user), _)| *user == me) {
            for envelope in &share.envelopes {
                self.add(*item, envelope.epoch, &envelope.key);
            }
        }
    }

    fn add(&mut self, item: ItemId, epoch: u64, envelope: &Bytes) {
        self.envelopes.insert((item, epoch, envelope.0.clone()));
    }

    /// Tries every key on both parts of a version. Returns what the first key that fits shows.
    pub(super) fn open(&self, version: &ItemWriteRequest) -> Option<String> {
        let Revision { item, epoch, revision, status, .. } =
            Revision::read(&version.revision).expect("the server verified it");
        let mut opened = self.opened.borrow_mut();
        for envelope in self.envelopes.iter().filter(|(of, ..)| *of == item) {
            let key = opened.entry(envelope.clone()).or_insert_with(|| {
                ItemKey::disclose(&self.identity, &item, envelope.1, &envelope.2).ok()
            });
            let Some(key) = key.as_ref().filter(|_| status != Status::Deleted) else { continue };
            if let Ok(details) = key.open_details(&item, epoch, revision, &version.details) {
                let details = Details::decode(&details).ok();
                let secret = details.map(|details| details.client_secret().to_owned());
                return Some(secret.unwrap_or_else(|| "details".into()));
            }
            if let Ok(overview) = key.open_overview(&item, epoch, revision, &version.overview) {
                let overview = Overview::decode(&overview).ok();
                return Some(overview.map_or_else(|| "an overview".into(), |one| one.name));
            }
        }
        None
    }
}

/// Every version that a server ever took, also those that a restore lost.
#[derive(Default)]
pub(super) struct Versions(pub(super) BTreeMap<Hash, ItemWriteRequest>);

impl Versions {
    /// Looks again. Returns the hashes of the versions that are new.
    pub(super) fn collect(&mut self, server: &Server) -> Vec<Hash> {
        let data = server.data.borrow();
        let mut new = Vec::new();
        for (request, _) in data.operations.values() {
            let hash = request.revision.hash();
            if self.0.insert(hash, request.clone()).is_none() {
                new.push(hash);
            }
        }
        new
    }
}
