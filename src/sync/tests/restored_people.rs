//! People who delay or end nothing on a restored server: former editors who write there, accounts and mailbox
//! confirmations that the restore lost.

use std::cell::Cell;
use std::rc::Rc;

use mysafe_protocol::UserId;
use mysafe_protocol::bodies::{AccessList, Permission};

use super::device::Device;
use super::hand::{Hand, Parts};
use super::now;
use super::received::{Scene, accepted};
use super::sharing::named;
use crate::sync::{FELL_OFF, Notice};
use crate::vault::Share;

fn in_force(scene: &Scene) -> usize {
    let server = &scene.ana.line.server;
    let list = server.state(&scene.item).list.unwrap();
    AccessList::accept(&list, &server.sign_pk).unwrap().grants.len()
}

/// The server is restored to before the removal, and Bea writes whenever the owner's device asks.
fn raced(most: u32) {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    scene.revoke();
    scene.ana.edit(&item, |form| *form.client_secret = "after".into());
    scene.ana.sync_well();
    server.restore(&backup, true);
    let (bea, written) = (scene.bea.context(), Rc::new(Cell::new(0)));
    let count = Rc::clone(&written);
    *scene.ana.line.item.borrow_mut() = Some(Box::new(move |found| {
        let has = bea.line.server.item_of(&bea.line.user, &item).is_ok();
        if has && count.get() < most {
            count.set(count.get() + 1);
            let hand = Hand::of(&bea, &item);
            let revision = hand.next();
            let parts = Parts { overview: vec![1; 160], details: vec![1; 160] };
            hand.upload(&bea.line.server, revision, parts).unwrap();
        }
        found
    }));
    for _ in 0..6 {
        scene.ana.sync().unwrap();
    }
    let trouble = scene.ana.entry(&item).trouble.clone();
    let times = written.get();
    assert_eq!(in_force(&scene), 0, "Bea is off the list after {times} writes: {trouble:?}");
    scene.ana.line.end_lies();
    scene.ana.rename(&item, "of Ana");
    scene.ana.sync().unwrap();
    assert!(!scene.ana.entry(&item).waiting, "{:?}", scene.ana.entry(&item).trouble);
}

#[test]
fn a_few_writes_at_the_right_time_keep_no_former_editor_in_the_list() {
    raced(4);
}

#[test]
fn no_writes_of_a_former_editor_out_race_the_re_key_after_a_restore() {
    raced(u32::MAX);
}

/// The present editor writes over the older state, at the right time, as often as the cap has place.
#[test]
fn writes_that_come_first_use_up_no_place_of_the_cap() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    server.restore(&backup, true);
    let (bea, written) = (scene.bea.context(), Rc::new(Cell::new(0)));
    let count = Rc::clone(&written);
    *scene.ana.line.item.borrow_mut() = Some(Box::new(move |found| {
        if count.get() < 5 {
            count.set(count.get() + 1);
            let hand = Hand::of(&bea, &item);
            let revision = hand.next();
            let parts = hand.seal(&revision, &hand.overview(), "of Bea");
            hand.upload(&bea.line.server, revision, parts).unwrap();
        }
        found
    }));
    scene.ana.sync().unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(written.get(), 5);
    let held = scene.ana.held(&item).unwrap();
    let trouble = scene.ana.entry(&item).trouble.clone();
    assert_eq!(server.state(&item).revision.hash(), held.hash, "{trouble:?}");
}

/// The server denies each time that it took a revision, and shows one write of an editor that came first.
#[test]
fn one_write_that_came_first_takes_back_one_place_of_the_cap() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    server.restore(&backup, true);
    let write = || {
        let hand = Hand::of(&scene.bea, &item);
        let revision = hand.next();
        let parts = hand.seal(&revision, &hand.overview(), "of Bea");
        hand.upload(&server, revision, parts).unwrap();
        server.state(&item)
    };
    let (beside, first) = (write(), write());
    *scene.ana.line.item.borrow_mut() = Some(Box::new(move |_| Ok(beside.clone())));
    *scene.ana.line.stale.borrow_mut() = Some(Some(first));
    for _ in 0..6 {
        scene.ana.sync().unwrap();
    }
    let asked = scene.ana.line.asked.borrow();
    assert_eq!(asked.get("PUT /v1/items/{item}/again"), Some(&4));
}

