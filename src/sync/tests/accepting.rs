//! "Accept the server's state" of an item: the user's act, and what no act of the user lets in.

use mysafe_protocol::wire::ErrorCode;

use super::device::{Device, account};
use super::lies::{Scene, all};
use super::now;
use crate::sync::{Kept, NotAccepted, RemoteError};
use crate::vault::{Refusal, Store, keys};

/// Two devices whose histories of an item went apart: the server has the second's.
fn forked() -> (Device, Device, mysafe_protocol::ItemId) {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    let item = one.add_named("first");
    one.sync_well();
    let mut two = Device::new(&account, &server);
    two.sync_well();
    let backup = server.backup();
    one.rename(&item, "of one");
    one.sync_well();
    server.restore(&backup, true);
    two.rename(&item, "of two");
    two.sync_well();
    one.sync().unwrap();
    assert_eq!(one.entry(&item).trouble.as_deref(), Some("forked"));
    assert_eq!(one.name(&item), "of one", "what is held stays");
    (one, two, item)
}

fn accept(device: &mut Device, item: &mysafe_protocol::ItemId) -> Result<Kept, NotAccepted> {
    device.with(|sync| now(sync.accept_server(item))).unwrap()
}

#[test]
fn the_servers_state_is_taken_and_what_was_here_is_a_draft() {
    let (mut one, mut two, item) = forked();
    one.edit(&item, |form| form.notes = "unsent".into());
    one.sync().unwrap();
    assert_eq!(one.entry(&item).trouble.as_deref(), Some("forked"), "still");
    assert_eq!(accept(&mut one, &item), Ok(Kept::ItemDraft));
    assert_eq!(one.name(&item), "of two");
    let open = one.notices();
    assert!(open.iter().all(|notice| notice.item.is_none()), "{open:?}");
    one.sync_well();
    one.assert_settled();
    let draft = one.value(Store::Drafts, &keys::item(&item)).unwrap();
    let draft = one.vault.open_draft(Some(&item), &draft).unwrap();
    assert_eq!((&*draft.form.name, &*draft.form.notes), ("of one", "unsent"));
    assert_eq!(*draft.form.client_secret, "secret of first");
    // Saved over the server's, it is everywhere.
    assert_eq!(one.save(&item, &draft), [], "the user saw what it goes over");
    one.sync_well();
    two.sync_well();
    assert_eq!(two.name(&item), "of one");
    one.assert_settled();
    two.assert_settled();
}

#[test]
fn of_what_says_the_same_no_draft_is_made() {
    let (mut one, mut two, item) = forked();
    two.rename(&item, "of one");
    two.sync_well();
    assert_eq!(accept(&mut one, &item), Ok(Kept::Nowhere));
    one.sync_well();
    one.assert_settled();
    assert!(one.disk.values.borrow().keys().all(|(store, _)| *store != Store::Drafts));
}

#[test]
fn a_draft_that_is_there_is_not_lost() {
    let (mut one, _, item) = forked();
    let typed = super::device::form("typed").into();
    let keep = |device: &Device, place| {
        let put = device.vault.seal_draft(place, &typed, &mut crate::crypto::SystemRandom);
        let key = (put.store, put.key.clone());
        device.disk.values.borrow_mut().insert(key, put.into_bytes().unwrap());
    };
    keep(&one, Some(&item));
    keep(&one, None);
    let before = one.disk.values.borrow().clone();
    assert_eq!(accept(&mut one, &item), Err(NotAccepted::DraftInTheWay));
    assert!(*one.disk.values.borrow() == before);
    one.disk.values.borrow_mut().remove(&(Store::Drafts, keys::DRAFT_NEW.to_owned()));
    assert_eq!(accept(&mut one, &item), Ok(Kept::NewDraft));
    let kept = one.value(Store::Drafts, keys::DRAFT_NEW).unwrap();
    assert_eq!(one.vault.open_draft(None, &kept).unwrap().form.name, "of one");
    let typed_there = one.value(Store::Drafts, &keys::item(&item)).unwrap();
    assert_eq!(one.vault.open_draft(Some(&item), &typed_there).unwrap().form.name, "typed");
}

#[test]
fn no_lie_is_accepted_by_that_act() {
    let mut tried = 0;
    for lie in all() {
        let mut scene = Scene::new();
        let state = (lie.state)(&scene);
        let item = scene.item;
        let before = scene.device.disk.values.borrow().clone();
        *scene.device.line.item.borrow_mut() = Some(Box::new(move |_| Ok(state.clone())));
        scene.device.line.uploads.borrow_mut().clear();
        let answer = accept(&mut scene.device, &item);
        assert_eq!(*scene.device.line.uploads.borrow(), [], "{}", lie.name);
        // What follows another history is what the user accepts; about that nobody is asked.
        if answer.is_ok() {
            let history = lie.name.contains("bod") || lie.name.contains("follows");
            assert!(lie.code == "forked" || history, "{}", lie.name);
            continue;
        }
        tried += 1;
        assert!(*scene.device.disk.values.borrow() == before, "{}", lie.name);
        let Err(NotAccepted::Refused(refusal)) = answer else { panic!("{}", lie.name) };
        assert_eq!(refusal.code(), lie.code, "{}", lie.name);
    }
    assert!(tried >= 28, "{tried}");
    let mut scene = Scene::new();
    let withheld = |_| Err(RemoteError::Refused(ErrorCode::NotFound));
    *scene.device.line.item.borrow_mut() = Some(Box::new(withheld));
    let item = scene.item;
    let answer = accept(&mut scene.device, &item);
    assert_eq!(answer, Err(NotAccepted::Refused(Refusal::Incomplete)));
}
