//! Histories that are united: with whom, how often, and over which bodies.

use super::device::Device;
use super::hand::Hand;
use super::now;
use super::received::{Scene, accepted};
use super::scenes::CHO;
use super::scenes::{cho_joins, give, on_server, poison, trouble};
use crate::sync::capped::A_DAY;
use crate::sync::{Local, NotAccepted, Side};
use crate::vault::{Refusal, Store, keys};
use mysafe_protocol::Revision;
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::Reason;

/// The owner gave Bea, who had left, the item again. The restored server forgot that, an editor wrote there, and Bea
/// left once more.
fn left_on_the_restored_server(scene: &mut Scene) {
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let cho = cho_joins(scene, Permission::Edit);
    let backup = server.backup();
    server.leave(&bea, &item).unwrap();
    scene.ana.sync_well();
    give(&mut scene.ana, &item, bea, Permission::Edit);
    server.restore(&backup, true);
    let mut young = Device::of(&cho.account(), CHO, &server);
    young.sync().unwrap();
    young.rename(&item, "of Cho");
    young.sync().unwrap();
    server.leave(&bea, &item).unwrap();
}

/// Rule R (c): "never somebody whose access has ended"; an item does not wait for ever.
/// Honest people and server: Bea left before the restore, and again on the restored server.
#[test]
fn a_union_without_whom_the_restored_server_says_that_they_left_is_made() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut cho = cho_joins(&mut scene, Permission::Edit);
    let backup = server.backup();
    // Bea leaves, is taken off, and is given the item again.
    server.leave(&bea, &item).unwrap();
    scene.ana.sync_well();
    give(&mut scene.ana, &item, bea, Permission::Edit);
    server.restore(&backup, true);
    // A new browser of Cho's edits there, and Bea leaves there.
    let mut young = Device::of(&cho.account(), CHO, &server);
    young.sync().unwrap();
    young.rename(&item, "of Cho");
    young.sync().unwrap();
    assert!(!young.entry(&item).waiting);
    server.leave(&bea, &item).unwrap();
    for _ in 0..6 {
        scene.ana.sync().unwrap();
    }
    cho.sync().unwrap();
    scene.ana.rename(&item, "of Ana");
    scene.ana.sync().unwrap();
    let why = trouble(&scene.ana, &item);
    assert!(on_server(&scene.ana, &item), "never united: {why:?}");
    assert!(!scene.ana.entry(&item).waiting, "her edit waits for ever: {why:?}");
}

/// The same without anybody's edit: an account is lost too, so that what was signed cannot be sent again.
#[test]
fn a_union_without_a_lost_account_and_without_who_left_is_made() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    server.leave(&bea, &item).unwrap();
    let backup = server.backup();
    scene.ana.sync_well();
    give(&mut scene.ana, &item, bea, Permission::Edit);
    cho_joins(&mut scene, Permission::View);
    // The backup is from before Cho's account, and Bea had left.
    server.restore(&backup, true);
    for _ in 0..6 {
        scene.ana.sync().unwrap();
    }
    assert!(on_server(&scene.ana, &item), "{:?}", trouble(&scene.ana, &item));
}

/// The note that Bea left is about the server's list: it stays as long as the item is not settled, though the list
/// held gives her the item anew. Here today's unions are used up, and the user acts later.
#[test]
fn the_user_can_unite_later_whom_the_server_said_once_to_have_left() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    left_on_the_restored_server(&mut scene);
    for _ in 0..A_DAY {
        scene.ana.with(|sync| {
            let _guard = now(sync.lock()).unwrap();
            let put = now(sync.count_today(&keys::united(&item))).unwrap();
            now(sync.local.apply(vec![put])).unwrap();
        });
    }
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(trouble(&scene.ana, &item).as_deref(), Some("forked"));
    let accepted = scene.ana.with(|sync| now(sync.accept_server(&item, Side::Mine))).unwrap();
    assert_eq!(accepted, Ok(()));
    scene.ana.sync_well();
    assert!(on_server(&scene.ana, &item));
    let left = scene.ana.value(Store::State, keys::LEFT);
    assert!(left.is_none(), "the note is done with");
}

/// "At most three an item in 24 hours": a server that takes it and denies it lifts no limit alone (decision 0010).
/// It answers "stale" with the uniting revision itself, which counts as one that came first.
#[test]
fn the_uniting_revision_itself_is_no_write_that_came_first() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    server.restore(&backup, true);
    // An honest editor's versions beside.
    let mut beside = Vec::new();
    for _ in 0..8 {
        let hand = Hand::of(&scene.bea, &item);
        let parts = hand.seal(&hand.next(), &hand.overview(), "of Bea");
        hand.upload(&server, hand.next(), parts).unwrap();
        beside.push(server.backup());
    }
    // The server takes what Ana sends, and answers that this very revision came first.
    scene.ana.line.denies.set(true);
    for state in &beside {
        server.restore(state, true);
        scene.ana.sync().unwrap();
    }
    let writes = scene.ana.line.writes.borrow();
    let unites = |signed| Revision::read(signed).unwrap().also.is_some();
    let made: std::collections::BTreeSet<_> = writes
        .iter()
        .filter(|write| unites(&write.revision))
        .map(|write| write.revision.hash())
        .collect();
    assert!(made.len() <= 3, "{} made in a day", made.len());
}

