//! Sharing with a server that is honest, slow, behind, or lies.

use std::rc::Rc;

use mysafe_protocol::Signed;
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{ItemId, UserId};

use super::device::{Device, account};
use super::line::Break;
use super::now;
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::model::{Pending, Trust};
use crate::sync::{ContactError, Notice, RemoteError, SyncError};
use crate::vault::{Refusal, Share, ShareError};

const BEA: &str = "bea@example.com";

/// Somebody with this address.
fn somebody(address: &str) -> Identity {
    Identity::of(&AccountKey::generate(&mut SystemRandom), address)
}

/// Two devices of one account which have an item, and Bea, whom the server knows.
pub(super) struct Scene {
    pub(super) one: Device,
    pub(super) two: Device,
    pub(super) bea: Identity,
    pub(super) item: ItemId,
}

pub(super) fn scene() -> Scene {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let item = one.add_named("a");
    one.sync_well();
    two.sync_well();
    let bea = somebody(BEA);
    server.data.borrow_mut().people.insert(bea.user(), bea.signed_bundle());
    Scene { one, two, bea, item }
}

pub(super) fn pin(device: &mut Device, user: &UserId) -> Result<(), ContactError> {
    pin_at(device, user, BEA)
}

/// Somebody is accepted under an address that the user saw.
pub(super) fn pin_at(
    device: &mut Device,
    user: &UserId,
    address: &str,
) -> Result<(), ContactError> {
    device.with(|sync| now(sync.pin(user, address))).unwrap()
}

pub(super) fn share(device: &mut Device, item: &ItemId, user: UserId) -> Result<(), ShareError> {
    let with = [Share { user, permission: Permission::View, until: None }];
    device.with(|sync| now(sync.share(item, &with))).unwrap()
}

pub(super) fn named(device: &Device, item: &ItemId) -> Vec<UserId> {
    let list = device.vault.access(&device.local(item)).unwrap();
    let list = list.map(|list| list.grants).unwrap_or_default();
    list.into_iter()
        .map(|grant| match grant.to {
            mysafe_protocol::bodies::Grantee::User(user) => user,
            mysafe_protocol::bodies::Grantee::Group { .. } => panic!("a group"),
        })
        .collect()
}

fn told(device: &Device, code: &str, item: Option<ItemId>) {
    assert_eq!(device.notices(), [Notice { code: code.into(), item, name: None, people: vec![] }]);
}

#[test]
fn a_pin_is_on_every_device_and_the_first_one_holds() {
    let Scene { mut one, mut two, bea, .. } = scene();
    let other = somebody(BEA);
    let bundles = (other.user(), other.signed_bundle());
    one.line.server.data.borrow_mut().people.insert(bundles.0, bundles.1);
    pin(&mut one, &bea.user()).unwrap();
    pin(&mut one, &bea.user()).unwrap();
    assert_eq!(one.line.server.data.borrow().record.1.version, 2, "once");
    // The other device heard nothing of it yet.
    let changed = ContactError::KeyChanged(other.user());
    assert_eq!(pin(&mut two, &other.user()), Err(changed), "who cannot be accepted is told");
    two.with(|sync| now(sync.verify(&other.user(), BEA))).unwrap().unwrap();
    one.sync_well();
    for device in [&mut one, &mut two] {
        let contact = device.with(|sync| now(sync.contacts())).unwrap().pinned(BEA).unwrap();
        assert_eq!((contact.user, contact.trust), (other.user(), Trust::Verified));
        device.assert_settled();
    }
}

#[test]
fn a_pin_whose_answer_was_lost_is_made_once() {
    let Scene { mut one, bea, .. } = scene();
    one.line.breaks.set(Some((1, Break::After)));
    let lost = one.with(|sync| now(sync.pin(&bea.user(), BEA)));
    assert_eq!(lost, Err(SyncError::Remote(RemoteError::Offline)));
    pin(&mut one, &bea.user()).unwrap();
    assert_eq!(one.line.server.data.borrow().record.1.version, 2);
    one.sync_well();
}

#[test]
fn other_keys_under_an_id_are_refused() {
    let Scene { mut one, bea, item, .. } = scene();
    type Lie = Box<dyn Fn(Signed) -> Signed>;
    let other = somebody(BEA).signed_bundle();
    let lies: [Lie; 2] = [
        Box::new(move |_| other.clone()),
        Box::new(|mut bundle| {
            bundle.signature.0[3] ^= 1;
            bundle
        }),
    ];
    for lie in lies {
        *one.line.bundle.borrow_mut() = Some(Box::new(move |answer| answer.map(&lie)));
        one.line.uploads.borrow_mut().clear();
        let refused = Refusal::Forged;
        assert_eq!(pin(&mut one, &bea.user()), Err(ContactError::Refused(refused)));
        let shared = share(&mut one, &item, bea.user());
        assert_eq!(shared, Err(ShareError::Refused(refused)));
        assert_eq!(*one.line.uploads.borrow(), []);
        told(&one, "forged", None);
    }
    *one.line.bundle.borrow_mut() = None;
    pin(&mut one, &bea.user()).unwrap();
    let nobody = UserId([9; 32]);
    assert_eq!(pin(&mut one, &nobody), Err(ContactError::Nobody));
    assert_eq!(share(&mut one, &item, nobody), Err(ShareError::NoKeys(nobody)));
}

