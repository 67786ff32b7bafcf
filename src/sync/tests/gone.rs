//! Deleting for good and restoring, on several devices, offline too, and what a server may not say
//! of the epochs that restoring begins.

use mysafe_protocol::bodies::{AccessList, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bytes, ItemId, Revision};

use super::device::{Device, account, form};
use super::now;
use crate::crypto::{ItemKey, SystemRandom};
use crate::sync::{Local, NOT_DELETED, Notice, Remote};
use crate::vault::{Change, LocalItem, Refusal, SaveError, Store, Vault, keys};

impl Device {
    fn change(
        &mut self,
        item: &ItemId,
        make: impl FnOnce(&mut Vault, &LocalItem) -> Result<Change, SaveError>,
    ) -> Result<(), SaveError> {
        let disk = std::rc::Rc::clone(&self.disk);
        let _guard = now(disk.lock());
        let local = self.local(item);
        let change = make(&mut self.vault, &local)?;
        now(disk.apply(change.puts)).unwrap();
        Ok(())
    }

    fn disable(&mut self, item: &ItemId) {
        let random = &mut SystemRandom;
        self.change(item, |vault, local| vault.set_active(item, false, local, 3, random)).unwrap();
    }

    fn delete(&mut self, item: &ItemId) {
        let random = &mut SystemRandom;
        self.change(item, |vault, local| vault.delete(item, local, 4, random)).unwrap();
    }

    fn undelete(&mut self, item: &ItemId) -> Result<(), SaveError> {
        let before = self.vault.newest_on_server(&self.local(item)).unwrap();
        let history = now(self.line.history(item, before)).unwrap();
        let (past, random) = (self.past(item), &mut SystemRandom);
        self.change(item, |vault, local| {
            vault.undelete(item, local, history.versions.first(), past, 5, random)
        })
    }

    fn status(&self, item: &ItemId) -> Status {
        self.entry(item).status
    }

    fn named_deleted(&self) -> Vec<String> {
        self.vault.deleted(6).into_iter().map(|(_, name, _)| name.to_owned()).collect()
    }
}

/// An item that two devices know, deleted on the first.
fn scene() -> (Device, Device, ItemId) {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let item = one.add(&crate::model::ApiSecretForm { identifier: "X-1".into(), ..form("a") });
    one.sync_well();
    two.sync_well();
    one.disable(&item);
    one.delete(&item);
    (one, two, item)
}

#[test]
fn a_deleted_item_is_gone_everywhere_and_can_be_restored_anywhere() {
    let (mut one, mut two, item) = scene();
    assert_eq!(one.named_deleted(), ["a"]);
    one.sync_well();
    two.sync_well();
    for device in [&one, &two] {
        assert_eq!(device.status(&item), Status::Deleted);
        assert_eq!(device.named_deleted(), ["a"]);
        assert!(device.vault.form(&item, &device.local(&item)).is_err(), "nothing is left of it");
        let errors = device.vault.check(
            None,
            &crate::model::ApiSecretForm { identifier: "x-1".into(), ..form("other") },
        );
        assert_eq!(errors, [], "its Identifier is free");
    }
    let on_server = one.line.server.state(&item);
    assert_eq!((on_server.overview.len(), on_server.details.len()), (0, 0));

    two.undelete(&item).unwrap();
    assert_eq!(two.status(&item), Status::Inactive);
    two.sync_well();
    one.sync_well();
    for device in [&one, &two] {
        assert_eq!(device.status(&item), Status::Inactive);
        assert_eq!(*device.form(&item).client_secret, "secret of a");
        assert_eq!(device.form(&item).identifier, "X-1");
        assert_eq!(device.named_deleted(), Vec::<String>::new());
        device.assert_settled();
    }
    // Under a new key, which the old one is not.
    let now_on_server = one.line.server.state(&item);
    let revision = Revision::read(&now_on_server.revision).unwrap();
    assert_eq!(revision.epoch, 2);
    let old = ItemKey::unwrap(&one.account(), &one.vault.user(), &item, 1, &on_server.key).unwrap();
    let opened = old.open_overview(&item, 2, revision.revision, &now_on_server.overview);
    assert!(opened.is_err(), "the key of the first epoch opens nothing of the second");
    // It goes on, and its history goes back over the deletion.
    one.rename(&item, "b");
    one.sync_well();
    two.sync_well();
    assert_eq!(two.name(&item), "b");
    let local = two.local(&item);
    let newest = two.vault.newest_on_server(&local).unwrap();
    let earlier = now(two.line.history(&item, newest)).unwrap();
    let history = two.vault.history(&item, &local, &earlier.versions, &earlier.keys).unwrap();
    assert_eq!(history.broken, None);
    let names = history.versions.iter().map(|version| version.overview.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["b", "a", "", "a"]);
    two.vault.set_active(&item, true, &local, 6, &mut SystemRandom).unwrap();
    let first = history.versions.last().unwrap();
    assert_eq!(two.vault.reveal_version(&item, first).unwrap().as_str(), "secret of a");
}

#[test]
fn what_was_not_sent_before_the_deletion_is_restored_too() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.sync_well();
    device.rename(&item, "not sent");
    device.disable(&item);
    device.delete(&item);
    device.sync_well();
    assert_eq!(server.revisions(&item).len(), 2, "only the deletion is sent");
    device.undelete(&item).unwrap();
    device.sync_well();
    assert_eq!(device.name(&item), "not sent");
    device.assert_settled();
}

