//! An item deleted by a later version of this client on another device.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::{ChangesResponse, ItemState};
use mysafe_protocol::{Bytes, Context, Revision};

use super::lies::Scene;
use super::now;
use crate::sync::Notice;
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

#[test]
fn a_deleted_item_leaves_and_its_unsent_edit_becomes_a_draft() {
    for taken in [false, true] {
        let mut scene = Scene::new();
        let (item, before) = (scene.item, scene.device.state(&scene.item).unwrap());
        if taken {
            let form = super::device::form("typed before");
            let random = &mut crate::crypto::SystemRandom;
            let put = scene.device.vault.seal_draft(None, &form, random);
            let _guard = now(crate::sync::Local::lock(&*scene.device.disk));
            now(crate::sync::Local::apply(&*scene.device.disk, vec![put])).unwrap();
        }
        let gone = deletion(&scene);
        pull(&mut scene, &gone);
        assert_eq!(scene.device.entry(&item).status, Status::Deleted);
        assert_eq!(scene.device.value(Store::Outbox, &keys::write(&item)), None);
        assert!(scene.device.held(&item).unwrap().deleted);
        let place = taken.then_some(&item);
        let key = place.map_or(keys::DRAFT_NEW.into(), keys::item);
        let draft = scene.device.value(Store::Drafts, &key).unwrap();
        let draft = scene.device.vault.open_draft(place, &draft).ok().unwrap();
        assert_eq!(draft.notes, "mine");
        assert_eq!(scene.device.notices(), []);

        // It does not come back by itself.
        pull(&mut scene, &before);
        assert_eq!(scene.device.entry(&item).status, Status::Deleted);
        let notice = Notice { code: "went_back".into(), item: Some(item), name: None };
        assert_eq!(scene.device.notices(), [notice]);
    }
}
