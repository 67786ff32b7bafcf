//! What a server may not say of the epochs that restoring begins.

use mysafe_protocol::bodies::{AccessList, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bytes, ItemId, Revision};

use super::gone::scene;
use crate::crypto::{ItemKey, SystemRandom};
use crate::vault::{Known, Refusal, Store, keys};

#[test]
fn every_lie_about_a_new_epoch_is_refused() {
    let (mut one, mut two, item) = scene();
    one.sync_well();
    two.sync_well();
    one.undelete(&item).unwrap();
    one.sync_well();
    let good = one.line.server.state(&item);
    let (identity, account, random) = (one.identity(), one.account(), &mut SystemRandom);
    let key = ItemKey::unwrap(&account, &identity.user(), &item, 2, &good.key).unwrap();
    let list = AccessList {
        item,
        epoch: 2,
        owner: identity.user(),
        commit: key.commit(&item, 2),
        grants: vec![],
    };
    let with = |list: &AccessList, tell: bool| {
        let signed = identity.sign_list(list);
        let mut revision = Revision::read(&good.revision).unwrap();
        if tell {
            revision.list = Some(signed.hash());
        }
        let revision = identity.sign_revision(&revision);
        ItemState { list: Some(signed), revision, ..good.clone() }
    };
    let mut bent = good.clone();
    bent.list.as_mut().unwrap().signature.0[0] ^= 1;
    let other_key = ItemKey::generate(random);
    let wrapped = other_key.wrap(&account, &identity.user(), &item, 2, random);
    let again_old = |epoch: u64| {
        let mut revision = Revision::read(&good.revision).unwrap();
        (revision.epoch, revision.list) = (epoch, None);
        revision.revision += 1;
        revision.prev = Some(good.revision.hash());
        let old = ItemKey::generate(&mut SystemRandom);
        let key = old.wrap(&account, &identity.user(), &item, epoch, &mut SystemRandom);
        let revision = identity.sign_revision(&revision);
        ItemState { revision, key: Bytes(key), list: None, ..good.clone() }
    };
    let (forged, incomplete) = (Refusal::Forged, Refusal::Incomplete);
    let lies = [
        ("no list", ItemState { list: None, ..good.clone() }, incomplete),
        ("a list bent", bent, forged),
        (
            "a list of another item",
            with(&AccessList { item: ItemId([1; 16]), ..list.clone() }, true),
            forged,
        ),
        (
            "a list of another epoch",
            with(&AccessList { epoch: 3, ..list.clone() }, true),
            incomplete,
        ),
        (
            "a list that the revision is not under",
            with(&AccessList { commit: Hash([1; 32]), ..list.clone() }, false),
            incomplete,
        ),
        (
            "a list of another key",
            with(&AccessList { commit: Hash([1; 32]), ..list.clone() }, true),
            Refusal::KeyUnfit,
        ),
        ("another key", ItemState { key: Bytes(wrapped), ..good.clone() }, Refusal::KeyUnfit),
        (
            "a list in the first epoch",
            ItemState { list: good.list.clone(), ..again_old(1) },
            incomplete,
        ),
    ];
    let held = two.held(&item).unwrap();
    for (what, lie, refusal) in lies {
        let told = two.vault.accept(&item, Some(Known::of(&held)), &lie, &[]).err();
        assert_eq!(told, Some(refusal), "{what}");
    }
    assert!(two.vault.accept(&item, Some(Known::of(&held)), &good, &[]).is_ok());
    // Whoever holds the second epoch does not go back to the first, nor to another list.
    let held = one.held(&item).unwrap();
    let told = one.vault.accept(&item, Some(Known::of(&held)), &again_old(1), &[]).err();
    assert_eq!(told, Some(Refusal::WentBack));
    let other = with(&AccessList { commit: other_key.commit(&item, 2), ..list.clone() }, true);
    assert_eq!(
        one.vault.accept(&item, Some(Known::of(&held)), &other, &[]).err(),
        Some(Refusal::Forked)
    );
    // Nothing follows a deletion in its own epoch.
    let held = two.held(&item).unwrap();
    let mut revision = Revision::read(&two.state(&item).unwrap().revision).unwrap();
    revision.revision += 1;
    revision.prev = Some(held.hash);
    revision.status = Status::Inactive;
    let revision = identity.sign_revision(&revision);
    let revived = ItemState { revision, list: None, ..two.state(&item).unwrap() };
    assert_eq!(two.vault.accept(&item, Some(Known::of(&held)), &revived, &[]).err(), Some(forged));
    let key = keys::item(&item);
    assert!(two.value(Store::Items, &key).is_some());
}
