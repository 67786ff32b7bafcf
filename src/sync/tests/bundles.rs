//! The record of people: damaged it stops nothing, and it does not grow for ever.

use mysafe_protocol::bodies::Permission;

use super::device::ADDRESS;
use super::line::Break;
use super::now;
use super::received::{BEA, Scene, accepted};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::Notice;
use crate::sync::bundles::SPARE;
use crate::vault::{Store, keys};

fn damage(scene: &Scene) {
    let key = (Store::State, keys::PEOPLE.to_owned());
    scene.bea.disk.values.borrow_mut().insert(key, vec![1, 2, 3]);
}

#[test]
fn a_damaged_record_of_people_is_told_once_and_made_again() {
    for broken in [None, Some(Break::Before), Some(Break::After)] {
        let mut scene = accepted(Permission::Edit);
        let (item, owner) = (scene.item, scene.owner());
        scene.ana.rename(&item, "renamed by Ana");
        scene.ana.sync_well();
        damage(&scene);
        let notice = Notice::general("damaged");
        if let Some(how) = broken {
            scene.bea.line.breaks.set(Some((0, how)));
            scene.bea.sync().unwrap_err();
            // It asks for somebody's keys meanwhile, and for nothing else.
            scene.bea.with(|sync| now(sync.know(&owner))).unwrap().unwrap();
        }
        scene.bea = scene.bea.context();
        scene.bea.sync().unwrap();
        assert_eq!(scene.bea.notices(), [notice], "told once");
        scene.bea = scene.bea.context();
        assert_eq!(scene.bea.sync().unwrap().notices, []);
        assert_eq!(*scene.bea.form(&item).client_secret, "secret of CRM");
        assert!(scene.bea.entry(&item).access.is_usable());
        assert_eq!(scene.bea.name(&item), "renamed by Ana", "the sync goes on");
        scene.try_rename("renamed by Bea").unwrap();
        scene.bea.sync().unwrap();
        scene.ana.sync_well();
        assert_eq!(scene.ana.name(&item), "renamed by Bea");
    }
}

#[test]
fn a_damaged_record_of_names_is_asked_for_again() {
    let mut scene = accepted(Permission::Edit);
    let key = (Store::State, keys::NAMES.to_owned());
    scene.bea.disk.values.borrow_mut().insert(key, vec![1, 2, 3]);
    scene.bea = scene.bea.context();
    scene.bea.sync_well();
    assert_eq!(scene.bea.name(&scene.item), "CRM");
}

#[test]
fn bundles_that_nothing_refers_to_are_dropped_once_they_are_many() {
    let mut scene = accepted(Permission::Edit);
    let (bea, owner) = (scene.bea.line.user, scene.owner());
    // The server names strangers; one of them is a contact.
    let mut strangers = Vec::new();
    for number in 0..=SPARE {
        let address = format!("{number}@example.com");
        let identity = Identity::of(&AccountKey::generate(&mut SystemRandom), &address);
        let known = scene.ana.vault.know(&identity.user(), &identity.signed_bundle());
        known.unwrap();
        let server = &scene.ana.line.server;
        server.data.borrow_mut().people.insert(identity.user(), identity.signed_bundle());
        strangers.push((identity.user(), address));
    }
    let put = scene.ana.vault.seal_people(&mut SystemRandom);
    scene.ana.store(vec![put]);
    let (friend, address) = &strangers[7];
    scene.ana.with(|sync| now(sync.pin(friend, address))).unwrap().unwrap();
    scene.try_rename("renamed by Bea").unwrap();
    scene.bea.sync_well();
    scene.ana.sync_well();
    scene.ana = scene.ana.context();
    let known = |user| scene.ana.vault.person(user).map(|person| person.address.clone());
    assert_eq!(known(&bea).as_deref(), Some(BEA), "whom an item names stays");
    assert_eq!(known(friend).as_ref(), Some(address), "a contact stays");
    assert_eq!(scene.ana.vault.bundles(), 2, "the others are gone");
    assert_eq!(scene.ana.name(&scene.item), "renamed by Bea");
    assert_eq!(scene.ana.form(&scene.item).name, "renamed by Bea", "its author's keys are there");
    // A few more are no reason to look again, and whoever is needed again is asked for.
    let (again, _) = strangers[3];
    scene.ana.with(|sync| now(sync.know(&again))).unwrap().unwrap();
    scene.ana.sync_well();
    assert_eq!(scene.ana.vault.bundles(), 3);
    // The author of a body before stays too.
    scene.ana.rename(&scene.item, "renamed by Ana");
    scene.ana.sync_well();
    assert_eq!((scene.owner(), ADDRESS), (owner, scene.ana.vault.address()));
}
