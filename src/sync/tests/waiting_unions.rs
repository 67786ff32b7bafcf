//! A revision that unites two histories is stored and not sent yet, and something happens before it is sent.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, UserId};

use super::device::Device;
use super::hand::Hand;
use super::line::Break;
use super::now;
use super::received::accepted;
use super::scenes::{CHO, give, trouble};
use super::sharing::named;
use crate::crypto::{AccountKey, SystemRandom};
use crate::vault::{Share, Store, keys};

#[test]
fn a_re_key_that_waits_gives_no_key_to_somebody_removed_meanwhile() {
    for lies in [true, false] {
        let mut scene = accepted(Permission::Edit);
        let (item, server) = (scene.item, scene.ana.line.server.clone());
        let account = AccountKey::generate(&mut SystemRandom);
        let cho = Device::of(&account, "cho@example.com", &server).line.user;
        scene.ana.with(|sync| now(sync.pin(&cho, "cho@example.com"))).unwrap().unwrap();
        let with = [Share { user: cho, permission: Permission::View, until: None }];
        scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
        scene.bea.sync_well();
        let backup = server.backup();
        scene.revoke();
        server.restore(&backup, true);
        let hand = Hand::of(&scene.bea, &item);
        let revision = hand.next();
        let parts = hand.seal(&revision, &hand.overview(), "of Bea");
        hand.upload(&server, revision, parts).unwrap();
        for at in 1..20 {
            scene.ana.line.breaks.set(Some((at, Break::Before)));
            let _ = scene.ana.sync();
            scene.ana.line.breaks.set(None);
            if scene.ana.value(Store::Outbox, &keys::union(&item)).is_some() {
                break;
            }
        }
        assert!(scene.ana.value(Store::Outbox, &keys::union(&item)).is_some(), "it waits");
        let before = scene.ana.line.writes.borrow().len();
        if lies {
            scene.ana.line.pretends.set(Some("DELETE /v1/items/{item}/access/{user}"));
        }
        let revoked = scene.ana.with(|sync| now(sync.revoke(&item, &[cho])));
        let writes = scene.ana.line.writes.borrow();
        for write in writes.iter().skip(before) {
            let sealed: Vec<UserId> = write.envelopes.iter().map(|one| one.user).collect();
            assert!(!sealed.contains(&cho), "lies: {lies}; a new key for Cho after; {revoked:?}");
        }
    }
}

#[test]
fn a_server_that_fails_back_leaves_no_editor_forked() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let old = server.backup();
    scene.bea.rename(&item, "of Bea");
    scene.bea.sync_well();
    let new = server.backup();
    server.restore(&old, false);
    scene.ana.edit(&item, |form| form.notes = "of Ana".into());
    scene.ana.sync().unwrap();
    // Bea's union is stored, and does not arrive.
    scene.bea.edit(&item, |form| form.client_id = "waits".into());
    let mut broke = false;
    for at in 1..12 {
        scene.bea.line.breaks.set(Some((at, Break::Before)));
        let _ = scene.bea.sync();
        scene.bea.line.breaks.set(None);
        if scene.bea.value(Store::Outbox, &keys::union(&item)).is_some() {
            broke = true;
            break;
        }
    }
    assert!(broke);
    server.restore(&new, false);
    for _ in 0..4 {
        scene.bea.sync().unwrap();
    }
    let entry = scene.bea.entry(&item);
    assert_eq!((entry.trouble.as_deref(), entry.waiting), (None, false));
}

/// "A revision that unites two and is refused for want of a confirmed mailbox waits", without using up the cap. An
/// honest editor writes each time before it goes: each union is counted, none was ever taken.
#[test]
fn unions_that_wait_for_a_mailbox_do_not_use_up_the_cap_while_an_editor_writes() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let key = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&key, CHO, &server).line.user;
    scene.ana.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    scene.ana.sync_well();
    let backup = server.backup();
    give(&mut scene.ana, &item, cho, Permission::View);
    server.restore(&backup, true);
    server.data.borrow_mut().unconfirmed.insert(server.owner);
    for name in ["one", "two", "three", "four"] {
        scene.bea.edit(&item, |form| form.notes = name.into());
        scene.bea.sync().unwrap();
        scene.ana.sync().unwrap();
    }
    server.data.borrow_mut().unconfirmed.clear();
    for _ in 0..2 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(trouble(&scene.ana, &item), None);
    assert!(named(&scene.ana, &item).contains(&cho));
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.author, scene.ana.line.user, "united");
}

/// A count is taken back only if every answer was that the revision waits. One whose answer is lost was perhaps taken.
#[test]
fn a_union_that_waited_and_whose_answer_was_lost_stays_counted() {
    for lost in [false, true] {
        let mut scene = accepted(Permission::Edit);
        let (item, server) = (scene.item, scene.ana.line.server.clone());
        let key = AccountKey::generate(&mut SystemRandom);
        let cho = Device::of(&key, CHO, &server).line.user;
        scene.ana.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
        scene.ana.sync_well();
        let backup = server.backup();
        give(&mut scene.ana, &item, cho, Permission::View);
        server.restore(&backup, true);
        server.data.borrow_mut().unconfirmed.insert(server.owner);
        scene.bea.edit(&item, |form| form.notes = "one".into());
        scene.bea.sync().unwrap();
        scene.ana.sync().unwrap();
        let noted = |ana: &Device| ana.value(Store::State, &keys::first(&item));
        let before = noted(&scene.ana);
        assert!(before.is_some(), "it waits");
        for at in (1..30).filter(|_| lost) {
            scene.ana.line.breaks.set(Some((at, Break::Before)));
            let _ = scene.ana.sync();
            scene.ana.line.breaks.set(None);
            if noted(&scene.ana) != before {
                break;
            }
        }
        assert_eq!(noted(&scene.ana) != before, lost, "the request that sends it broke");
        scene.bea.edit(&item, |form| form.notes = "two".into());
        scene.bea.sync().unwrap();
        scene.ana.sync().unwrap();
        let counted = scene.ana.with(|sync| now(sync.united_today(&keys::united(&item)))).unwrap();
        assert_eq!(counted.len(), if lost { 2 } else { 1 });
    }
}
