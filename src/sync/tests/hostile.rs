//! A hostile server for one person. Whatever it says, in a page or in answer to a write: the
//! code appears, what is held and edited here stays, and nothing is uploaded in reply.

use std::collections::BTreeMap;

use mysafe_protocol::ItemId;
use mysafe_protocol::wire::{ChangesResponse, ItemState};

use super::device::Device;
use super::lies::{LIES, Lie, Scene, all};
use super::now;
use super::page_lies::PAGE_LIES;
use crate::sync::Notice;
use crate::vault::{Entry, Store, keys};

/// What a device has before a lie.
pub(super) type Before = (BTreeMap<(Store, String), Vec<u8>>, Vec<Entry>);

/// What must not change when something is refused: all stores, but for notices and marks.
pub(super) fn kept(device: &Device) -> BTreeMap<(Store, String), Vec<u8>> {
    let mut values = device.disk.values.borrow().clone();
    values.retain(|(store, key), _| {
        let moves = [keys::REPORTS, keys::CURSOR, keys::ASIDE, keys::AGAIN, keys::WAYS]
            .contains(&key.as_str());
        *store != Store::Cache && !moves && !key.starts_with("sent/")
    });
    values
}

fn unmarked(entry: Option<&Entry>) -> Option<Entry> {
    entry.map(|entry| Entry { trouble: None, ..entry.clone() })
}

/// Everything of `before` is still there, and the code is told about `item`.
pub(super) fn assert_refused(
    scene: &Scene,
    what: &str,
    before: &Before,
    code: &str,
    item: Option<ItemId>,
) {
    let device = &scene.device;
    assert!(kept(device) == before.0, "{what}: something stored changed");
    for entry in &before.1 {
        let after = device.vault.entry(&entry.id);
        assert_eq!(unmarked(after).as_ref(), Some(entry), "{what}");
    }
    assert_eq!(device.vault.entries().len(), before.1.len(), "{what}: listed more");
    let notice = Notice { code: code.into(), item, name: None, people: vec![] };
    assert_eq!(device.notices(), [notice], "{what}");
    if let Some(entry) = item.and_then(|item| device.vault.entry(&item)) {
        assert_eq!(entry.trouble.as_deref(), Some(code), "{what}");
    }
    assert_eq!(device.form(&scene.item).notes, "mine", "{what}: the edit");
    let stored = device.context();
    assert!(stored.vault.entries().eq(device.vault.entries()), "{what}: cache");
}

pub(super) fn before(scene: &Scene) -> Before {
    (kept(&scene.device), scene.device.vault.entries().cloned().collect())
}

/// The server is honest again: what the user saves next arrives.
pub(super) fn assert_recovers(mut scene: Scene, what: &str) {
    *scene.device.line.page.borrow_mut() = None;
    *scene.device.line.stale.borrow_mut() = None;
    *scene.device.line.between.borrow_mut() = None;
    *scene.device.line.item.borrow_mut() = None;
    scene.device.edit(&scene.item, |form| form.name = "three".into());
    let outcome = scene.device.sync().unwrap();
    assert_eq!(outcome.notices, [], "{what}");
    scene.device.assert_settled();
    let form = scene.device.form(&scene.item);
    assert_eq!((&*form.name, &*form.notes), ("three", "mine"), "{what}");
}

fn listen_to(lie: &Lie, scene: &Scene) -> ItemState {
    let between = (lie.between)(scene);
    let answer = move |_| between.clone();
    *scene.device.line.between.borrow_mut() = Some(Box::new(answer));
    let state = (lie.state)(scene);
    let shown = state.clone();
    *scene.device.line.item.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
    state
}

/// Each once, however many places there are to tell it in.
#[test]
fn there_are_many_lies() {
    let mut names: Vec<&str> = all().map(|lie| lie.name).collect();
    names.extend(PAGE_LIES.iter().map(|lie| lie.name));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "one name twice");
    println!("hostile cases: {count}, of items told in four places");
    assert!(count >= 36, "{count}");
}

#[test]
fn a_lie_in_a_page_is_refused() {
    for lie in all() {
        let mut scene = Scene::new();
        let state = listen_to(lie, &scene);
        let before = before(&scene);
        let (item, shown) = (state.item, state.clone());
        *scene.device.line.page.borrow_mut() =
            Some(Box::new(move |page| ChangesResponse { items: vec![shown.clone()], ..page }));
        scene.device.line.uploads.borrow_mut().clear();
        scene.device.sync().unwrap();
        assert_refused(&scene, lie.name, &before, lie.code, Some(item));
        // Nor later, while it goes on.
        for _ in 0..2 {
            scene.device.sync().unwrap();
        }
        assert_eq!(*scene.device.line.uploads.borrow(), [], "{}: uploaded", lie.name);
        assert_refused(&scene, lie.name, &before, lie.code, Some(item));
        assert_recovers(scene, lie.name);
    }
}

#[test]
fn a_lie_in_answer_to_a_write_is_refused() {
    for lie in all() {
        let mut scene = Scene::new();
        let state = listen_to(lie, &scene);
        let before = before(&scene);
        *scene.device.line.stale.borrow_mut() = Some(Some(state));
        scene.device.line.uploads.borrow_mut().clear();
        for _ in 0..3 {
            scene.device.sync().unwrap();
        }
        let uploads = scene.device.line.uploads.borrow().clone();
        assert_eq!(uploads, [scene.item], "{}: the first, before the lie", lie.name);
        assert_refused(&scene, lie.name, &before, lie.code, Some(scene.item));
        assert_recovers(scene, lie.name);
    }
}

