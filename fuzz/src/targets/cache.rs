//! The sealed cache of overviews: the target seals what it gets and opens it as a device does.

use std::collections::{BTreeMap, BTreeSet};

use mysafe::crypto::{AccountKey, Identity, Opened, Random};
use mysafe::vault::{Entry, OpenedCache, Store, Stored, Vault, keys};
use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::{ItemId, UserId};

/// Numbers that anyone can repeat: nothing here is secret.
pub(super) struct Counting(u8);

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
}

/// An account and its vault.
pub(super) struct Device {
    pub(super) account: AccountKey,
    pub(super) user: UserId,
    pub(super) vault: Vault,
    pub(super) random: Counting,
}

impl Device {
    pub(super) fn new() -> Self {
        let address = "ana@example.com";
        let account = AccountKey::generate(&mut Counting(0));
        let user = Identity::of(&account, address).user();
        let same = AccountKey::from_session(&account.to_session()).expect("a key");
        let vault = Vault::open(same, &user, address).expect("the key of this account");
        Self { account, user, vault, random: Counting(0) }
    }

    pub(super) fn seal(&mut self, kind: DeviceKind, key: &str, plaintext: &[u8]) -> Vec<u8> {
        self.account.seal_device(kind, &self.user, key, plaintext, &mut self.random)
    }

    fn entries(&self) -> BTreeMap<ItemId, Entry> {
        self.vault.entries().map(|entry| (entry.id, entry.clone())).collect()
    }

    /// Seals these plaintexts as a device stores them: a head, then the pieces.
    fn stored(&mut self, parts: &[&[u8]]) -> Stored {
        let mut sealed = parts.iter().enumerate().map(|(at, part)| {
            let key = at.checked_sub(1).map_or(keys::CACHE.to_owned(), keys::piece);
            Some(self.seal(DeviceKind::Cache, &key, part))
        });
        let head = sealed.next().flatten();
        Stored::of([head, None, None, None].into_iter().chain(sealed))
    }

    fn open(&self, stored: &Stored) -> Option<OpenedCache> {
        let sealed = stored.sealed(&self.vault).expect("it is sealed here")?;
        let opened = sealed.openings().iter().map(|opening| opening.open());
        let opened: Vec<Opened> = opened.collect::<Result<_, _>>().expect("it is sealed here");
        sealed.opened(opened)
    }

    /// The cache that this vault stores, as a device reads it again.
    fn stored_again(&mut self) -> Stored {
        let puts = self.vault.cache(&mut self.random);
        let mut values: BTreeMap<String, Vec<u8>> =
            puts.into_iter().filter_map(|put| Some((put.key.clone(), put.into_bytes()?))).collect();
        let known = Stored::keys().into_iter().map(|(store, key)| match store {
            Store::Cache => values.remove(&key),
            _ => None,
        });
        Stored::of(known.collect::<Vec<_>>())
    }
}

thread_local! {
    static DEVICE: std::cell::RefCell<Device> = std::cell::RefCell::new(Device::new());
}

/// Does something with the one device, whose keys take long to make.
pub(super) fn with_device<T>(act: impl FnOnce(&mut Device) -> T) -> T {
    DEVICE.with_borrow_mut(act)
}

/// The parts of an input: each but the last with its length before it.
fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let Some((part, rest)) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
        else {
            break;
        };
        parts.push(part);
        // The last piece stands there without a length.
        bytes = rest;
        if bytes.starts_with(&[0xa3]) {
            parts.push(bytes);
            break;
        }
    }
    parts
}

/// A cache is read whole or not at all, for a first screen as for the application; stored again, it is
/// read the same.
pub(super) fn opened(bytes: &[u8]) -> bool {
    with_device(|device| {
        let stored = device.stored(&parts(bytes));
        if !stored.has_cache() {
            return false;
        }
        let all = device.open(&stored);
        let read = device.vault.take(&stored, Ok(all)).is_ok();
        let whole = device.entries();
        let at_first = at_first(device, &stored);
        assert_eq!(at_first, read.then(|| whole.keys().copied().collect()), "both ways agree");
        if read {
            again(device, &stored);
        }
        read
    })
}

/// Reads a cache as a first screen does; returns the items of all of it.
fn at_first(device: &mut Device, stored: &Stored) -> Option<BTreeSet<ItemId>> {
    let opened = device.open(stored);
    let glance = device.vault.glance(stored, Ok(opened)).ok()?.expect("there is a cache");
    let places = glance.first(1, Some("https://api.example.com/v1"));
    assert!(places.is_sorted_by(|a, b| a < b) && places.iter().all(|at| *at < glance.count()));
    let missing = glance.missing(places.iter().copied());
    if let Ok(shown) = device.vault.show(&glance, &places) {
        assert!(missing.is_empty() && shown.len() <= places.len(), "what is shown is here");
    }
    device.vault.complete(glance).ok()?;
    Some(device.entries().into_keys().collect())
}

/// A device stores what it read and reads it again, twice: what it does not write is gone at once.
fn again(device: &mut Device, stored: &Stored) {
    let mut before = None;
    let opened = device.open(stored);
    device.vault.read(opened).expect("it was read before");
    let ids: BTreeSet<ItemId> = device.entries().into_keys().collect();
    for _ in 0..2 {
        let stored = device.stored_again();
        let opened = device.open(&stored);
        device.vault.read(opened).expect("what is stored is read");
        let read = device.entries();
        assert!(read.keys().eq(ids.iter()), "no item is lost");
        if let Some(before) = before.replace(read.clone()) {
            assert_eq!(before, read, "entries are read the same");
        }
    }
}
