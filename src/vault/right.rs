//! Whose an item is, and what this user may do with it, as the accepted list says.

use std::collections::BTreeMap;

use mysafe_protocol::bodies::{AccessList, Grantee, Permission};
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::{ItemId, UserId};

use super::accept::Accepted;
use super::clock::Clock;
use super::item::SaveError;
use super::local::LocalItem;
use super::open::Vault;
use crate::model::{AccountRecordBody, Trust};

/// What somebody may do with an item; each may do what the ones before may.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Right {
    /// View, copy, fill.
    View,
    /// Edit, disable, enable, restore a version too.
    Edit,
    /// Everything: it is the user's own.
    #[default]
    Own,
}

/// Whether somebody's keys are the ones that their address is pinned to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Met {
    /// They are.
    #[default]
    Accepted,
    /// The address is not pinned: the user has to accept the person first.
    First,
    /// The address is pinned to other keys.
    KeyChanged,
}

impl Met {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Accepted => 0,
            Self::First => 1,
            Self::KeyChanged => 2,
        }
    }

    pub(super) fn of(code: u8) -> Option<Self> {
        [Self::Accepted, Self::First, Self::KeyChanged].into_iter().find(|met| met.code() == code)
    }
}

/// Whose an item is, and what this user may do with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// Whose it is, if it is somebody else's.
    pub owner: Option<UserId>,
    /// What this user may do.
    pub right: Right,
    /// When the access ends, Unix seconds; for ever if absent. Of an own item: when that of the first of
    /// the others does.
    pub until: Option<u64>,
    /// It is the user's own and others have access.
    pub shared: bool,
    /// Of somebody else's: it was viewed, copied or dismissed on a browser of this user.
    pub seen: bool,
    /// Of somebody else's: whether its owner was accepted.
    pub met: Met,
}

impl Access {
    /// It stands under "New items".
    pub fn is_new(&self) -> bool {
        self.owner.is_some() && (!self.seen || self.met != Met::Accepted)
    }

    /// It may be found, suggested, filled and edited: whose it is was accepted.
    pub fn is_usable(&self) -> bool {
        self.met == Met::Accepted
    }

    /// As it is stored beside an item; nothing for an own one that nobody else has.
    pub(super) fn put(&self, fields: &mut Fields) {
        if let Some(owner) = &self.owner {
            fields.put_bytes(9, &owner.0);
            fields.put(10, self.right == Right::Edit);
            if let Some(until) = self.until {
                fields.put(11, until);
            }
            fields.put(13, self.seen);
            fields.put(14, self.met.code());
        } else if self.shared {
            if let Some(until) = self.until {
                fields.put(11, until);
            }
            fields.put(12, true);
        }
    }
}

impl Vault {
    /// Knows whom the user met, and of what they are to be reminded: the body of the account record. Items
    /// of others go by it.
    pub fn meet(&mut self, contacts: &AccountRecordBody) {
        let pinned = contacts.contacts().into_iter();
        let pinned = pinned.filter(|contact| contact.trust != Trust::Replaced);
        self.pins = BTreeMap::new();
        for contact in pinned {
            // Of two pins of one address the first holds.
            self.pins.entry(contact.address).or_insert(contact.user);
        }
        let reminders = contacts.reminders().into_iter();
        self.reminders = reminders.map(|reminder| (reminder.item, reminder.due)).collect();
        self.meet_owners();
    }

    /// Whose items these are was met, or not, as the pins say now.
    pub(super) fn meet_owners(&mut self) {
        let mut met = BTreeMap::new();
        for owner in self.entries.values().filter_map(|entry| entry.access.owner) {
            met.entry(owner).or_insert_with(|| self.met(&owner));
        }
        for entry in self.entries.values_mut() {
            if let Some(owner) = &entry.access.owner {
                entry.access.met = met[owner];
            }
        }
    }

    /// When the client secret of an own item is to be rotated at its provider, Unix milliseconds.
    pub fn reminder(&self, item: &ItemId) -> Option<u64> {
        let due = *self.reminders.get(item)?;
        self.entries.get(item).filter(|entry| entry.access.owner.is_none()).map(|_| due)
    }

    /// Whether somebody's keys are the ones that their address is pinned to.
    pub fn met(&self, user: &UserId) -> Met {
        if *user == self.user() {
            return Met::Accepted;
        }
        let Some(person) = self.people.get(user) else { return Met::First };
        if person.address == self.address() {
            return Met::KeyChanged;
        }
        match self.pins.get(&person.address) {
            Some(pinned) if pinned == user => Met::Accepted,
            Some(_) => Met::KeyChanged,
            None => Met::First,
        }
    }

