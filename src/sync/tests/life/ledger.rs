//! All that was ever uploaded, in whatever view of a lying server and before whatever restore: the versions,
//! the keys and lists of their epochs, and the keys that each person was ever given.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::bodies::{AccessList, Chain, Grant, Permission};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{Envelope, ItemState, ItemWriteRequest};
use mysafe_protocol::{Bytes, ItemId, Revision, Signed, Status, UserId};

use crate::crypto::{AccountKey, Identity, ItemKey};
use crate::model::{Details, Overview};
use crate::sync::tests::keyring::Keyring;
use crate::sync::tests::server::Data;

/// An epoch with its key and list.
pub(super) struct Epoch {
    pub(super) key: Bytes,
    pub(super) list: Option<Signed>,
    pub(super) grants: Vec<Grant>,
    pub(super) envelopes: Vec<Envelope>,
}

/// A version and its signed numbers.
pub(super) struct Version {
    pub(super) request: ItemWriteRequest,
    pub(super) revision: Revision,
}

pub(super) struct Ledger {
    pub(super) item: ItemId,
    pub(super) owner: UserId,
    sign_pk: [u8; 32],
    account: AccountKey,
    pub(super) versions: BTreeMap<Hash, Version>,
    /// In the order in which they were uploaded.
    pub(super) order: Vec<Hash>,
    epochs: BTreeMap<(u64, Option<Hash>), Epoch>,
    pub(super) chain: Chain,
    /// Versions by which the owner gave somebody access.
    pub(super) shared: BTreeSet<(Hash, UserId)>,
    /// Of everybody but the owner.
    pub(super) keyrings: Vec<Keyring>,
    /// How many keys were tried on versions.
    pub(super) tried: usize,
}

impl Ledger {
    pub(super) fn new(item: ItemId, owner: &Identity, account: AccountKey) -> Self {
        Self {
            item,
            owner: owner.user(),
            sign_pk: *owner.sign_pk(),
            account,
            versions: BTreeMap::new(),
            order: Vec::new(),
            epochs: BTreeMap::new(),
            chain: Chain::default(),
            shared: BTreeSet::new(),
            keyrings: Vec::new(),
            tried: 0,
        }
    }

    /// Looks at what a server stores. Returns the versions that are new, oldest first.
    pub(super) fn collect(&mut self, data: &Data) -> Vec<Hash> {
        let mut new: Vec<(u64, ItemWriteRequest)> = Vec::new();
        for (request, position) in data.operations.values() {
            if !self.versions.contains_key(&request.revision.hash()) {
                new.push((*position, request.clone()));
            }
        }
        new.sort_by_key(|(position, _)| *position);
        let hashes = new.into_iter().filter_map(|(_, request)| self.add(request)).collect();
        for keyring in &mut self.keyrings {
            keyring.collect(data);
        }
        hashes
    }

    /// Adds a version of the item.
    pub(super) fn add(&mut self, request: ItemWriteRequest) -> Option<Hash> {
        let revision = Revision::read(&request.revision).expect("a revision");
        if revision.item != self.item {
            return None;
        }
        let hash = request.revision.hash();
        if let Some(key) = &request.key {
            let list = request.list.clone();
            let opened = list.as_ref().map(|list| AccessList::accept(list, &self.sign_pk));
            let grants = opened.map(|list| list.expect("the owner's").grants).unwrap_or_default();
            let (key, envelopes) = (key.clone(), request.envelopes.clone());
            let epoch = Epoch { key, list, grants, envelopes };
            self.epochs.entry((revision.epoch, revision.list)).or_insert(epoch);
        }
        self.chain.insert(hash, revision.clone());
        if self.versions.insert(hash, Version { request, revision }).is_none() {
            self.order.push(hash);
        }
        Some(hash)
    }

    pub(super) fn revision(&self, hash: &Hash) -> &Revision {
        &self.versions[hash].revision
    }

    pub(super) fn epoch_of(&self, hash: &Hash) -> &Epoch {
        let Revision { epoch, list, .. } = self.revision(hash);
        &self.epochs[&(*epoch, *list)]
    }

