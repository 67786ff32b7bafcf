//! The server in memory as somebody sees it with whom items are shared: what a list gives, what an
//! editor writes, and what ends.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{AccessList, Grantee, Permission};
use mysafe_protocol::wire::{
    AccountRecord, ChangesQuery, ChangesResponse, EpochKey, ErrorCode, HistoryResponse, ItemState,
    ItemWriteRequest, ItemWriteResponse, Left, PeopleResponse, Person, RecordWriteRequest,
    UseState,
};
use mysafe_protocol::{Bundle, Bytes, ItemId, Revision, Signed, Status, UserId};

use super::server::{Data, Server};
use crate::sync::RemoteError;

/// What somebody has of an item.
#[derive(Clone)]
pub(super) struct Share {
    pub(super) permission: Permission,
    /// The envelopes, by epoch; the last one opens what is there now.
    pub(super) envelopes: Vec<EpochKey>,
    /// They left, or were taken off.
    pub(super) ended: bool,
    /// The owner's list names them.
    pub(super) listed: bool,
    pub(super) position: u64,
}

/// Somebody else's account.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) record: (u64, AccountRecord),
    pub(super) uses: std::collections::BTreeMap<ItemId, (u64, Bytes)>,
}

const NOT_FOUND: RemoteError = RemoteError::Refused(ErrorCode::NotFound);

impl Data {
    /// Whether the access of somebody whom the present list names ended, and stays ended by a list that is sent
    /// again: none of the lists `between` is without them. There are none of a list made now.
    pub(super) fn stays_ended(
        &self,
        item: &ItemId,
        user: &UserId,
        between: Option<&[AccessList]>,
    ) -> bool {
        let share = self.shares.get(&(*item, *user));
        let ended = share.is_some_and(|share| share.listed && share.ended);
        ended && between.is_some_and(|lists| lists.iter().all(|list| list.of(user).is_some()))
    }

    /// Whether a list gives access to somebody who has none.
    pub(super) fn gives_anew(
        &self,
        item: &ItemId,
        list: &AccessList,
        between: Option<&[AccessList]>,
    ) -> bool {
        list.grants.iter().any(|grant| {
            let Grantee::User(user) = grant.to else { return false };
            let has = self.shares.get(&(*item, user)).is_some_and(|share| !share.ended);
            !has && !self.stays_ended(item, &user, between)
        })
    }

    /// Gives and takes what the list of a new epoch says.
    pub(super) fn give(
        &mut self,
        item: &ItemId,
        list: &AccessList,
        request: &ItemWriteRequest,
        ended: &BTreeSet<UserId>,
    ) {
        let position = self.position;
        for ((_, user), share) in self.shares.iter_mut().filter(|((of, _), _)| of == item) {
            let stays = list.of(user).is_some();
            if !stays && !share.ended {
                (share.ended, share.position) = (true, position);
            }
            share.listed = stays;
        }
        assert_eq!(list.grants.len(), request.envelopes.len());
        for (grant, envelope) in list.grants.iter().zip(&request.envelopes) {
            assert_eq!(grant.to, Grantee::User(envelope.user));
            let old = self.shares.remove(&(*item, envelope.user));
            let mut envelopes = old.map(|share| share.envelopes).unwrap_or_default();
            envelopes.push(EpochKey { epoch: list.epoch, key: envelope.blob.clone() });
            let permission = grant.permission;
            let ended = ended.contains(&envelope.user);
            let share = Share { permission, envelopes, ended, listed: true, position };
            self.shares.insert((*item, envelope.user), share);
        }
    }

    /// Whether a list goes on naming somebody whose access ended.
    pub(super) fn keeps_ended(&self, item: &ItemId, list: &AccessList) -> bool {
        let gone = self.shares.iter().filter(|(_, share)| share.listed && share.ended);
        gone.into_iter().any(|((of, user), _)| of == item && list.of(user).is_some())
    }

    /// Whether the list of an item names somebody whose access ended.
    pub(super) fn is_stale(&self, item: &ItemId) -> bool {
        let gone = self.shares.iter().filter(|(_, share)| share.listed && share.ended);
        gone.into_iter().any(|((of, _), _)| of == item)
    }

    /// An item as somebody sees it.
    pub(super) fn seen(&self, user: &UserId, item: &ItemId) -> Option<ItemState> {
        let share = self.shares.get(&(*item, *user)).filter(|share| !share.ended)?;
        let key = share.envelopes.last().expect("one came with the list").key.clone();
        Some(ItemState { key, ..self.items[item].state.clone() })
    }

    /// Somebody's access ends: the owner's log says so.
    pub(super) fn end(&mut self, user: &UserId, item: &ItemId) {
        self.position += 1;
        let share = self.shares.get_mut(&(*item, *user)).expect("shared");
        (share.ended, share.position) = (true, self.position);
        self.items.get_mut(item).expect("there").position = self.position;
    }
}

impl Server {
    /// Somebody's bundle, and whether their mailbox is confirmed. Of a lost account there may be the bundle alone.
    pub(super) fn bundle_of(&self, user: &UserId) -> Result<(Signed, bool), RemoteError> {
        let data = self.data.borrow();
        let kept = || Some((data.kept.get(user)?.clone(), false));
        let confirmed = !data.unconfirmed.contains(user);
        let found = data.people.get(user).map(|bundle| (bundle.clone(), confirmed));
        found.or_else(kept).ok_or(NOT_FOUND)
    }

