//! Somebody who lost access opens nothing that is written after, and comes back into no list: not after an
//! honest restore, not with the help of a lying server, and not by the user's "Accept the server's state".

use std::collections::BTreeSet;

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::{ItemId, Revision, UserId};

use super::device::{ADDRESS, Device};
use super::hand::Hand;
use super::keyring::{Keyring, Versions};
use super::now;
use super::received::{Scene, accepted};
use super::scenes::newest_alone;
use super::server::Data;
use super::sharing::named;
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::{NotAccepted, Side};
use crate::vault::{Held, SaveError, Share};

#[path = "attack_former.rs"]
mod attack_former;
#[path = "refusals.rs"]
mod refusals;

const CHO: &str = "cho@example.com";

/// Ana's item, from which she removed Bea and which Cho may edit, and a backup from before.
struct Removed {
    scene: Scene,
    cho: Device,
    backup: Data,
    bea: Keyring,
    versions: Versions,
    /// The versions of the time before the removal.
    before: BTreeSet<Hash>,
}

impl Removed {
    /// Bea had this permission.
    fn new(permission: Permission) -> Self {
        let mut scene = accepted(permission);
        let (item, server) = (scene.item, scene.ana.line.server.clone());
        let account = AccountKey::generate(&mut SystemRandom);
        let mut cho = Device::of(&account, CHO, &server);
        let (user, owner) = (cho.line.user, scene.owner());
        scene.ana.with(|sync| now(sync.pin(&user, CHO))).unwrap().unwrap();
        let with = [Share { user, permission: Permission::Edit, until: None }];
        scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
        cho.sync_well();
        cho.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
        for device in [&mut cho, &mut scene.bea] {
            device.sync_well();
        }
        let mut removed = Self {
            bea: Keyring::new(scene.bea.identity().into()),
            backup: server.backup(),
            versions: Versions::default(),
            before: BTreeSet::new(),
            scene,
            cho,
        };
        removed.collect();
        removed.before = removed.versions.0.keys().copied().collect();
        removed.scene.revoke();
        removed.write("after the removal");
        removed.cho.sync_well();
        removed
    }

    /// Ana gives the item another client secret and name.
    fn write(&mut self, text: &str) {
        let item = self.scene.item;
        self.scene.ana.edit(&item, |form| {
            form.name = text.into();
            *form.client_secret = text.into();
        });
        self.scene.ana.sync().unwrap();
        self.collect();
    }

    /// Bea keeps the keys, and the server keeps the versions.
    fn collect(&mut self) {
        let server = &self.scene.ana.line.server;
        self.versions.collect(server);
        self.bea.collect(&server.data.borrow());
    }

    /// The server is put back to the backup.
    fn restore(&mut self, new_epoch: bool) {
        self.collect();
        self.scene.ana.line.server.restore(&self.backup, new_epoch);
    }

    /// Another browser of Ana's, installed after the removal. The server may give it the newest alone, without the
    /// bodies between.
    fn young(&self, alone: bool) -> Device {
        let (account, server) = (self.scene.ana.account(), &self.scene.ana.line.server);
        if alone {
            return newest_alone(&account, ADDRESS, server);
        }
        let mut young = Device::of(&account, ADDRESS, server);
        young.sync_well();
        young
    }

    /// Bea writes on the restored server, with this number.
    fn write_as_bea(&mut self, number: u64) {
        let (item, server) = (self.scene.item, self.scene.ana.line.server.clone());
        let hand = Hand::of(&self.scene.bea, &item);
        let revision = Revision { revision: number, ..hand.next() };
        let overview = crate::model::Overview { name: "of Bea".into(), ..hand.overview() };
        let parts = hand.seal(&revision, &overview, "of Bea");
        let request = hand.upload(&server, revision, parts).unwrap();
        self.before.insert(request.revision.hash());
        self.collect();
    }

    fn assert_bea_opens_nothing_after(&mut self) {
        self.collect();
        assert!(self.bea.len() >= 2, "Bea has the keys of two epochs");
        let after = self.versions.0.iter().filter(|(hash, _)| !self.before.contains(hash));
        for (_, version) in after {
            let opened = self.bea.open(version);
            assert_eq!(opened, None, "Bea opens {:?}", Revision::read(&version.revision));
        }
    }

