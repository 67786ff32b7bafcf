//! A server that takes no more: for now, or because something is full. No edit is lost, and other items go
//! on.

use mysafe_protocol::wire::{ErrorCode, Reason};

use super::device::{Device, account, form};
use crate::sync::{Notice, RemoteError};

#[test]
fn a_busy_server_gets_the_rest_later_and_nothing_is_refused() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let items: Vec<_> = (0..10).map(|number| device.add_named(&format!("n{number}"))).collect();
    for round in 1..=4_usize {
        device.line.server.data.borrow_mut().writes_left = Some(3);
        let outcome = device.sync().unwrap();
        assert_eq!(outcome.notices, []);
        assert_eq!(outcome.wait, (round < 4).then_some(3), "round {round}");
        let waiting = items.iter().filter(|item| device.entry(item).waiting).count();
        assert_eq!(waiting, 10_usize.saturating_sub(3 * round));
        assert!(items.iter().all(|item| device.entry(item).trouble.is_none()));
    }
    assert_eq!(device.notices(), []);
    device.line.server.data.borrow_mut().writes_left = None;
    device.assert_settled();
}

#[test]
fn what_others_changed_arrives_though_the_server_takes_no_writes() {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let theirs = one.add_named("theirs");
    one.sync_well();
    let mine = two.add_named("mine");
    server.data.borrow_mut().writes_left = Some(0);
    assert_eq!(two.sync().unwrap().wait, Some(3));
    assert_eq!(two.name(&theirs), "theirs");
    assert!(two.entry(&mine).waiting);
    server.data.borrow_mut().writes_left = None;
    two.sync_well();
    two.assert_settled();
}

#[test]
fn an_account_that_is_full_of_items_keeps_new_ones_here_and_sends_edits() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let old = device.add_named("old");
    device.sync_well();
    server.data.borrow_mut().most_items = 1;
    let new: Vec<_> = (0..5).map(|number| device.add_named(&format!("n{number}"))).collect();
    device.rename(&old, "renamed");
    let asked = |device: &Device| device.line.asked.borrow()["PUT /v1/items/{item}"];
    let before = asked(&device);
    let outcome = device.sync().unwrap();
    assert_eq!(asked(&device) - before, 2, "the others are not tried in vain");
    let [notice] = &outcome.notices[..] else { panic!("one for all: {:?}", outcome.notices) };
    assert_eq!(notice.code, "too_many_items");
    assert!(!device.entry(&old).waiting, "the others go on");
    assert_eq!(device.name(&old), "renamed");
    for (number, item) in new.iter().enumerate() {
        assert!(device.entry(item).waiting, "the edit stays");
        assert_eq!(device.entry(item).trouble.as_deref(), Some("too_many_items"));
        assert_eq!(*device.form(item).client_secret, *form(&format!("n{number}")).client_secret);
    }
    // One has room: the notice goes over to the next.
    assert_eq!(device.notices(), [Notice::of("too_many_items", notice.item.unwrap())]);
    server.data.borrow_mut().most_items = 2;
    device.sync().unwrap();
    assert!(!device.entry(&notice.item.unwrap()).waiting);
    let [next] = &device.notices()[..] else { panic!("{:?}", device.notices()) };
    assert!(device.entry(&next.item.unwrap()).waiting, "of one that waits");
    // A second sync says nothing new, and one with room sends all.
    assert_eq!(device.sync().unwrap().notices.len(), 1);
    assert_eq!(device.notices().len(), 1);
    server.data.borrow_mut().most_items = 100;
    device.sync_well();
    device.assert_settled();
    assert!(new.iter().all(|item| device.entry(item).trouble.is_none()));
    assert_eq!(device.notices(), []);
}

