//! What a server can say of an item of somebody else, alone or with whoever has or had access to it:
//! each breaks one rule. The code appears, what is held and edited here stays, nothing is uploaded.

pub(super) mod table;

use std::collections::BTreeMap;
use std::rc::Rc;

use mysafe_protocol::Revision;
use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::ChangesResponse;

use self::table::{LIES, Scene, scene};
use super::hostile::kept;
use super::now;
use crate::sync::Notice;
use crate::vault::{Known, Store};

type Kept = BTreeMap<(Store, String), Vec<u8>>;

fn refused(scene: &Scene, name: &str, code: &str, before: &Kept) {
    let device = &scene.two.bea;
    assert!(*before == kept(device), "{name}: something stored changed");
    let notice = Notice::of(code, scene.two.item);
    assert_eq!(device.notices(), [notice], "{name}");
    let entry = device.entry(&scene.two.item);
    assert_eq!((&*entry.overview.notes, entry.waiting), ("mine", true), "{name}");
    assert_eq!(entry.trouble.as_deref(), Some(code), "{name}");
    assert_eq!(device.form(&scene.two.item).notes, "mine", "{name}");
}

/// The server is honest again: what waited arrives.
fn recovers(mut scene: Scene, name: &str) {
    let item = scene.two.item;
    *scene.two.bea.line.page.borrow_mut() = None;
    *scene.two.bea.line.stale.borrow_mut() = None;
    *scene.two.bea.line.item.borrow_mut() = None;
    scene.two.ana.edit(&item, |form| form.tags = vec!["news".into()]);
    scene.two.ana.sync_well();
    // Taking it ends the trouble, and what waits goes with the next.
    scene.two.bea.sync().unwrap();
    scene.two.bea.sync().unwrap();
    scene.two.ana.sync_well();
    for device in [&scene.two.ana, &scene.two.bea] {
        let form = device.form(&item);
        assert_eq!((&*form.notes, &*form.tags), ("mine", &["news".to_owned()][..]), "{name}");
    }
    assert!(!scene.two.bea.entry(&item).waiting, "{name}");
}

#[test]
fn what_nobody_lies_about_is_taken() {
    let mut scene = scene();
    know_all(&mut scene);
    let item = scene.two.item;
    let held = scene.two.bea.held(&item);
    let ana = scene.two.ana.identity();
    let disabled = |revision: &mut Revision| revision.status = Status::Inactive;
    let states = [
        scene.by(&ana, |_| {}),
        scene.by(&scene.eva, |_| {}),
        scene.by(&scene.eva, disabled),
        scene.by(&ana, |revision| revision.status = Status::Deleted),
        scene.epoch(&ana, 5, ana.user()),
    ];
    for (number, state) in states.iter().enumerate() {
        let refusal =
            scene.two.bea.vault.accept(&item, held.as_ref().map(Known::of), state, &[]).err();
        assert_eq!(refusal, None, "{number}");
    }
}

#[test]
fn a_lie_in_a_page_is_refused() {
    for (name, code, state) in LIES {
        let mut scene = scene();
        let lie = state(&scene);
        let line = Rc::clone(&scene.two.bea.line);
        know_all(&mut scene);
        let before = kept(&scene.two.bea);
        let shown = lie.clone();
        *line.item.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
        *line.page.borrow_mut() =
            Some(Box::new(move |page| ChangesResponse { items: vec![lie.clone()], ..page }));
        line.uploads.borrow_mut().clear();
        scene.two.bea.sync().unwrap();
        scene.two.bea.sync().unwrap();
        assert_eq!(*line.uploads.borrow(), [], "{name}: uploaded");
        refused(&scene, name, code, &before);
        recovers(scene, name);
    }
}

#[test]
fn a_lie_in_answer_to_a_write_is_refused() {
    for (name, code, state) in LIES {
        let mut scene = scene();
        let lie = state(&scene);
        let line = Rc::clone(&scene.two.bea.line);
        know_all(&mut scene);
        let before = kept(&scene.two.bea);
        let shown = lie.clone();
        *line.item.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
        *line.stale.borrow_mut() = Some(Some(lie));
        line.uploads.borrow_mut().clear();
        for _ in 0..2 {
            scene.two.bea.sync().unwrap();
        }
        assert_eq!(*line.uploads.borrow(), [scene.two.item], "{name}: the one before the lie");
        refused(&scene, name, code, &before);
        recovers(scene, name);
    }
}

/// Bea has everybody's keys already: they are no part of what must not change.
fn know_all(scene: &mut Scene) {
    let users = [scene.cho.user(), scene.dan.user(), scene.eva.user()];
    for user in users {
        scene.two.bea.with(|sync| now(sync.know(&user))).unwrap().unwrap();
    }
}
