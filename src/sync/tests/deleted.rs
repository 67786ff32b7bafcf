//! An item deleted by a later version of this client on another device.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::{ChangesResponse, ItemState};
use mysafe_protocol::{Bytes, Context, Revision};

use super::lies::Scene;
use super::now;
use crate::crypto::SystemRandom;
use crate::model::Draft;
use crate::sync::{Local, Notice, UNSENT_DELETED};
use crate::vault::{Store, keys};

fn deletion(scene: &Scene) -> ItemState {
    let before = scene.device.state(&scene.item).unwrap();
    let mut revision = Revision::read(&before.revision).unwrap();
    revision.revision += 1;
    revision.prev = Some(before.revision.hash());
    revision.status = Status::Deleted;
    revision.content = Context::item_content(&[], &[]).hash();
    ItemState {
        revision: scene.device.identity().sign_revision(&revision),
        overview: Bytes(Vec::new()),
        details: Bytes(Vec::new()),
        ..before
    }
}

fn pull(scene: &mut Scene, item: &ItemState) {
    let item = item.clone();
    *scene.device.line.page.borrow_mut() =
        Some(Box::new(move |page| ChangesResponse { items: vec![item.clone()], ..page }));
    scene.device.with(|sync| now(sync.pull(&mut Default::default()))).unwrap();
}

/// What Add shows.
fn the_draft(scene: &Scene) -> Draft {
    let draft = scene.device.value(Store::Drafts, keys::DRAFT_NEW).unwrap();
    scene.device.vault.open_draft(None, &draft).unwrap()
}

#[test]
fn a_deleted_item_leaves_and_its_unsent_edit_becomes_a_draft() {
    for taken in [false, true] {
        let mut scene = Scene::new();
        let (item, before) = (scene.item, scene.device.state(&scene.item).unwrap());
        if taken {
            let form = super::device::form("typed before");
            let random = &mut SystemRandom;
            let put = scene.device.vault.seal_draft(None, &form.into(), random);
            scene.device.store(vec![put]);
        }
        let gone = deletion(&scene);
        pull(&mut scene, &gone);
        assert_eq!(scene.device.entry(&item).status, Status::Deleted);
        assert_eq!(scene.device.value(Store::Outbox, &keys::write(&item)), None);
        assert!(scene.device.held(&item).unwrap().deleted);
        if taken {
            // It waits its turn behind what is being typed.
            assert_eq!(the_draft(&scene).form.name, "typed before");
            let drafts = now(scene.device.disk.keys(Store::Drafts)).unwrap();
            let [_, kept] = &drafts[..] else { panic!("{drafts:?}") };
            let blob = scene.device.value(Store::Drafts, kept).unwrap();
            let random = &mut SystemRandom;
            let puts = scene.device.vault.take_kept_draft(kept, &blob, random).unwrap();
            scene.device.store(puts.to_vec());
            assert_eq!(now(scene.device.disk.keys(Store::Drafts)).unwrap(), [keys::DRAFT_NEW]);
        }
        assert_eq!(the_draft(&scene).form.notes, "mine");
        let name = Some("two".into());
        let told = Notice { code: UNSENT_DELETED.into(), item: Some(item), name, people: vec![] };
        assert_eq!(scene.device.notices(), std::slice::from_ref(&told));

        // It does not come back by itself.
        pull(&mut scene, &before);
        assert_eq!(scene.device.entry(&item).status, Status::Deleted);
        assert_eq!(scene.device.notices(), [told]);
    }
}

#[test]
fn what_is_being_typed_into_a_deleted_item_is_kept_beside_its_unsent_edit() {
    let mut scene = Scene::new();
    let item = scene.item;
    let typed = super::device::form("half typed").into();
    let put = scene.device.vault.seal_draft(Some(&item), &typed, &mut SystemRandom);
    scene.device.store(vec![put]);
    let gone = deletion(&scene);
    pull(&mut scene, &gone);
    assert_eq!(the_draft(&scene).form.notes, "mine");
    let drafts = now(scene.device.disk.keys(Store::Drafts)).unwrap();
    assert_eq!(drafts, [keys::DRAFT_NEW.to_owned(), keys::draft_kept(&item)]);
}
