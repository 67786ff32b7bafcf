//! Sharing as its owner does it: who gets which key, and who does not.

use mysafe_protocol::Revision;
use mysafe_protocol::bodies::{Permission, Status};

use super::shared::{EDIT, People3, Side, VIEW, now, share};
use crate::crypto::{ItemKey, SystemRandom, safety_number};
use crate::vault::{Known, People, Refusal, Share, ShareError};

#[test]
fn whom_an_item_is_shared_with_opens_it_and_nothing_older() {
    let mut all = People3::new();
    let first = all.ana.items[0].clone();
    let shared = all.share(&[share(&all.bea, EDIT), share(&all.cho, VIEW)]);
    for side in [&all.bea, &all.cho] {
        let state = all.seen_by(side, &shared);
        let accepted = side.vault.accept(&state.item, None, &state, &[]).ok().unwrap();
        assert_eq!(accepted.overview.as_ref().unwrap().name, "CRM");
        assert_eq!(accepted.held.owner, Some(all.ana.vault.user()));
        let local = Side::local(&state);
        assert_eq!(side.vault.form(&state.item, &local).unwrap().client_secret.as_str(), "s3cret");
        let access = side.vault.access(&local).unwrap().unwrap();
        assert_eq!(access.grants.len(), 2);
        // The key of the epoch before is another one.
        let key = side.key(&state);
        assert!(key.open_overview(&first.item, 1, 1, &first.overview).is_err());
    }
    let held = all.ana.hold(&first);
    let accepted =
        all.ana.vault.accept(&first.item, Some(Known::of(&held)), &shared, &[]).ok().unwrap();
    assert_eq!((accepted.held.epoch, accepted.held.revision), (2, 2));
    // Sharing changes nothing of the item itself.
    assert_eq!(accepted.overview.as_ref().unwrap().changed.unwrap().time, 1_000);
}

#[test]
fn an_envelope_is_for_one_person_in_one_epoch() {
    let mut all = People3::new();
    let shared = all.share(&[share(&all.bea, EDIT), share(&all.cho, VIEW)]);
    let hers = all.seen_by(&all.bea, &shared);
    let cho = &all.cho.identity;
    assert!(ItemKey::disclose(cho, &hers.item, 2, &hers.key).is_err());
    let bea = &all.bea.identity;
    assert!(ItemKey::disclose(bea, &hers.item, 2, &hers.key).is_ok());
    assert!(ItemKey::disclose(bea, &hers.item, 3, &hers.key).is_err());
    let elsewhere = mysafe_protocol::ItemId([9; 16]);
    assert!(ItemKey::disclose(bea, &elsewhere, 2, &hers.key).is_err());
    for (why, blob) in super::damaged(&hers.key) {
        assert!(ItemKey::disclose(bea, &hers.item, 2, &blob).is_err(), "{why}");
    }
}

#[test]
fn whoever_is_removed_opens_nothing_written_later() {
    let mut all = People3::new();
    let shared = all.share(&[share(&all.bea, EDIT), share(&all.cho, VIEW)]);
    let old = all.bea.key(&all.seen_by(&all.bea, &shared));
    let held = [&all.bea, &all.cho].map(|side| side.hold(&all.seen_by(side, &shared)));
    let after = all.revoke(&all.bea.vault.user());
    let revision = Revision::read(&after.revision).unwrap();
    let (epoch, number) = (revision.epoch, revision.revision);
    assert_eq!((epoch, number), (3, 3));
    assert!(old.open_overview(&after.item, epoch, number, &after.overview).is_err());
    assert!(old.open_details(&after.item, epoch, number, &after.details).is_err());
    assert!(!all.envelopes.iter().any(|envelope| envelope.user == all.bea.vault.user()));

    let cho = all.seen_by(&all.cho, &after);
    assert!(all.cho.vault.accept(&cho.item, Some(Known::of(&held[1])), &cho, &[]).is_ok());
    // Bea, who has no envelope any more, is told that it ended.
    let bea = all.seen_by(&all.bea, &after);
    let refusal = all.bea.vault.accept(&bea.item, Some(Known::of(&held[0])), &bea, &[]).err();
    assert_eq!(refusal, Some(Refusal::AccessEnded));
}

#[test]
fn what_has_an_end_ends_with_the_next_change() {
    let mut all = People3::new();
    let until = Some(now() / 1_000 + 60);
    let (bea, cho) = (share(&all.bea, VIEW), share(&all.cho, VIEW));
    let shared = all.share(&[Share { until, ..bea }, cho]);
    let local = Side::local(&shared);
    let contacts = all.ana.contacts.clone();
    let revoke =
        |now| all.ana.vault.revoke(&shared.item, &local, &[], &contacts, now, &mut SystemRandom);
    assert_eq!(revoke(now() + 59_000).err(), Some(ShareError::NoChange));
    let write = revoke(now() + 60_000).unwrap();
    assert_eq!(write.envelopes.len(), 1);
    assert_eq!(write.envelopes[0].user, cho.user);
}

