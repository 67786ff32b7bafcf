//! People whose access ended are taken off the list by the owner's next sync.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::wire::{ChangesResponse, Left};
use mysafe_protocol::{Bytes, ItemId};

use super::device::Device;
use super::line::Break;
use super::now;
use super::received::accepted;
use super::sharing::{Scene, named, pin, scene, share};
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::left::Ended;
use crate::vault::{Share, ShareError, Store, keys};

const CHO: &str = "cho@example.com";

/// The server says of every page that this person left.
fn say(device: &Device, item: ItemId, user: UserId) {
    let left = vec![Left { item, user }];
    *device.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { left: left.clone(), ..page }));
}

fn shared() -> Scene {
    let mut scene = scene();
    pin(&mut scene.one, &scene.bea.user()).unwrap();
    share(&mut scene.one, &scene.item, scene.bea.user()).unwrap();
    scene.two.sync_well();
    scene
}

fn waits(device: &Device) -> bool {
    device.value(Store::State, keys::LEFT).is_some()
}

#[test]
fn whoever_left_is_taken_off_once() {
    let Scene { mut one, mut two, bea, item } = shared();
    say(&one, item, bea.user());
    one.sync_well();
    *one.line.page.borrow_mut() = None;
    one.sync_well();
    two.sync_well();
    for device in [&one, &two] {
        assert_eq!(named(device, &item), []);
        assert!(!waits(device));
        device.assert_settled();
    }
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3]);
    // Two devices told of it at once do it once, too.
    say(&two, item, bea.user());
    two.sync_well();
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3]);
}

#[test]
fn what_could_not_be_done_is_done_by_a_later_sync() {
    let Scene { mut one, bea, item, .. } = shared();
    say(&one, item, bea.user());
    one.line.breaks.set(Some((1, Break::Before)));
    one.sync().unwrap_err();
    assert_eq!(named(&one, &item), [bea.user()]);
    *one.line.page.borrow_mut() = None;
    // The server says nothing of it any more, and the browser was killed.
    let mut one = one.restarted();
    assert!(waits(&one));
    one.sync_well();
    assert_eq!(named(&one, &item), []);
    assert!(!waits(&one));
    one.assert_settled();
}

#[test]
fn an_edit_that_waits_goes_first() {
    let Scene { mut one, bea, item, .. } = shared();
    one.rename(&item, "b");
    say(&one, item, bea.user());
    one.sync_well();
    *one.line.page.borrow_mut() = None;
    one.sync_well();
    assert_eq!((one.name(&item), named(&one, &item)), ("b", vec![]));
    one.assert_settled();
}

/// Bea, who has the item, and Cho, who is accepted, too.
fn with_cho() -> (super::received::Scene, UserId) {
    let mut scene = accepted(Permission::Edit);
    let cho = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&cho, CHO, &scene.ana.line.server).line.user;
    scene.ana.with(|sync| super::now(sync.pin(&cho, CHO))).unwrap().unwrap();
    (scene, cho)
}

#[test]
fn a_change_of_access_does_not_bring_back_whoever_left_meanwhile() {
    let (mut scene, cho) = with_cho();
    let item = scene.item;
    scene.bea.with(|sync| super::now(sync.leave(&item))).unwrap().unwrap();
    // The owner's device has heard nothing of it.
    assert_eq!(named(&scene.ana, &item), [scene.bea.line.user]);
    share(&mut scene.ana, &item, cho).unwrap();
    assert_eq!(named(&scene.ana, &item), [cho]);
    assert!(!waits(&scene.ana));
    scene.bea.sync_well();
    assert!(scene.bea.vault.entry(&item).is_none(), "she left");
    assert_eq!(scene.ana.line.server.revisions(&item), [1, 2, 3], "one change");
    scene.ana.sync_well();
    scene.ana.assert_settled();
}

