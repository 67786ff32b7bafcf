//! One item, one answer or one act stops nothing else.

use super::device::Device;
use super::hand::{Hand, Parts};
use super::now;
use super::received::accepted;
use super::scenes::trouble;
use crate::sync::Side;
use crate::vault::{Share, Store, keys};
use mysafe_protocol::bodies::Permission;

/// "One item never stops a sync". The stored item cannot be read, and the access to it ends.
#[test]
fn an_item_that_cannot_be_read_and_whose_access_ended_stops_no_sync() {
    let mut failed = Vec::new();
    for how in ["by the owner", "by time"] {
        let mut scene = accepted(Permission::Edit);
        let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
        let other = scene.bea.add_named("other");
        if how == "by time" {
            let with = [Share { user: bea, permission: Permission::Edit, until: Some(100) }];
            scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
            scene.bea.sync().unwrap();
        }
        scene.bea.disk.values.borrow_mut().insert((Store::Items, keys::item(&item)), vec![1, 2, 3]);
        if how == "by time" {
            scene.bea.clock.set(1_000_000_000);
            server.data.borrow_mut().time = 1_000_000;
        } else {
            scene.revoke();
        }
        let _ = other;
        for _ in 0..2 {
            let synced = scene.bea.sync();
            if let Err(error) = synced {
                failed.push(format!("{how}: {error:?}"));
            }
        }
    }
    assert_eq!(failed, [""; 0]);
}

/// No false accusation: an honest restore gives an item back that Bea had left; the server withholds nothing.
#[test]
fn an_item_that_was_left_and_that_a_restored_server_has_is_not_incomplete() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let backup = server.backup();
    scene.ana.rename(&item, "later");
    scene.ana.sync_well();
    scene.bea.sync_well();
    scene.bea.with(|sync| now(sync.leave(&item))).unwrap().unwrap();
    server.restore(&backup, true);
    for _ in 0..2 {
        scene.bea.sync().unwrap();
    }
    let codes: Vec<String> = scene.bea.notices().into_iter().map(|notice| notice.code).collect();
    assert!(!codes.contains(&"incomplete".to_owned()), "{codes:?}");
}

/// "Missing ones are kept and sent again": one answer that is none of the interface's, while an item that the
/// server lost is settled, and the item is never sent again.
#[test]
fn an_item_that_the_server_lost_is_sent_again_after_one_malformed_answer() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    server.restore(&nothing, true);
    *scene.ana.line.refuses.borrow_mut() =
        Some(("GET /v1/items/{item}", crate::sync::RemoteError::Malformed));
    scene.ana.sync().unwrap();
    scene.ana.line.end_lies();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert!(server.data.borrow().items.contains_key(&item), "{:?}", trouble(&scene.ana, &item));
}

/// "A notice stays until the user closes it": accepting the server's state closes what was said of somebody's
/// unreadable version too, which has nothing to do with it.
#[test]
fn accepting_the_servers_state_closes_no_other_notice() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let hand = Hand::of(&scene.bea, &item);
    let parts = Parts { overview: vec![1; 160], details: vec![1; 160] };
    hand.upload(&server, hand.next(), parts).unwrap();
    scene.ana.sync().unwrap();
    let says = |device: &Device| {
        device.notices().iter().any(|notice| notice.code == "unreadable" && notice.people == [bea])
    };
    assert!(says(&scene.ana));
    let done = scene.ana.with(|sync| now(sync.accept_server(&item, Side::Mine))).unwrap();
    assert_eq!(done, Ok(()));
    assert!(says(&scene.ana), "nobody closed it");
}
