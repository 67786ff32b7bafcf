//! Every kind of sealed blob in every place: each opens where it was sealed and nowhere else,
//! and no longer once anything of it changed.

use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::{ItemId, UserId};

use super::damaged;
use super::opaque_server::OpaqueServer;
use crate::crypto::{AccountKey, DeviceKey, ExportKey, ItemKey, SystemRandom};

type Open<'k> = Box<dyn Fn(&[u8]) -> bool + 'k>;

/// A blob in its place, and how that place is opened.
struct Place<'k> {
    name: String,
    blob: Vec<u8>,
    open: Open<'k>,
}

/// The same keys for every place, so that only the place tells the blobs apart.
struct Keys {
    account: AccountKey,
    item: ItemKey,
    device: DeviceKey,
    export: ExportKey,
}

impl Keys {
    fn new(password: &str) -> Self {
        let random = &mut SystemRandom;
        Self {
            account: AccountKey::generate(random),
            item: ItemKey::generate(random),
            device: DeviceKey::derive(password, &[1; 16]),
            export: OpaqueServer::new().sign_up("ana@example.com", password).1,
        }
    }
}

const USERS: [UserId; 2] = [UserId([1; 32]), UserId([2; 32])];
const ITEMS: [ItemId; 2] = [ItemId([3; 16]), ItemId([4; 16])];
/// As long as a key, so that no place refuses it for its length.
const PLAINTEXT: [u8; 32] = [0x11; 32];

fn places(keys: &Keys) -> Vec<Place<'_>> {
    let mut places = of_users(keys);
    places.extend(of_items(keys));
    places
}

fn of_users<'k>(keys: &'k Keys) -> Vec<Place<'k>> {
    let Keys { account, device, export, item: item_key } = keys;
    let r = &mut SystemRandom;
    let mut places = Vec::new();
    let mut add = |name, blob, open: Open<'k>| places.push(Place { name, blob, open });
    for user in USERS {
        add(
            format!("wrap/password {user}"),
            account.wrap(&user, export, r),
            Box::new(move |blob| AccountKey::unwrap(&user, export, blob).is_ok()),
        );
        add(
            format!("wrap/device {user}"),
            account.wrap_device(&user, device, r),
            Box::new(move |blob| AccountKey::unwrap_device(&user, device, blob).is_ok()),
        );
        for version in [1, 2] {
            add(
                format!("account {user} {version}"),
                account.seal_record(&user, version, &PLAINTEXT, r),
                Box::new(move |blob| account.open_record(&user, version, blob).is_ok()),
            );
        }
        use DeviceKind::{Cache, Draft, Outbox, Session, State};
        for kind in [Session, State, Cache, Outbox, Draft] {
            for name in ["a", "b"] {
                add(
                    format!("{kind:?} {user} {name}"),
                    account.seal_device(kind, &user, name, &PLAINTEXT, r),
                    Box::new(move |blob| account.open_device(kind, &user, name, blob).is_ok()),
                );
            }
        }
        for item in ITEMS {
            add(
                format!("use {user} {item}"),
                account.seal_use(&user, &item, &PLAINTEXT, r),
                Box::new(move |blob| account.open_use(&user, &item, blob).is_ok()),
            );
            for epoch in [1, 2] {
                add(
                    format!("item/key {user} {item} {epoch}"),
                    item_key.wrap(account, &user, &item, epoch, r),
                    Box::new(move |b| ItemKey::unwrap(account, &user, &item, epoch, b).is_ok()),
                );
            }
        }
    }
    places
}

fn of_items<'k>(keys: &'k Keys) -> Vec<Place<'k>> {
    let (key, r) = (&keys.item, &mut SystemRandom);
    let mut places = Vec::new();
    let mut add = |name, blob, open: Open<'k>| places.push(Place { name, blob, open });
    for item in ITEMS {
        for (epoch, revision) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            add(
                format!("overview {item} {epoch} {revision}"),
                key.seal_overview(&item, epoch, revision, &PLAINTEXT, r),
                Box::new(move |blob| key.open_overview(&item, epoch, revision, blob).is_ok()),
            );
            add(
                format!("details {item} {epoch} {revision}"),
                key.seal_details(&item, epoch, revision, &PLAINTEXT, r),
                Box::new(move |blob| key.open_details(&item, epoch, revision, blob).is_ok()),
            );
        }
    }
    places
}

#[test]
fn each_blob_opens_in_its_own_place_only() {
    let keys = Keys::new("granite otter");
    let places = places(&keys);
    assert_eq!(places.len(), 2 * (2 + 2 + 10 + 2 * 3) + 2 * 4 * 2);
    for sealed in &places {
        for place in &places {
            let opens = (place.open)(&sealed.blob);
            assert_eq!(opens, sealed.name == place.name, "{} as {}", sealed.name, place.name);
        }
    }
}

#[test]
fn no_blob_opens_with_other_keys() {
    let (keys, others) = (Keys::new("granite otter"), Keys::new("folds maps"));
    for (sealed, place) in places(&keys).iter().zip(places(&others)) {
        assert_eq!(sealed.name, place.name);
        assert!(!(place.open)(&sealed.blob), "{}", sealed.name);
    }
}

#[test]
fn each_byte_of_each_blob_counts() {
    let keys = Keys::new("granite otter");
    for place in places(&keys) {
        for (why, blob) in damaged(&place.blob) {
            assert!(!(place.open)(&blob), "{}: {why}", place.name);
        }
        // Any other version byte is another suite.
        for version in (0..=255).filter(|version| *version != 1) {
            let mut blob = place.blob.clone();
            blob[0] = version;
            assert!(!(place.open)(&blob), "{}: version {version}", place.name);
        }
    }
}

#[test]
fn no_two_writes_share_a_salt() {
    let keys = Keys::new("granite otter");
    let places = places(&keys);
    let mut salts: Vec<&[u8]> = places.iter().map(|place| &place.blob[1..17]).collect();
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), places.len());
}
