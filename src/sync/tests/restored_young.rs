//! A device that was new when the server was restored, or came after that: it has the newest versions alone, and
//! met nobody. It sends again and unites like any other.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, UserId};

use super::device::{ADDRESS, Device, account, form};
use super::hand::Hand;
use super::now;
use super::received::accepted;
use super::scenes::newest_alone;
use super::server::{Data, Server};
use super::sharing::named;
use crate::model::Overview;
use crate::sync::FELL_OFF;
use crate::vault::Share;

/// A backup from before all items.
fn without_items(backup: Data) -> Data {
    let mut nothing = backup;
    nothing.items.clear();
    nothing.shares.clear();
    nothing
}

/// The owner's only device never met Bea, to whom the item is shared.
#[test]
fn what_the_server_lost_comes_back_from_a_device_that_met_nobody() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let nothing = without_items(server.backup());
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    let mut young = Device::new(&scene.ana.account(), &server);
    young.sync_well();
    server.restore(&nothing, true);
    for _ in 0..3 {
        young.sync().unwrap();
    }
    let there = server.data.borrow().items.contains_key(&item);
    assert!(there, "{:?}", young.entry(&item).trouble);
    assert_eq!(named(&young, &item), [scene.bea.line.user], "she has it again");
    assert!(scene.bea.sync().is_ok() && scene.bea.vault.entry(&item).is_some());
}

/// The server lost the item twice; the second time, a device gives it back that has the newest version alone.
#[test]
fn an_older_device_gives_back_the_way_that_a_young_one_does_not_know() {
    let (account, server) = account();
    let nothing = server.backup();
    let [mut old, mut behind] = [(); 2].map(|()| Device::new(&account, &server));
    let item = old.add(&form("one"));
    old.sync_well();
    behind.sync_well();
    for name in ["two", "three"] {
        old.rename(&item, name);
        old.sync_well();
    }
    let mut young = newest_alone(&account, ADDRESS, &server);
    server.restore(&nothing, true);
    young.sync().unwrap();
    let way = |server: &Server| server.data.borrow().items[&item].bodies.len();
    assert_eq!(way(&server), 1, "the newest alone");
    behind.sync().unwrap();
    assert_eq!(behind.entry(&item).trouble.as_deref(), Some("incomplete"));
    old.sync().unwrap();
    assert_eq!(way(&server), 3);
    behind.sync().unwrap();
    let entry = behind.entry(&item);
    assert_eq!((entry.trouble.as_deref(), &*behind.form(&item).name), (None, "three"));
}

/// The restore lost her account too.
#[test]
fn whom_neither_the_device_nor_the_server_knows_is_taken_off() {
    for whole in [true, false] {
        let mut scene = accepted(Permission::Edit);
        let (item, bea): (_, UserId) = (scene.item, scene.bea.line.user);
        let server = scene.ana.line.server.clone();
        let backup = server.backup();
        let mut backup = if whole { without_items(backup) } else { backup };
        backup.people.remove(&bea).unwrap();
        let with = [Share { user: bea, permission: Permission::View, until: None }];
        scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
        let mut young = Device::new(&scene.ana.account(), &server);
        young.sync_well();
        server.restore(&backup, true);
        young.sync().unwrap();
        young.sync().unwrap();
        let held = young.held(&item).unwrap();
        let there = server.data.borrow().items.get(&item).map(|it| it.state.revision.hash());
        assert_eq!(there, Some(held.hash), "{:?}", young.entry(&item).trouble);
        assert_eq!(named(&young, &item), []);
        let notices = young.notices();
        let told = notices.iter().find(|notice| notice.code == FELL_OFF).expect("it is told");
        assert_eq!(told.people, [bea]);
    }
}

/// The server has the item in the epoch before.
#[test]
fn an_epoch_that_the_server_lost_comes_back_from_a_device_that_met_nobody() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    let with = [Share { user: bea, permission: Permission::View, until: None }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    let mut young = Device::new(&scene.ana.account(), &server);
    young.sync_well();
    server.restore(&backup, true);
    for _ in 0..3 {
        young.sync().unwrap();
    }
    let held = young.held(&item).unwrap();
    assert_eq!(server.state(&item).revision.hash(), held.hash, "{:?}", young.entry(&item).trouble);
}

/// The owner's only device united over a body of Bea's, by which she united two and whose parents are lost. She
/// names it once more.
#[test]
fn a_body_whose_parents_are_lost_keeps_the_owner_from_nothing() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    scene.ana.rename(&item, "first");
    scene.ana.sync_well();
    let first = server.state(&item).revision.hash();
    scene.ana.rename(&item, "second");
    scene.ana.sync_well();
    // An honest server takes it: both are there.
    let hand = Hand::of(&scene.bea, &item);
    let second = server.state(&item).revision.hash();
    let revision = Revision { prev: Some(first), also: Some(second), ..hand.next() };
    let parts = hand.seal(&revision, &hand.overview(), "of Bea");
    let both = hand.upload(&server, revision, parts).unwrap().revision.hash();
    let mut young = newest_alone(&scene.ana.account(), ADDRESS, &server);
    server.restore(&backup, true);
    young.sync().unwrap();
    young.sync().unwrap();
    assert_eq!(young.entry(&item).trouble, None);
    assert_eq!(young.held(&item).unwrap().hash, server.state(&item).revision.hash(), "united");
    // And now once more.
    let hand = Hand::of(&scene.bea, &item);
    let head = server.state(&item).revision.hash();
    let revision = Revision { prev: Some(both), also: Some(head), ..hand.next() };
    let parts = hand.seal(&revision, &hand.overview(), "of Bea");
    hand.upload(&server, revision, parts).unwrap();
    young.sync().unwrap();
    let trouble = young.entry(&item).trouble.clone();
    let revoked = young.with(|sync| now(sync.revoke(&item, &[bea])));
    assert_eq!(revoked, Ok(Ok(())), "{trouble:?}");
    young.rename(&item, "of Ana");
    young.sync().unwrap();
    young.sync().unwrap();
    assert!(!young.entry(&item).waiting, "{:?}", young.entry(&item).trouble);
}

/// The server lost the item, got it again without its beginning, and was restored once more.
#[test]
fn bodies_that_no_server_has_any_more_keep_nobody_from_settling() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let nothing = without_items(server.backup());
    // A device that has the newest only.
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    scene.bea.sync_well();
    let mut young = newest_alone(&scene.ana.account(), ADDRESS, &server);
    server.restore(&nothing, true);
    young.sync().unwrap();
    young.sync().unwrap();
    assert_eq!(server.bodies(&item).len(), 1, "the newest alone");
    let backup = server.backup();
    young.rename(&item, "later");
    young.sync().unwrap();
    let mut third = newest_alone(&scene.ana.account(), ADDRESS, &server);
    server.restore(&backup, true);
    let hand = Hand::of(&scene.bea, &item);
    let revision = hand.next();
    let parts = hand.seal(&revision, &Overview { notes: "n".into(), ..hand.overview() }, "of Bea");
    hand.upload(&server, revision, parts).unwrap();
    for _ in 0..3 {
        third.sync().unwrap();
    }
    assert_eq!(third.entry(&item).trouble, None);
    assert_eq!(third.held(&item).unwrap().hash, server.state(&item).revision.hash());
}
