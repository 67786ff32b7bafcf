//! A server in memory that does what the real one does: compare-and-set on revisions, idempotent
//! operations, a log of changes in pages. Honest; what lies is the [`Line`](super::line::Line).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::bodies::{AccessList, Chain, Grant, Grantee, Permission, Replacement};
use mysafe_protocol::bytes::{Hash, IdentifierTag, ServerEpoch};
use mysafe_protocol::wire::{
    AccountRecord, EpochKey, ErrorCode, ItemState, ItemWriteRequest, ItemWriteResponse, Reason,
    WriteAgainRequest,
};
use mysafe_protocol::{Bundle, Bytes, ItemId, OperationId, Revision, Signed, UserId, limits};

use super::server_shares::{Account, Share};
use crate::sync::RemoteError;

/// One account on the server.
pub(super) struct Server {
    pub(super) sign_pk: [u8; 32],
    pub(super) owner: UserId,
    pub(super) data: RefCell<Data>,
}

/// What it stores.
#[derive(Clone)]
pub(super) struct Data {
    pub(super) epoch: ServerEpoch,
    /// Its clock, Unix seconds.
    pub(super) time: u64,
    /// The log's last position.
    pub(super) position: u64,
    /// Things in one page.
    pub(super) page: usize,
    /// Bodies in one answer.
    pub(super) bodies_in_one: usize,
    pub(super) items: BTreeMap<ItemId, Stored>,
    pub(super) uses: BTreeMap<ItemId, (u64, Bytes)>,
    pub(super) record: (u64, AccountRecord),
    /// Items that the account may have.
    pub(super) most_items: usize,
    /// Answers a write with this.
    pub(super) full: Option<Reason>,
    /// Writes until it asks to wait; none: for ever.
    pub(super) writes_left: Option<usize>,
    /// Others who have an account.
    pub(super) people: BTreeMap<UserId, Signed>,
    /// Bundles of people without an account that came with revisions of theirs.
    pub(super) kept: BTreeMap<UserId, Signed>,
    /// Those of the accounts whose mailboxes are not confirmed.
    pub(super) unconfirmed: BTreeSet<UserId>,
    pub(super) operations: BTreeMap<OperationId, (ItemWriteRequest, u64)>,
    /// What others have of the items.
    pub(super) shares: BTreeMap<(ItemId, UserId), Share>,
    pub(super) others: BTreeMap<UserId, Account>,
}

/// An item with all its revisions.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) state: ItemState,
    /// By their numbers; after a restore two may have one.
    pub(super) bodies: Vec<Signed>,
    /// The sealed parts of these bodies, as far as they are here.
    pub(super) parts: BTreeMap<Hash, (Bytes, Bytes)>,
    pub(super) position: u64,
    identifier: Option<IdentifierTag>,
    /// The keys of earlier epochs.
    pub(super) keys: Vec<EpochKey>,
    /// The lists of earlier epochs.
    pub(super) lists: Vec<Signed>,
}

impl Server {
    pub(super) fn new(owner: UserId, sign_pk: [u8; 32], record: AccountRecord) -> Self {
        let data = Data {
            epoch: ServerEpoch([1; 16]),
            time: 1,
            position: 1,
            page: 500,
            bodies_in_one: 1_000,
            items: BTreeMap::new(),
            uses: BTreeMap::new(),
            record: (1, record),
            most_items: usize::MAX,
            full: None,
            writes_left: None,
            people: BTreeMap::new(),
            kept: BTreeMap::new(),
            unconfirmed: BTreeSet::new(),
            operations: BTreeMap::new(),
            shares: BTreeMap::new(),
            others: BTreeMap::new(),
        };
        Self { sign_pk, owner, data: RefCell::new(data) }
    }

    pub(super) fn state(&self, item: &ItemId) -> ItemState {
        self.data.borrow().items[item].state.clone()
    }

    pub(super) fn bodies(&self, item: &ItemId) -> Vec<Signed> {
        self.data.borrow().items[item].bodies.clone()
    }

