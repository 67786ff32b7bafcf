//! Two contexts of one device, popup and background: they share the stores, and only the lock
//! stands between them.

use std::cell::RefCell;
use std::rc::Rc;

use mysafe_protocol::ItemId;

use super::device::{ADDRESS, Device, account};
use super::disk::Disk;
use super::line::Break;
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::SyncError;
use crate::vault::Store;

/// Lets `act` happen in another context of the device while its next write is on its way.
fn while_sending(device: &Device, act: impl FnOnce(&mut Device) + 'static) {
    let mut popup = device.context();
    *device.line.meanwhile.borrow_mut() = Some(Box::new(move || act(&mut popup)));
}

/// A device that has an item and has just renamed it from "a" to "b".
fn renamed() -> (Device, ItemId) {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.sync_well();
    device.rename(&item, "b");
    (device, item)
}

#[test]
fn an_edit_during_an_upload_is_not_lost() {
    let (mut device, item) = renamed();
    while_sending(&device, move |popup| {
        popup.edit(&item, |form| form.notes = "typed meanwhile".into());
    });
    assert_eq!(device.sync_well().sent, 2);
    device.assert_settled();
    let form = device.form(&item);
    assert_eq!((&*form.name, &*form.notes), ("b", "typed meanwhile"));
    assert_eq!(device.line.server.revisions(&item), [1, 2, 3]);
}

#[test]
fn taking_an_edit_back_during_its_upload_takes_it_back() {
    let (mut device, item) = renamed();
    while_sending(&device, move |popup| popup.rename(&item, "a"));
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.name(&item), "a");
}

#[test]
fn an_edit_during_an_upload_without_answer_is_not_lost() {
    let (mut device, item) = renamed();
    while_sending(&device, move |popup| popup.rename(&item, "a"));
    device.line.breaks.set(Some((1, Break::After)));
    device.sync().unwrap_err();
    let mut device = device.restarted();
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.name(&item), "a");
    assert_eq!(device.line.server.revisions(&item), [1, 2, 3]);
}

#[test]
fn a_new_item_edited_during_its_first_upload_is_not_lost() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    while_sending(&device, move |popup| popup.edit(&item, |form| form.tags.clear()));
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.form(&item).tags, [""; 0]);
    assert_eq!(server.revisions(&item), [1, 2]);
}

#[test]
fn a_whole_sync_of_another_context_during_an_upload_does_no_harm() {
    let (mut device, item) = renamed();
    while_sending(&device, |popup| {
        popup.sync_well();
    });
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.line.server.revisions(&item), [1, 2]);
}

#[test]
fn what_came_behind_an_upload_is_not_overwritten_by_its_answer() {
    let (mut device, item) = renamed();
    let mut other = Device::new(&device.account(), &device.line.server);
    while_sending(&device, move |popup| {
        other.sync_well();
        other.rename(&item, "c");
        other.sync_well();
        popup.sync_well();
        assert_eq!(popup.name(&item), "c");
    });
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.name(&item), "c");
}

#[test]
fn a_page_that_another_context_overtook_is_left() {
    let (account, server) = account();
    let (mut device, other) = (Device::new(&account, &server), Device::new(&account, &server));
    let item = device.add_named("a");
    device.sync_well();
    let other = Rc::new(RefCell::new(other));
    other.borrow_mut().sync_well();
    other.borrow_mut().rename(&item, "b");
    other.borrow_mut().sync_well();
    // The page with "b" is on its way here; the popup takes "b" and then "c".
    let mut popup = device.context();
    let far = Rc::clone(&other);
    *device.line.while_page.borrow_mut() = Some(Box::new(move || {
        popup.sync_well();
        far.borrow_mut().rename(&item, "c");
        far.borrow_mut().sync_well();
        popup.sync_well();
    }));
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.name(&item), "c");
}

#[test]
fn a_stale_answer_that_another_context_overtook_is_left() {
    let (mut device, item) = renamed();
    let mut other = Device::new(&device.account(), &device.line.server);
    other.sync_well();
    other.edit(&item, |form| form.notes = "theirs".into());
    other.sync_well();
    while_sending(&device, move |popup| {
        // Takes theirs and sends "b" over it, before the answer "stale" comes to the first.
        popup.sync_well();
    });
    device.sync_well();
    device.assert_settled();
    let form = device.form(&item);
    assert_eq!((&*form.name, &*form.notes), ("b", "theirs"));
    assert_eq!(device.line.server.revisions(&item), [1, 2, 3]);
}

/// Signs out of a device, and perhaps into another account. Returns what the stores hold then.
fn sign_out(disk: &Disk, next: bool) -> usize {
    disk.clear();
    if next {
        let other = AccountKey::generate(&mut SystemRandom);
        disk.enter(&Identity::of(&other, ADDRESS).user(), ADDRESS);
    }
    disk.values.borrow().len()
}

#[test]
fn after_signing_out_a_sync_writes_nothing_nor_into_the_account_that_signs_in_next() {
    for next in [false, true] {
        // Between a page and its storing.
        let (account, server) = account();
        let mut device = Device::new(&account, &server);
        device.add_named("a");
        let disk = Rc::clone(&device.disk);
        *device.line.while_page.borrow_mut() = Some(Box::new(move || {
            sign_out(&disk, next);
        }));
        assert_eq!(device.sync(), Err(SyncError::SignedOut));
        assert_eq!(device.disk.values.borrow().len(), usize::from(next), "by a page");
        assert_eq!(server.data.borrow().items.len(), 0, "nothing goes out");

        // Between an upload and what is stored of its answer.
        let (mut device, item) = renamed();
        let disk = Rc::clone(&device.disk);
        *device.line.meanwhile.borrow_mut() = Some(Box::new(move || {
            sign_out(&disk, next);
        }));
        assert_eq!(device.sync(), Err(SyncError::SignedOut));
        assert_eq!(device.disk.values.borrow().len(), usize::from(next), "by an answer");
        assert_eq!(device.line.server.revisions(&item), [1, 2]);
    }
}

#[test]
fn a_sync_ends_at_lock_before_its_next_request_and_keeps_what_waits() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let items = [device.add_named("a"), device.add_named("b")];
    let disk = Rc::clone(&device.disk);
    *device.line.meanwhile.borrow_mut() = Some(Box::new(move || disk.locked_vault.set(true)));
    assert_eq!(device.sync(), Err(SyncError::Locked));
    let asked = device.line.asked.borrow().clone();
    assert_eq!(asked.get("PUT /v1/items/{item}"), Some(&1), "{asked:?}");
    let waits = device.disk.values.borrow().keys().any(|(store, _)| *store == Store::Outbox);
    assert!(waits, "the other edit stays");
    // Locked, it does not even begin.
    assert_eq!(device.sync(), Err(SyncError::Locked));
    assert_eq!(*device.line.asked.borrow(), asked);
    device.disk.locked_vault.set(false);
    device.sync_well();
    device.assert_settled();
    assert_eq!(items.map(|item| server.revisions(&item).len()), [1, 1]);
}

#[test]
fn a_sync_ends_at_lock_while_it_reads() {
    let (mut device, item) = renamed();
    let disk = Rc::clone(&device.disk);
    *device.line.while_page.borrow_mut() = Some(Box::new(move || disk.locked_vault.set(true)));
    assert_eq!(device.sync(), Err(SyncError::Locked));
    assert_eq!(device.line.server.revisions(&item), [1], "nothing goes out");
    assert_eq!(device.line.uploads.borrow().len(), 1);
}
