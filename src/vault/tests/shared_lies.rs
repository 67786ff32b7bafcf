//! A server that lies about a shared item, alone or with somebody who has or had access: every rule
//! of acceptance broken one at a time.

use mysafe_protocol::Revision;
use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Status};
use mysafe_protocol::wire::ItemState;

use super::shared::{EDIT, People3, Side, VIEW, share};
use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};
use crate::vault::{Held, Known, Refusal};

/// Ana's item, shared with Bea, who may edit, and Cho, who may view.
fn shared() -> (People3, ItemState) {
    let mut all = People3::new();
    let state = all.share(&[share(&all.bea, EDIT), share(&all.cho, VIEW)]);
    (all, state)
}

fn refusal(side: &Side, held: Option<&Held>, state: &ItemState) -> Option<Refusal> {
    side.vault.accept(&state.item, held.map(Known::of), state, &[]).err()
}

/// What Cho is told once the server took a write of `author` over `state`.
fn told(all: &People3, author: &Side, state: &ItemState, number: u8) -> Option<Refusal> {
    let before = all.seen_by(author, state);
    let write = match number {
        0 => author.write(&before, |_| {}),
        1 => author.set_status(&before, Status::Inactive),
        _ => author.set_status(&before, Status::Deleted),
    };
    let cho = all.seen_by(&all.cho, state);
    refusal(&all.cho, Some(&all.cho.hold(&cho)), &all.cho.confirmed(&cho, &write))
}

#[test]
fn an_editor_writes_and_disables_but_only_the_owner_deletes() {
    let (all, state) = shared();
    for number in 0..2 {
        assert_eq!(told(&all, &all.bea, &state, number), None);
        assert_eq!(told(&all, &all.ana, &state, number), None);
    }
    assert_eq!(told(&all, &all.ana, &state, 2), None);
    assert_eq!(told(&all, &all.bea, &state, 2), Some(Refusal::Forged));
}

#[test]
fn a_viewers_revision_is_refused_whoever_it_says_wrote_it() {
    let (all, state) = shared();
    for number in 0..3 {
        assert_eq!(told(&all, &all.cho, &state, number), Some(Refusal::Forged));
    }
    // Cho, who has the key, writes in the name of Bea: her signature is not under it.
    let (bea, ana) = (all.bea.vault.user(), all.ana.vault.user());
    let before = all.seen_by(&all.cho, &state);
    for author in [bea, ana] {
        let write = all.cho.write(&before, |revision| revision.author = author);
        for side in [&all.ana, &all.bea] {
            let here = all.seen_by(side, &state);
            let lie = side.confirmed(&here, &write);
            assert_eq!(refusal(side, Some(&side.hold(&here)), &lie), Some(Refusal::Forged));
        }
    }
}

#[test]
fn an_editor_is_named_as_whoever_changed_it() {
    let (mut all, state) = shared();
    let hers = all.seen_by(&all.bea, &state);
    let write = all.bea.rename(&hers, "CRM 2");
    assert_eq!(write.identifier, None);
    let accepted = all.ana.vault.accept(
        &state.item,
        Some(Known::of(&all.ana.hold(&state))),
        &all.ana.confirmed(&state, &write),
        &[],
    );
    let accepted = accepted.ok().unwrap();
    assert_eq!(accepted.overview.as_ref().unwrap().name, "CRM 2");
    assert_eq!(accepted.overview.as_ref().unwrap().changed.unwrap().user, all.bea.vault.user());
    assert_eq!(accepted.revision.author, all.bea.vault.user());

    // Bea says in the overview that it was Ana.
    let mut open = all.bea.vault.open_item(&state.item, &Side::local(&hers)).unwrap();
    open.overview.changed.as_mut().unwrap().user = all.ana.vault.user();
    open.revision.prev = Some(hers.revision.hash());
    open.revision.revision += 1;
    open.revision.author = all.bea.vault.user();
    let write = all.bea.vault.write(2, &open, &mut SystemRandom);
    let lie = all.ana.confirmed(&state, &write);
    let accepted = all.ana.vault.accept(&lie.item, None, &lie, &[]).ok().unwrap();
    assert_eq!(accepted.overview, None, "it counts, and its content does not");
}