    /// Whose an accepted item is, and what this user may do.
    pub(super) fn access_of(&self, accepted: &Accepted) -> Access {
        let list = accepted.list.as_ref();
        let entry = self.entries.get(&accepted.revision.item);
        let seen = entry.is_some_and(|entry| entry.access.seen);
        let access = self.access_by(accepted.held.owner, list, seen);
        if !accepted.held.is_apart() {
            return access;
        }
        // Nothing is written until a version leads back to all that was held.
        Access { right: Right::View, ..access }
    }

    /// The same of an item as it is stored.
    pub(super) fn access_here(&self, local: &LocalItem) -> Access {
        let owner = local.state.as_ref().map(|state| state.owner);
        let list = self.access(local).ok().flatten();
        self.access_by(owner.filter(|owner| *owner != self.user()), list.as_ref(), false)
    }

    fn access_by(&self, owner: Option<UserId>, list: Option<&AccessList>, seen: bool) -> Access {
        let Some(owner) = owner else {
            let shared = list.is_some_and(|list| !list.grants.is_empty());
            let grants = list.map(|list| &list.grants[..]).unwrap_or_default();
            let until = grants.iter().filter_map(|grant| grant.until).min();
            return Access { shared, until, ..Access::default() };
        };
        let to = Grantee::User(self.user());
        let grant = list.and_then(|list| list.grants.iter().find(|grant| grant.to == to));
        let right = match grant.map(|grant| grant.permission) {
            Some(Permission::Edit) => Right::Edit,
            Some(Permission::View) | None => Right::View,
        };
        let until = grant.and_then(|grant| grant.until);
        Access { owner: Some(owner), right, until, shared: false, seen, met: self.met(&owner) }
    }

    /// Whether an item, as it is stored, is somebody else's.
    pub(super) fn is_others(&self, local: &LocalItem) -> bool {
        local.state.as_ref().is_some_and(|state| state.owner != self.user())
    }

    /// Whether this user may write an item as it is stored.
    pub(super) fn may(&self, local: &LocalItem, right: Right) -> Result<(), SaveError> {
        let access = self.access_here(local);
        let item = local.state.as_ref().map(|state| &state.item);
        let entry = item.and_then(|item| self.entries.get(item));
        let listed = entry.map_or(access.right, |entry| entry.access.right);
        if access.right.min(listed) < right {
            return Err(SaveError::NotAllowed);
        }
        if access.is_usable() { Ok(()) } else { Err(SaveError::NotAccepted) }
    }

    /// Whether an item in memory is somebody else's.
    pub(crate) fn is_theirs(&self, item: &ItemId) -> bool {
        self.entries.get(item).is_some_and(|entry| entry.access.owner.is_some())
    }

    /// Whether this user may write an item that is accepted.
    pub(crate) fn may_edit(&self, accepted: &Accepted) -> bool {
        self.access_of(accepted).right >= Right::Edit
    }

    /// Returns when this user's own access to an accepted item of somebody else ends, if it does by itself.
    pub(crate) fn ends(&self, accepted: &Accepted) -> Option<u64> {
        let access = self.access_of(accepted);
        access.until.filter(|_| access.owner.is_some())
    }

    /// Own items to which somebody's access has ended by now.
    pub(crate) fn over(&self, clock: &Clock) -> Vec<ItemId> {
        let over = self.entries().filter(|entry| {
            let Access { owner, shared, until, .. } = entry.access;
            // A deletion that waits goes over the new key.
            let there = entry.waiting || entry.status != mysafe_protocol::Status::Deleted;
            owner.is_none() && shared && there && clock.is_over(until)
        });
        over.map(|entry| entry.id).collect()
    }

    /// Items of others to which this user's access has ended by now.
    pub(crate) fn ended_here(&self, clock: &Clock) -> Vec<ItemId> {
        let over = self.entries().filter(|entry| {
            let Access { owner, until, .. } = entry.access;
            owner.is_some() && clock.is_over(until)
        });
        over.map(|entry| entry.id).collect()
    }

    /// The items under "New items", in no particular order.
    pub fn new_items(&self) -> impl Iterator<Item = &super::entry::Entry> {
        let here = |entry: &&super::entry::Entry| {
            entry.access.is_new() && entry.status != mysafe_protocol::Status::Deleted
        };
        self.entries().filter(here)
    }
}
