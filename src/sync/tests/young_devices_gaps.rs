//! A gap far below: a younger device sent the newest revision alone, and an editor united above it.

use super::device::{ADDRESS, Device};
use super::now;
use super::received::{Scene, accepted};
use super::scenes::{cho_joins, give, newest_alone, poison, trouble};
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::Side;
use mysafe_protocol::Revision;
use mysafe_protocol::bodies::Permission;

/// Ana's younger device sent the newest revision alone after a restore that lost the item. Bea unites hers with
/// Cho's after the next restore: her revision stands above the gap.
struct Gap {
    scene: Scene,
    /// Holds what came before the gap.
    two: Device,
    young: Device,
    cho: Device,
    /// May view.
    dan: Device,
}

fn above_a_gap() -> Gap {
    let mut scene = accepted(Permission::Edit);
    let (item, server, owner) = (scene.item, scene.ana.line.server.clone(), scene.owner());
    let key = AccountKey::generate(&mut SystemRandom);
    let mut dan = Device::of(&key, "dan@example.com", &server);
    let user = dan.line.user;
    scene.ana.with(|sync| now(sync.pin(&user, "dan@example.com"))).unwrap().unwrap();
    give(&mut scene.ana, &item, user, Permission::View);
    let mut cho = cho_joins(&mut scene, Permission::Edit);
    dan.sync_well();
    dan.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    let mut nothing = server.backup();
    nothing.items.clear();
    nothing.shares.clear();
    for name in ["one", "two"] {
        scene.ana.rename(&item, name);
        scene.ana.sync_well();
    }
    for member in [&mut scene.bea, &mut cho, &mut dan] {
        member.sync_well();
    }
    let mut young = newest_alone(&scene.ana.account(), ADDRESS, &server);
    server.restore(&nothing, true);
    for _ in 0..2 {
        young.sync().unwrap();
    }
    assert_eq!(server.bodies(&item).len(), 1, "the newest alone");
    for member in [&mut scene.bea, &mut cho, &mut dan] {
        member.sync().unwrap();
    }
    let backup = server.backup();
    scene.bea.edit(&item, |form| form.notes = "of Bea".into());
    scene.bea.sync().unwrap();
    server.restore(&backup, true);
    cho.edit(&item, |form| form.client_id = "of Cho".into());
    cho.sync().unwrap();
    scene.bea.sync().unwrap();
    let united = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!((united.author, united.also.is_some()), (scene.bea.line.user, true));
    Gap { scene, two, young, cho, dan }
}

/// Decision 0010: "By the user's act an own item is united also where bodies are missing below a revision of the
/// owner's, whose client had accepted them." Honest people; an editor's union stands between that and the gap.
#[test]
fn the_user_settles_an_item_though_an_editor_united_above_a_gap_that_the_owner_accepted() {
    let Gap { scene, mut two, mut young, .. } = above_a_gap();
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    young.sync().unwrap();
    young.rename(&item, "of Ana");
    young.sync().unwrap();
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.author, young.line.user, "{:?}", trouble(&young, &item));
    two.sync().unwrap();
    let done = two.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
    assert_eq!((done, trouble(&two, &item)), (Ok(()), None));
}

/// "Accept the server's state" is the way out of `forked`. Honest people: far below both versions is the gap, which
/// concerns neither.
#[test]
fn a_viewer_accepts_the_servers_state_though_an_editor_united_above_a_gap_far_below() {
    let Gap { mut scene, mut cho, mut dan, .. } = above_a_gap();
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    cho.sync().unwrap();
    dan.sync().unwrap();
    assert_eq!(trouble(&dan, &item), None, "he follows the union");
    let backup = server.backup();
    scene.bea.edit(&item, |form| form.notes = "lost".into());
    scene.bea.sync().unwrap();
    dan.sync().unwrap();
    server.restore(&backup, true);
    cho.edit(&item, |form| form.notes = "of Cho".into());
    cho.sync().unwrap();
    dan.sync().unwrap();
    assert_eq!(trouble(&dan, &item).as_deref(), Some("forked"));
    let done = dan.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
    assert_eq!((done, trouble(&dan, &item)), (Ok(()), None));
}

/// An editor and a liar, while Ana enters her account on another browser: it takes what it is shown, and she edits
/// there. The server is honest from then on; the item must not be lost to her other devices for ever.
#[test]
fn a_gap_that_a_new_device_wrote_over_keeps_no_other_device_out_for_ever() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let (honest, _) = poison(&scene);
    let mut young = Device::new(&scene.ana.account(), &server);
    young.sync().unwrap();
    young.edit(&item, |form| *form.client_secret = "of Ana".into());
    young.sync().unwrap();
    // Honest from here on.
    server.restore(&honest, true);
    for _ in 0..3 {
        young.sync().unwrap();
        scene.ana.sync().unwrap();
        scene.bea.sync().unwrap();
    }
    let bea = trouble(&scene.bea, &item);
    let ana = trouble(&scene.ana, &item);
    let accepted = scene.ana.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
    scene.ana.sync().unwrap();
    let after = trouble(&scene.ana, &item);
    assert_eq!(
        after,
        None,
        "young {:?}, bea {bea:?}, ana {ana:?}, {accepted:?}",
        trouble(&young, &item)
    );
    for _ in 0..2 {
        for device in [&mut scene.bea, &mut young, &mut scene.ana] {
            device.sync().unwrap();
        }
    }
    for device in [&scene.bea, &young, &scene.ana] {
        assert_eq!(trouble(device, &item), None);
        assert_eq!(*device.form(&item).client_secret, "of Ana");
    }
}