    /// Everybody syncs, and the item has the content and the list from after the removal everywhere.
    fn assert_all_have(&mut self, others: &mut [&mut Device], text: &str) {
        let (item, cho) = (self.scene.item, self.cho.line.user);
        // Devices may stand behind what came again: a new epoch makes them read all.
        self.scene.ana.line.server.data.borrow_mut().epoch.0[1] += 1;
        for _ in 0..3 {
            self.scene.ana.sync().unwrap();
            self.cho.sync().unwrap();
            others.iter_mut().for_each(|device| drop(device.sync().unwrap()));
        }
        self.assert_bea_opens_nothing_after();
        let others = others.iter().map(|device| &**device);
        for device in others.chain([&self.scene.ana, &self.cho]) {
            assert_eq!(named(device, &item), [cho], "the list is the held one, without Bea");
            assert_eq!(*device.form(&item).client_secret, text);
            assert_eq!(device.entry(&item).trouble, None);
        }
        let held = self.scene.ana.held(&item).unwrap();
        assert_eq!(self.scene.ana.line.server.state(&item).revision.hash(), held.hash);
    }
}

/// Epoch and number never go down.
fn assert_not_lower(device: &Device, item: &ItemId, before: &Held) {
    let after = device.held(item).unwrap();
    let (was, is) = ((before.epoch, before.revision), (after.epoch, after.revision));
    assert!(is.0 >= was.0 && is.1 >= was.1, "held goes from {was:?} to {is:?}");
}

/// The epoch of the server's newest revision.
fn epoch(device: &Device, item: &ItemId) -> u64 {
    Revision::read(&device.line.server.state(item).revision).unwrap().epoch
}

/// The user accepts the server's state.
fn accept(device: &mut Device, item: &ItemId) -> Result<(), NotAccepted> {
    device.with(|sync| now(sync.accept_server(item, Side::Theirs))).unwrap()
}

/// A restored server, honest people: the browser that syncs first may lack the bodies between.
fn an_honest_restore_brings_nobody_back(permission: Permission, new_epoch: bool) {
    for (knows_cho, alone) in [(true, true), (false, true), (false, false)] {
        brings_nobody_back(permission, new_epoch, knows_cho, alone);
    }
}

/// The same; that browser may know Cho's keys, to whom it seals.
fn brings_nobody_back(permission: Permission, new_epoch: bool, knows_cho: bool, alone: bool) {
    let mut removed = Removed::new(permission);
    let (item, mut young) = (removed.scene.item, removed.young(alone));
    if knows_cho {
        let cho = removed.cho.line.user;
        young.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    }
    let held = young.held(&item).unwrap();
    removed.restore(new_epoch);
    young.sync().unwrap();
    assert_not_lower(&young, &item, &held);
    // With all bodies it sends what was signed.
    let least = held.epoch + u64::from(alone);
    assert!(epoch(&young, &item) >= least, "the server has no epoch below that");
    removed.assert_bea_opens_nothing_after();
    young.edit(&item, |form| *form.client_secret = "after the restore".into());
    young.sync().unwrap();
    removed.assert_all_have(&mut [&mut young], "after the restore");
    let bea: UserId = removed.bea.user();
    removed.scene.bea.sync().unwrap();
    assert!(removed.scene.bea.vault.entry(&item).is_none(), "{bea} has the item no more");
}

#[test]
fn a_former_editor_stays_removed_after_a_restore() {
    an_honest_restore_brings_nobody_back(Permission::Edit, true);
}

#[test]
fn a_former_editor_stays_removed_after_a_restore_that_nobody_announces() {
    an_honest_restore_brings_nobody_back(Permission::Edit, false);
}

#[test]
fn a_former_viewer_stays_removed_after_a_restore() {
    an_honest_restore_brings_nobody_back(Permission::View, true);
    an_honest_restore_brings_nobody_back(Permission::View, false);
}

/// A lying server shows a revision that Bea signed after the removal, below the held number.
fn a_signed_revision_of_an_old_epoch_brings_nobody_back(young: bool, new_epoch: bool) {
    let mut removed = Removed::new(Permission::Edit);
    let item = removed.scene.item;
    let mut other = removed.young(true);
    let device = if young { &other } else { &removed.scene.ana };
    let held = device.held(&item).unwrap();
    removed.restore(new_epoch);
    removed.write_as_bea(held.revision - 1);
    let device = if young { &mut other } else { &mut removed.scene.ana };
    device.sync().unwrap();
    assert_not_lower(device, &item, &held);
    assert!(epoch(device, &item) > held.epoch, "the server has an epoch above the held one");
    assert_ne!(device.notices(), [], "the user is told");
    removed.assert_bea_opens_nothing_after();
    removed.write("after the lie");
    removed.assert_all_have(&mut [&mut other], "after the lie");
}

