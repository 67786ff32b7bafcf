//! Versions of the largest size that an editor can write: the owner writes over each of them.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{Revision, limits};

use super::hand::{Hand, Parts};
use super::received::accepted;
use crate::model::{Overview, Stamp};

#[test]
fn an_overview_of_the_largest_size_gets_a_new_key_after_a_restore() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let backup = server.backup();
    let hand = Hand::of(&scene.bea, &item);
    let revision = hand.next();
    let changed = Some(Stamp { user: bea, time: 0 });
    let mut overview = Overview { changed, ..hand.overview() };
    let length = |overview: &Overview| overview.encode().len();
    overview.notes = "x".repeat(limits::OVERVIEW - 1 - length(&overview) - 8);
    while length(&overview) < limits::OVERVIEW - 1 {
        overview.notes.push('x');
    }
    assert_eq!(length(&overview), limits::OVERVIEW - 1);
    let parts = hand.seal(&revision, &overview, "s");
    assert_eq!(parts.overview.len(), limits::OVERVIEW + limits::SEAL, "the server takes it");
    hand.upload(&server, revision, parts).unwrap();
    scene.ana.clock.set(1_796_000_000_000);
    scene.ana.sync().unwrap();
    scene.revoke();
    server.restore(&backup, true);
    let hand = Hand::of(&scene.bea, &item);
    let revision = hand.next();
    let parts = hand.seal(&revision, &hand.overview(), "of Bea");
    hand.upload(&server, revision, parts).unwrap();
    scene.ana.line.writes.borrow_mut().clear();
    scene.ana.sync().unwrap();
    for write in &*scene.ana.line.writes.borrow() {
        let most = limits::OVERVIEW + limits::SEAL;
        assert!(write.overview.len() <= most, "a server refuses {} bytes", write.overview.len());
    }
}

#[test]
fn an_overview_of_the_largest_size_is_disabled() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let hand = Hand::of(&scene.bea, &item);
    let revision = hand.next();
    let changed = Some(Stamp { user: bea, time: 0 });
    let mut overview = Overview { changed, ..hand.overview() };
    let length = |overview: &Overview| overview.encode().len();
    overview.notes = "x".repeat(limits::OVERVIEW - 1 - length(&overview) - 8);
    while length(&overview) < limits::OVERVIEW - 1 {
        overview.notes.push('x');
    }
    let parts = hand.seal(&revision, &overview, "s");
    hand.upload(&server, revision, parts).unwrap();
    scene.ana.clock.set(1_796_000_000_000);
    scene.ana.sync().unwrap();
    let local = scene.ana.local(&item);
    let made = scene.ana.vault.set_active(
        &item,
        false,
        &local,
        1_796_000_000_000,
        &mut crate::crypto::SystemRandom,
    );
    scene.ana.store(made.unwrap().puts);
    let write = scene.ana.local(&item).pending.unwrap();
    let most = limits::OVERVIEW + limits::SEAL;
    assert!(write.overview.len() <= most, "a server refuses {} bytes", write.overview.len());
}

/// Details with a field of a later version, sealed by hand.
fn with_unknown(hand: &Hand, revision: &Revision, key: u64) -> Parts {
    let mut fields = mysafe_protocol::cbor::Fields::new();
    fields.put(1, "s");
    fields.put(key, "x".repeat(100_000).as_str());
    let Revision { item, epoch, revision: number, .. } = *revision;
    let random = &mut crate::crypto::SystemRandom;
    let details = hand.key.seal_details(&item, epoch, number, &fields.encode(), random);
    let parts = hand.seal(revision, &hand.overview(), "");
    assert!(details.len() <= limits::DETAILS + limits::SEAL, "the server takes it");
    Parts { details, ..parts }
}

#[test]
fn fields_of_later_versions_keep_no_edit_from_the_server() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    for key in [900, 901] {
        let hand = Hand::of(&scene.bea, &item);
        let revision = hand.next();
        let parts = with_unknown(&hand, &revision, key);
        hand.upload(&server, revision, parts).unwrap();
        if key == 900 {
            scene.ana.sync_well();
            scene.ana.rename(&item, "of Ana");
        }
    }
    scene.ana.line.writes.borrow_mut().clear();
    scene.ana.sync().unwrap();
    let writes = scene.ana.line.writes.borrow();
    let size = writes.last().expect("she sent it").details.len();
    assert!(size <= limits::DETAILS + limits::SEAL, "a server refuses {size} bytes");
}

/// An editor writes one large field, and, on the server restored to before that, another one.
#[test]
fn two_versions_that_are_too_large_together_are_united_all_the_same() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let backup = server.backup();
    let large = "x".repeat(40_000);
    let write = |overview: &dyn Fn(Overview) -> Overview, bea| {
        let hand = Hand::of(bea, &item);
        let parts = hand.seal(&hand.next(), &overview(hand.overview()), "s");
        hand.upload(&server, hand.next(), parts).unwrap();
    };
    write(&|overview| Overview { notes: large.clone(), ..overview }, &scene.bea);
    scene.ana.sync().unwrap();
    server.restore(&backup, true);
    write(&|overview| Overview { client_id: large.clone(), ..overview }, &scene.bea);
    scene.ana.line.writes.borrow_mut().clear();
    scene.ana.sync().unwrap();
    let writes = scene.ana.line.writes.borrow();
    let size = writes.last().expect("she united them").overview.len();
    assert!(size <= limits::OVERVIEW + limits::SEAL, "a server refuses {size} bytes");
    assert_eq!(scene.ana.form(&item).notes, large, "the held one");
    let lines = scene.ana.past(&item);
    assert_eq!(lines.len(), 1, "the other is a line of local history");
}
