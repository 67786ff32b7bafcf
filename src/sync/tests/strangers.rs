//! Whose keys are whose: somebody met for the first time, somebody known whose address has other keys
//! all at once, and what a server says of people it should not.

use std::rc::Rc;

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Status};
use mysafe_protocol::wire::{ChangesResponse, ErrorCode, ItemState};
use mysafe_protocol::{Bundle, Bytes, Context, ItemId, Revision};

use super::device::{ADDRESS, Device};
use super::hostile::kept;
use super::now;
use super::received::{BEA, Scene, accepted, shared};
use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};
use crate::model::{Overview, Stamp};
use crate::sync::{ContactError, Notice, RemoteError};
use crate::vault::{Met, SaveError};

/// An item of somebody's that Bea may edit, honest in itself.
fn item_of(owner: &Identity, bea: &Device, name: &str) -> ItemState {
    let (item, random) = (ItemId([7; 16]), &mut SystemRandom);
    let key = ItemKey::generate(random);
    let to = Grantee::User(bea.line.user);
    let list = AccessList {
        item,
        epoch: 2,
        owner: owner.user(),
        commit: key.commit(&item, 2),
        grants: vec![Grant { to, permission: Permission::Edit, until: None }],
    };
    let list = owner.sign_list(&list);
    let changed = Some(Stamp { user: owner.user(), time: 1 });
    let overview = Overview { name: name.into(), changed, ..Default::default() };
    let details = crate::model::Details::new(crate::model::Secret::new("s"));
    let overview = key.seal_overview(&item, 2, 2, &overview.encode(), random);
    let details = key.seal_details(&item, 2, 2, &details.encode(), random);
    let revision = Revision {
        item,
        epoch: 2,
        revision: 2,
        list: Some(list.hash()),
        content: Context::item_content(&overview, &details).hash(),
        status: Status::Active,
        author: owner.user(),
        time: 1,
        prev: Some(mysafe_protocol::bytes::Hash([1; 32])),
        also: None,
    };
    let bundle = Bundle::accept(&bea.identity().signed_bundle()).unwrap();
    ItemState {
        item,
        owner: owner.user(),
        revision: owner.sign_revision(&revision),
        overview: Bytes(overview),
        details: Bytes(details),
        key: Bytes(key.enclose(&bundle, &item, 2, random).unwrap()),
        list: Some(list),
    }
}

fn somebody(address: &str) -> Identity {
    Identity::of(&AccountKey::generate(&mut SystemRandom), address)
}

/// The server says that this person is there and shares this.
fn says(device: &Device, who: &Identity, state: &ItemState) {
    let people = &mut device.line.server.data.borrow_mut().people;
    people.insert(who.user(), who.signed_bundle());
    let shown = state.clone();
    *device.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { items: vec![shown.clone()], ..page }));
    let shown = state.clone();
    *device.line.item.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
}

fn told(code: &str, item: Option<ItemId>) -> Notice {
    Notice { code: code.into(), item, name: None, people: vec![] }
}

#[test]
fn nothing_comes_from_other_keys_of_a_known_address_until_they_are_accepted() {
    let mut scene = accepted(Permission::Edit);
    let (ana, old) = (somebody(ADDRESS), scene.item);
    let state = item_of(&ana, &scene.bea, "of the new Ana");
    let before = kept(&scene.bea);
    for device in [&mut scene.bea, &mut scene.second] {
        says(device, &ana, &state);
        device.line.uploads.borrow_mut().clear();
        device.sync().unwrap();
        device.sync().unwrap();
        assert!(device.vault.entry(&state.item).is_none());
        assert_eq!(device.notices(), [told("key_changed", Some(state.item))]);
        assert_eq!(*device.line.uploads.borrow(), []);
        assert_eq!(device.strangers(), [ana.user()]);
        assert_eq!(device.entry(&old).access.met, Met::Accepted);
        *device.line.page.borrow_mut() = None;
    }
    let after = kept(&scene.bea);
    let lost = before.keys().filter(|key| !after.contains_key(*key)).count();
    assert_eq!(lost, 0);
    let pinned = scene.bea.with(|sync| now(sync.pin(&ana.user(), ADDRESS))).unwrap();
    assert!(matches!(pinned, Err(ContactError::KeyChanged(_))));
    assert!(scene.bea.vault.entry(&state.item).is_none());

    // Compared and accepted: what was held back is here, on both devices.
    scene.bea.with(|sync| now(sync.verify(&ana.user(), ADDRESS))).unwrap().unwrap();
    scene.second.sync().unwrap();
    for device in [&mut scene.bea, &mut scene.second] {
        let access = device.entry(&state.item).access;
        assert_eq!((access.owner, access.met), (Some(ana.user()), Met::Accepted));
        assert_eq!(device.strangers(), []);
        // The keys that were replaced are of nobody: what they own is not written to any more.
        assert_eq!(device.entry(&old).access.met, Met::KeyChanged);
    }
    scene.item = old;
    assert_eq!(scene.try_rename("x"), Err(SaveError::NotAccepted));
}

