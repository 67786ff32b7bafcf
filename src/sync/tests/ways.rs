//! The bodies that a new device asks for, of the items that it knows by their newest revisions alone.

use std::rc::Rc;

use mysafe_protocol::ItemId;
use mysafe_protocol::wire::ErrorCode;

use super::device::{Device, account};
use super::scenes::BODIES;
use crate::crypto::AccountKey;
use crate::sync::RemoteError;
use crate::sync::ways::IN_A_SYNC;
use crate::vault::{Store, keys};

/// An account with so many items, each of them changed once.
fn with_items(many: usize) -> (AccountKey, Device, Vec<ItemId>) {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let items: Vec<ItemId> = (0..many).map(|at| device.add_named(&format!("{at}"))).collect();
    device.sync_well();
    for item in &items {
        device.rename(item, "renamed");
    }
    device.sync_well();
    (account, device, items)
}

fn asked(device: &Device) -> u32 {
    device.line.asked.borrow().get(BODIES).copied().unwrap_or_default()
}

fn kept(device: &Device, items: &[ItemId]) -> usize {
    items.iter().filter(|item| device.value(Store::State, &keys::bodies(item)).is_some()).count()
}

#[test]
fn a_new_device_asks_once_for_the_bodies_of_changed_items() {
    let (account, mut old, items) = with_items(2);
    let first = old.add_named("never changed");
    old.sync_well();
    let mut young = Device::new(&account, &Rc::clone(&old.line.server));
    young.sync_well();
    assert_eq!((asked(&young), kept(&young, &items), kept(&young, &[first])), (2, 2, 0));
    old.rename(&first, "changed");
    old.sync_well();
    young.sync_well();
    young.sync_well();
    assert_eq!(asked(&young), 2, "the one before came along");
    assert_eq!(asked(&old), 0, "who wrote them knows them");
}

#[test]
fn no_sync_asks_about_more_than_a_hundred_items() {
    let (account, old, items) = with_items(IN_A_SYNC + 5);
    let mut young = Device::new(&account, &Rc::clone(&old.line.server));
    young.sync_well();
    assert_eq!((asked(&young) as usize, kept(&young, &items)), (IN_A_SYNC, IN_A_SYNC));
    young.sync_well();
    young.sync_well();
    assert_eq!((asked(&young) as usize, kept(&young, &items)), (items.len(), items.len()));
}

#[test]
fn a_server_that_gives_no_bodies_changes_nothing_and_is_asked_no_more() {
    let (account, old, items) = with_items(2);
    let errors = [
        (RemoteError::Refused(ErrorCode::NotFound), 2),
        (RemoteError::Malformed, 2),
        // Each item is tried twice, and one in each sync.
        (RemoteError::Offline, 4),
        (RemoteError::Busy(60), 4),
    ];
    for (error, times) in errors {
        let mut young = Device::new(&account, &Rc::clone(&old.line.server));
        *young.line.refuses.borrow_mut() = Some((BODIES, error.clone()));
        for _ in 0..8 {
            let outcome = young.sync().unwrap();
            assert_eq!((outcome.notices, outcome.wait), (Vec::new(), None), "{error:?}");
        }
        assert_eq!(asked(&young), times, "{error:?}");
        assert_eq!(kept(&young, &items), 2, "noted: {error:?}");
        young.line.end_lies();
        young.rename(&items[0], "goes on");
        young.sync_well();
        young.assert_settled();
    }
}

#[test]
fn an_answer_that_does_not_arrive_is_asked_for_again() {
    let (account, old, items) = with_items(2);
    let mut young = Device::new(&account, &Rc::clone(&old.line.server));
    *young.line.refuses.borrow_mut() = Some((BODIES, RemoteError::Offline));
    young.sync_well();
    young.line.end_lies();
    young.sync_well();
    assert_eq!((asked(&young), kept(&young, &items)), (3, 2));
}
