//! When an item was last used: the later wins, wherever it was.

use mysafe_protocol::Bytes;
use mysafe_protocol::cbor::Fields;

use super::device::{Device, account};
use crate::crypto::SystemRandom;
use crate::model::UseBody;
use crate::vault::{Store, keys};

fn two() -> (Device, Device, mysafe_protocol::ItemId) {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let item = one.add_named("a");
    one.sync_well();
    two.sync_well();
    (one, two, item)
}

#[test]
fn a_use_is_known_at_once_and_then_on_the_other_device() {
    let (mut one, mut two, item) = two();
    one.used(&item, 50);
    assert_eq!(one.entry(&item).last_use, 50);
    one.sync_well();
    two.sync_well();
    assert_eq!(two.entry(&item).last_use, 50);
    one.assert_settled();
    two.assert_settled();
}

#[test]
fn the_later_use_wins_even_if_the_earlier_one_is_sent_last() {
    let (mut one, mut two, item) = two();
    one.used(&item, 50);
    two.used(&item, 20);
    one.sync_well();
    two.sync_well();
    one.sync_well();
    assert_eq!(one.entry(&item).last_use, 50, "not what the server has now");
    for _ in 0..2 {
        one.sync_well();
        two.sync_well();
    }
    one.assert_settled();
    two.assert_settled();
    assert_eq!(two.entry(&item).last_use, 50);
    let mut third = Device::new(&one.account(), &one.line.server);
    third.sync_well();
    assert_eq!(third.entry(&item).last_use, 50, "what the server has is the later one");
}

#[test]
fn a_use_that_comes_pages_before_its_item_is_not_lost() {
    let (mut one, _, item) = two();
    one.used(&item, 50);
    one.sync_well();
    one.add_named("between");
    one.sync_well();
    one.rename(&item, "moved behind its use in the log");
    one.sync_well();
    one.line.server.data.borrow_mut().page = 1;
    let mut new = Device::new(&one.account(), &one.line.server);
    new.sync_well();
    assert_eq!(new.entry(&item).last_use, 50);
    new.assert_settled();
}

#[test]
fn a_use_during_the_upload_of_an_earlier_one_is_sent_too() {
    let (mut one, mut two, item) = two();
    one.used(&item, 50);
    let mut popup = one.context();
    *one.line.meanwhile.borrow_mut() = Some(Box::new(move || popup.used(&item, 60)));
    one.sync_well();
    assert!(one.value(Store::Outbox, &keys::used(&item)).is_some(), "the later one waits");
    one.sync_well();
    one.assert_settled();
    two.sync_well();
    assert_eq!(two.entry(&item).last_use, 60);
}

#[test]
fn a_use_of_an_item_not_on_the_server_waits_with_it() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.used(&item, 50);
    device.sync_well();
    device.assert_settled();
    assert!(server.data.borrow().uses.contains_key(&item));
}

/// Puts a use record on the server as a later version of MySafe writes it.
fn note_later(device: &Device, item: &mysafe_protocol::ItemId, last_use: u64, later: &str) {
    let mut fields = Fields::new();
    fields.put(7, later);
    let body = UseBody { last_use, seen: true }.encode_with(&fields);
    let (account, user) = (device.account(), device.line.user);
    let blob = Bytes(account.seal_use(&user, item, &body, &mut SystemRandom));
    device.line.server.note_use_of(&user, item, &blob).unwrap();
}

/// The field of a later version in the use record that the server has.
fn later_of(device: &Device, item: &mysafe_protocol::ItemId) -> Option<String> {
    let blob = device.line.server.data.borrow().uses[item].1.clone();
    let opened = device.account().open_use(&device.line.user, item, &blob).unwrap();
    let (_, mut later) = UseBody::decode_with(&opened).unwrap();
    later.take(7).unwrap()
}

#[test]
fn what_a_later_version_wrote_into_a_use_record_stays() {
    let (mut one, _, item) = two();
    note_later(&one, &item, 30, "later");
    one.sync_well();
    // Another context, from what is stored, notes a use of its own.
    let mut one = one.context();
    one.used(&item, 50);
    one.rename(&item, "renamed");
    one.sync_well();
    assert_eq!(later_of(&one, &item).as_deref(), Some("later"));
    // And where it came pages before its item.
    note_later(&one, &item, 60, "newer");
    one.add_named("between");
    one.sync_well();
    one.rename(&item, "moved behind its use in the log");
    one.sync_well();
    one.line.server.data.borrow_mut().page = 1;
    let mut new = Device::new(&one.account(), &one.line.server);
    new.sync_well();
    new.used(&item, 70);
    new.sync_well();
    assert_eq!(later_of(&new, &item).as_deref(), Some("newer"));
}
