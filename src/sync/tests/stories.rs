//! One device and an honest server.

use super::device::{Device, account, form};
use super::line::Break;
use crate::sync::{RemoteError, SyncError};
use crate::vault::{Store, keys};

#[test]
fn what_was_added_offline_is_pushed_once() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("offline");
    assert!(device.entry(&item).waiting);
    assert_eq!(device.sync_well().sent, 1);
    device.assert_settled();
    assert_eq!(server.revisions(&item), [1]);
    assert_eq!(device.sync_well(), Default::default(), "nothing is left to do");
}

#[test]
fn an_item_edited_before_its_first_push_is_one_revision() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("first");
    device.rename(&item, "second");
    device.sync_well();
    device.assert_settled();
    assert_eq!(server.revisions(&item), [1]);
    assert_eq!(device.form(&item).name, "second");
    assert_eq!(*device.form(&item).client_secret, *form("first").client_secret);
}

#[test]
fn a_lost_answer_and_a_retry_are_one_revision() {
    for how in [Break::Before, Break::After, Break::Cut] {
        let (account, server) = account();
        let mut device = Device::new(&account, &server);
        let item = device.add_named("a");
        for name in ["a", "b", "c"] {
            device.rename(&item, name);
            device.line.breaks.set(Some((1, how)));
            let error = match how {
                Break::Cut => RemoteError::Malformed,
                _ => RemoteError::Offline,
            };
            assert_eq!(device.sync(), Err(SyncError::Remote(error)));
            assert!(device.entry(&item).waiting);
            device.sync_well();
            device.assert_settled();
        }
        assert_eq!(server.revisions(&item), [1, 2, 3], "{how:?}");
    }
}

#[test]
fn a_lost_answer_is_found_in_the_log_too() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.line.breaks.set(Some((1, Break::After)));
    device.sync().unwrap_err();
    device.with(|sync| super::now(sync.pull(&mut Default::default()))).unwrap();
    device.assert_settled();
    assert_eq!(server.revisions(&item), [1]);
}

#[test]
fn an_edit_after_a_lost_answer_is_kept_whole() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.sync_well();
    device.edit(&item, |form| {
        form.name = "b".into();
        form.tags.push("three".into());
    });
    device.line.breaks.set(Some((1, Break::After)));
    device.sync().unwrap_err();
    // The server has "b" and "three"; taking both back must not look like having changed nothing.
    device.edit(&item, |form| {
        form.name = "a".into();
        form.tags = vec!["two".into()];
    });
    device.sync_well();
    device.assert_settled();
    assert_eq!(server.revisions(&item), [1, 2, 3]);
    assert_eq!((device.name(&item), &*device.form(&item).tags), ("a", &["two".to_owned()][..]));
}

#[test]
fn an_edit_of_a_new_item_after_a_lost_answer_is_kept_whole() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.line.breaks.set(Some((1, Break::After)));
    device.sync().unwrap_err();
    device.edit(&item, |form| form.tags.clear());
    device.sync_well();
    device.assert_settled();
    assert_eq!(server.revisions(&item), [1, 2]);
    assert_eq!(device.form(&item).tags, [""; 0]);
}

#[test]
fn edits_sent_in_vain_do_not_pile_up() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    for number in 0..20 {
        device.rename(&item, &format!("n{number}"));
        device.line.breaks.set(Some((1, Break::Before)));
        device.sync().unwrap_err();
    }
    let blob = device.value(Store::Outbox, &keys::sent(&item)).unwrap();
    let sent = device.vault.open_sent(&item, &blob).unwrap();
    assert_eq!(sent.len(), 8);
    assert_eq!(sent.last(), device.local(&item).pending.as_ref());
    device.sync_well();
    device.assert_settled();
    assert_eq!(server.revisions(&item), [1]);
}

#[test]
fn an_ended_sign_in_stops_and_keeps_everything() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.sync_well();
    device.rename(&item, "b");
    let new = device.add_named("new");
    let before = device.disk.values.borrow().clone();
    device.line.ended.set(true);
    assert_eq!(device.sync(), Err(SyncError::Remote(RemoteError::SignInEnded)));
    let after = device.disk.values.borrow().clone();
    for (key, value) in before {
        assert_eq!(after.get(&key), Some(&value), "{key:?}");
    }
    assert_eq!(device.form(&item).name, "b");
    assert_eq!(*device.form(&new).client_secret, *form("new").client_secret);
    device.line.ended.set(false);
    device.sync_well();
    device.assert_settled();
}

