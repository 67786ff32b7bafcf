//! A device on which nothing of an item is readable.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, Status};

use super::device::{ADDRESS, Device};
use super::hand::{Hand, Parts};
use super::received::accepted;
use super::sharing::named;

#[test]
fn a_new_device_on_which_nothing_is_readable_empties_the_item_for_nobody() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    let server = scene.ana.line.server.clone();
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    scene.ana.rename(&item, "one");
    scene.ana.sync_well();
    let old = server.state(&item).revision.hash();
    scene.ana.rename(&item, "two");
    scene.ana.sync_well();
    server.restore(&nothing, true);
    scene.ana.sync().unwrap();
    let hand = Hand::of(&scene.bea, &item);
    let head = server.state(&item).revision.hash();
    let revision =
        Revision { prev: Some(old), also: Some(head), status: Status::Active, ..hand.next() };
    let noise = Parts { overview: vec![1; 160], details: vec![1; 160] };
    hand.upload(&server, revision, noise).unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "the last that opened");
    server.leave(&bea, &item).unwrap();
    let mut young = Device::of(&scene.ana.account(), ADDRESS, &server);
    young.sync().unwrap();
    young.sync().unwrap();
    scene.ana.sync().unwrap();
    scene.ana.sync().unwrap();
    let form = scene.ana.form(&item);
    assert_eq!(*form.client_secret, "secret of CRM", "the last that opened");
    assert_eq!(named(&scene.ana, &item), [], "the device that shows it took Bea off");
}

#[test]
fn what_somebody_wrote_on_a_restored_server_is_not_emptied_by_a_device_that_shows_nothing() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    scene.ana.rename(&item, "one");
    scene.ana.sync_well();
    let old = server.state(&item).revision.hash();
    scene.ana.rename(&item, "two");
    scene.ana.sync_well();
    server.restore(&nothing, true);
    scene.ana.sync().unwrap();
    let backup = server.backup();
    let hand = Hand::of(&scene.bea, &item);
    let head = server.state(&item).revision.hash();
    let revision = Revision { prev: Some(old), also: Some(head), ..hand.next() };
    let noise = Parts { overview: vec![1; 160], details: vec![1; 160] };
    hand.upload(&server, revision, noise).unwrap();
    let mut young = Device::of(&scene.ana.account(), ADDRESS, &server);
    young.sync().unwrap();
    server.restore(&backup, true);
    let hand = Hand::of(&scene.bea, &item);
    let parts = hand.seal(&hand.next(), &hand.overview(), "kept");
    hand.upload(&server, hand.next(), parts).unwrap();
    young.sync().unwrap();
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.author, young.line.user, "united: {:?}", young.entry(&item).trouble);
    assert_eq!(*young.form(&item).client_secret, "kept");
}
