//! A former editor and a lying server against a device that knew of the removal.

use mysafe_protocol::Signed;
use mysafe_protocol::wire::ItemWriteRequest;

use super::*;
use crate::model::Overview;

impl Removed {
    /// The server shows a revision as the newest, with bodies below it, whatever its rules are.
    fn show(&self, request: &ItemWriteRequest, below: &[Signed]) {
        let data = &mut *self.scene.ana.line.server.data.borrow_mut();
        data.position += 1;
        let position = data.position;
        let stored = data.items.get_mut(&self.scene.item).unwrap();
        stored.state.revision = request.revision.clone();
        stored.state.overview = request.overview.clone();
        stored.state.details = request.details.clone();
        stored.bodies.extend(below.iter().chain([&request.revision]).cloned());
        stored.position = position;
        data.operations.insert(request.operation, (request.clone(), position));
    }
}

/// Bea signs a revision of the old epoch whose prev is the version that Cho holds, whose body the server
/// then withholds. The user accepts it: the item must take no edit, for no way leads back.
#[test]
fn a_named_head_whose_body_is_withheld_leads_nowhere_back() {
    let mut removed = Removed::new(Permission::Edit);
    let item = removed.scene.item;
    let held = removed.cho.held(&item).unwrap();
    removed.collect();
    removed.restore(false);
    let hand = Hand::of(&removed.scene.bea, &item);
    let revision = Revision { revision: held.revision + 1, prev: Some(held.hash), ..hand.next() };
    assert!(revision.epoch < held.epoch);
    let overview = Overview { name: "of Bea".into(), ..hand.overview() };
    let parts = hand.seal(&revision, &overview, "of Bea");
    let request = hand.sign(revision, parts);
    removed.before.insert(request.revision.hash());
    removed.show(&request, &[]);
    removed.cho.sync().unwrap();
    assert_eq!(removed.cho.held(&item).unwrap(), held);
    removed.cho.sync().unwrap();
    removed.assert_bea_opens_nothing_after();
}

/// The same after an act that the user did before: the item takes no edit, and the lie comes by a sync.
#[test]
fn a_named_head_whose_body_is_withheld_leads_nowhere_back_in_a_sync() {
    let mut removed = Removed::new(Permission::Edit);
    let item = removed.scene.item;
    let held = removed.cho.held(&item).unwrap();
    accepted_by_cho(&mut removed);
    assert_eq!(removed.try_as_cho("for Bea"), Err(SaveError::NotAllowed));
    // Two bodies: one that follows what Cho accepted, one beside it that names the former head.
    let hand = Hand::of(&removed.scene.bea, &item);
    let aside = Revision { revision: held.revision + 5, prev: Some(held.hash), ..hand.next() };
    let parts = hand.seal(&aside, &hand.overview(), "aside");
    let aside_request = hand.sign(aside.clone(), parts);
    let newest = Revision {
        revision: aside.revision + 1,
        also: Some(aside_request.revision.hash()),
        ..hand.next()
    };
    let overview = Overview { name: "of Bea".into(), ..hand.overview() };
    let parts = hand.seal(&newest, &overview, "of Bea");
    let request = hand.sign(newest, parts);
    removed.before.insert(request.revision.hash());
    removed.show(&request, &[aside_request.revision]);
    removed.cho.sync().unwrap();
    removed.cho.sync().unwrap();
    removed.assert_bea_opens_nothing_after();
}
