//! Single records of a device that cannot be read any more: their own item stays as it is, and is told;
//! everything else goes on.

use mysafe_protocol::ItemId;

use mysafe_protocol::bodies::Permission;

use super::device::{Device, account};
use super::now;
use super::received::accepted;
use super::sharing::named;
use crate::sync::{Notice, SyncError};
use crate::vault::{Store, keys};

/// A device with three items on the server, a change of the first two that waits, and another device
/// that changed the third meanwhile.
fn scene() -> (Device, Device, [ItemId; 3]) {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let items = ["a", "b", "c"].map(|name| one.add_named(name));
    one.sync_well();
    two.sync_well();
    two.rename(&items[2], "theirs");
    two.sync_well();
    one.rename(&items[0], "first");
    one.rename(&items[1], "second");
    (one, two, items)
}

fn damage(device: &Device, store: Store, key: &str) -> Vec<u8> {
    let broken = vec![1, 2, 3];
    let mut values = device.disk.values.borrow_mut();
    let value = values.get_mut(&(store, key.to_owned())).expect("there is something");
    std::mem::replace(value, broken)
}

#[test]
fn a_damaged_record_keeps_only_its_own_item_from_syncing() {
    type Place = fn(&ItemId) -> (Store, String);
    let places: [(&str, usize, Place); 4] = [
        ("what waits", 0, |item| (Store::Outbox, keys::write(item))),
        ("what is held of what waits", 0, |item| (Store::State, keys::item(item))),
        ("what is held", 2, |item| (Store::State, keys::item(item))),
        ("the item", 2, |item| (Store::Items, keys::item(item))),
    ];
    for (what, which, place) in places {
        let (mut one, two, items) = scene();
        let (store, key) = place(&items[which]);
        let whole = damage(&one, store, &key);
        let notice = Notice::of("damaged", items[which]);
        let outcome = one.sync().unwrap();
        assert_eq!(outcome.notices, std::slice::from_ref(&notice), "{what}");
        assert_eq!(one.entry(&items[which]).trouble.as_deref(), Some("damaged"), "{what}");
        let names = [(0, "first"), (1, "second"), (2, "theirs")];
        for (other, name) in names.into_iter().filter(|(other, _)| *other != which) {
            assert_eq!(one.name(&items[other]), name, "{what}");
            assert!(!one.entry(&items[other]).waiting, "{what}");
        }
        assert_eq!(one.value(store, &key), Some(vec![1, 2, 3]), "{what}: nothing is destroyed");
        // Told once, and nothing goes out for it.
        one.line.uploads.borrow_mut().clear();
        one.sync().unwrap();
        assert_eq!(one.notices(), [notice], "{what}");
        assert_eq!(*one.line.uploads.borrow(), [], "{what}");
        drop((whole, two));
    }
}

#[test]
fn what_the_server_can_tell_again_is_asked_for_again() {
    for key in [keys::CURSOR, keys::REPORTS, keys::ASIDE, keys::AGAIN] {
        let (mut one, mut two, items) = scene();
        one.disk.values.borrow_mut().insert((Store::State, key.to_owned()), vec![1, 2, 3]);
        let outcome = one.sync().unwrap();
        assert_eq!(outcome.notices, [], "{key}");
        two.sync_well();
        for device in [&one, &two] {
            let names = items.map(|item| device.name(&item).to_owned());
            assert_eq!(names, ["first", "second", "theirs"], "{key}");
            device.assert_settled();
        }
    }
}

#[test]
fn what_was_sent_and_the_bodies_before_may_be_damaged_and_nothing_is_lost() {
    let (mut one, mut two, items) = scene();
    one.line.breaks.set(Some((0, super::line::Break::After)));
    one.sync().unwrap_err();
    for (store, key) in
        [(Store::Outbox, keys::sent(&items[0])), (Store::Outbox, keys::sent(&items[1]))]
    {
        one.disk.values.borrow_mut().insert((store, key), vec![1, 2, 3]);
    }
    one.rename(&items[0], "first, again");
    one.rename(&items[1], "second, again");
    one.sync().unwrap();
    let bodies = keys::bodies(&items[2]);
    one.disk.values.borrow_mut().insert((Store::State, bodies), vec![1, 2, 3]);
    two.rename(&items[2], "theirs, again");
    two.sync_well();
    one.sync().unwrap();
    two.sync_well();
    for device in [&one, &two] {
        let names = items.map(|item| device.name(&item).to_owned());
        assert_eq!(names, ["first, again", "second, again", "theirs, again"]);
        device.assert_settled();
    }
}

#[test]
fn a_damaged_account_record_is_told_and_the_rest_goes_on() {
    let (mut one, _, items) = scene();
    damage(&one, Store::State, keys::ACCOUNT);
    {
        let server = &one.line.server;
        let data = &mut *server.data.borrow_mut();
        data.position += 1;
        data.record = (data.position, super::device::sealed_record(&one.account(), 2));
    }
    let notice = Notice::general("damaged");
    assert_eq!(one.sync().unwrap().notices, [notice]);
    assert_eq!(one.name(&items[2]), "theirs");
}

/// Without the list of all items nothing can be shown: the whole sync says so.
#[test]
fn a_damaged_cache_stops_the_sync_and_destroys_nothing() {
    let (mut one, _, _) = scene();
    damage(&one, Store::Cache, keys::CACHE);
    let before = one.disk.values.borrow().clone();
    assert_eq!(one.sync(), Err(SyncError::Damaged));
    assert!(*one.disk.values.borrow() == before);
}

#[test]
fn an_item_that_cannot_be_read_and_that_somebody_left_keeps_no_other_from_syncing() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let other = scene.ana.add_named("other");
    scene.ana.sync_well();
    scene.ana.disk.values.borrow_mut().insert((Store::Items, keys::item(&item)), vec![1, 2, 3]);
    scene.bea.with(|sync| now(sync.leave(&item))).unwrap().unwrap();
    scene.ana.rename(&other, "another");
    for _ in 0..2 {
        let synced = scene.ana.sync();
        assert!(synced.is_ok(), "{synced:?}");
    }
    assert!(!scene.ana.entry(&other).waiting);
}

#[test]
fn notes_of_people_that_cannot_be_read_end_no_sync() {
    for key in [keys::LEFT, keys::STRANGERS] {
        let mut scene = accepted(Permission::Edit);
        let item = scene.item;
        scene.ana.rename(&item, "of Ana");
        scene.ana.disk.values.borrow_mut().insert((Store::State, key.to_owned()), vec![1, 2, 3]);
        let synced = [scene.ana.sync(), scene.ana.sync()];
        assert!(synced.iter().all(Result::is_ok), "{key}: {synced:?}");
    }
}

#[test]
fn who_left_is_taken_off_though_the_note_of_it_cannot_be_read() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    scene.ana.line.breaks.set(Some((1, super::line::Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    // The log told it already, and the note of it is lost after that.
    scene.ana.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
    damage(&scene.ana, Store::State, keys::LEFT);
    scene.ana.sync().unwrap();
    assert_eq!(named(&scene.ana, &item), []);
    assert_eq!(scene.ana.value(Store::State, keys::LEFT), None);
}