#[test]
fn a_taken_identifier_leaves_the_edit_and_says_so() {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let mut first = form("first");
    first.identifier = "X-1".into();
    one.add(&first);
    one.sync_well();
    // The other device does not know it yet.
    let mut second = form("second");
    second.identifier = "x-1".into();
    let item = two.add(&second);
    let other = two.add_named("other");
    let outcome = two.sync().unwrap();
    let notice = crate::sync::Notice::of("identifier_taken", item);
    assert_eq!(outcome.notices, std::slice::from_ref(&notice));
    assert_eq!(two.notices(), [notice]);
    assert_eq!(two.entry(&item).trouble.as_deref(), Some("identifier_taken"));
    assert!(two.entry(&item).waiting, "the edit stays");
    assert!(!two.entry(&other).waiting, "the others go on");
    two.edit(&item, |form| form.identifier = "X-2".into());
    two.sync_well();
    two.assert_settled();
}

#[test]
fn pages_are_taken_one_by_one_and_the_cursor_moves_with_each() {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    let items: Vec<_> = (0..10).map(|number| one.add_named(&format!("n{number}"))).collect();
    one.sync_well();
    server.data.borrow_mut().page = 3;

    let mut two = Device::new(&account, &server);
    // The third page does not arrive: what came before stays, and is not asked for again.
    two.line.breaks.set(Some((2, Break::After)));
    two.sync().unwrap_err();
    assert_eq!(two.vault.entries().len(), 5, "the account record and five items in two pages");
    let stored = two.value(Store::State, keys::CURSOR);
    two.line.breaks.set(Some((0, Break::Before)));
    two.sync().unwrap_err();
    assert_eq!(two.value(Store::State, keys::CURSOR), stored, "no page, no cursor");
    assert_eq!(two.sync_well().taken, 5, "the rest");
    two.assert_settled();
    for item in &items {
        assert_eq!(*two.form(item).client_secret, *one.form(item).client_secret);
    }
    let pages = two.line.pages.get();
    two.sync_well();
    assert_eq!(two.line.pages.get(), pages + 1);
}

#[test]
fn a_page_that_is_not_stored_does_not_move_the_cursor() {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    let item = one.add_named("a");
    one.sync_well();
    let mut two = Device::new(&account, &server);
    let before = two.disk.values.borrow().clone();
    two.disk.refuses.set(Some(0));
    assert!(matches!(two.sync(), Err(SyncError::Store(_))));
    assert!(*two.disk.values.borrow() == before, "all of it or nothing");
    assert!(two.vault.entry(&item).is_none(), "memory shows what is stored");
    two.sync_well();
    two.assert_settled();
}

#[test]
fn a_server_that_says_more_for_ever_is_left() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    device.sync_well();
    *device.line.page.borrow_mut() =
        Some(Box::new(|page| mysafe_protocol::wire::ChangesResponse { more: true, ..page }));
    let before = device.line.pages.get();
    device.sync_well();
    assert_eq!(device.line.pages.get(), before + 1, "it did not move on");
    *device.line.page.borrow_mut() = Some(Box::new(|page| {
        mysafe_protocol::wire::ChangesResponse { more: true, position: 0, ..page }
    }));
    let before = device.line.pages.get();
    device.sync_well();
    assert_eq!(device.line.pages.get(), before + 2, "once from the beginning, no more");
}

#[test]
fn after_another_restored_epoch_everything_is_fetched_again() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.sync_well();
    server.data.borrow_mut().epoch = mysafe_protocol::ServerEpoch([2; 16]);
    server.data.borrow_mut().page = 1;
    assert_eq!(device.sync_well().taken, 0, "nothing new in it");
    assert_eq!(device.line.pages.get(), 1 + 2);
    device.rename(&item, "b");
    device.sync_well();
    device.assert_settled();
}
