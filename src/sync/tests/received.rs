//! What somebody has of items that others share with them, on the devices they have.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{ItemId, UserId};

use super::device::{ADDRESS, Device, account};
use super::now;
use crate::crypto::{AccountKey, SystemRandom};
use crate::vault::{Met, Right, SaveError, Share, Store};

pub(super) const BEA: &str = "bea@example.com";

/// Ana's device, and two of Bea's, with whom she shares an item.
pub(super) struct Scene {
    pub(super) ana: Device,
    pub(super) bea: Device,
    pub(super) second: Device,
    pub(super) item: ItemId,
}

/// Bea has it, and has not accepted Ana.
pub(super) fn shared(permission: Permission) -> Scene {
    let (key, server) = account();
    let mut ana = Device::new(&key, &server);
    server.data.borrow_mut().people.insert(server.owner, ana.identity().signed_bundle());
    let key = AccountKey::generate(&mut SystemRandom);
    let [bea, second] = [(); 2].map(|()| Device::of(&key, BEA, &server));
    let item = ana.add_named("CRM");
    ana.sync_well();
    let mut scene = Scene { ana, bea, second, item };
    let user = scene.bea.line.user;
    scene.ana.with(|sync| now(sync.pin(&user, BEA))).unwrap().unwrap();
    scene.share(permission);
    scene.bea.sync_well();
    scene
}

/// The same, and Bea has accepted Ana.
pub(super) fn accepted(permission: Permission) -> Scene {
    let mut scene = shared(permission);
    scene.accept();
    scene
}

impl Scene {
    pub(super) fn owner(&self) -> UserId {
        self.ana.line.user
    }

    pub(super) fn share(&mut self, permission: Permission) {
        let with = [Share { user: self.bea.line.user, permission, until: None }];
        self.ana.with(|sync| now(sync.share(&self.item, &with))).unwrap().unwrap();
    }

    pub(super) fn revoke(&mut self) {
        let user = self.bea.line.user;
        self.ana.with(|sync| now(sync.revoke(&self.item, &[user]))).unwrap().unwrap();
    }

    pub(super) fn accept(&mut self) {
        let owner = self.owner();
        self.bea.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
        self.second.sync_well();
    }

    /// A change that Bea tries to make.
    pub(super) fn try_rename(&mut self, name: &str) -> Result<(), SaveError> {
        let (item, local) = (self.item, self.bea.local(&self.item));
        let renamed = crate::model::ApiSecretForm { name: name.into(), ..self.bea.form(&item) };
        let change = self.bea.vault.edit(&item, &renamed, &local, 2, &mut SystemRandom)?;
        self.bea.store(change.puts);
        Ok(())
    }
}

#[test]
fn an_item_comes_as_new_from_somebody_not_met_and_is_usable_once_they_are() {
    let mut scene = shared(Permission::View);
    let (item, owner) = (scene.item, scene.owner());
    scene.second.sync_well();
    for device in [&scene.bea, &scene.second] {
        let access = device.entry(&item).access;
        assert_eq!(
            (access.owner, access.right, access.met),
            (Some(owner), Right::View, Met::First)
        );
        assert!(access.is_new() && !access.is_usable());
        assert_eq!(*device.form(&item).client_secret, "secret of CRM", "it can be viewed");
        assert_eq!(device.name(&item), "CRM");
    }
    // Seen, it stays there until the person is accepted.
    scene.bea.used(&item, 7);
    scene.bea.sync_well();
    assert!(scene.bea.entry(&item).access.is_new());
    scene.accept();
    for device in [&scene.bea, &scene.second] {
        let access = device.entry(&item).access;
        assert_eq!((access.met, access.seen, access.is_new()), (Met::Accepted, true, false));
        assert_eq!(device.entry(&item).last_use, 7);
    }
    assert!(scene.ana.entry(&item).access.shared);
}

