//! What somebody who may edit wrote, on the devices of the owner.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{ItemId, Revision};

use super::device::{ADDRESS, Device, account};
use super::now;
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::model::{AccountRecordBody, ApiSecretForm};
use crate::sync::{BOTH_CHANGED, Notice};
use crate::vault::{LocalItem, Share, Vault, keys};

const BEA: &str = "bea@example.com";

struct Scene {
    one: Device,
    two: Device,
    bea: Vault,
    item: ItemId,
}

/// Two devices of Ana with an item that Bea may edit.
fn scene() -> Scene {
    let (ana, server) = account();
    let (mut one, mut two) = (Device::new(&ana, &server), Device::new(&ana, &server));
    let item = one.add_named("a");
    one.sync_well();
    let account = AccountKey::generate(&mut SystemRandom);
    let identity = Identity::of(&account, BEA);
    let user = identity.user();
    server.data.borrow_mut().people.insert(user, identity.signed_bundle());
    one.with(|sync| now(sync.pin(&user, BEA))).unwrap().unwrap();
    let with = [Share { user, permission: Permission::Edit, until: None }];
    one.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    two.sync_well();
    let mut bea = Vault::open(account, &user, BEA).unwrap();
    bea.know(&server.owner, &one.identity().signed_bundle()).unwrap();
    let mut contacts = AccountRecordBody::first();
    contacts.pin(server.owner, ADDRESS).unwrap();
    bea.meet(&contacts);
    Scene { one, two, bea, item }
}

impl Scene {
    /// Bea changes the item on the server.
    fn edit(&mut self, change: impl FnOnce(&mut ApiSecretForm)) {
        let (item, me) = (self.item, self.bea.user());
        let data = &mut *self.one.line.server.data.borrow_mut();
        let mut envelopes = data.operations.values().flat_map(|(write, _)| &write.envelopes);
        let key = envelopes.find(|envelope| envelope.user == me).unwrap().blob.clone();
        let stored = data.items.get_mut(&item).unwrap();
        let mut state = stored.state.clone();
        state.key = key;
        let local = LocalItem::confirmed(state);
        let mut form = self.bea.form(&item, &local).unwrap();
        change(&mut form);
        let Ok(change) = self.bea.edit(&item, &form, &local, 3, &mut SystemRandom) else {
            panic!("not edited")
        };
        let put = change.puts.into_iter().find(|put| put.key == keys::write(&item)).unwrap();
        let local = self.bea.local(&item, None, put.into_bytes().as_deref()).unwrap();
        let write = local.pending.unwrap();
        stored.bodies.push(write.revision.clone());
        stored.state.revision = write.revision;
        stored.state.overview = write.overview;
        stored.state.details = write.details;
        data.position += 1;
        stored.position = data.position;
    }
}

#[test]
fn what_an_editor_wrote_is_taken_and_opens_without_the_server() {
    let mut scene = scene();
    scene.edit(|form| form.name = "b".into());
    scene.edit(|form| *form.client_secret = "rotated".into());
    let (item, author) = (scene.item, scene.bea.user());
    for device in [&mut scene.one, &mut scene.two] {
        device.sync_well();
        assert_eq!(device.name(&item), "b");
        let state = device.state(&item).unwrap();
        assert_eq!(Revision::read(&state.revision).unwrap().author, author);
    }
    // Who wrote it is known still after the browser was started again.
    let mut two = scene.two.restarted();
    two.line.ended.set(true);
    two.sync().unwrap_err();
    assert_eq!(*two.form(&item).client_secret, "rotated");
    two.line.ended.set(false);
    two.rename(&item, "c");
    two.sync_well();
    scene.one.sync_well();
    assert_eq!((scene.one.name(&item), two.name(&item)), ("c", "c"));
    scene.one.assert_settled();
}

#[test]
fn a_device_that_starts_now_takes_it_too() {
    let mut scene = scene();
    scene.edit(|form| form.name = "b".into());
    let mut fresh = Device::new(&scene.one.account(), &scene.one.line.server);
    fresh.sync_well();
    assert_eq!(fresh.name(&scene.item), "b");
    fresh.assert_settled();
}

#[test]
fn an_owners_edit_that_waits_merges_with_an_editors() {
    let mut scene = scene();
    let item = scene.item;
    scene.edit(|form| {
        form.name = "hers".into();
        form.notes = "her note".into();
    });
    scene.one.edit(&item, |form| {
        form.name = "mine".into();
        *form.client_secret = "my secret".into();
    });
    let told = scene.one.sync_well().notices;
    assert_eq!(
        told,
        [Notice { code: BOTH_CHANGED.to_owned(), item: Some(item), name: None, people: vec![] }]
    );
    scene.two.sync_well();
    for device in [&scene.one, &scene.two] {
        let form = device.form(&item);
        assert_eq!((&*form.name, &*form.notes), ("mine", "her note"));
        assert_eq!(*form.client_secret, "my secret");
        device.assert_settled();
    }
}

#[test]
fn what_somebody_wrote_whose_keys_are_withheld_is_refused_until_they_come() {
    let mut scene = scene();
    let item = scene.item;
    scene.edit(|form| form.name = "b".into());
    let before = scene.two.state(&item);
    let people = std::mem::take(&mut scene.one.line.server.data.borrow_mut().people);
    scene.two.sync().unwrap();
    assert_eq!(scene.two.notices(), [Notice::of("incomplete", item)]);
    assert_eq!(scene.two.state(&item), before);
    scene.one.line.server.data.borrow_mut().people = people;
    scene.edit(|form| form.notes = "more".into());
    scene.two.sync().unwrap();
    assert_eq!((scene.two.name(&item), &*scene.two.form(&item).notes), ("b", "more"));
}
