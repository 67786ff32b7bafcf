//! A server in memory that does what the real one does: compare-and-set on revisions, idempotent
//! operations, a log of changes in pages. Honest; what lies is the [`Line`](super::line::Line).

use std::cell::RefCell;
use std::collections::BTreeMap;

use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::bytes::{IdentifierTag, ServerEpoch};
use mysafe_protocol::wire::{
    AccountRecord, EpochKey, ErrorCode, ItemState, ItemWriteRequest, ItemWriteResponse,
    WriteAgainRequest,
};
use mysafe_protocol::{Bytes, ItemId, OperationId, Revision, Signed, Status, UserId, limits};

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
    /// The log's last position.
    pub(super) position: u64,
    /// Things in one page.
    pub(super) page: usize,
    /// Bodies in one answer.
    pub(super) bodies_in_one: usize,
    pub(super) items: BTreeMap<ItemId, Stored>,
    pub(super) uses: BTreeMap<ItemId, (u64, Bytes)>,
    pub(super) record: (u64, AccountRecord),
    /// Others who have an account.
    pub(super) people: BTreeMap<UserId, Signed>,
    pub(super) operations: BTreeMap<OperationId, (ItemWriteRequest, u64)>,
    /// What others have of the items.
    pub(super) shares: BTreeMap<(ItemId, UserId), Share>,
    pub(super) others: BTreeMap<UserId, Account>,
}

/// An item with all its revisions.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) state: ItemState,
    pub(super) bodies: Vec<Signed>,
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
            position: 1,
            page: 500,
            bodies_in_one: 1_000,
            items: BTreeMap::new(),
            uses: BTreeMap::new(),
            record: (1, record),
            people: BTreeMap::new(),
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

    /// The numbers of an item's revisions; each follows the one before.
    pub(super) fn revisions(&self, item: &ItemId) -> Vec<u64> {
        let mut before = None;
        let bodies = self.bodies(item);
        let numbers = bodies.iter().map(|signed| {
            let revision = Revision::accept(signed, &self.sign_pk).unwrap();
            assert_eq!(revision.prev, before);
            before = Some(signed.hash());
            revision.revision
        });
        numbers.collect()
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

    pub(super) fn write(
        &self,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        let refused = |code| Err(RemoteError::Refused(code));
        let Ok(revision) = Revision::accept(&request.revision, &self.sign_pk) else {
            return refused(ErrorCode::Forged);
        };
        if revision.prev.is_some() != (request.base != 0) {
            return refused(ErrorCode::Forged);
        }
        self.store(item, request, &[])
    }

    /// What a restore lost, with the bodies before it.
    pub(super) fn write_again(
        &self,
        item: &ItemId,
        request: &WriteAgainRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        let all = request.between.iter().chain([&request.write.revision]);
        let all: Vec<&Signed> = all.collect();
        assert!(request.between.len() <= limits::AGAIN);
        for two in all.windows(2) {
            let after = Revision::accept(two[1], &self.sign_pk).unwrap();
            assert_eq!(after.prev, Some(two[0].hash()), "each the one before the next");
        }
        self.store(item, &request.write, &request.between)
    }

    fn store(
        &self,
        item: &ItemId,
        request: &ItemWriteRequest,
        between: &[Signed],
    ) -> Result<ItemWriteResponse, RemoteError> {
        let refused = |code| Err(RemoteError::Refused(code));
        let Ok(revision) = Revision::accept(&request.revision, &self.sign_pk) else {
            return refused(ErrorCode::Forged);
        };
        let fits = revision.item == *item
            && revision.author == self.owner
            && revision.revision > request.base
            && revision.fits(&request.overview, &request.details);
        if !fits {
            return refused(ErrorCode::Forged);
        }
        let data = &mut *self.data.borrow_mut();
        if let Some((done, position)) = data.operations.get(&request.operation) {
            assert_eq!(done, request, "an operation id names one write");
            return Ok(ItemWriteResponse { position: *position });
        }
        let stored = data.items.get(item);
        let at =
            stored.map_or(0, |stored| Revision::read(&stored.state.revision).unwrap().revision);
        if at != request.base {
            return Err(RemoteError::Stale(stored.map(|stored| Box::new(stored.state.clone()))));
        }
        let first = between.first().map_or(Ok(revision.clone()), Revision::read).unwrap();
        let before = stored.map(|stored| stored.state.revision.hash());
        if (before.is_some() && first.prev != before)
            || first.revision <= at
            || (at > 0 && first.revision - at > limits::GAP)
        {
            return refused(ErrorCode::Forged);
        }
        let taken = request.identifier.is_some()
            && data
                .items
                .values()
                .any(|other| other.state.item != *item && other.identifier == request.identifier);
        if taken {
            return refused(ErrorCode::IdentifierTaken);
        }
        let was = stored.map(|stored| Revision::read(&stored.state.revision).unwrap());
        let begins = was.as_ref().map(|was| was.epoch) != Some(revision.epoch);
        let listed = begins && revision.epoch > 1;
        if request.key.is_some() != begins || request.list.is_some() != listed {
            return refused(ErrorCode::Malformed);
        }
        let follows = was.as_ref().is_none_or(|was| match was.epoch == revision.epoch {
            true => was.list == revision.list && was.status != Status::Deleted,
            false => was.epoch < revision.epoch,
        });
        if !follows || revision.list != request.list.as_ref().map(Signed::hash).or(revision.list) {
            return refused(ErrorCode::Forged);
        }
        if let (Some(list), true) = (&request.list, between.is_empty())
            && data.keeps_ended(item, &AccessList::accept(list, &self.sign_pk).unwrap())
        {
            return refused(ErrorCode::OwnerFirst);
        }
        let stored = data.items.get(item);
        data.position += 1;
        let mut keys = stored.map(|stored| stored.keys.clone()).unwrap_or_default();
        let mut lists = stored.map(|stored| stored.lists.clone()).unwrap_or_default();
        if let (Some(was), Some(stored), true) = (&was, stored, begins) {
            keys.push(EpochKey { epoch: was.epoch, key: stored.state.key.clone() });
            lists.extend(stored.state.list.clone());
        }
        let mut bodies = stored.map(|stored| stored.bodies.clone()).unwrap_or_default();
        bodies.extend(between.iter().chain([&request.revision]).cloned());
        let key = request.key.clone().or(stored.map(|stored| stored.state.key.clone()));
        let list = match begins {
            true => request.list.clone(),
            false => stored.and_then(|stored| stored.state.list.clone()),
        };
        let state = ItemState {
            item: *item,
            owner: self.owner,
            revision: request.revision.clone(),
            overview: request.overview.clone(),
            details: request.details.clone(),
            key: key.expect("the first write brings it"),
            list,
        };
        let (position, identifier) = (data.position, request.identifier);
        data.items.insert(*item, Stored { state, bodies, position, identifier, keys, lists });
        data.operations.insert(request.operation, (request.clone(), position));
        if let Some(list) = &request.list {
            data.give(item, &AccessList::accept(list, &self.sign_pk).unwrap(), request);
        }
        Ok(ItemWriteResponse { position })
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