#[test]
fn a_former_editors_late_revision_is_refused() {
    let (mut all, state) = shared();
    let before = all.seen_by(&all.bea, &state);
    let after = all.revoke(&all.bea.vault.user());
    let late = all.bea.write(&before, |_| {});
    // In the epoch in which Bea could write: the others are past it.
    let cho = all.seen_by(&all.cho, &after);
    let held = all.cho.hold(&cho);
    let old = all.cho.confirmed(&cho, &late);
    let old = ItemState { list: state.list.clone(), ..old };
    assert_eq!(refusal(&all.cho, Some(&held), &old), Some(Refusal::WentBack));
    assert_eq!(refusal(&all.ana, Some(&all.ana.hold(&after)), &old), Some(Refusal::WentBack));
    // Under the new list: she is not in it, and her revision names the old one.
    let under = ItemState { list: after.list.clone(), ..old.clone() };
    assert_eq!(refusal(&all.cho, Some(&held), &under), Some(Refusal::Incomplete));
    let claimed = all.bea.write(&before, |revision| {
        revision.epoch = 3;
        revision.revision = 4;
        revision.list = after.list.as_ref().map(mysafe_protocol::Signed::hash);
        revision.prev = Some(after.revision.hash());
    });
    let lie = all.cho.confirmed(&cho, &claimed);
    assert_eq!(refusal(&all.cho, Some(&held), &lie), Some(Refusal::Forged));
    // A device that heard nothing of her removal takes what she wrote before it, no more: then what
    // came after does not lead back to it.
    let hers = ItemState { key: before.key.clone(), ..all.bea.confirmed(&before, &late) };
    let beside = all.bea.hold(&hers);
    let beside = Held { owner: Some(all.ana.vault.user()), ..beside };
    let between = [after.revision.clone()];
    let refused = all.cho.vault.accept(&cho.item, Some(Known::of(&beside)), &cho, &between).err();
    assert_eq!(refused, Some(Refusal::Forked));
}

#[test]
fn a_list_is_the_owners_of_this_item_and_never_an_older_one() {
    let (mut all, state) = shared();
    let held = all.cho.hold(&all.seen_by(&all.cho, &state));
    let (old_state, old_keys) = (state.clone(), all.envelopes.clone());
    let after = all.revoke(&all.bea.vault.user());
    let cho = all.seen_by(&all.cho, &after);

    // Replayed: the old list, with the old and the new revision.
    let now = all.cho.hold(&cho);
    let replayed = ItemState { list: old_state.list.clone(), ..cho.clone() };
    assert_eq!(refusal(&all.cho, Some(&now), &replayed), Some(Refusal::WentBack));
    let envelope = old_keys.iter().find(|envelope| envelope.user == all.cho.vault.user());
    let old = ItemState { key: envelope.unwrap().blob.clone(), ..old_state.clone() };
    assert_eq!(refusal(&all.cho, Some(&now), &old), Some(Refusal::WentBack));
    // A stale envelope does not open the new epoch.
    let stale = ItemState { key: old.key.clone(), ..cho.clone() };
    assert_eq!(refusal(&all.cho, Some(&held), &stale), Some(Refusal::KeyUnfit));
    // Somebody else's does not, and none does not.
    let swapped = ItemState { key: old_keys[0].blob.clone(), ..cho.clone() };
    assert_eq!(refusal(&all.cho, Some(&held), &swapped), Some(Refusal::KeyUnfit));
    let none = ItemState { key: Default::default(), ..cho.clone() };
    assert_eq!(refusal(&all.cho, Some(&held), &none), Some(Refusal::KeyUnfit));
    // Withheld.
    let without = ItemState { list: None, ..cho.clone() };
    assert_eq!(refusal(&all.cho, Some(&held), &without), Some(Refusal::Incomplete));
    assert_eq!(refusal(&all.cho, None, &without), Some(Refusal::Incomplete));

    // Bea makes a list and a key of her own.
    let (key, random) = (ItemKey::generate(&mut SystemRandom), &mut SystemRandom);
    for owner in [all.ana.vault.user(), all.bea.vault.user()] {
        let to = Grantee::User(all.cho.vault.user());
        let list = AccessList {
            item: cho.item,
            epoch: 3,
            owner,
            commit: key.commit(&cho.item, 3),
            grants: vec![Grant { to, permission: VIEW, until: None }],
        };
        let list = all.bea.identity.sign_list(&list);
        let bundle = mysafe_protocol::Bundle::accept(&all.cho.identity.signed_bundle()).unwrap();
        let blob = key.enclose(&bundle, &cho.item, 3, random).unwrap();
        let before = ItemState { key: old_keys[0].blob.clone(), ..old_state.clone() };
        let hers = if all.bea.vault.user() == old_keys[0].user { before } else { continue };
        let write = all.bea.write(&hers, |revision| {
            revision.epoch = 3;
            revision.list = Some(list.hash());
        });
        let lie = ItemState {
            key: mysafe_protocol::Bytes(blob),
            list: Some(list),
            owner,
            ..all.cho.confirmed(&cho, &write)
        };
        assert_eq!(refusal(&all.cho, Some(&held), &lie), Some(Refusal::Forged));
    }
}

