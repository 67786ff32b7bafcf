//! Sizes and forms that an editor or a later version brings about.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::limits;

use super::hand::Hand;
use super::received::accepted;

/// An editor writes more revisions than go with one request; then the server is restored.
#[test]
fn a_restore_over_more_revisions_than_are_kept_is_united() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let backup = server.backup();
    for _ in 0..limits::AGAIN + 3 {
        let hand = Hand::of(&scene.bea, &item);
        let revision = hand.next();
        let parts = hand.seal(&revision, &hand.overview(), "s");
        hand.upload(&server, revision, parts).unwrap();
    }
    scene.ana.sync().unwrap();
    server.restore(&backup, true);
    scene.ana.sync().unwrap();
    let held = scene.ana.held(&item).unwrap();
    assert_eq!(
        server.state(&item).revision.hash(),
        held.hash,
        "{:?}",
        scene.ana.entry(&item).trouble
    );
}