    /// The numbers of an item's revisions along prev, as far as their bodies are here.
    pub(super) fn revisions(&self, item: &ItemId) -> Vec<u64> {
        let bodies: BTreeMap<Hash, Revision> = self
            .bodies(item)
            .iter()
            .map(|signed| (signed.hash(), Revision::read(signed).unwrap()))
            .collect();
        let (mut numbers, mut next) = (Vec::new(), Some(self.state(item).revision.hash()));
        while let Some(body) = next.and_then(|hash| bodies.get(&hash)) {
            numbers.insert(0, body.revision);
            next = body.prev;
        }
        numbers
    }

    /// Every version of every item, as it was when it was the newest.
    pub(super) fn versions(&self) -> Vec<ItemState> {
        let data = self.data.borrow();
        let version = |request: &ItemWriteRequest| {
            let item = Revision::read(&request.revision).unwrap().item;
            ItemState {
                revision: request.revision.clone(),
                overview: request.overview.clone(),
                details: request.details.clone(),
                ..data.items[&item].state.clone()
            }
        };
        data.operations.values().map(|(request, _)| version(request)).collect()
    }

    /// Takes a revision that a restore lost, with the bodies before it; or one that unites two.
    pub(super) fn write_again(
        &self,
        user: &UserId,
        item: &ItemId,
        request: &WriteAgainRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        assert!(request.between.len() <= limits::AGAIN);
        self.store(user, item, &request.write, Some(request))
    }

    /// The key that verifies somebody's signature, from the accounts or from bundles that came along.
    fn verifies(
        &self,
        data: &Data,
        again: Option<&WriteAgainRequest>,
        user: &UserId,
    ) -> Option<[u8; 32]> {
        if *user == self.owner {
            return Some(self.sign_pk);
        }
        let sent = again.map(|again| &again.bundles[..]).unwrap_or_default();
        let bundles = data.people.get(user).into_iter().chain(sent);
        let mut bundles = bundles.filter_map(|signed| Bundle::accept(signed).ok());
        bundles.find(|bundle| bundle.user() == *user).map(|bundle| bundle.sign_pk)
    }

