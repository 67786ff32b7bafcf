//! A deletion waits on the owner's device, and somebody's access ends meanwhile: the owner's own new key comes first,
//! and the deletion goes over it.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, Status};

use super::device::Device;
use super::now;
use super::received::accepted;
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::NOT_DELETED;
use crate::vault::Share;

fn deleted_while_somebody_goes(leaves: bool, seen: bool) {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let with = [Share { user: bea, permission: Permission::Edit, until: Some(100) }];
    if !leaves {
        scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    }
    scene.ana.sync_well();
    scene.ana.disable(&item);
    if seen {
        scene.ana.sync_well();
    }
    scene.ana.delete(&item);
    if leaves {
        scene.bea.with(|sync| now(sync.leave(&item))).unwrap().unwrap();
    } else {
        scene.ana.clock.set(1_000_000_000);
        server.data.borrow_mut().time = 1_000_000;
    }
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    let here = scene.ana.entry(&item).status;
    assert_eq!(here, newest.status, "device and server; {:?}", scene.ana.notices());
    assert_eq!(newest.status, Status::Deleted, "{:?}", scene.ana.notices());
}

#[test]
fn a_deletion_that_waits_goes_over_the_new_key_after_somebody_left() {
    deleted_while_somebody_goes(true, false);
    deleted_while_somebody_goes(true, true);
}

#[test]
fn a_deletion_that_waits_goes_over_the_new_key_after_somebodys_time_ended() {
    deleted_while_somebody_goes(false, false);
    deleted_while_somebody_goes(false, true);
}

#[test]
fn a_deletion_that_waits_is_not_made_of_an_item_that_another_device_gave_to_somebody() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let account = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&account, "cho@example.com", &server).line.user;
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    scene.ana.disable(&item);
    scene.ana.delete(&item);
    two.with(|sync| now(sync.pin(&cho, "cho@example.com"))).unwrap().unwrap();
    let with = [Share { user: cho, permission: Permission::View, until: None }];
    two.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.ana.sync().unwrap();
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.status, Status::Active);
    let codes: Vec<_> = scene.ana.notices().into_iter().map(|notice| notice.code).collect();
    assert_eq!(codes, [NOT_DELETED]);
}

#[test]
fn a_restored_item_goes_to_the_server_though_somebodys_time_ended_meanwhile() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let with = [Share { user: bea, permission: Permission::Edit, until: Some(100) }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.ana.disable(&item);
    scene.ana.delete(&item);
    scene.ana.sync_well();
    scene.ana.clock.set(1_000_000_000);
    server.data.borrow_mut().time = 1_000_000;
    scene.ana.undelete(&item).unwrap();
    scene.ana.sync().unwrap();
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.status, Status::Inactive);
    assert!(!scene.ana.entry(&item).waiting);
}
