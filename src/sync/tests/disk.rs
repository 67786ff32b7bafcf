//! A device's stores in memory, which may refuse, and the bugs that tests plant in them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use mysafe_protocol::{ItemId, UserId};

use crate::sync::{Local, Progress};
use crate::vault::{DeviceRecord, Held, Put, Store, Vault, keys};

/// A bug that a test has to find.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bug {
    /// A write that waits is sometimes not stored.
    OutboxEntryDropped,
    /// In a merge the other side's value is taken, always.
    TheirsAlwaysWins,
    /// The cursor is stored before the page it stands behind.
    CursorStoredFirst,
}

/// The stores.
#[derive(Default)]
pub(super) struct Disk {
    pub(super) values: RefCell<BTreeMap<(Store, String), Vec<u8>>>,
    locked: Rc<Cell<bool>>,
    /// Refuses the n-th transaction from here on.
    pub(super) refuses: Cell<Option<u32>>,
    pub(super) bug: Cell<Option<Bug>>,
    /// Opens what is sealed here, for the invariants.
    pub(super) opens: RefCell<Option<Vault>>,
    /// The vault is locked.
    pub(super) locked_vault: Cell<bool>,
    /// What was told after each page but the last.
    pub(super) progress: RefCell<Vec<Option<Progress>>>,
}

impl Disk {
    /// Puts the record of a device there that entered this account.
    pub(super) fn enter(&self, user: &UserId, address: &str) {
        let record = DeviceRecord {
            user: *user,
            address: address.to_owned(),
            name: "Name".into(),
            server: "https://mysafe.example.com".into(),
            wrap: None,
        };
        let key = (Store::Device, keys::DEVICE.to_owned());
        self.values.borrow_mut().insert(key, record.encode());
    }

    /// Empties the stores, as signing out does.
    pub(super) fn clear(&self) {
        assert!(!self.locked.get(), "signing out waits for the lock");
        self.values.borrow_mut().clear();
    }

    /// What a planted bug leaves of a transaction.
    fn spoil(&self, puts: &mut Vec<Put>) {
        match self.bug.get() {
            Some(Bug::OutboxEntryDropped) => puts.retain(|put| {
                let waits = put.store == Store::Outbox && put.key.starts_with("item/");
                !waits || put.clone().into_bytes().is_none_or(|value| value[1] % 8 != 0)
            }),
            Some(Bug::CursorStoredFirst) => {
                let cursor = puts.iter().position(|put| put.key == keys::CURSOR);
                if let Some(Put { store, key, value: Some(value) }) =
                    cursor.map(|cursor| puts.remove(cursor))
                {
                    self.values.borrow_mut().insert((store, key), value.into_bytes());
                }
            }
            Some(Bug::TheirsAlwaysWins) | None => {}
        }
    }
}

/// The store refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Refused;

/// The lock, held.
pub(super) struct Guard(Rc<Cell<bool>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Local for Disk {
    type Error = Refused;
    type Guard = Guard;

    async fn is_unlocked(&self) -> Result<bool, Refused> {
        Ok(!self.locked_vault.get())
    }

    async fn lock(&self) -> Result<Guard, Refused> {
        assert!(!self.locked.replace(true), "taken twice");
        Ok(Guard(Rc::clone(&self.locked)))
    }

    async fn get(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, Refused> {
        Ok(self.values.borrow().get(&(store, key.to_owned())).cloned())
    }

    async fn keys(&self, store: Store) -> Result<Vec<String>, Refused> {
        let values = self.values.borrow();
        Ok(values.keys().filter(|key| key.0 == store).map(|key| key.1.clone()).collect())
    }

    async fn took_page(&self, progress: Option<Progress>) {
        assert!(!self.locked.get(), "whoever hears of it may read and write");
        self.progress.borrow_mut().push(progress);
    }

    async fn apply(&self, mut puts: Vec<Put>) -> Result<(), Refused> {
        assert!(self.locked.get(), "what was read, changed and is written back needs the lock");
        self.spoil(&mut puts);
        match self.refuses.get() {
            Some(0) => {
                self.refuses.set(None);
                return Err(Refused);
            }
            Some(after) => self.refuses.set(Some(after - 1)),
            None => {}
        }
        self.assert_never_lower(&puts);
        let mut values = self.values.borrow_mut();
        for put in puts {
            let key = (put.store, put.key.clone());
            match put.into_bytes() {
                Some(value) => values.insert(key, value),
                None => values.remove(&key),
            };
        }
        Ok(())
    }
}

impl Disk {
    /// No transaction lowers the epoch or number held of an item, or puts another list beside the held one.
    fn assert_never_lower(&self, puts: &[Put]) {
        let opens = self.opens.borrow();
        let Some(vault) = &*opens else { return };
        let held = |key: &str, blob: &[u8]| {
            let opened = vault.open_state(key, blob).ok()?;
            Held::decode(&opened).ok()
        };
        for put in puts.iter().filter(|put| put.store == Store::State) {
            if put.key.parse::<ItemId>().is_err() {
                continue;
            }
            let before = self.values.borrow().get(&(Store::State, put.key.clone())).cloned();
            let Some(before) = before.and_then(|blob| held(&put.key, &blob)) else { continue };
            let after = put.clone().into_bytes().expect("what is held of an item is never removed");
            let after = held(&put.key, &after).expect("what is stored is read");
            let lower = after.epoch < before.epoch || after.revision < before.revision;
            let other = after.epoch == before.epoch && after.list != before.list;
            // The user's act on an item of somebody else: all that was held is remembered.
            let all = || before.apart.iter().chain([&before.head()]).copied().collect::<Vec<_>>();
            let remembers = after.owner.is_some() && all().iter().all(|head| after.remembers(head));
            assert!(remembers || (!lower && !other), "held goes from {before:?} to {after:?}");
        }
    }
}