#[test]
fn an_item_that_never_was_on_the_server_is_deleted_too() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.disable(&item);
    device.delete(&item);
    device.sync_well();
    assert_eq!(device.status(&item), Status::Deleted);
    device.undelete(&item).unwrap();
    device.sync_well();
    assert_eq!(*device.form(&item).client_secret, "secret of a");
    device.assert_settled();
}

#[test]
fn what_somebody_changed_meanwhile_is_not_deleted() {
    let (mut one, mut two, item) = scene();
    two.rename(&item, "in use");
    two.sync_well();
    let outcome = one.sync().unwrap();
    let notice = Notice { code: NOT_DELETED.to_owned(), item: Some(item) };
    assert_eq!(outcome.notices, [notice]);
    assert_eq!((one.status(&item), one.name(&item)), (Status::Active, "in use"));
    one.assert_settled();
}

#[test]
fn an_own_edit_whose_answer_was_lost_does_not_keep_an_item() {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let item = device.add_named("a");
    device.sync_well();
    device.disable(&item);
    device.line.breaks.set(Some((0, super::line::Break::After)));
    assert!(device.sync().is_err(), "the answer is lost");
    device.line.breaks.set(None);
    device.delete(&item);
    device.sync_well();
    assert_eq!(device.status(&item), Status::Deleted);
    assert_eq!(server.state(&item).overview.len(), 0);
}

#[test]
fn two_that_restore_the_same_item_restore_it_once() {
    let (mut one, mut two, item) = scene();
    one.sync_well();
    two.sync_well();
    one.undelete(&item).unwrap();
    two.undelete(&item).unwrap();
    one.rename(&item, "restored and edited");
    two.sync_well();
    one.sync().unwrap();
    two.sync().unwrap();
    for device in [&one, &two] {
        assert_eq!(device.name(&item), "restored and edited");
        device.assert_settled();
    }
    assert_eq!(Revision::read(&one.line.server.state(&item).revision).unwrap().epoch, 2);
}

#[test]
fn a_deletion_that_a_restored_server_lost_is_sent_again() {
    for restored_before in [false, true] {
        let (mut one, mut two, item) = scene();
        let backup = one.line.server.backup();
        one.sync_well();
        if restored_before {
            one.undelete(&item).unwrap();
            one.sync_well();
        }
        one.line.server.restore(&backup, true);
        one.sync().unwrap();
        two.sync_well();
        let status = if restored_before { Status::Inactive } else { Status::Deleted };
        assert_eq!((one.status(&item), two.status(&item)), (status, status));
        let bodies = one.line.server.revisions(&item);
        assert_eq!(bodies.len(), if restored_before { 3 } else { 2 });
    }
}

#[test]
fn what_cannot_be_restored_any_more_is_forgotten() {
    let (mut one, _, item) = scene();
    one.sync_well();
    one.vault.forget_deleted(4 + crate::vault::RESTORABLE);
    assert_eq!(one.named_deleted(), [""], "by its time it is listed still, and nothing of it is");
    assert_eq!(one.vault.deleted(4 + crate::vault::RESTORABLE), []);
    assert_eq!(one.entry(&item).overview.client_id, "");
}

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
        ("a list of another epoch", with(&AccessList { epoch: 3, ..list.clone() }, true), forged),
        (
            "a list that the revision is not under",
            with(&AccessList { commit: Hash([1; 32]), ..list.clone() }, false),
            incomplete,
        ),
        (
            "a list of another key",
            with(&AccessList { commit: Hash([1; 32]), ..list.clone() }, true),
            Refusal::Unreadable,
        ),
        ("another key", ItemState { key: Bytes(wrapped), ..good.clone() }, Refusal::Unreadable),
        (
            "a list in the first epoch",
            ItemState { list: good.list.clone(), ..again_old(1) },
            forged,
        ),
    ];
    let held = two.held(&item).unwrap();
    for (what, lie, refusal) in lies {
        let told = two.vault.accept(&item, Some(&held), &lie, &[]).err();
        assert_eq!(told, Some(refusal), "{what}");
    }
    assert!(two.vault.accept(&item, Some(&held), &good, &[]).is_ok());
    // Whoever holds the second epoch does not go back to the first, nor to another list.
    let held = one.held(&item).unwrap();
    let told = one.vault.accept(&item, Some(&held), &again_old(1), &[]).err();
    assert_eq!(told, Some(Refusal::WentBack));
    let other = with(&AccessList { commit: other_key.commit(&item, 2), ..list.clone() }, true);
    assert_eq!(one.vault.accept(&item, Some(&held), &other, &[]).err(), Some(Refusal::Forked));
    // Nothing follows a deletion in its own epoch.
    let held = two.held(&item).unwrap();
    let mut revision = Revision::read(&two.state(&item).unwrap().revision).unwrap();
    revision.revision += 1;
    revision.prev = Some(held.hash);
    revision.status = Status::Inactive;
    let revision = identity.sign_revision(&revision);
    let revived = ItemState { revision, list: None, ..two.state(&item).unwrap() };
    assert_eq!(two.vault.accept(&item, Some(&held), &revived, &[]).err(), Some(forged));
    let key = keys::item(&item);
    assert!(two.value(Store::Items, &key).is_some());
}
