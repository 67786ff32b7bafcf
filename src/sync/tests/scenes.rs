//! Scenes of people whose access ends, and of what a restored server lost.

use super::device::{ADDRESS, Device};
use super::hand::Hand;
use super::now;
use super::received::Scene;
use super::server::{Data, Server};
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::RemoteError;
use crate::vault::Share;
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::{ErrorCode, ItemWriteRequest};
use mysafe_protocol::{ItemId, Revision, UserId};
use std::rc::Rc;

pub(super) const CHO: &str = "cho@example.com";

/// The route of the bodies.
pub(super) const BODIES: &str = "GET /v1/items/{item}/revisions";

/// A new device, to which the server gives no bodies: of each item it knows the newest revision alone.
pub(super) fn newest_alone(account: &AccountKey, address: &str, server: &Rc<Server>) -> Device {
    let mut young = Device::of(account, address, server);
    let refuses = (BODIES, RemoteError::Refused(ErrorCode::NotFound));
    *young.line.refuses.borrow_mut() = Some(refuses);
    young.sync_well();
    young.line.end_lies();
    young
}

pub(super) fn give(owner: &mut Device, item: &ItemId, user: UserId, permission: Permission) {
    let with = [Share { user, permission, until: None }];
    owner.with(|sync| now(sync.share(item, &with))).unwrap().unwrap();
}

/// Cho, to whom Ana gives the item too.
pub(super) fn cho_joins(scene: &mut Scene, permission: Permission) -> Device {
    let server = Rc::clone(&scene.ana.line.server);
    let account = AccountKey::generate(&mut SystemRandom);
    let mut cho = Device::of(&account, CHO, &server);
    let (user, owner, item) = (cho.line.user, scene.owner(), scene.item);
    scene.ana.with(|sync| now(sync.pin(&user, CHO))).unwrap().unwrap();
    give(&mut scene.ana, &item, user, permission);
    cho.sync_well();
    cho.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
    cho.sync_well();
    scene.bea.sync_well();
    cho
}

/// The server without the item, and without Bea's account.
pub(super) fn without_item_and(mut backup: Data, bea: &UserId) -> Data {
    backup.items.clear();
    backup.shares.clear();
    backup.people.remove(bea);
    backup
}

pub(super) fn trouble(device: &Device, item: &ItemId) -> Option<String> {
    device.vault.entry(item).and_then(|entry| entry.trouble.clone())
}

pub(super) fn on_server(device: &Device, item: &ItemId) -> bool {
    let held = device.held(item).unwrap();
    let data = device.line.server.data.borrow();
    data.items.get(item).is_some_and(|it| it.state.revision.hash() == held.hash)
}

/// Ana gives the item to Cho, and Bea's device hears nothing of it yet.
pub(super) fn cho_joins_without(scene: &mut Scene) {
    let server = Rc::clone(&scene.ana.line.server);
    let account = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&account, CHO, &server).line.user;
    let item = scene.item;
    scene.ana.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    give(&mut scene.ana, &item, cho, Permission::View);
}

/// Ana edits the item. Bea, who was removed, must not read that.
#[track_caller]
pub(super) fn assert_bea_reads_no_more(scene: &mut Scene) {
    let item = scene.item;
    scene.ana.edit(&item, |form| *form.client_secret = "after".into());
    scene.ana.sync().unwrap();
    scene.bea.sync().unwrap();
    let (bea, entry) = (&scene.bea, scene.bea.vault.entry(&item));
    let reads = entry.map(|_| bea.form(&item).client_secret.to_string());
    assert_ne!(reads.as_deref(), Some("after"), "Bea reads what was written after the removal");
}

/// Bea and the server hide a body whose numbers do not rise, one step below her uniting revision, which is the
/// newest from now on. Returns the server's state from before, and the hidden write.
pub(super) fn poison(scene: &Scene) -> (Data, ItemWriteRequest) {
    let (item, server) = (scene.item, Rc::clone(&scene.ana.line.server));
    let hand = Hand::of(&scene.bea, &item);
    let head = server.state(&item).revision.hash();
    let at = hand.next().revision;
    let sign = |revision: Revision| {
        let parts = hand.seal(&revision, &hand.overview(), "of Bea");
        hand.sign(revision, parts)
    };
    // Numbers do not rise from the hidden body to the next.
    let hidden = sign(Revision { revision: at + 5, ..hand.next() });
    let side = sign(Revision { prev: Some(hidden.revision.hash()), ..hand.next() });
    let both = Revision { revision: at + 1, also: Some(head), ..hand.next() };
    let both = sign(Revision { prev: Some(side.revision.hash()), ..both });
    let honest = server.backup();
    let data = &mut *server.data.borrow_mut();
    data.position += 1;
    let position = data.position;
    let stored = data.items.get_mut(&item).unwrap();
    stored.position = position;
    stored.bodies.extend([side.revision.clone(), both.revision.clone()]);
    for write in [&side, &both] {
        let parts = (write.overview.clone(), write.details.clone());
        stored.parts.insert(write.revision.hash(), parts);
    }
    stored.state.revision = both.revision.clone();
    stored.state.overview = both.overview.clone();
    stored.state.details = both.details.clone();
    (honest, hidden)
}