#[test]
fn two_lists_of_one_epoch_are_a_fork() {
    let mut all = People3::new();
    let before = all.ana.items[0].clone();
    let one = all.share(&[share(&all.bea, EDIT), share(&all.cho, VIEW)]);
    let cho_sees = all.seen_by(&all.cho, &one);
    let held = (all.ana.hold(&one), all.cho.hold(&cho_sees));
    all.ana.items[0] = before;
    let other = all.share(&[share(&all.cho, EDIT)]);
    assert_eq!(refusal(&all.ana, Some(&held.0), &other), Some(Refusal::Forked));
    let seen = all.seen_by(&all.cho, &other);
    assert_eq!(refusal(&all.cho, Some(&held.1), &seen), Some(Refusal::Forked));
}

#[test]
fn the_owner_stays_the_owner() {
    let (all, state) = shared();
    let cho = all.seen_by(&all.cho, &state);
    let held = all.cho.hold(&cho);
    for owner in [all.bea.vault.user(), all.cho.vault.user()] {
        let lie = ItemState { owner, ..cho.clone() };
        assert_eq!(refusal(&all.cho, Some(&held), &lie), Some(Refusal::Forged));
        assert_eq!(refusal(&all.cho, None, &lie), Some(Refusal::Forged));
    }
    let mine = Held { owner: None, ..held };
    assert_eq!(refusal(&all.cho, Some(&mine), &cho), Some(Refusal::Forged));
    // Whoever is not named takes nothing.
    let mut dan = People3::new().ana;
    dan.meet(&all.ana);
    assert_eq!(refusal(&dan, None, &cho), Some(Refusal::Forged));
}

#[test]
fn keys_of_others_under_an_id_are_refused_and_missing_ones_asked_for() {
    let (all, state) = shared();
    let mut eva = People3::new().ana;
    let (ana, cho) = (all.ana.vault.user(), all.seen_by(&all.cho, &state));
    let account = AccountKey::generate(&mut SystemRandom);
    let other = Identity::of(&account, all.ana.vault.address());
    assert_eq!(eva.vault.know(&ana, &other.signed_bundle()), Err(Refusal::Forged));
    let mut bent = all.ana.identity.signed_bundle();
    bent.signature.0[5] ^= 1;
    assert_eq!(eva.vault.know(&ana, &bent), Err(Refusal::Forged));
    assert_eq!(refusal(&eva, None, &cho), Some(Refusal::NeedsPerson(ana)));
    assert_eq!(Refusal::NeedsPerson(ana).code(), "incomplete");
}

#[test]
fn an_editor_begins_no_epoch_and_flips_no_status_of_somebody_elses_revision() {
    let (all, state) = shared();
    let before = all.seen_by(&all.bea, &state);
    let cho = all.seen_by(&all.cho, &state);
    let held = all.cho.hold(&cho);
    let next = all.bea.write(&before, |revision| revision.epoch = 3);
    let lie = all.cho.confirmed(&cho, &next);
    assert_eq!(refusal(&all.cho, Some(&held), &lie), Some(Refusal::Incomplete));
    // The status is part of what is signed.
    let write = all.bea.write(&before, |_| {});
    let mut revision = Revision::read(&write.revision).unwrap();
    revision.status = Status::Inactive;
    let mut flipped = write;
    flipped.revision.body = mysafe_protocol::Bytes(revision.encode());
    let lie = all.cho.confirmed(&cho, &flipped);
    assert_eq!(refusal(&all.cho, Some(&held), &lie), Some(Refusal::Forged));
}

#[test]
fn the_way_between_is_written_by_whoever_could() {
    let (all, state) = shared();
    let cho = all.seen_by(&all.cho, &state);
    let held = all.cho.hold(&cho);
    let two = |author: &Side| {
        let before = all.seen_by(author, &state);
        let first = author.confirmed(&before, &author.write(&before, |_| {}));
        let here = ItemState { key: state.key.clone(), ..first.clone() };
        let second = all.ana.confirmed(&here, &all.ana.write(&here, |_| {}));
        let second = ItemState { key: cho.key.clone(), ..second };
        let between = [first.revision, second.revision.clone()];
        all.cho.vault.accept(&second.item, Some(Known::of(&held)), &second, &between).err()
    };
    assert_eq!(two(&all.bea), None);
    assert_eq!(two(&all.ana), None);
    assert_eq!(two(&all.cho), Some(Refusal::Forged));
}