#[test]
fn what_is_dismissed_is_new_nowhere() {
    let mut scene = accepted(Permission::View);
    let item = scene.item;
    assert!(scene.bea.entry(&item).access.is_new() && scene.second.entry(&item).access.is_new());
    let puts = scene.bea.vault.see(&item, &mut SystemRandom);
    scene.bea.store(puts);
    assert_eq!(scene.bea.vault.see(&item, &mut SystemRandom), [], "once");
    scene.bea.sync_well();
    scene.second.sync_well();
    let mut third = Device::of(&scene.bea.account(), BEA, &scene.ana.line.server);
    third.sync_well();
    for device in [&scene.bea, &scene.second, &third] {
        assert!(!device.entry(&item).access.is_new());
        assert_eq!(device.entry(&item).last_use, 0);
    }
}

#[test]
fn an_editor_edits_offline_and_both_merge() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    scene.ana.edit(&item, |form| form.notes = "of Ana".into());
    scene.ana.sync_well();
    scene.bea.edit(&item, |form| {
        *form.client_secret = "rotated".into();
        form.identifier = "taken".into();
    });
    scene.bea.sync_well();
    scene.second.sync_well();
    scene.ana.sync_well();
    for device in [&scene.ana, &scene.bea, &scene.second] {
        let form = device.form(&item);
        assert_eq!((&*form.notes, &**form.client_secret), ("of Ana", "rotated"));
        assert_eq!(form.identifier, "", "only the owner's");
        let state = device.state(&item).unwrap();
        let author = mysafe_protocol::Revision::read(&state.revision).unwrap().author;
        assert_eq!(author, scene.bea.line.user);
        assert!(!device.entry(&item).waiting);
    }
    // Disabled and enabled again by her.
    let local = scene.bea.local(&item);
    let change = scene.bea.vault.set_active(&item, false, &local, 3, &mut SystemRandom).unwrap();
    scene.bea.store(change.puts);
    let local = scene.bea.local(&item);
    let refused = scene.bea.vault.delete(&item, &local, 3, &mut SystemRandom).err();
    assert_eq!(refused, Some(SaveError::NotAllowed), "only the owner deletes");
    scene.bea.sync_well();
    scene.ana.sync_well();
    assert_eq!(scene.ana.entry(&item).status, mysafe_protocol::Status::Inactive);
    // The secret of what is inactive can be replaced, by her too.
    scene.bea.edit(&item, |form| *form.client_secret = "again".into());
    let local = scene.bea.local(&item);
    let change = scene.bea.vault.set_active(&item, true, &local, 3, &mut SystemRandom).unwrap();
    scene.bea.store(change.puts);
    scene.bea.sync_well();
    for device in [&mut scene.ana, &mut scene.second] {
        device.sync_well();
        assert_eq!(device.entry(&item).status, mysafe_protocol::Status::Active);
        let local = device.local(&item);
        assert_eq!(device.vault.reveal(&item, &local).ok().unwrap().as_str(), "again");
    }
}

#[test]
fn an_editors_edit_that_waits_goes_into_the_next_epoch() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    scene.bea.rename(&item, "hers");
    // Somebody else joins meanwhile: a new key.
    let cho = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&cho, "cho@example.com", &scene.ana.line.server).line.user;
    scene.ana.with(|sync| now(sync.pin(&cho, "cho@example.com"))).unwrap().unwrap();
    let with = [Share { user: cho, permission: Permission::View, until: None }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.bea.sync_well();
    scene.ana.sync_well();
    assert_eq!((scene.ana.name(&item), scene.bea.name(&item)), ("hers", "hers"));
    assert_eq!(scene.bea.held(&item).unwrap().epoch, 3);
    assert!(!scene.bea.entry(&item).waiting);
}