    pub(super) fn store(
        &self,
        user: &UserId,
        item: &ItemId,
        request: &ItemWriteRequest,
        again: Option<&WriteAgainRequest>,
    ) -> Result<ItemWriteResponse, RemoteError> {
        let refused = |code| Err(RemoteError::Refused(code));
        let data = &mut *self.data.borrow_mut();
        data.count_write()?;
        let body = |signed: &Signed| {
            let author = Revision::read(signed).ok()?.author;
            Revision::accept(signed, &self.verifies(data, again, &author)?).ok()
        };
        let by_owner = *user == self.owner;
        if !by_owner {
            self.may_write(data, user, item, request)?;
        }
        let Some(revision) = body(&request.revision) else { return refused(ErrorCode::Forged) };
        let mine = revision.author == *user || again.is_some();
        if revision.item != *item || !revision.fits(&request.overview, &request.details) || !mine {
            return refused(ErrorCode::Forged);
        }
        if let Some((done, position)) = data.operations.get(&request.operation) {
            assert_eq!(done, request, "an operation id names one write");
            return Ok(ItemWriteResponse { position: *position });
        }
        let stored = data.items.get(item);
        let newest = request.revision.hash();
        let head = stored.map(|stored| stored.state.revision.hash());
        let mut known: BTreeMap<Hash, Revision> = BTreeMap::new();
        for signed in stored.iter().flat_map(|stored| &stored.bodies) {
            known.insert(signed.hash(), Revision::read(signed).unwrap());
        }
        let mut chain = Chain::default();
        chain.insert(newest, revision.clone());
        let between = again.map(|again| &again.between[..]).unwrap_or_default();
        let sent = between.iter().filter(|signed| !known.contains_key(&signed.hash()));
        let sent: Vec<Signed> = sent.cloned().collect();
        for signed in &sent {
            let Some(body) = body(signed) else { return refused(ErrorCode::Forged) };
            chain.insert(signed.hash(), body);
        }
        if let Some(stored) = stored.filter(|_| head == Some(newest)) {
            if sent.is_empty() || !by_owner {
                return Ok(ItemWriteResponse { position: stored.position });
            }
            for signed in between {
                chain.insert(signed.hash(), Revision::read(signed).unwrap());
            }
            let leads = chain.replaces(newest, None, &self.owner, true, |_| None);
            if leads != Replacement::Replaces {
                return refused(ErrorCode::Forged);
            }
            data.position += 1;
            data.replace(self.owner, item, request, again, &sent);
            return Ok(ItemWriteResponse { position: data.position });
        }
        let was = head.and_then(|head| known.get(&head)).cloned();
        let base = was.as_ref().map_or(0, |was| was.revision);
        let behind = request.base != base;
        let decided = match again {
            // It was the newest one before, or another is the newest than the sender thinks.
            Some(_) if known.contains_key(&newest) || behind => Replacement::Stale,
            _ => chain.replaces(newest, head, &self.owner, by_owner, |hash| known.get(hash)),
        };
        match decided {
            Replacement::Replaces => {}
            Replacement::Stale => {
                let current = if by_owner {
                    stored.map(|stored| stored.state.clone())
                } else {
                    data.seen(user, item)
                };
                return Err(RemoteError::Stale(current.map(Box::new)));
            }
            Replacement::Forged => return refused(ErrorCode::Forged),
        }
        let place = |body: &Revision| (body.epoch, body.list);
        let other = |body: &Revision| was.as_ref().map(place) != Some(place(body));
        if !by_owner && chain.iter().any(|(_, body)| other(body)) {
            return refused(ErrorCode::NotAllowed);
        }
        if !by_owner && !data.all_may_edit(item, self.owner, chain.iter().map(|(_, body)| body)) {
            return refused(ErrorCode::Forged);
        }
        let begins = was.as_ref().map(|was| was.epoch) != Some(revision.epoch);
        let listed = begins && revision.epoch > 1;
        if request.key.is_some() != begins || request.list.is_some() != listed {
            return refused(ErrorCode::Malformed);
        }
        if request.list.as_ref().is_some_and(|list| revision.list != Some(list.hash())) {
            return refused(ErrorCode::Forged);
        }
        // As it was signed, it comes again whoever left meanwhile.
        let unites = revision.also.is_some() && revision.also == head && revision.author == *user;
        let as_signed = again.is_some() && !unites;
        let list =
            request.list.as_ref().map(|list| AccessList::accept(list, &self.sign_pk).unwrap());
        let keeps = list.as_ref().is_some_and(|list| data.keeps_ended(item, list));
        if !as_signed && (keeps || (!begins && data.is_stale(item))) {
            return refused(ErrorCode::OwnerFirst);
        }
        let unknown = |grant: &Grant| match grant.to {
            Grantee::User(user) => !data.people.contains_key(&user),
            Grantee::Group { .. } => true,
        };
        if list.as_ref().is_some_and(|list| list.grants.iter().any(unknown)) {
            return refused(ErrorCode::NotFound);
        }
        let at = was.as_ref().map_or(u64::MAX, |was| was.epoch);
        let earlier = again.iter().flat_map(|again| &again.epochs).filter(|one| one.epoch > at);
        let lists: Vec<AccessList> = earlier
            .filter_map(|one| AccessList::accept(one.list.as_ref()?, &self.sign_pk).ok())
            .collect();
        let between = as_signed.then_some(&lists[..]);
        if let Some(list) = &list
            && data.unconfirmed.contains(&self.owner)
            && data.gives_anew(item, list, between)
        {
            return Err(RemoteError::NotConfirmed);
        }
        if data.has_identifier(item, request) {
            return refused(ErrorCode::IdentifierTaken);
        }
        if let Some(of) = data.full {
            return Err(RemoteError::Full(of));
        }
        if head.is_none() && data.items.len() >= data.most_items {
            return Err(RemoteError::Full(Reason::AccountItems));
        }
        let named = list.iter().flat_map(|list| &list.grants);
        let named = named.filter_map(|grant| match grant.to {
            Grantee::User(user) => Some(user),
            Grantee::Group { .. } => None,
        });
        let ended = named.filter(|user| data.stays_ended(item, user, between)).collect();
        data.position += 1;
        for signed in &sent {
            let author = Revision::read(signed).unwrap().author;
            let bundles = again.iter().flat_map(|again| &again.bundles);
            let mut hers =
                bundles.filter(|bundle| Bundle::accept(bundle).unwrap().user() == author);
            if author != self.owner
                && !data.people.contains_key(&author)
                && let Some(bundle) = hers.next()
            {
                data.kept.insert(author, bundle.clone());
            }
        }
        data.replace(self.owner, item, request, again, &sent);
        if let Some(list) = &list {
            data.give(item, list, request, &ended);
        }
        Ok(ItemWriteResponse { position: data.position })
    }

