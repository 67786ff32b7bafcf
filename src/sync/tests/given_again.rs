//! Notes of who left, and what ends them: a later list of the owner's, by which somebody has access again.

use mysafe_protocol::bodies::{AccessList, Permission};
use mysafe_protocol::{ItemId, UserId};

use super::device::Device;
use super::line::Break;
use super::now;
use super::received::{Scene, accepted};
use super::scenes::assert_bea_reads_no_more;
use super::sharing::named;
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::left::{Ended, Note};
use crate::vault::{Share, Store, keys};

const CHO: &str = "cho@example.com";

/// The owner gives Bea the item.
fn give(owner: &mut Device, item: &ItemId, bea: UserId) {
    let with = [Share { user: bea, permission: Permission::Edit, until: None }];
    owner.with(|sync| now(sync.share(item, &with))).unwrap().unwrap();
}

/// Bea leaves. Ana's device notes it, and its sync ends before it takes her off.
fn leave_noted(scene: &mut Scene) {
    scene.bea.with(|sync| now(sync.leave(&scene.item))).unwrap().unwrap();
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.sync().unwrap_err();
}

#[test]
fn who_is_given_it_again_by_another_device_stays_though_a_note_says_that_she_left() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let mut two = Device::new(&scene.ana.account(), &scene.ana.line.server);
    two.sync_well();
    leave_noted(&mut scene);
    assert!(scene.ana.value(Store::State, keys::LEFT).is_some(), "noted");
    two.sync().unwrap();
    assert_eq!(named(&two, &item), [], "taken off");
    give(&mut two, &item, bea);
    scene.bea.sync().unwrap();
    assert!(scene.bea.vault.entry(&item).is_some(), "she has it again");
    scene.ana.sync().unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(named(&scene.ana, &item), [bea], "the owner gave it again");
    scene.bea.sync().unwrap();
    assert!(scene.bea.vault.entry(&item).is_some(), "she has it still");
}

#[test]
fn who_is_given_it_again_by_another_device_stays_though_a_removal_was_interrupted() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let mut two = Device::new(&scene.ana.account(), &scene.ana.line.server);
    two.sync_well();
    // The server ends her access, then the network is gone.
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    two.sync().unwrap();
    assert_eq!(named(&two, &item), [], "taken off");
    give(&mut two, &item, bea);
    scene.ana.sync().unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(named(&scene.ana, &item), [bea], "the owner gave it again");
}

#[test]
fn an_edit_by_who_was_given_it_again_is_not_late() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let mut two = Device::new(&scene.ana.account(), &scene.ana.line.server);
    two.sync_well();
    leave_noted(&mut scene);
    two.sync().unwrap();
    give(&mut two, &item, bea);
    scene.bea.sync().unwrap();
    scene.bea.rename(&item, "of Bea");
    scene.bea.sync().unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(scene.ana.notices(), []);
    assert_eq!(named(&scene.ana, &item), [bea]);
}

/// Another device does both meanwhile.
#[test]
fn who_is_given_it_again_while_a_page_is_on_its_way_stays() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let mut two = Device::new(&scene.ana.account(), &scene.ana.line.server);
    two.sync_well();
    scene.bea.with(|sync| now(sync.leave(&item))).unwrap().unwrap();
    let happens = move || {
        two.sync().unwrap();
        give(&mut two, &item, bea);
    };
    *scene.ana.line.while_page.borrow_mut() = Some(Box::new(happens));
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(named(&scene.ana, &item), [bea], "the owner gave it again");
}

/// A page says that Bea left. Another window, which had noted it, gives her the item again meanwhile; then the first
/// window stores the page.
#[test]
fn a_page_from_before_brings_no_note_back() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    leave_noted(&mut scene);
    // Something else moves the item in the log.
    server.data.borrow_mut().position += 1;
    let position = server.data.borrow().position;
    server.data.borrow_mut().items.get_mut(&item).unwrap().position = position;
    let mut other = scene.ana.context();
    let happens = move || {
        give(&mut other, &item, bea);
    };
    *scene.ana.line.while_page.borrow_mut() = Some(Box::new(happens));
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(named(&scene.ana, &item), [bea], "the owner gave it again");
}

/// While a window takes Bea off, another one gives her the item again, she leaves, and that window is closed.
#[test]
fn a_note_of_a_later_leaving_is_not_forgotten_by_another_window() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    let mut other = scene.ana.context();
    let happens = move || {
        other.sync().unwrap();
        give(&mut other, &item, bea);
        server.leave(&bea, &item).unwrap();
        other.line.breaks.set(Some((1, Break::Before)));
        other.sync().unwrap_err();
    };
    *scene.ana.line.meanwhile.borrow_mut() = Some(Box::new(happens));
    let _ = scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    scene.ana.rename(&item, "after");
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let entry = scene.ana.entry(&item);
    assert!(!entry.waiting, "her edit is on the server: {:?}", entry.trouble);
    assert_eq!(named(&scene.ana, &item), []);
}