/// "Each device counts its own (b) and (c) that the server took": what a full account refuses was not taken.
/// Three syncs with a full account, and an item is forked for a day once there is room.
#[test]
fn what_a_full_server_refused_uses_up_no_place_of_the_cap() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = scene.ana.line.server.clone();
    let backup = server.backup();
    scene.ana.rename(&item, "lost");
    scene.ana.sync_well();
    let mut young = scene.bea.context();
    let mut other = Device::of(&young.account(), super::received::BEA, &server);
    server.restore(&backup, true);
    other.sync().unwrap();
    other.edit(&item, |form| form.notes = "of Bea".into());
    other.sync().unwrap();
    server.data.borrow_mut().full = Some(Reason::AccountBytes);
    for _ in 0..4 {
        scene.ana.sync().unwrap();
    }
    server.data.borrow_mut().full = None;
    other.edit(&item, |form| form.notes = "of Bea again".into());
    other.sync().unwrap();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let _ = young.sync();
    assert!(on_server(&scene.ana, &item), "{:?}", trouble(&scene.ana, &item));
}

/// The user's ways out of t3: by her own act she unites, and by taking Bea off.
#[test]
fn the_user_can_unite_by_her_own_act_whom_the_server_says_to_have_left() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    left_on_the_restored_server(&mut scene);
    for _ in 0..6 {
        scene.ana.sync().unwrap();
    }
    let accepted = scene.ana.with(|sync| now(sync.accept_server(&item, Side::Mine))).unwrap();
    let revoked = scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
    assert_eq!(accepted, Ok(()), "then she takes Bea off: {revoked:?}");
}

/// "Where an editor unites two, both sides must be seen" (decision 0010): a forbidden step must not come into the
/// chain held unseen. It is hidden one step deeper: below a plain body that the editor's uniting revision names.
/// Once the server shows it, every other device refuses all later revisions of the owner's for ever.
#[test]
fn an_editor_hides_no_forbidden_step_below_a_side_of_a_uniting_revision() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    let (honest, hidden) = poison(&scene);
    let taken = scene.ana.sync().unwrap().taken;
    let why = trouble(&scene.ana, &item);
    scene.ana.edit(&item, |form| *form.client_secret = "of Ana".into());
    scene.ana.sync().unwrap();
    // Now it shows the body.
    {
        let data = &mut *server.data.borrow_mut();
        let stored = data.items.get_mut(&item).unwrap();
        stored.bodies.push(hidden.revision.clone());
        stored.bodies.sort_by_key(|signed| Revision::read(signed).unwrap().revision);
    }
    for _ in 0..3 {
        two.sync().unwrap();
        scene.ana.sync().unwrap();
    }
    let accepted = two.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
    let codes = (why, trouble(&two, &item), accepted);
    assert_eq!((taken, two.name(&item)), (0, "CRM"), "taken unseen: {codes:?}");
    // It is honest from here on: what no honest server takes is gone, and nothing of it is in any chain held.
    server.restore(&honest, true);
    for _ in 0..2 {
        scene.ana.sync().unwrap();
        two.sync().unwrap();
    }
    for device in [&scene.ana, &two] {
        assert_eq!(trouble(device, &item), None, "{codes:?}");
        assert_eq!(*device.form(&item).client_secret, "of Ana", "{codes:?}");
    }
}

/// "Below an editor's alone they may hide a forbidden step" (decision 0010): by the owner's act neither it comes into the
/// chain held.
#[test]
fn the_owners_act_unites_nothing_with_what_an_editor_hides() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let hand = Hand::of(&scene.bea, &item);
    let side = Revision { prev: Some(Hash([7; 32])), ..hand.next() };
    let parts = hand.seal(&side, &hand.overview(), "of Bea");
    let side = hand.sign(side, parts);
    {
        let data = &mut *server.data.borrow_mut();
        data.position += 1;
        let position = data.position;
        let stored = data.items.get_mut(&item).unwrap();
        stored.position = position;
        stored.bodies.push(side.revision.clone());
        stored.state.revision = side.revision.clone();
        (stored.state.overview, stored.state.details) = (side.overview, side.details);
    }
    scene.ana.sync().unwrap();
    assert_eq!(trouble(&scene.ana, &item).as_deref(), Some("incomplete"));
    let uploads = scene.ana.line.uploads.borrow().len();
    for side in [Side::Mine, Side::Theirs] {
        let accepted = scene.ana.with(|sync| now(sync.accept_server(&item, side))).unwrap();
        assert_eq!(accepted, Err(NotAccepted::Refused(Refusal::Incomplete)));
    }
    assert_eq!(scene.ana.line.uploads.borrow().len(), uploads);
}

/// "Merged: from the newest body in both chains whose parts are here." A first union took Bea's secret; it is lost by
/// another restore, and Bea changes the secret once more. Her newest secret is not undone by her older one.
#[test]
fn what_a_lost_union_took_from_somebody_does_not_go_over_what_they_wrote_since() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    scene.second.sync_well();
    let backup = server.backup();
    scene.ana.edit(&item, |form| form.notes = "of Ana".into());
    scene.ana.sync_well();
    server.restore(&backup, true);
    scene.second.edit(&item, |form| *form.client_secret = "one".into());
    scene.second.sync().unwrap();
    let backup = server.backup();
    scene.ana.sync().unwrap();
    let form = scene.ana.form(&item);
    assert_eq!((&*form.notes, &**form.client_secret), ("of Ana", "one"), "united");
    server.restore(&backup, true);
    scene.second.edit(&item, |form| *form.client_secret = "two".into());
    scene.second.sync().unwrap();
    scene.ana.sync().unwrap();
    let form = scene.ana.form(&item);
    assert_eq!((&*form.notes, &**form.client_secret), ("of Ana", "two"), "the newest secret");
}
