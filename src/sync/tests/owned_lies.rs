//! What a server can say to the owner of an item that is shared, alone or with whoever has or had access to
//! it. The code appears, what is held and edited here stays, nothing is uploaded, nobody is given a key.

use std::rc::Rc;

use mysafe_protocol::wire::{ChangesResponse, ItemState};
use mysafe_protocol::{Revision, UserId};

use super::hostile::kept;
use super::now;
use super::received_lies::table::{LIES, Scene, scene};
use crate::crypto::SystemRandom;
use crate::sync::Notice;
use crate::vault::{Share, ShareError, Store, keys};

/// A lie, as the owner is told it: with the item key that is sealed for her.
type Lie = (&'static str, &'static str, ItemState);

/// Ana has everything that is true.
fn settled() -> Scene {
    let mut scene = scene();
    scene.two.ana.sync_well();
    scene
}

/// The same, and an edit of hers waits.
fn owner() -> Scene {
    let mut scene = settled();
    let item = scene.two.item;
    scene.two.ana.edit(&item, |form| form.notes = "mine".into());
    scene
}

fn lies(scene: &Scene) -> Vec<Lie> {
    let item = scene.two.item;
    let held = scene.two.ana.state(&item).unwrap();
    // An older state is no lie that is told: the owner asks for the newest.
    let shared = LIES.iter().filter(|(_, code, _)| *code != "went_back");
    let keys = scene.two.ana.line.server.data.borrow().items[&item].keys.clone();
    shared
        .map(|(name, code, state)| {
            let state = state(scene);
            let epoch = Revision::read(&state.revision).unwrap().epoch;
            let key = keys.iter().find(|key| key.epoch == epoch).map(|earlier| &earlier.key);
            let key = key.unwrap_or(&held.key).clone();
            (*name, *code, ItemState { key, ..state })
        })
        .collect()
}

fn refused(scene: &Scene, name: &str, code: &str) {
    let (ana, item) = (&scene.two.ana, scene.two.item);
    let notice = Notice::of(code, item);
    assert_eq!(ana.notices(), [notice], "{name}");
    let entry = ana.entry(&item);
    assert_eq!((&*entry.overview.notes, entry.waiting), ("mine", true), "{name}");
    assert_eq!(ana.form(&item).notes, "mine", "{name}");
}

#[test]
fn a_lie_in_a_page_is_refused_by_the_owner() {
    for number in 0..lies(&owner()).len() {
        let mut scene = owner();
        let (name, code, lie) = lies(&scene).remove(number);
        let ana = &mut scene.two.ana;
        let (line, before) = (Rc::clone(&ana.line), kept(ana));
        let shown = lie.clone();
        *line.item.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
        *line.page.borrow_mut() =
            Some(Box::new(move |page| ChangesResponse { items: vec![lie.clone()], ..page }));
        line.uploads.borrow_mut().clear();
        ana.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
        ana.sync().unwrap();
        assert_eq!(*line.uploads.borrow(), [], "{name}: uploaded");
        assert!(before == kept(ana), "{name}: something stored changed");
        refused(&scene, name, code);
        // Honest again, what waited arrives.
        *line.page.borrow_mut() = None;
        *line.item.borrow_mut() = None;
        let item = scene.two.item;
        scene.two.ana.vault.cleared(&item);
        let cache = scene.two.ana.vault.cache(&mut SystemRandom);
        scene.two.ana.store(cache);
        scene.two.ana.sync().unwrap();
        scene.two.ana.sync().unwrap();
        assert!(!scene.two.ana.entry(&item).waiting, "{name}");
    }
}

#[test]
fn a_lie_in_answer_to_a_change_of_access_is_refused_and_gives_nobody_a_key() {
    for number in 0..lies(&settled()).len() {
        let mut scene = settled();
        let (name, code, lie) = lies(&scene).remove(number);
        let (item, dan) = (scene.two.item, scene.dan.user());
        let ana = &mut scene.two.ana;
        let (line, before) = (Rc::clone(&ana.line), kept(ana));
        let revisions = line.server.bodies(&item);
        let shown = lie.clone();
        *line.item.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
        *line.stale.borrow_mut() = Some(Some(lie));
        let with =
            Share { user: dan, permission: mysafe_protocol::bodies::Permission::View, until: None };
        let changes: [(&[Share], &[UserId]); 2] = [(&[with], &[]), (&[], &[scene.eva.user()])];
        for (with, from) in changes {
            line.uploads.borrow_mut().clear();
            let done = ana.with(|sync| now(sync.change_access(&item, with, from))).unwrap();
            let told = match done {
                Err(ShareError::Refused(refusal)) => refusal.code(),
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(told, code, "{name}");
            assert_eq!(*line.uploads.borrow(), [item], "{name}: once, before the lie");
        }
        assert_eq!(line.server.bodies(&item), revisions, "{name}: the server has nothing new");
        // The server ended an access, and the list is to follow.
        let noted = |mut values: std::collections::BTreeMap<(Store, String), Vec<u8>>| {
            values.remove(&(Store::State, keys::LEFT.to_owned()));
            values
        };
        assert!(noted(before) == noted(kept(ana)), "{name}: something stored changed");
    }
}