#[test]
fn somebody_with_ones_own_address_is_nobody() {
    let mut scene = accepted(Permission::Edit);
    let other = somebody(BEA);
    let state = item_of(&other, &scene.bea, "of another Bea");
    says(&scene.bea, &other, &state);
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.notices(), [told("key_changed", Some(state.item))]);
    assert!(scene.bea.vault.entry(&state.item).is_none());
}

#[test]
fn keys_swapped_at_the_first_contact_are_refused_or_seen_in_the_safety_number() {
    let scene = shared(Permission::View);
    let (other, item) = (somebody(ADDRESS), scene.item);
    let bundle = other.signed_bundle();
    let mut bent = scene.ana.identity().signed_bundle();
    bent.signature.0[3] ^= 1;
    for lie in [bundle, bent] {
        let mut fresh = Device::of(&scene.bea.account(), BEA, &scene.ana.line.server);
        let shown = lie.clone();
        *fresh.line.bundle.borrow_mut() = Some(Box::new(move |_| Ok(shown.clone())));
        fresh.sync().unwrap();
        assert!(fresh.vault.entry(&item).is_none());
        assert_eq!(fresh.notices(), [told("forged", None), told("incomplete", Some(item))]);
    }
    // Withheld.
    let mut fresh = Device::of(&scene.bea.account(), BEA, &scene.ana.line.server);
    let not_found = Err(RemoteError::Refused(ErrorCode::NotFound));
    *fresh.line.bundle.borrow_mut() = Some(Box::new(move |_| not_found.clone()));
    fresh.sync().unwrap();
    assert_eq!(fresh.notices(), [told("incomplete", Some(item))]);
    // All of it invented: nothing can tell but the two who compare; it is used for nothing before.
    let mut fresh = Device::of(&scene.bea.account(), BEA, &scene.ana.line.server);
    let state = item_of(&other, &fresh, "invented");
    says(&fresh, &other, &state);
    fresh.sync().unwrap();
    let access = fresh.entry(&state.item).access;
    assert_eq!((access.met, access.is_usable(), access.is_new()), (Met::First, false, true));
    let entries = || fresh.vault.entries();
    assert_eq!(crate::search::Search::of(entries()).find("invented"), []);
    let bea = fresh.line.user;
    let numbers = [scene.owner(), other.user()].map(|ana| crate::crypto::safety_number(&ana, &bea));
    assert_ne!(numbers[0], numbers[1]);
}

#[test]
fn an_item_of_somebody_not_accepted_matches_and_is_found_once_they_are() {
    let mut scene = shared(Permission::View);
    let found = |scene: &Scene| {
        let entries = || scene.bea.vault.entries();
        let page = "https://api.example.com/";
        let matching = crate::matching::Index::of(entries()).matching(page).count();
        (matching, crate::search::Search::of(entries()).find("CRM").len())
    };
    assert_eq!(found(&scene), (0, 0));
    scene.accept();
    assert_eq!(found(&scene), (1, 1));
}

#[test]
fn an_item_that_names_somebody_else_is_not_taken() {
    let scene = shared(Permission::View);
    let mut other = {
        let key = AccountKey::generate(&mut SystemRandom);
        Device::of(&key, "cho@example.com", &scene.ana.line.server)
    };
    let state = scene.bea.state(&scene.item).unwrap();
    let ana = scene.ana.identity();
    says(&other, &ana, &state);
    other.sync().unwrap();
    assert!(other.vault.entry(&scene.item).is_none());
    assert_eq!(other.notices(), [told("forged", Some(scene.item))]);
}

#[test]
fn the_server_does_not_end_what_is_ones_own() {
    let mut scene = accepted(Permission::View);
    let item = scene.item;
    scene.ana.edit(&item, |form| form.notes = "mine".into());
    let state = scene.ana.state(&item);
    *scene.ana.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { ended: vec![item], ..page }));
    scene.ana.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
    assert_eq!(scene.ana.notices(), [told("incomplete", Some(item))]);
    assert_eq!(scene.ana.state(&item), state);
    assert_eq!(scene.ana.form(&item).notes, "mine");
}

#[test]
fn what_a_restored_server_lost_of_others_is_theirs_to_give_back() {
    let mut scene = accepted(Permission::View);
    let (item, server) = (scene.item, Rc::clone(&scene.ana.line.server));
    let backup = server.backup();
    scene.ana.rename(&item, "newer");
    scene.ana.sync_well();
    scene.bea.sync_well();
    let held = scene.bea.held(&item);
    server.restore(&backup, true);
    scene.bea.line.uploads.borrow_mut().clear();
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.notices(), [told("went_back", Some(item))]);
    assert_eq!((scene.bea.name(&item), scene.bea.held(&item)), ("newer", held));
    assert_eq!(*scene.bea.line.uploads.borrow(), []);
    // The owner gives it back: her sync does.
    scene.ana.sync().unwrap();
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.entry(&item).trouble, None);
    // Or never does, and Bea accepts what there is.
    server.restore(&backup, true);
    scene.bea.sync().unwrap();
    scene
        .bea
        .with(|sync| now(sync.accept_server(&item, crate::sync::Side::Theirs)))
        .unwrap()
        .unwrap();
    assert_eq!(scene.bea.name(&item), "CRM");
    assert_eq!(scene.bea.entry(&item).trouble, None);
}
