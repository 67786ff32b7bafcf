//! A share with somebody invited, completed once they have joined; and what a server can lie about then.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::PeopleResponse;
use mysafe_protocol::{ItemId, UserId};

use super::device::{ADDRESS, Device};
use super::line::Break;
use super::now;
use super::sharing::{Scene, named, pin, scene};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::model::Pending;
use crate::sync::{CompleteError, ContactError, InviteError, Notice, SyncError, joined};
use crate::vault::{Refusal, ShareError, Store, keys};

const BEA: &str = "bea@example.com";

fn invite(device: &mut Device, item: ItemId, until: Option<u64>) {
    let pending = Pending { item, address: BEA.into(), permission: Permission::Edit, until };
    device.with(|sync| now(sync.invite(&pending))).unwrap().unwrap();
}

fn complete(device: &mut Device, item: &ItemId, user: UserId) -> Result<(), CompleteError> {
    device.with(|sync| now(sync.complete(item, BEA, &user))).unwrap()
}

fn pending(device: &mut Device) -> usize {
    device.with(|sync| now(sync.contacts())).unwrap().pending().len()
}

/// Who has joined, as a popup that opens now is told.
fn told(device: &Device) -> Vec<(ItemId, UserId)> {
    let mut context = device.context();
    let contacts = context.with(|sync| now(sync.contacts())).unwrap();
    let stored = device.value(Store::State, keys::JOINED);
    let joined = joined(&context.vault, &contacts, stored.as_deref()).unwrap();
    joined.into_iter().map(|(pending, user)| (pending.item, user)).collect()
}

/// Bea was invited, and has not joined.
fn invited() -> Scene {
    let mut scene = scene();
    scene.one.line.server.data.borrow_mut().people.remove(&scene.bea.user());
    invite(&mut scene.one, scene.item, None);
    scene.one.sync_well();
    scene.two.sync_well();
    scene
}

fn joins(device: &Device, who: &Identity) {
    let people = &mut device.line.server.data.borrow_mut().people;
    people.insert(who.user(), who.signed_bundle());
}

#[test]
fn once_they_have_joined_every_device_says_so_and_one_act_completes_it() {
    let Scene { mut one, mut two, bea, item } = invited();
    assert_eq!((told(&one), told(&two)), (vec![], vec![]));
    joins(&one, &bea);
    one.sync_well();
    two.sync_well();
    let expected = vec![(item, bea.user())];
    assert_eq!((told(&one), told(&two)), (expected.clone(), expected));
    assert_eq!(named(&one, &item), [], "nobody was given anything");
    complete(&mut two, &item, bea.user()).unwrap();
    assert_eq!((named(&two, &item), pending(&mut two)), (vec![bea.user()], 0));
    let list = two.vault.access(&two.local(&item)).unwrap().unwrap();
    assert_eq!(list.grants[0].permission, Permission::Edit);
    let contact = two.with(|sync| now(sync.contacts())).unwrap().pinned(BEA).unwrap();
    assert_eq!(contact.user, bea.user());
    one.sync_well();
    assert_eq!((told(&one), named(&one, &item)), (vec![], vec![bea.user()]));
    assert_eq!(complete(&mut one, &item, bea.user()), Err(CompleteError::NotPending));
    one.assert_settled();
    two.sync_well();
    assert_eq!(two.value(Store::State, keys::JOINED), None);
}

#[test]
fn whatever_answer_is_lost_on_the_way_it_is_completed_by_doing_it_again() {
    for how in [Break::Before, Break::After] {
        let mut broken = 0;
        for request in 0.. {
            let Scene { mut one, bea, item, .. } = invited();
            joins(&one, &bea);
            one.sync_well();
            one.line.breaks.set(Some((request, how)));
            let done = one.with(|sync| now(sync.complete(&item, BEA, &bea.user())));
            if done == Ok(Ok(())) {
                break;
            }
            assert!(matches!(done, Err(SyncError::Remote(_))), "{request}: {done:?}");
            broken += 1;
            let given = named(&one, &item);
            assert!(given.is_empty() || given == [bea.user()], "{request}");
            one = one.restarted();
            one.sync_well();
            complete(&mut one, &item, bea.user())
                .or_else(|error| match error {
                    // The last answer was the lost one.
                    CompleteError::NotPending => Ok(()),
                    error => Err(error),
                })
                .unwrap();
            assert_eq!((named(&one, &item), pending(&mut one)), (vec![bea.user()], 0), "{request}");
            one.sync_well();
            one.assert_settled();
            let epochs = one.line.server.revisions(&item).len();
            assert_eq!(epochs, 2, "{request}: shared once");
        }
        assert!(broken >= 4, "keys, pin, share and the record: {broken}");
    }
}