#[test]
fn whoever_left_and_is_given_it_again_has_it_as_somebody_new() {
    let (mut scene, _) = with_cho();
    let (item, bea) = (scene.item, scene.bea.line.user);
    for knows in [false, true] {
        scene.bea.with(|sync| super::now(sync.leave(&item))).unwrap().unwrap();
        if knows {
            // The log was read, and nothing done of it yet.
            let left = [Left { item, user: bea }];
            let put = scene.ana.with(|sync| super::now(sync.plan_left(&left, &[]))).unwrap();
            scene.ana.store(put.into_iter().collect());
        }
        share(&mut scene.ana, &item, bea).unwrap();
        assert_eq!(named(&scene.ana, &item), [bea]);
        scene.ana.sync_well();
        assert_eq!(named(&scene.ana, &item), [bea], "and is not taken off again");
        scene.bea.sync_well();
        assert!(scene.bea.vault.entry(&item).is_some());
        let grants = scene.ana.vault.access(&scene.ana.local(&item)).unwrap().unwrap().grants;
        assert_eq!(grants[0].permission, Permission::View);
    }
    scene.ana.assert_settled();
}

#[test]
fn a_server_that_says_for_ever_that_somebody_left_and_never_who_keeps_nobody_busy() {
    let (mut scene, cho) = with_cho();
    let item = scene.item;
    scene.bea.with(|sync| super::now(sync.leave(&item))).unwrap().unwrap();
    *scene.ana.line.page.borrow_mut() =
        Some(Box::new(|page| ChangesResponse { left: vec![], ..page }));
    let before = scene.ana.line.server.revisions(&item);
    assert_eq!(share(&mut scene.ana, &item, cho), Err(ShareError::Busy));
    assert_eq!(scene.ana.line.server.revisions(&item), before);
}

#[test]
fn a_server_that_lies_about_who_left_adds_nobody_and_uploads_nothing() {
    let Scene { mut one, bea, item, .. } = shared();
    one.line.uploads.borrow_mut().clear();
    for (item, user) in [(item, UserId([9; 32])), (ItemId([9; 16]), bea.user())] {
        say(&one, item, user);
        one.sync_well();
    }
    assert_eq!(*one.line.uploads.borrow(), []);
    assert_eq!(named(&one, &item), [bea.user()]);
    assert!(!waits(&one));
}

#[test]
fn what_is_stored_of_it_has_one_encoding() {
    let Scene { mut one, bea, item, .. } = shared();
    let left = [Left { item, user: bea.user() }];
    let put = one.with(|sync| super::now(sync.plan_left(&left, &[]))).unwrap().unwrap();
    let bytes = one.vault.open_state(keys::LEFT, &put.into_bytes().unwrap()).unwrap().to_vec();
    assert_eq!(Ended::decode(&bytes).unwrap().0.len(), 1);
    for length in 0..bytes.len() {
        assert!(Ended::decode(&bytes[..length]).is_err());
    }
    let twice = Bytes([&[0x82], &bytes[1..], &bytes[1..]].concat());
    assert!(Ended::decode(&twice).is_err(), "nobody twice");
}

#[test]
fn who_is_given_it_again_keeps_it_though_answers_were_lost() {
    let mut scene = accepted(Permission::View);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let with = [Share { user: bea, permission: Permission::View, until: None }];
    // The server did both, and neither answer came.
    scene.ana.line.breaks.set(Some((1, Break::After)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    scene.ana.line.breaks.set(Some((1, Break::After)));
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap_err();
    for _ in 0..2 {
        scene.ana.sync().unwrap();
        assert_eq!(named(&scene.ana, &item), [bea]);
    }
}

#[test]
fn who_leaves_while_another_is_taken_off_is_taken_off_too() {
    let Scene { mut one, bea, item, .. } = shared();
    let server = one.line.server.clone();
    let account = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&account, CHO, &server).line.user;
    one.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    share(&mut one, &item, cho).unwrap();
    let mut other = one.context();
    // Another window hears of it while the new list is on its way, and is closed.
    let happens = move || {
        server.leave(&cho, &item).unwrap();
        other.line.breaks.set(Some((1, Break::Before)));
        other.sync().unwrap_err();
    };
    *one.line.meanwhile.borrow_mut() = Some(Box::new(happens));
    one.with(|sync| now(sync.revoke(&item, &[bea.user()]))).unwrap().unwrap();
    one.sync().unwrap();
    one.rename(&item, "after");
    one.sync_well();
    assert_eq!(named(&one, &item), []);
    one.assert_settled();
}