/// The restore lost that the owner's mailbox is confirmed: nobody gets the item again before it is.
#[test]
fn an_item_that_waits_for_a_mailbox_ends_no_sync() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let other = scene.ana.add_named("other");
    scene.ana.sync_well();
    let server = scene.ana.line.server.clone();
    let mut backup = server.backup();
    backup.items.remove(&item);
    backup.shares.clear();
    backup.unconfirmed.insert(scene.owner());
    scene.ana.rename(&other, "another");
    server.restore(&backup, true);
    for _ in 0..2 {
        let synced = scene.ana.sync();
        assert!(synced.is_ok(), "{synced:?}");
    }
    assert!(!scene.ana.entry(&other).waiting, "another item's edit is on the server");
    assert!(!server.data.borrow().items.contains_key(&item));
    assert_eq!(scene.ana.entry(&item).trouble.as_deref(), Some("mailbox_first"));
    let told = Notice::of("mailbox_first", item);
    assert!(scene.ana.notices().contains(&told), "{:?}", scene.ana.notices());
    server.data.borrow_mut().unconfirmed.clear();
    scene.ana.sync().unwrap();
    assert_eq!(scene.ana.entry(&item).trouble, None);
    assert!(!scene.ana.notices().contains(&told), "it waits no more");
    assert!(
        server.data.borrow().items.contains_key(&item),
        "it goes once the mailbox is confirmed"
    );
    assert_eq!(named(&scene.ana, &item), [scene.bea.line.user]);
}

/// The same of a revision that unites two and gives somebody the item again: it waits, and is sent once.
#[test]
fn a_re_key_that_waits_for_a_mailbox_is_the_same_once_it_is_confirmed() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    scene.revoke();
    let mut backup = server.backup();
    let with = [Share { user: bea, permission: Permission::Edit, until: None }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    backup.unconfirmed.insert(scene.owner());
    // Another device of hers writes there before it knows.
    let mut two = Device::new(&scene.ana.account(), &server);
    server.restore(&backup, true);
    two.sync().unwrap();
    two.rename(&item, "of two");
    two.sync().unwrap();
    for _ in 0..5 {
        scene.ana.sync().unwrap();
    }
    let trouble = scene.ana.entry(&item).trouble.clone();
    assert_eq!(trouble.as_deref(), Some("mailbox_first"));
    let written = scene.ana.line.writes.borrow().clone();
    server.data.borrow_mut().unconfirmed.clear();
    scene.ana.sync().unwrap();
    let held = scene.ana.held(&item).unwrap();
    let trouble = scene.ana.entry(&item).trouble.clone();
    assert_eq!(server.state(&item).revision.hash(), held.hash, "{trouble:?}");
    assert_eq!(written.last().unwrap().revision.hash(), held.hash, "the one that waited");
    assert_eq!(named(&scene.ana, &item), [bea]);
}

/// The restore lost Bea's account. Once the first of two items is there again, the server has her bundle, and still
/// no account of hers.
#[test]
fn a_person_whose_account_is_lost_keeps_no_item_from_coming_back() {
    let mut scene = accepted(Permission::Edit);
    let (one, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut nothing = server.backup();
    nothing.people.remove(&bea).unwrap();
    nothing.items.clear();
    nothing.shares.clear();
    scene.bea.rename(&one, "of Bea");
    scene.bea.sync_well();
    let mut first = Device::new(&scene.ana.account(), &server);
    first.sync_well();
    scene.ana.sync_well();
    scene.bea.rename(&one, "of Bea again");
    scene.bea.sync_well();
    first.sync_well();
    let two = scene.ana.add_named("two");
    scene.ana.sync_well();
    let with: [Share; 1] = [Share { user: bea, permission: Permission::Edit, until: None }];
    scene.ana.with(|sync| now(sync.share(&two, &with))).unwrap().unwrap();
    scene.bea.sync_well();
    scene.bea.rename(&two, "of Bea");
    scene.bea.sync_well();
    scene.ana.sync_well();
    server.restore(&nothing, true);
    first.sync().unwrap();
    assert!(server.data.borrow().items.contains_key(&one), "{:?}", first.entry(&one).trouble);
    let has = |user: &UserId| server.bundle_of(user).map(|(_, confirmed)| confirmed);
    assert_eq!(has(&bea), Ok(false), "her bundle is kept, and she has no account");
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    for item in [one, two] {
        let there = server.data.borrow().items.contains_key(&item);
        assert!(there, "{:?}", scene.ana.entry(&item).trouble);
        assert_eq!(named(&scene.ana, &item), []);
    }
    let notices = scene.ana.notices();
    let told = notices.iter().filter(|notice| notice.code == FELL_OFF);
    assert!(told.into_iter().any(|notice| notice.item == Some(two) && notice.people == [bea]));
}