#[test]
fn other_keys_than_those_accepted_before_get_nothing() {
    let Scene { mut one, bea, item, .. } = invited();
    // She had joined once, and was accepted then.
    joins(&one, &bea);
    pin(&mut one, &bea.user()).unwrap();
    let other = Identity::of(&AccountKey::generate(&mut SystemRandom), BEA);
    one.line.server.data.borrow_mut().people.remove(&bea.user());
    joins(&one, &other);
    one.sync_well();
    assert_eq!(told(&one), [(item, other.user())]);
    one.line.uploads.borrow_mut().clear();
    let changed = Err(CompleteError::Contact(ContactError::KeyChanged(other.user())));
    assert_eq!(complete(&mut one, &item, other.user()), changed);
    assert_eq!((pending(&mut one), named(&one, &item)), (1, vec![]));
    assert_eq!(*one.line.uploads.borrow(), []);
    // Compared and accepted, it is done.
    one.with(|sync| now(sync.verify(&other.user(), BEA))).unwrap().unwrap();
    complete(&mut one, &item, other.user()).unwrap();
    assert_eq!(named(&one, &item), [other.user()]);
}

#[test]
fn keys_swapped_when_somebody_joins_are_refused_or_seen_in_the_safety_number() {
    let Scene { mut one, bea, item, .. } = invited();
    joins(&one, &bea);
    let mallory = Identity::of(&AccountKey::generate(&mut SystemRandom), "mallory@example.com");
    joins(&one, &mallory);
    let bundle = mallory.signed_bundle();
    // Somebody real in the place of her.
    let id = mallory.user();
    *one.line.people.borrow_mut() = Some(Box::new(move |found| {
        let mut people = found.unwrap().people;
        people.iter_mut().for_each(|one| (one.user, one.bundle) = (id, bundle.clone()));
        Ok(PeopleResponse { people })
    }));
    one.sync().unwrap();
    assert_eq!(told(&one), []);
    let forged = Notice::general("forged");
    assert_eq!(one.notices(), [forged]);
    one.line.uploads.borrow_mut().clear();
    let refused = Err(CompleteError::Contact(ContactError::Refused(Refusal::Forged)));
    assert_eq!(complete(&mut one, &item, mallory.user()), refused);
    assert_eq!(*one.line.uploads.borrow(), []);
    *one.line.people.borrow_mut() = None;
    one.sync().unwrap();
    assert_eq!(told(&one), [(item, bea.user())]);

    // Keys that the server made for her address are those of another id: its safety number is another.
    let made = Identity::of(&AccountKey::generate(&mut SystemRandom), BEA);
    let me = one.vault.user();
    let number = |user| crate::crypto::safety_number(&me, &user);
    assert_ne!(number(made.user()), number(bea.user()));
}

#[test]
fn what_is_over_inactive_or_unsent_waits_on() {
    let Scene { mut one, bea, item, .. } = invited();
    joins(&one, &bea);
    one.sync_well();
    one.rename(&item, "b");
    let unsent = Err(CompleteError::Share(ShareError::Unsent));
    assert_eq!(complete(&mut one, &item, bea.user()), unsent);
    one.sync_well();
    invite(&mut one, item, Some(1));
    assert_eq!(complete(&mut one, &item, bea.user()), Err(CompleteError::Over));
    invite(&mut one, item, Some(2));
    one.disable(&item);
    one.sync_well();
    assert_eq!(told(&one), [], "not while it is inactive");
    let inactive = Err(CompleteError::Share(ShareError::Inactive));
    assert_eq!(complete(&mut one, &item, bea.user()), inactive);
    assert_eq!((named(&one, &item), pending(&mut one)), (vec![], 1));
    // Declined.
    one.with(|sync| now(sync.uninvite(&item, BEA))).unwrap().unwrap();
    one.sync_well();
    assert_eq!((pending(&mut one), told(&one)), (0, vec![]));
}

#[test]
fn nobody_is_invited_to_what_cannot_be_shared() {
    let Scene { mut one, item, .. } = scene();
    let pending = |item, address: &str| Pending {
        item,
        address: address.into(),
        permission: Permission::View,
        until: None,
    };
    let mut invite = |pending: &Pending| one.with(|sync| now(sync.invite(pending))).unwrap();
    let gone = invite(&pending(ItemId([9; 16]), BEA));
    assert_eq!(gone, Err(InviteError::Gone));
    assert_eq!(invite(&pending(item, ADDRESS)), Err(InviteError::Yourself));
    one.disable(&item);
    let mut invite = |pending: &Pending| one.with(|sync| now(sync.invite(pending))).unwrap();
    assert_eq!(invite(&pending(item, BEA)), Err(InviteError::Inactive));
}