#[test]
fn a_record_that_is_said_to_be_newer_and_never_comes_is_missed() {
    let Scene { mut one, bea, .. } = scene();
    *one.line.stale.borrow_mut() = Some(None);
    let missed = ContactError::Refused(Refusal::Incomplete);
    assert_eq!(pin(&mut one, &bea.user()), Err(missed));
    told(&one, "incomplete", None);
    *one.line.stale.borrow_mut() = None;
    pin(&mut one, &bea.user()).unwrap();
}

#[test]
fn sharing_is_done_when_the_server_has_it_and_other_devices_take_it() {
    let Scene { mut one, mut two, bea, item } = scene();
    assert_eq!(share(&mut one, &item, bea.user()), Err(ShareError::NotMet(bea.user())));
    pin(&mut one, &bea.user()).unwrap();
    share(&mut one, &item, bea.user()).unwrap();
    two.sync_well();
    for device in [&one, &two] {
        assert_eq!(named(device, &item), [bea.user()]);
        device.assert_settled();
    }
    assert_eq!(share(&mut two, &item, bea.user()), Err(ShareError::NoChange));
    two.with(|sync| now(sync.revoke(&item, &[bea.user()]))).unwrap().unwrap();
    one.sync_well();
    for device in [&one, &two] {
        assert_eq!(named(device, &item), []);
        device.assert_settled();
    }
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3]);
    // The envelopes of the first went, and none with the second.
    let data = one.line.server.data.borrow();
    let mut envelopes: Vec<usize> =
        data.operations.values().map(|(write, _)| write.envelopes.len()).collect();
    envelopes.sort_unstable();
    assert_eq!(envelopes, [0, 0, 1]);
}

#[test]
fn what_another_device_wrote_meanwhile_stays() {
    let Scene { mut one, mut two, bea, item } = scene();
    pin(&mut one, &bea.user()).unwrap();
    two.rename(&item, "b");
    two.sync_well();
    share(&mut one, &item, bea.user()).unwrap();
    two.sync_well();
    assert_eq!((one.name(&item), two.name(&item)), ("b", "b"));
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3]);
    one.sync_well();
    one.assert_settled();
    two.assert_settled();
}

#[test]
fn a_share_whose_answer_was_lost_is_there_after_the_next_sync() {
    let Scene { mut one, bea, item, .. } = scene();
    pin(&mut one, &bea.user()).unwrap();
    one.line.breaks.set(Some((0, Break::After)));
    let with = [Share { user: bea.user(), permission: Permission::View, until: None }];
    let lost = one.with(|sync| now(sync.share(&item, &with)));
    assert_eq!(lost, Err(SyncError::Remote(RemoteError::Offline)));
    assert_eq!(named(&one, &item), [], "nothing is said of it");
    one.sync_well();
    assert_eq!(named(&one, &item), [bea.user()]);
    assert_eq!(share(&mut one, &item, bea.user()), Err(ShareError::NoChange));
    one.assert_settled();
}

#[test]
fn what_waits_goes_first() {
    let Scene { mut one, bea, item, .. } = scene();
    pin(&mut one, &bea.user()).unwrap();
    one.rename(&item, "b");
    one.line.uploads.borrow_mut().clear();
    assert_eq!(share(&mut one, &item, bea.user()), Err(ShareError::Unsent));
    assert_eq!(*one.line.uploads.borrow(), []);
    one.sync_well();
    share(&mut one, &item, bea.user()).unwrap();
    assert_eq!(one.name(&item), "b");
}

#[test]
fn a_lie_in_answer_to_a_share_is_refused_and_gives_nothing() {
    let Scene { mut one, bea, item, .. } = scene();
    pin(&mut one, &bea.user()).unwrap();
    let here = one.state(&item).unwrap();
    let server = Rc::clone(&one.line.server);
    let mut bent = here.clone();
    bent.revision.signature.0[1] ^= 1;
    let mut theirs = here.clone();
    theirs.owner = bea.user();
    for (lie, code, refusal) in [
        (None, "incomplete", Refusal::Incomplete),
        (Some(here.clone()), "incomplete", Refusal::Incomplete),
        (Some(bent), "forged", Refusal::Forged),
        (Some(theirs), "forged", Refusal::Forged),
    ] {
        *one.line.stale.borrow_mut() = Some(lie);
        assert_eq!(share(&mut one, &item, bea.user()), Err(ShareError::Refused(refusal)));
        assert_eq!(one.notices().last().map(|notice| notice.code.as_str()), Some(code));
        assert_eq!(one.state(&item), Some(here.clone()));
        assert_eq!(server.state(&item), here, "nothing was stored");
    }
    *one.line.stale.borrow_mut() = None;
    share(&mut one, &item, bea.user()).unwrap();
}

#[test]
fn an_invitation_waits_on_every_device_until_it_is_taken_back_or_done() {
    let Scene { mut one, mut two, item, .. } = scene();
    let address = BEA.to_owned();
    let waits = Pending { item, address, permission: Permission::View, until: Some(9) };
    one.with(|sync| now(sync.invite(&waits))).unwrap().unwrap();
    two.sync_well();
    let pending = |device: &mut Device| device.with(|sync| now(sync.contacts())).unwrap().pending();
    assert_eq!(pending(&mut two), [waits]);
    assert_eq!(named(&two, &item), [], "nobody was given anything");
    two.with(|sync| now(sync.uninvite(&item, BEA))).unwrap().unwrap();
    one.sync_well();
    assert_eq!(pending(&mut one), []);
}