    /// Whether the owner signed a list of this hash.
    pub(super) fn has_list(&self, list: Option<Hash>) -> bool {
        self.epochs.keys().any(|(_, known)| *known == list)
    }

    /// Returns the permission that a version gives somebody; the owner may edit always.
    pub(super) fn permission(&self, hash: &Hash, user: &UserId) -> Option<Permission> {
        if *user == self.owner {
            return Some(Permission::Edit);
        }
        grant(&self.epoch_of(hash).grants, user).map(|grant| grant.permission)
    }

    /// A version with those that it comes from, by steps that the rules allow.
    pub(super) fn reached(&self, hash: Hash) -> BTreeSet<Hash> {
        self.chain.reached(hash, &self.owner)
    }

    /// Whether somebody who knows these versions knows that a person lost access: a version without them came
    /// after one with them, and no version that gave it to them again comes after that.
    pub(super) fn is_removed(&self, known: &BTreeSet<Hash>, user: &UserId) -> bool {
        let named = |hash: &Hash| self.permission(hash, user).is_some();
        let given = self.shared.iter().filter(|(hash, to)| to == user && known.contains(hash));
        let mut after = BTreeSet::new();
        for (hash, _) in given {
            after.extend(self.reached(*hash));
        }
        // A version under a list that came before they were given access again takes nothing away.
        let lists: BTreeSet<_> = after.iter().map(|hash| self.revision(hash).list).collect();
        let without = known
            .iter()
            .filter(|hash| !named(hash) && !after.contains(hash))
            .filter(|hash| !lists.contains(&self.revision(hash).list));
        without.into_iter().any(|hash| self.reached(*hash).iter().any(named))
    }

    /// The content of a version, if it opens.
    pub(super) fn content(&self, hash: &Hash) -> Option<(Overview, String)> {
        let Version { request, revision } = &self.versions[hash];
        let Revision { item, epoch, revision, status, .. } = *revision;
        if status == Status::Deleted {
            return None;
        }
        let wrapped = &self.epoch_of(hash).key;
        let key = ItemKey::unwrap(&self.account, &self.owner, &item, epoch, wrapped).ok()?;
        let overview = key.open_overview(&item, epoch, revision, &request.overview).ok()?;
        let details = key.open_details(&item, epoch, revision, &request.details).ok()?;
        let details = Details::decode(&details).ok()?;
        Some((Overview::decode(&overview).ok()?, details.client_secret().to_owned()))
    }

    /// The content of the newest version along prev that opens.
    pub(super) fn readable(&self, hash: &Hash) -> Option<(Overview, String)> {
        let mut at = Some(*hash);
        while let Some(hash) = at.filter(|hash| self.versions.contains_key(hash)) {
            if let Some(content) = self.content(&hash) {
                return Some(content);
            }
            at = self.revision(&hash).prev;
        }
        None
    }

    /// A version as the owner is shown it.
    pub(super) fn state(&self, hash: &Hash) -> ItemState {
        let Version { request, .. } = &self.versions[hash];
        let epoch = self.epoch_of(hash);
        ItemState {
            item: self.item,
            owner: self.owner,
            revision: request.revision.clone(),
            overview: request.overview.clone(),
            details: request.details.clone(),
            key: epoch.key.clone(),
            list: epoch.list.clone(),
        }
    }

    /// The content that a person opens of a version with any key that they ever had.
    pub(super) fn opened_by(&mut self, hash: &Hash, user: &UserId) -> Option<String> {
        let keyring = self.keyrings.iter().find(|keyring| keyring.user() == *user)?;
        self.tried += keyring.len();
        keyring.open(&self.versions[hash].request)
    }
}

/// Returns the grant to somebody among these.
pub(super) fn grant<'g>(grants: &'g [Grant], user: &UserId) -> Option<&'g Grant> {
    use mysafe_protocol::bodies::Grantee;
    grants.iter().find(|grant| grant.to == Grantee::User(*user))
}