#[test]
fn a_former_editor_who_helps_a_lying_server_opens_nothing_written_after() {
    for new_epoch in [true, false] {
        a_signed_revision_of_an_old_epoch_brings_nobody_back(false, new_epoch);
        a_signed_revision_of_an_old_epoch_brings_nobody_back(true, new_epoch);
    }
}

#[test]
fn a_lie_that_is_repeated_brings_nobody_back() {
    let mut removed = Removed::new(Permission::Edit);
    let item = removed.scene.item;
    let mut epochs = BTreeSet::new();
    for round in 0..3 {
        let held = removed.scene.ana.held(&item).unwrap();
        removed.restore(true);
        removed.write_as_bea(held.revision - 1);
        removed.scene.ana.sync().unwrap();
        assert_not_lower(&removed.scene.ana, &item, &held);
        removed.assert_bea_opens_nothing_after();
        assert!(epochs.insert(epoch(&removed.scene.ana, &item)), "an epoch is used once");
        assert!(round == 0 || *epochs.last().unwrap() > held.epoch);
    }
}

#[test]
fn accepting_the_servers_state_of_an_own_item_brings_nobody_back() {
    for above in [0, 1, 7] {
        let mut removed = Removed::new(Permission::Edit);
        let item = removed.scene.item;
        let held = removed.scene.ana.held(&item).unwrap();
        removed.restore(false);
        removed.write_as_bea(held.revision + above);
        let answer = accept(&mut removed.scene.ana, &item);
        assert_not_lower(&removed.scene.ana, &item, &held);
        if answer.is_ok() {
            assert!(epoch(&removed.scene.ana, &item) > held.epoch);
        }
        removed.assert_bea_opens_nothing_after();
        removed.write("after the act");
        removed.assert_all_have(&mut [], "after the act");
    }
}

/// Cho's device took Bea's revision by the user's act. Gives the state of the server before.
fn accepted_by_cho(removed: &mut Removed) -> Data {
    let item = removed.scene.item;
    let held = removed.cho.held(&item).unwrap();
    removed.collect();
    let newest = removed.scene.ana.line.server.backup();
    removed.restore(false);
    removed.write_as_bea(held.revision + 1);
    removed.cho.sync().unwrap();
    assert_eq!(removed.cho.form(&item).name, "after the removal", "the held version stays");
    assert_eq!(accept(&mut removed.cho, &item), Ok(()));
    assert_eq!(removed.cho.form(&item).name, "of Bea", "the user chose it");
    newest
}

#[test]
fn an_item_of_others_that_went_back_by_the_users_act_is_only_read() {
    let mut removed = Removed::new(Permission::Edit);
    accepted_by_cho(&mut removed);
    assert_eq!(removed.try_as_cho("for Bea"), Err(SaveError::NotAllowed));
    removed.cho.sync().unwrap();
    removed.assert_bea_opens_nothing_after();
    // The owner unites both, which leads back to each state that Cho held.
    removed.scene.ana.sync().unwrap();
    removed.assert_bea_opens_nothing_after();
    removed.cho.sync().unwrap();
    assert_eq!(removed.try_as_cho("of Cho"), Ok(()));
    removed.assert_all_have(&mut [], "after the removal");
    assert_eq!(removed.scene.ana.name(&removed.scene.item), "of Cho");
}

#[test]
fn an_item_of_others_that_went_back_is_written_again_over_the_version_that_was_held() {
    let mut removed = Removed::new(Permission::Edit);
    let newest = accepted_by_cho(&mut removed);
    removed.scene.ana.line.server.restore(&newest, false);
    removed.write("of Ana");
    removed.cho.sync().unwrap();
    assert_eq!(removed.try_as_cho("for Bea"), Err(SaveError::NotAllowed));
    assert_eq!(accept(&mut removed.cho, &removed.scene.item), Ok(()));
    assert_eq!(removed.try_as_cho("of Cho"), Ok(()), "its epoch and list lead back to both");
    removed.assert_all_have(&mut [], "of Ana");
    assert_eq!(removed.scene.ana.name(&removed.scene.item), "of Cho");
}

impl Removed {
    /// A change that Cho tries to make.
    fn try_as_cho(&mut self, name: &str) -> Result<(), SaveError> {
        let (item, local) = (self.scene.item, self.cho.local(&self.scene.item));
        let renamed = crate::model::ApiSecretForm { name: name.into(), ..self.cho.form(&item) };
        let change = self.cho.vault.edit(&item, &renamed, &local, 2, &mut SystemRandom)?;
        self.cho.store(change.puts);
        Ok(())
    }
}
