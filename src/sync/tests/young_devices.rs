//! A new device syncs first after a restore; the older ones find the way, and lose nothing newer.

use super::device::{ADDRESS, Device};
use super::now;
use super::received::{Scene, accepted};
use super::scenes::{cho_joins_without, give, newest_alone, on_server, trouble};
use crate::sync::Side;
use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Permission;

/// All sync after the restore, the young device first. Bea, whose device held an older version, follows the owner's
/// next edit.
#[track_caller]
fn assert_bea_follows(scene: &mut Scene, young: &mut Device, shows: &str) {
    let item = scene.item;
    for _ in 0..3 {
        young.sync().unwrap();
        scene.ana.sync().unwrap();
        scene.bea.sync().unwrap();
    }
    scene.ana.rename(&item, "five");
    for _ in 0..2 {
        scene.ana.sync().unwrap();
        scene.bea.sync().unwrap();
    }
    let why = trouble(&scene.bea, &item);
    assert_eq!((scene.bea.name(&item), why.as_deref()), ("five", None), "{shows}");
}

/// "An item can be written again": honest people, two restores, new devices. Without the bodies the chain held of the
/// last one does not reach the restored version, whose beginning no server has any more.
fn after_two_restores(withheld: bool) -> (Device, ItemId) {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    let mut first = newest_alone(&scene.ana.account(), ADDRESS, &server);
    server.restore(&nothing, true);
    first.sync().unwrap();
    first.sync().unwrap();
    assert_eq!(server.bodies(&item).len(), 1, "the newest alone");
    let backup = server.backup();
    for name in ["later", "still later"] {
        first.rename(&item, name);
        first.sync().unwrap();
    }
    let mut third = Device::new(&scene.ana.account(), &server);
    if withheld {
        third = newest_alone(&scene.ana.account(), ADDRESS, &server);
    }
    third.sync_well();
    server.restore(&backup, true);
    for _ in 0..3 {
        third.sync().unwrap();
    }
    third.rename(&item, "of Ana");
    third.sync().unwrap();
    (third, item)
}

#[test]
fn a_new_device_settles_an_item_whose_beginning_no_server_has_any_more() {
    let (third, item) = after_two_restores(false);
    assert_eq!((trouble(&third, &item), third.entry(&item).waiting), (None, false));
    assert_eq!(third.name(&item), "of Ana");
}

/// The server's newest is the owner's, whose client had accepted what it followed.
#[test]
fn the_user_settles_an_item_whose_beginning_nobody_gave_to_a_new_device() {
    for side in [Side::Mine, Side::Theirs] {
        let (mut third, item) = after_two_restores(true);
        assert_eq!(trouble(&third, &item).as_deref(), Some("incomplete"));
        let seen = third.with(|sync| now(sync.server_state(&item))).unwrap();
        assert!(seen.is_ok(), "the dialog says by whom: {seen:?}");
        let accepted = third.with(|sync| now(sync.accept_server(&item, side))).unwrap();
        third.sync().unwrap();
        assert_eq!((accepted, trouble(&third, &item)), (Ok(()), None));
        assert!(!third.entry(&item).waiting && on_server(&third, &item));
        let mut other = Device::new(&third.account(), &third.line.server.clone());
        other.sync_well();
        assert_eq!(other.name(&item), "of Ana");
    }
}

/// Honest people after an honest restore: "what remains is an editor whose own lost write the owner never saw".
/// The owner's new browser, which lacks the bodies between, syncs first; whoever held one of those is forked for
/// ever, though another browser of the owner's has them all: no device sends them.
fn below_a_union_of_a_new_device(permission: Permission, re_key: bool) {
    let mut scene = accepted(permission);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let backup = server.backup();
    if re_key {
        give(&mut scene.ana, &item, scene.bea.line.user, permission_other(permission));
        give(&mut scene.ana, &item, scene.bea.line.user, permission);
    }
    for name in ["one", "two"] {
        scene.ana.rename(&item, name);
        scene.ana.sync_well();
    }
    scene.bea.sync_well();
    for name in ["three", "four"] {
        scene.ana.rename(&item, name);
        scene.ana.sync_well();
    }
    let mut young = Device::new(&scene.ana.account(), &server);
    young.sync_well();
    server.restore(&backup, true);
    assert_bea_follows(&mut scene, &mut young, &format!("{permission:?} {re_key}"));
}