    pub(super) fn note_use(&self, item: &ItemId, blob: &Bytes) -> Result<(), RemoteError> {
        let data = &mut *self.data.borrow_mut();
        if !data.items.contains_key(item) {
            return Err(RemoteError::Refused(ErrorCode::NotFound));
        }
        data.position += 1;
        data.uses.insert(*item, (data.position, blob.clone()));
        Ok(())
    }
}

impl Data {
    fn has_identifier(&self, item: &ItemId, request: &ItemWriteRequest) -> bool {
        let other =
            |other: &Stored| other.state.item != *item && other.identifier == request.identifier;
        request.identifier.is_some() && self.items.values().any(other)
    }

    /// Whether the present list lets the authors of these edit.
    fn all_may_edit<'b>(
        &self,
        item: &ItemId,
        owner: UserId,
        mut bodies: impl Iterator<Item = &'b Revision>,
    ) -> bool {
        let edits = |user: &UserId| {
            self.shares
                .get(&(*item, *user))
                .is_some_and(|share| share.listed && share.permission == Permission::Edit)
        };
        bodies.all(|body| body.author == owner || edits(&body.author))
    }

    /// Puts a checked write in the place of the newest revision.
    fn replace(
        &mut self,
        owner: UserId,
        item: &ItemId,
        request: &ItemWriteRequest,
        again: Option<&WriteAgainRequest>,
        sent: &[Signed],
    ) {
        let (old, position) = (self.items.remove(item), self.position);
        let number = |signed: &Signed| Revision::read(signed).unwrap().revision;
        let epoch = |state: &ItemState| Revision::read(&state.revision).unwrap().epoch;
        let (mut keys, mut lists, mut bodies, mut parts) =
            (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        let mut before = None;
        let mut identifier = request.identifier;
        if let Some(old) = old {
            (keys, lists, bodies, parts) = (old.keys, old.lists, old.bodies, old.parts);
            if request.key.is_some() {
                keys.push(EpochKey { epoch: epoch(&old.state), key: old.state.key.clone() });
                lists.extend(old.state.list.clone());
            }
            let author = Revision::read(&request.revision).unwrap().author;
            identifier = if author == owner { identifier } else { old.identifier };
            before = Some(old.state);
        }
        for earlier in again.iter().flat_map(|again| &again.epochs) {
            if keys.iter().all(|known| known.epoch != earlier.epoch) {
                keys.push(EpochKey { epoch: earlier.epoch, key: earlier.key.clone() });
                lists.extend(earlier.list.clone());
            }
        }
        bodies.extend(sent.iter().chain([&request.revision]).cloned());
        bodies.sort_by_key(number);
        bodies.dedup_by_key(|signed| signed.hash());
        for version in again.iter().flat_map(|again| &again.parts) {
            let here = (version.overview.clone(), version.details.clone());
            parts.insert(version.revision.hash(), here);
        }
        let here = (request.overview.clone(), request.details.clone());
        parts.insert(request.revision.hash(), here);
        let key = request.key.clone().or(before.as_ref().map(|before| before.key.clone()));
        let list = match request.key {
            Some(_) => request.list.clone(),
            None => before.and_then(|before| before.list),
        };
        let state = ItemState {
            item: *item,
            owner,
            revision: request.revision.clone(),
            overview: request.overview.clone(),
            details: request.details.clone(),
            key: key.expect("the first write brings it"),
            list,
        };
        let stored = Stored { state, bodies, parts, position, identifier, keys, lists };
        self.items.insert(*item, stored);
        self.operations.insert(request.operation, (request.clone(), position));
    }
}