#[test]
fn an_account_or_item_that_is_full_says_of_what_and_the_edit_goes_out_later() {
    for (full, code) in [
        (Reason::AccountBytes, "account_full"),
        (Reason::ItemRevisions, "changed_too_often"),
        (Reason::AccountItems, "too_many_items"),
    ] {
        let (account, server) = account();
        let mut device = Device::new(&account, &server);
        let item = device.add_named("a");
        device.sync_well();
        device.edit(&item, |form| form.client_secret = "new".to_owned().into());
        server.data.borrow_mut().full = Some(full);
        let outcome = device.sync().unwrap();
        assert_eq!(outcome.notices, [Notice::of(code, item)]);
        assert_eq!(device.notices(), [Notice::of(code, item)]);
        assert_eq!(device.entry(&item).trouble.as_deref(), Some(code));
        assert!(device.entry(&item).waiting);
        assert_eq!(*device.form(&item).client_secret, "new");
        server.data.borrow_mut().full = None;
        device.sync_well();
        device.assert_settled();
        assert_eq!(device.entry(&item).trouble, None);
        assert_eq!(device.notices(), [], "nothing waits any more");
    }
}

/// Whichever of the items the notice of the new reason names.
#[test]
fn an_item_that_waits_for_something_else_is_told_of_the_former_reason_no_more() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let mut items: Vec<_> = ["a", "b", "c"].map(|name| device.add_named(name)).into();
    device.sync_well();
    // Writes go out by the ids of their items.
    items.sort();
    let last = items[2];
    device.edit(&last, |form| form.notes = "new".into());
    server.data.borrow_mut().full = Some(Reason::ItemRevisions);
    device.sync().unwrap();
    assert_eq!(device.notices(), [Notice::of("changed_too_often", last)]);
    server.data.borrow_mut().full = Some(Reason::AccountBytes);
    device.edit(&items[0], |form| form.notes = "new".into());
    device.sync().unwrap();
    let first = device.notices().into_iter().map(|notice| notice.code).collect::<Vec<_>>();
    assert_eq!(first, ["account_full"]);
    assert_eq!(device.entry(&last).trouble.as_deref(), Some("account_full"));
}

#[test]
fn a_notice_that_the_user_closed_does_not_come_back_while_the_same_waits() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    server.data.borrow_mut().full = Some(Reason::AccountBytes);
    device.sync().unwrap();
    assert_eq!(device.notices(), [Notice::of("account_full", item)]);
    device.close_notices();
    device.sync().unwrap();
    assert_eq!(device.notices(), []);
    assert_eq!(device.entry(&item).trouble.as_deref(), Some("account_full"));
    // Another reason is news, and takes the place of the first.
    for (full, code) in
        [(Reason::AccountItems, "too_many_items"), (Reason::ItemRevisions, "changed_too_often")]
    {
        server.data.borrow_mut().full = Some(full);
        device.sync().unwrap();
        assert_eq!(device.notices(), [Notice::of(code, item)]);
    }
    // A change that waits for the same later needs no notice of its own.
    let other = device.add_named("b");
    device.sync().unwrap();
    assert_eq!(device.entry(&other).trouble.as_deref(), Some("changed_too_often"));
    assert_eq!(device.notices(), [Notice::of("changed_too_often", item)]);
}

#[test]
fn a_change_that_waits_for_a_mailbox_says_whose_and_the_others_go_on() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let (item, other) = (device.add_named("a"), device.add_named("b"));
    let refused = RemoteError::NotConfirmed;
    *device.line.refuses.borrow_mut() = Some(("PUT /v1/items/{item}", refused));
    device.sync().unwrap();
    *device.line.refuses.borrow_mut() = None;
    assert_eq!(device.notices().len(), 1, "one for all");
    for item in [item, other] {
        assert_eq!(device.entry(&item).trouble.as_deref(), Some("mailbox_first"));
        assert!(device.entry(&item).waiting);
    }
    device.sync_well();
    device.assert_settled();
    assert_eq!(device.notices(), []);
}

#[test]
fn a_refusal_without_a_reason_stays_one_of_the_server() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    let refused = RemoteError::Refused(ErrorCode::QuotaExceeded);
    *device.line.refuses.borrow_mut() = Some(("PUT /v1/items/{item}", refused));
    device.sync().unwrap();
    assert_eq!(device.entry(&item).trouble.as_deref(), Some("refused"));
    assert!(device.entry(&item).waiting);
}