fn permission_other(permission: Permission) -> Permission {
    if permission == Permission::View { Permission::Edit } else { Permission::View }
}

#[test]
fn a_viewer_below_what_a_new_device_united_is_not_forked_for_ever() {
    below_a_union_of_a_new_device(Permission::View, false);
}

#[test]
fn an_editor_below_what_a_new_device_united_under_a_new_key_is_not_forked_for_ever() {
    below_a_union_of_a_new_device(Permission::Edit, true);
}

#[test]
fn a_viewer_below_what_a_new_device_united_under_a_new_key_is_not_forked_for_ever() {
    below_a_union_of_a_new_device(Permission::View, true);
}

/// The same where the restore lost the item altogether: everybody who did not hold the very newest is stuck.
#[test]
fn who_is_below_what_a_new_device_sent_again_is_not_incomplete_for_ever() {
    for permission in [Permission::View, Permission::Edit] {
        let mut scene = accepted(permission);
        let (item, server) = (scene.item, scene.ana.line.server.clone());
        let mut nothing = server.backup();
        nothing.items.clear();
        nothing.shares.clear();
        for name in ["one", "two"] {
            scene.ana.rename(&item, name);
            scene.ana.sync_well();
        }
        let mut young = Device::new(&scene.ana.account(), &server);
        young.sync_well();
        server.restore(&nothing, true);
        assert_bea_follows(&mut scene, &mut young, &format!("{permission:?}"));
    }
}

/// An item can be written again: the same editor, by the user's act. "Accept the server's state" leads back to
/// nothing that she held, and no later version does: she may never edit again.
#[test]
fn an_editor_who_accepted_what_a_new_device_united_may_edit_again() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let backup = server.backup();
    give(&mut scene.ana, &item, bea, Permission::View);
    give(&mut scene.ana, &item, bea, Permission::Edit);
    scene.bea.sync_well();
    cho_joins_without(&mut scene);
    scene.ana.rename(&item, "four");
    scene.ana.sync_well();
    let mut young = Device::new(&scene.ana.account(), &server);
    young.sync_well();
    server.restore(&backup, true);
    for _ in 0..3 {
        young.sync().unwrap();
        scene.ana.sync().unwrap();
        scene.bea.sync().unwrap();
    }
    let accepted = scene.bea.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
    for _ in 0..3 {
        scene.ana.rename(&item, "of Ana");
        scene.ana.sync().unwrap();
        scene.ana.rename(&item, "of Ana again");
        scene.ana.sync().unwrap();
        scene.bea.sync().unwrap();
    }
    let state = (scene.bea.name(&item).to_owned(), trouble(&scene.bea, &item));
    let list = scene.ana.vault.access(&scene.ana.local(&item)).unwrap().unwrap();
    assert!(list.lets_edit(&bea), "the owner's list lets her edit");
    assert_eq!(scene.try_rename("of Bea"), Ok(()), "{accepted:?} {state:?}");
}

/// "Lost edit" and rollback: the owner's own device, or an editor's, that held an older version of the lost branch
/// unites it as if beside what the new device united. Its older secret goes over the newer one for everybody.
fn older_over_newer(by_editor: bool) {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let backup = server.backup();
    let mut third = Device::new(&scene.ana.account(), &server);
    for secret in ["one", "two"] {
        scene.ana.edit(&item, |form| *form.client_secret = secret.into());
        scene.ana.sync_well();
    }
    third.sync_well();
    scene.bea.sync_well();
    for secret in ["three", "four"] {
        scene.ana.edit(&item, |form| *form.client_secret = secret.into());
        scene.ana.sync_well();
    }
    let mut young = Device::new(&scene.ana.account(), &server);
    young.sync_well();
    server.restore(&backup, true);
    young.sync().unwrap();
    for _ in 0..2 {
        let older = if by_editor { &mut scene.bea } else { &mut third };
        older.sync().unwrap();
        scene.ana.sync().unwrap();
        young.sync().unwrap();
    }
    for device in [&scene.ana, &young] {
        assert_eq!(*device.form(&item).client_secret, "four", "the newest secret");
    }
}

#[test]
fn an_older_device_of_the_owner_puts_no_older_secret_over_the_newest_after_a_restore() {
    older_over_newer(false);
}

#[test]
fn an_older_device_of_an_editor_puts_no_older_secret_over_the_newest_after_a_restore() {
    older_over_newer(true);
}
