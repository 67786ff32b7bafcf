//! A device on which nothing of an item is readable empties it for nobody.

use super::device::{ADDRESS, Device};
use super::hand::{Hand, Parts};
use super::line::Break;
use super::now;
use super::received::{Scene, accepted};
use super::scenes::{cho_joins, without_item_and};
use super::server::Data;
use super::sharing::named;
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, Status};

/// An item whose beginning is lost, noise by Bea over it, and a new device on which nothing is readable.
/// Gives the state of the server before the noise.
fn nothing_readable(scene: &mut Scene) -> (Device, Data) {
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    scene.ana.rename(&item, "one");
    scene.ana.sync_well();
    scene.ana.rename(&item, "two");
    scene.ana.sync_well();
    server.restore(&nothing, true);
    scene.ana.sync().unwrap();
    let backup = server.backup();
    noise(scene, 1);
    let mut young = Device::of(&scene.ana.account(), ADDRESS, &server);
    young.sync().unwrap();
    (young, backup)
}

/// Bea writes noise whose prev is a body without parts.
fn noise(scene: &Scene, byte: u8) {
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let hand = Hand::of(&scene.bea, &item);
    let head = server.state(&item).revision.hash();
    let bodies = server.bodies(&item);
    let old = bodies.iter().rev().find(|signed| signed.hash() != head).unwrap().hash();
    let revision = Revision { prev: Some(old), also: Some(head), ..hand.next() };
    let noise = Parts { overview: vec![byte; 160], details: vec![byte; 160] };
    hand.upload(&server, revision, noise).unwrap();
}

/// "Empty no item": where the way along prev ends, a new device says that nothing is readable.
/// It unites two versions of noise, and the result opens: empty, for everybody.
#[test]
fn a_device_on_which_nothing_is_readable_unites_no_two_noises_into_an_empty_item() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let (mut young, backup) = nothing_readable(&mut scene);
    scene.ana.sync().unwrap();
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "the last that opened");
    scene.ana.line.server.restore(&backup, true);
    noise(&scene, 2);
    young.sync().unwrap();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let secret = scene.ana.form(&item).client_secret.to_string();
    assert_eq!(secret, "secret of CRM", "emptied by a device on which nothing was readable");
}

/// The same rule. The item is lost with Bea's account: without her it gets a new key, and no content.
#[test]
fn a_device_on_which_nothing_is_readable_sends_no_empty_item_without_a_lost_account() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let (mut young, _) = nothing_readable(&mut scene);
    scene.ana.sync().unwrap();
    let nothing = without_item_and(server.backup(), &bea);
    server.restore(&nothing, true);
    young.sync().unwrap();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let secret = scene.ana.form(&item).client_secret.to_string();
    assert_eq!(secret, "secret of CRM", "emptied by a device on which nothing was readable");
}

/// The same rule. Somebody removed wrote on the restored server: the "held" content is nothing.
#[test]
fn a_device_on_which_nothing_is_readable_holds_no_content_against_a_former_editors() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let cho = cho_joins(&mut scene, Permission::Edit);
    let backup = server.backup();
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    let user = cho.line.user;
    scene.ana.with(|sync| now(sync.revoke(&item, &[user]))).unwrap().unwrap();
    for name in ["one", "two"] {
        scene.ana.rename(&item, name);
        scene.ana.sync_well();
    }
    server.restore(&nothing, true);
    scene.ana.sync().unwrap();
    noise(&scene, 1);
    let mut young = Device::of(&scene.ana.account(), ADDRESS, &server);
    young.sync().unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "the last that opened");
    server.restore(&backup, true);
    let hand = Hand::of(&cho, &item);
    let parts = hand.seal(&hand.next(), &hand.overview(), "of Cho");
    hand.upload(&server, hand.next(), parts).unwrap();
    for _ in 0..2 {
        young.sync().unwrap();
    }
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let secret = scene.ana.form(&item).client_secret.to_string();
    assert_ne!(secret, "", "emptied by a device on which nothing was readable");
}

/// "Empty no item". The owner takes somebody else off on a new browser on which nothing is readable: the other
/// browser, which shows the last version that opened, shows nothing from then on.
#[test]
fn taking_somebody_off_where_nothing_is_readable_empties_the_item_for_nobody() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let (mut young, _) = nothing_readable(&mut scene);
    scene.ana.sync().unwrap();
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "the last that opened");
    let _ = young.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap();
    for _ in 0..2 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "emptied");
}

/// "Empty no item". The owner disables it where nothing is readable: the other browser shows nothing from then on.
#[test]
fn disabling_where_nothing_is_readable_empties_the_item_for_nobody() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let (mut young, _) = nothing_readable(&mut scene);
    scene.ana.sync().unwrap();
    young.set_active(&item, false);
    for _ in 0..2 {
        young.sync().unwrap();
        scene.ana.sync().unwrap();
    }
    assert_eq!(scene.ana.entry(&item).status, Status::Inactive);
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "emptied");
}

/// "A device on which nothing of an item is readable still re-keys and unites it" (decision 0010). It does not: who
/// was removed there, while the network broke, stays in the list for ever, and everybody else waits.
#[test]
fn a_removal_that_was_interrupted_where_nothing_is_readable_goes_on() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let (mut young, _) = nothing_readable(&mut scene);
    scene.ana.sync().unwrap();
    young.line.breaks.set(Some((1, Break::Before)));
    young.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    for _ in 0..3 {
        young.sync().unwrap();
    }
    assert_eq!(named(&young, &item), []);
}