#[test]
fn a_viewer_writes_nothing() {
    let mut scene = accepted(Permission::View);
    assert_eq!(scene.try_rename("x"), Err(SaveError::NotAllowed));
    let mut new = shared(Permission::Edit);
    assert_eq!(new.try_rename("x"), Err(SaveError::NotAccepted), "before Ana is accepted");
    let (item, local) = (scene.item, scene.bea.local(&scene.item));
    let vault = &mut scene.bea.vault;
    let random = &mut SystemRandom;
    let refused = vault.set_active(&item, false, &local, 3, random).err();
    assert_eq!(refused, Some(SaveError::NotAllowed));
    let refused = vault.add_address(&item, "https://x.example", &local, 3, random).err();
    assert_eq!(refused, Some(SaveError::NotAllowed));
    let refused = vault.remove_address(&item, "https://x.example", &local, 3, random).err();
    assert_eq!(refused, Some(SaveError::NotAllowed));
    assert_eq!(
        scene.bea.disk.values.borrow().keys().filter(|key| key.0 == Store::Outbox).count(),
        0
    );
}

#[test]
fn the_history_goes_back_to_where_access_began() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    scene.ana.rename(&item, "CRM 2");
    scene.ana.sync_well();
    scene.bea.sync_well();
    scene.bea.rename(&item, "CRM 3");
    scene.bea.sync_well();
    // A new key, for a new epoch.
    let cho = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&cho, "cho@example.com", &scene.ana.line.server).line.user;
    scene.ana.sync_well();
    scene.ana.with(|sync| now(sync.pin(&cho, "cho@example.com"))).unwrap().unwrap();
    let with = [Share { user: cho, permission: Permission::View, until: None }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.bea.sync_well();
    let names = |device: &Device| {
        let user = device.line.user;
        let answer = device.line.server.history_of(&user, &item, 5);
        let local = device.local(&item);
        let history =
            device.vault.history(&item, &local, &answer.versions, &answer.keys, answer.more);
        let history = history.unwrap();
        assert_eq!((history.broken, history.more_before), (None, None));
        for version in &history.versions {
            assert!(device.vault.reveal_version(&item, version).is_ok());
        }
        let name = |version: &crate::vault::Version| version.overview.name.clone();
        history.versions.iter().map(name).collect::<Vec<_>>()
    };
    let since = ["CRM 3", "CRM 3", "CRM 2", "CRM"];
    assert_eq!(names(&scene.bea), since, "since the second epoch");
    assert_eq!(names(&scene.ana)[..4], since);
    assert_eq!(names(&scene.ana).len(), 5);
    // And back to one of them.
    let answer = scene.bea.line.server.history_of(&scene.bea.line.user, &item, 5);
    let local = scene.bea.local(&item);
    let history = scene
        .bea
        .vault
        .history(&item, &local, &answer.versions, &answer.keys, answer.more)
        .unwrap();
    let version = &history.versions[2];
    let random = &mut SystemRandom;
    let change = scene.bea.vault.restore(&item, version, &local, 9, random).unwrap();
    scene.bea.store(change.puts);
    scene.bea.sync_well();
    scene.ana.sync_well();
    assert_eq!(scene.ana.name(&item), "CRM 2");
}

#[test]
fn a_copy_of_ones_own_is_another_item() {
    let mut scene = accepted(Permission::View);
    let local = scene.bea.local(&scene.item);
    let change = scene.bea.vault.copy(&scene.item, &local, 3, &mut SystemRandom).unwrap();
    let own = change.item;
    assert!(change.puts.iter().all(|put| put.store != Store::Drafts));
    assert_ne!(own, scene.item);
    let access = scene.bea.entry(&own).access;
    assert_eq!((access.owner, access.right), (None, Right::Own));
    let entries = || scene.bea.vault.entries();
    let index = crate::matching::Index::of(entries());
    let found = index.matching("https://api.example.com").map(|found| found.item);
    assert_eq!(found.collect::<Vec<_>>(), [own, scene.item], "one's own comes first");
    let new = shared(Permission::View);
    let (mut bea, local) = (new.bea.context(), new.bea.local(&new.item));
    let refused = bea.vault.copy(&new.item, &local, 3, &mut SystemRandom).err();
    assert_eq!(refused, Some(SaveError::NotAccepted));
}
