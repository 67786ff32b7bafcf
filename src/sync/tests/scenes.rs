//! Scenes of people whose access ends, and of what a restored server lost.

use super::device::{ADDRESS, Device};
use super::now;
use super::received::Scene;
use super::server::{Data, Server};
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::RemoteError;
use crate::vault::Share;
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::ErrorCode;
use mysafe_protocol::{ItemId, UserId};
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