/// Answers to a write that are no lie about the item's content.
#[test]
fn a_stale_answer_without_news_is_refused() {
    type Current = fn(&Scene) -> Option<ItemState>;
    let table: &[(&str, &str, Current)] = &[
        ("gone", "incomplete", |_| None),
        ("as it is held", "refused", |scene| scene.device.state(&scene.item)),
        ("another item", "forged", |scene| scene.device.state(&scene.other)),
    ];
    for (name, code, current) in table {
        let mut scene = Scene::new();
        let waiting_use = (Store::Outbox, keys::used(&scene.item));
        scene.device.disk.values.borrow_mut().remove(&waiting_use);
        let before = before(&scene);
        *scene.device.line.stale.borrow_mut() = Some(current(&scene));
        scene.device.line.uploads.borrow_mut().clear();
        scene.device.sync().unwrap();
        let uploads = scene.device.line.uploads.borrow().clone();
        assert!(uploads.len() <= 2 && uploads.iter().all(|item| *item == scene.item), "{name}");
        assert_refused(&scene, name, &before, code, Some(scene.item));
        assert_recovers(scene, name);
    }
}

#[test]
fn an_invented_item_is_not_listed() {
    let mut scene = Scene::new();
    let before = before(&scene);
    let invented = ItemId([9; 16]);
    let state = ItemState { item: invented, ..scene.device.state(&scene.other).unwrap() };
    *scene.device.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { items: vec![state.clone()], ..page }));
    scene.device.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
    assert_refused(&scene, "invented", &before, "forged", Some(invented));
    assert_recovers(scene, "invented");
}

#[test]
fn a_lie_about_one_item_does_not_keep_the_others() {
    let mut scene = Scene::new();
    let mut other = Device::new(&scene.device.account(), &scene.device.line.server);
    other.sync_well();
    other.rename(&scene.other, "renamed");
    let new = other.add_named("new");
    other.sync_well();
    let lie = (LIES[0].state)(&scene);
    *scene.device.line.page.borrow_mut() = Some(Box::new(move |mut page| {
        page.items.retain(|state| state.item != lie.item);
        page.items.insert(0, lie.clone());
        page
    }));
    scene.device.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
    assert_eq!(scene.device.name(&scene.other), "renamed");
    assert_eq!(scene.device.name(&new), "new");
    assert_eq!(scene.device.entry(&scene.item).trouble.as_deref(), Some("forged"));
}

#[test]
fn the_held_state_sent_again_ends_the_trouble() {
    let mut scene = Scene::new();
    let lie = (LIES[0].state)(&scene);
    *scene.device.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { items: vec![lie.clone()], ..page }));
    scene.device.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
    assert_eq!(scene.device.entry(&scene.item).trouble.as_deref(), Some("forged"));
    let held = scene.device.state(&scene.item).unwrap();
    *scene.device.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { items: vec![held.clone()], ..page }));
    scene.device.sync().unwrap();
    assert_eq!(scene.device.entry(&scene.item).trouble, None);
    *scene.device.line.page.borrow_mut() = None;
    scene.device.sync_well();
    scene.device.assert_settled();
    assert_eq!(scene.device.notices().len(), 1, "what was told stays until it is closed");
}

/// The held key is used in the held epoch, whatever the server says of it.
#[test]
fn the_servers_copy_of_a_held_key_is_not_looked_at() {
    let keys: [fn(&Scene, &mut Vec<u8>); 4] = [
        |_, key| key[40] ^= 1,
        |_, key| key.clear(),
        |_, key| key[0] = 2,
        |scene, key| *key = scene.device.state(&scene.other).unwrap().key.0,
    ];
    for change in keys {
        let mut scene = Scene::new();
        let held = scene.device.state(&scene.item).unwrap().key;
        let mut other = Device::new(&scene.device.account(), &scene.device.line.server);
        other.sync_well();
        other.edit(&scene.item, |form| form.client_id = "of another".into());
        other.sync_well();
        let mut state = other.state(&scene.item).unwrap();
        change(&scene, &mut state.key.0);
        *scene.device.line.page.borrow_mut() =
            Some(Box::new(move |page| ChangesResponse { items: vec![state.clone()], ..page }));
        scene.device.sync_well();
        *scene.device.line.page.borrow_mut() = None;
        assert_eq!(scene.device.form(&scene.item).client_id, "of another");
        assert_eq!(scene.device.state(&scene.item).unwrap().key, held);
    }
}

/// Only another device of the owner, or somebody with the owner's key, makes these.
#[test]
fn an_own_revision_beside_is_united_and_an_older_one_replaced() {
    for lie in super::lies::settled() {
        let mut scene = Scene::new();
        listen_to(lie, &scene);
        let held = scene.device.held(&scene.item).unwrap();
        scene.device.sync().unwrap();
        let after = scene.device.held(&scene.item).unwrap();
        assert!(held.may_become(&after), "{}", lie.name);
        assert_eq!(scene.device.form(&scene.item).notes, "mine", "{}: the edit", lie.name);
    }
}