/// The second window gives Bea the item again and removes her again, which is interrupted once the server ended her
/// access. The server lies: it goes on showing her the item.
#[test]
fn a_removal_that_another_window_noted_is_not_forgotten() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    let mut other = scene.ana.context();
    let happens = move || {
        other.sync().unwrap();
        give(&mut other, &item, bea);
        other.line.breaks.set(Some((1, Break::Before)));
        other.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
        assert!(other.value(Store::State, keys::LEFT).is_some(), "noted");
    };
    *scene.ana.line.meanwhile.borrow_mut() = Some(Box::new(happens));
    let _ = scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
    server.data.borrow_mut().shares.get_mut(&(item, bea)).unwrap().ended = false;
    scene.ana.sync().unwrap();
    assert_bea_reads_no_more(&mut scene);
}

/// Bea's removal on this device is interrupted. The server does not tell the second device of it, which gives Cho the
/// item; nobody took Bea off.
#[test]
fn a_removal_that_was_interrupted_is_made_over_the_list_of_a_device_that_did_not_know() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    let cho = Device::of(&AccountKey::generate(&mut SystemRandom), CHO, &server).line.user;
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    two.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    server.data.borrow_mut().shares.get_mut(&(item, bea)).unwrap().ended = false;
    let with = [Share { user: cho, permission: Permission::View, until: None }];
    two.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    assert_eq!(named(&two, &item).len(), 2, "it did not know");
    scene.ana.sync().unwrap();
    assert_eq!(named(&scene.ana, &item), [cho]);
}

/// The note of a device from before notes had an epoch.
#[test]
fn a_note_of_an_older_version_is_about_the_list_held_now() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let note = Note::default();
    let stored = Ended([((item, bea, false), note)].into()).encode();
    let put = scene.ana.vault.seal_state(keys::LEFT, &stored, &mut SystemRandom);
    scene.ana.store(vec![put]);
    scene.ana.with(|sync| now(sync.weigh_left(&mut crate::sync::Outcome::default()))).unwrap();
    let written = scene.ana.value(Store::State, keys::LEFT).unwrap();
    let written = scene.ana.vault.open_state(keys::LEFT, &written).unwrap();
    let note = Ended::decode(&written).unwrap().0[&(item, bea, true)];
    assert_eq!(note.epoch, Some(2), "written again with the epoch");
    scene.ana.sync().unwrap();
    assert_eq!(named(&scene.ana, &item), []);
    assert_eq!(scene.ana.value(Store::State, keys::LEFT), None);
}

/// The note is about a list that this device has not accepted yet.
#[test]
fn a_note_about_a_later_list_stays_until_that_list_is_here() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let held = scene.ana.line.server.state(&item).list.unwrap();
    let held = AccessList::accept(&held, &scene.ana.line.server.sign_pk).unwrap();
    let later = AccessList { epoch: 4, ..held };
    scene.ana.with(|sync| now(sync.note_ended(&item, &bea, &later))).unwrap();
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    assert_eq!(scene.ana.held(&item).unwrap().epoch, 3);
    assert!(scene.ana.value(Store::State, keys::LEFT).is_some(), "the list of epoch 4 may come");
}

/// A device that holds an old list and a note about it ends nothing at the server: the newest list comes first.
#[test]
fn what_is_noted_ends_no_later_access_at_the_server() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let mut two = Device::new(&scene.ana.account(), &scene.ana.line.server);
    two.sync_well();
    leave_noted(&mut scene);
    two.sync().unwrap();
    give(&mut two, &item, bea);
    scene.ana.line.asked.borrow_mut().clear();
    // Nothing was read since.
    scene.ana.with(|sync| now(sync.take_off(&mut Default::default()))).unwrap();
    let route = "DELETE /v1/items/{item}/access/{user}";
    assert_eq!(scene.ana.line.asked.borrow().get(route), None);
    assert_eq!(named(&scene.ana, &item), [bea]);
    scene.bea.sync_well();
    assert!(scene.bea.vault.entry(&item).is_some());
}

/// The restored server says that Bea left, and forgot that she was given the item again since: it takes that
/// list back without her access. The owner gives it once more, and that stays.
#[test]
fn who_left_by_a_restored_server_is_given_it_once_more() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    scene.bea.with(|sync| now(sync.leave(&item))).unwrap().unwrap();
    let backup = scene.ana.line.server.backup();
    scene.ana.sync_well();
    assert_eq!(named(&scene.ana, &item), [], "taken off");
    scene.share(Permission::Edit);
    scene.ana.line.server.restore(&backup, true);
    for _ in 0..2 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(named(&scene.ana, &item), [], "a re-key follows");
    scene.share(Permission::Edit);
    for _ in 0..2 {
        scene.ana.sync().unwrap();
        assert_eq!(named(&scene.ana, &item), [bea]);
    }
    scene.bea.sync().unwrap();
    assert!(scene.bea.vault.entry(&item).is_some());
}