    pub(super) fn item_of(&self, user: &UserId, item: &ItemId) -> Result<ItemState, RemoteError> {
        let data = self.data.borrow();
        if *user == self.owner {
            return data.items.get(item).map(|item| item.state.clone()).ok_or(NOT_FOUND);
        }
        data.seen(user, item).ok_or(NOT_FOUND)
    }

    /// Whose address begins so. Their names are their addresses.
    pub(super) fn found(&self, search: &str) -> PeopleResponse {
        let data = self.data.borrow();
        let person = |(user, signed): (&UserId, &Signed)| {
            let address = Bundle::accept(signed).unwrap().address;
            Person { user: *user, name: address.clone(), address, bundle: signed.clone() }
        };
        let people = data.people.iter().map(person);
        PeopleResponse { people: people.filter(|one| one.address.starts_with(search)).collect() }
    }

    pub(super) fn leave(&self, user: &UserId, item: &ItemId) -> Result<(), RemoteError> {
        let data = &mut *self.data.borrow_mut();
        data.seen(user, item).ok_or(NOT_FOUND)?;
        data.end(user, item);
        Ok(())
    }

    /// A write by the owner or somebody else.
    pub(super) fn write_of(
        &self,
        user: &UserId,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        self.store(user, item, request, None)
    }

    /// Whether somebody else than the owner may write an item.
    pub(super) fn may_write(
        &self,
        data: &Data,
        user: &UserId,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<(), RemoteError> {
        data.seen(user, item).ok_or(NOT_FOUND)?;
        let revision = Revision::read(&request.revision).unwrap();
        let owners =
            request.key.is_some() || request.list.is_some() || request.identifier.is_some();
        let share = &data.shares[&(*item, *user)];
        if owners || share.permission == Permission::View || revision.status == Status::Deleted {
            return Err(RemoteError::Refused(ErrorCode::NotAllowed));
        }
        Ok(())
    }

    /// The owner ends somebody's access.
    pub(super) fn end_access(
        &self,
        user: &UserId,
        item: &ItemId,
        whose: &UserId,
    ) -> Result<(), RemoteError> {
        let data = &mut *self.data.borrow_mut();
        match data.shares.get(&(*item, *whose)) {
            Some(share) if *user == self.owner && share.ended => Ok(()),
            Some(_) if *user == self.owner => {
                data.end(whose, item);
                Ok(())
            }
            _ => Err(NOT_FOUND),
        }
    }

    /// One page of everything, as somebody else than the owner sees it.
    pub(super) fn changes_of(&self, user: &UserId, query: &ChangesQuery) -> ChangesResponse {
        if *user == self.owner {
            return self.changes(query);
        }
        let data = self.data.borrow();
        let known = query.epoch == Some(data.epoch);
        let after = query.position.filter(|at| known && *at <= data.position).unwrap_or(0);
        let (mut items, mut ended) = (Vec::new(), Vec::new());
        for ((item, _), share) in data.shares.iter().filter(|((_, of), _)| of == user) {
            match data.seen(user, item) {
                Some(state) if data.items[item].position.max(share.position) > after => {
                    items.push(state);
                }
                None if share.position > after => ended.push(*item),
                _ => {}
            }
        }
        let account = &data.others[user];
        let uses = account.uses.iter().filter(|(_, (position, _))| *position > after);
        ChangesResponse {
            ended,
            left: vec![],
            epoch: data.epoch,
            position: data.position,
            more: false,
            items,
            uses: uses
                .map(|(item, (_, blob))| UseState { item: *item, blob: blob.clone() })
                .collect(),
            account: Some(account.record.1.clone()).filter(|_| account.record.0 > after),
            total: None,
            time: Some(data.time),
        }
    }

    /// Whom the lists of these items still name although they left.
    pub(super) fn left_of(&self, items: &[ItemState]) -> Vec<Left> {
        let data = self.data.borrow();
        let gone = data.shares.iter().filter(|(_, share)| share.listed && share.ended);
        let left = gone.map(|((item, user), _)| Left { item: *item, user: *user });
        left.filter(|left| items.iter().any(|state| state.item == left.item)).collect()
    }

    pub(super) fn history_of(&self, user: &UserId, item: &ItemId, before: u64) -> HistoryResponse {
        let history = self.history(item, before);
        if *user == self.owner {
            return history;
        }
        let data = self.data.borrow();
        let share = data.shares.get(&(*item, *user));
        let mut keys = share.map(|share| share.envelopes.clone()).unwrap_or_default();
        keys.pop();
        HistoryResponse { keys, ..history }
    }

    pub(super) fn note_use_of(
        &self,
        user: &UserId,
        item: &ItemId,
        blob: &Bytes,
    ) -> Result<(), RemoteError> {
        if *user == self.owner {
            return self.note_use(item, blob);
        }
        let data = &mut *self.data.borrow_mut();
        data.seen(user, item).ok_or(NOT_FOUND)?;
        data.position += 1;
        let position = data.position;
        data.others.get_mut(user).unwrap().uses.insert(*item, (position, blob.clone()));
        Ok(())
    }

    pub(super) fn write_record_of(
        &self,
        user: &UserId,
        request: &RecordWriteRequest,
    ) -> Result<(), RemoteError> {
        if *user == self.owner {
            return self.write_record(request);
        }
        let data = &mut *self.data.borrow_mut();
        data.position += 1;
        let position = data.position;
        let account = data.others.get_mut(user).unwrap();
        if account.record.1.hash() != request.base_hash {
            return Err(RemoteError::Stale(None));
        }
        account.record = (position, request.record.clone());
        Ok(())
    }
}