#[test]
fn keys_go_only_to_whom_the_user_pinned() {
    let mut all = People3::new();
    let bea = share(&all.bea, VIEW);
    let try_share = |all: &People3, with: &[Share]| {
        let (state, contacts) = (&all.ana.items[0], &all.ana.contacts);
        let local = Side::local(state);
        let random = &mut SystemRandom;
        all.ana.vault.share(&state.item, &local, with, contacts, now(), random).err()
    };
    let pinned = all.ana.contacts.clone();
    all.ana.contacts = crate::model::AccountRecordBody::first();
    assert_eq!(try_share(&all, &[bea]), Some(ShareError::NotMet(bea.user)));
    let address = all.bea.vault.address().to_owned();
    all.ana.contacts.pin(mysafe_protocol::UserId([8; 32]), &address).unwrap();
    assert_eq!(try_share(&all, &[bea]), Some(ShareError::KeyChanged(bea.user)));
    all.ana.contacts.verify(bea.user, &address);
    assert_eq!(try_share(&all, &[bea]), None, "compared and accepted");

    all.ana.contacts = pinned;
    let unknown = Share { user: mysafe_protocol::UserId([7; 32]), ..bea };
    assert_eq!(try_share(&all, &[unknown]), Some(ShareError::NoKeys(unknown.user)));
    let me = Share { user: all.ana.vault.user(), ..bea };
    assert_eq!(try_share(&all, &[me]), Some(ShareError::Yourself));
    assert_eq!(try_share(&all, &[]), Some(ShareError::NoChange));

    // What went to keys that are replaced since does not go there again with the next change.
    let shared = all.share(&[bea]);
    all.ana.contacts.verify(mysafe_protocol::UserId([8; 32]), &address);
    let (local, cho) = (Side::local(&shared), share(&all.cho, VIEW));
    let (ana, random) = (&all.ana, &mut SystemRandom);
    let write = ana.vault.share(&shared.item, &local, &[cho], &ana.contacts, now(), random);
    assert_eq!(write.err(), Some(ShareError::KeyChanged(bea.user)));
    let away = [bea.user];
    let write = ana.vault.revoke(&shared.item, &local, &away, &ana.contacts, now(), random);
    assert_eq!(write.unwrap().envelopes, []);
}

#[test]
fn only_the_owner_shares_and_only_what_is_active_and_sent() {
    let mut all = People3::new();
    let with = [share(&all.cho, VIEW)];
    let shared = all.share(&[share(&all.bea, EDIT)]);
    let hers = Side::local(&all.seen_by(&all.bea, &shared));
    let (bea, random) = (&all.bea, &mut SystemRandom);
    let refused = bea.vault.share(&shared.item, &hers, &with, &bea.contacts, now(), random);
    assert_eq!(refused.err(), Some(ShareError::NotOwner));

    let local = Side::local(&shared);
    let ana = &mut all.ana;
    ana.vault.set_active(&shared.item, false, &local, now(), random).unwrap();
    let inactive = ana.set_status(&shared, Status::Inactive);
    let waiting = Side::pending(&shared, &inactive);
    let refused = ana.vault.share(&shared.item, &waiting, &with, &ana.contacts, now(), random);
    assert_eq!(refused.err(), Some(ShareError::Unsent));
    let local = Side::local(&ana.confirmed(&shared, &inactive));
    let refused = ana.vault.share(&shared.item, &local, &with, &ana.contacts, now(), random);
    assert_eq!(refused.err(), Some(ShareError::Inactive));
    let bea = [all.bea.vault.user()];
    let away = ana.vault.revoke(&shared.item, &local, &bea, &ana.contacts, now(), random);
    assert_eq!(Revision::read(&away.unwrap().revision).unwrap().status, Status::Inactive);
}

#[test]
fn a_permission_is_changed_by_sharing_again() {
    let mut all = People3::new();
    let shared = all.share(&[share(&all.bea, VIEW)]);
    all.ana.items[0] = shared;
    let again = all.share(&[share(&all.bea, EDIT)]);
    let access = all.ana.vault.access(&Side::local(&again)).unwrap().unwrap();
    assert_eq!(access.grants.len(), 1);
    assert_eq!(access.grants[0].permission, Permission::Edit);
    assert_eq!(access.epoch, 3);
}

#[test]
fn two_people_read_the_same_safety_number() {
    let all = People3::new();
    let (ana, bea) = (all.ana.vault.user(), all.bea.vault.user());
    assert_eq!(safety_number(&ana, &bea), safety_number(&bea, &ana));
}

#[test]
fn whom_a_device_knows_is_stored_and_verified_again() {
    let all = People3::new();
    let mut vault = People3::new().ana.vault;
    let put = all.ana.vault.seal_people(&mut SystemRandom);
    let key = put.key.clone();
    let blob = put.into_bytes().unwrap();
    vault.load_people(&blob);
    assert!(vault.has_damaged_people() && vault.bundles() == 0, "another account's");
    let opened = all.ana.vault.open_state(&key, &blob).unwrap();
    let people = People::decode(&opened).unwrap();
    for side in [&all.bea, &all.cho] {
        assert_eq!(people.get(&side.vault.user()).unwrap().address, side.vault.address());
    }
    assert_eq!(people.encode(), *opened);
    for at in [3, 700, 1_300, 1_380, opened.len() - 2] {
        let mut bent = opened.to_vec();
        bent[at] ^= 1;
        assert!(People::decode(&bent).is_err(), "byte {at}");
        assert!(People::decode(&opened[..at]).is_err(), "cut to {at}");
    }
}
