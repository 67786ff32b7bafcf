//! Deleting for good and restoring, on several devices, offline too.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::{ItemId, Revision};

use super::device::{Device, account, form};
use super::now;
use crate::crypto::{ItemKey, SystemRandom};
use crate::sync::{NOT_DELETED, Notice, Remote};
use crate::vault::{SaveError, Vault};

impl Device {
    pub(super) fn disable(&mut self, item: &ItemId) {
        let random = &mut SystemRandom;
        self.change(item, |vault, local| vault.set_active(item, false, local, 3, random)).unwrap();
    }

    pub(super) fn delete(&mut self, item: &ItemId) {
        let random = &mut SystemRandom;
        self.change(item, |vault, local| vault.delete(item, local, 4, random)).unwrap();
    }

    pub(super) fn undelete(&mut self, item: &ItemId) -> Result<(), SaveError> {
        let before = self.vault.newest_on_server(&self.local(item)).unwrap();
        let mut history = now(self.line.history(item, before)).unwrap();
        let bodies = now(self.line.revisions(item, 0)).unwrap().revisions;
        history.versions.extend(bodies.into_iter().map(Vault::without_parts));
        let (past, random) = (self.past(item), &mut SystemRandom);
        self.change(item, |vault, local| vault.undelete(item, local, &history, past, 5, random))
    }

    fn status(&self, item: &ItemId) -> Status {
        self.entry(item).status
    }

    fn named_deleted(&self) -> Vec<String> {
        self.vault.deleted(6).into_iter().map(|(_, name, _)| name.to_owned()).collect()
    }
}

/// An item that two devices know, deleted on the first.
pub(super) fn scene() -> (Device, Device, ItemId) {
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
    let history =
        two.vault.history(&item, &local, &earlier.versions, &earlier.keys, earlier.more).unwrap();
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
    let notice =
        Notice { code: NOT_DELETED.to_owned(), item: Some(item), name: None, people: vec![] };
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
fn an_edit_that_was_written_over_before_it_was_sent_is_not_restored() {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    let item = one.add_named("a");
    one.sync_well();
    one.rename(&item, "first");
    one.rename(&item, "second");
    one.disable(&item);
    one.sync_well();
    one.delete(&item);
    one.sync_well();
    assert_eq!(one.past(&item).len(), 2, "both are lines of local history");
    one.undelete(&item).unwrap();
    assert_eq!(one.name(&item), "second");
}
