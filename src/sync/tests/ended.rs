//! Access that ended, on the devices of whoever had it.

use mysafe_protocol::bodies::{Permission, Status};

use super::device::{Device, form};
use super::now;
use super::received::{Scene, accepted};
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::{ACCESS_ENDED, DELETED, LeaveError, Notice, VIEW_ONLY};
use crate::vault::{Right, SaveError, Share, Store, keys};

impl Scene {
    fn gone(&self, device: &Device) {
        assert!(device.vault.entry(&self.item).is_none());
        let values = device.disk.values.borrow();
        let left = values.keys().filter(|(store, key)| {
            let held = *store == Store::State && *key == keys::item(&self.item);
            key.contains(&self.item.to_string()) && !held
        });
        assert_eq!(left.collect::<Vec<_>>(), Vec::<&(Store, String)>::new());
    }
}

fn ended(scene: &Scene) -> Notice {
    Notice {
        code: ACCESS_ENDED.into(),
        item: Some(scene.item),
        name: Some("CRM".into()),
        people: vec![],
    }
}

#[test]
fn what_is_taken_back_leaves_and_says_its_name() {
    let mut scene = accepted(Permission::View);
    scene.revoke();
    for device in [&mut scene.bea, &mut scene.second] {
        let outcome = device.sync().unwrap();
        assert_eq!(outcome.notices.len(), 1);
    }
    scene.gone(&scene.bea);
    scene.gone(&scene.second);
    assert_eq!(scene.bea.notices(), [ended(&scene)]);
    assert!(scene.bea.held(&scene.item).is_some(), "the numbers stay");
    // And it may come back.
    scene.share(Permission::Edit);
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.entry(&scene.item).access.right, Right::Edit);
}

#[test]
fn an_edit_that_was_not_sent_is_a_draft_once_access_ended() {
    for form_only in [false, true] {
        let mut scene = accepted(Permission::Edit);
        let item = scene.item;
        if form_only {
            let put =
                scene.bea.vault.seal_draft(Some(&item), &form("hers").into(), &mut SystemRandom);
            scene.bea.store(vec![put]);
        } else {
            scene.bea.rename(&item, "hers");
        }
        scene.revoke();
        scene.bea.line.uploads.borrow_mut().clear();
        scene.bea.sync().unwrap();
        scene.gone(&scene.bea);
        let draft = scene.bea.value(Store::Drafts, keys::DRAFT_NEW).unwrap();
        assert_eq!(scene.bea.vault.open_draft(None, &draft).unwrap().form.name, "hers");
        assert_eq!(scene.bea.notices().len(), 1);
        assert_eq!(scene.bea.notices()[0].code, ACCESS_ENDED);
    }
}

#[test]
fn an_edit_that_was_not_sent_is_a_draft_once_one_can_only_view() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    scene.bea.rename(&item, "hers");
    scene.share(Permission::View);
    scene.bea.sync().unwrap();
    assert_eq!(scene.bea.name(&item), "CRM");
    assert!(!scene.bea.entry(&item).waiting);
    let draft = scene.bea.value(Store::Drafts, keys::DRAFT_NEW).unwrap();
    assert_eq!(scene.bea.vault.open_draft(None, &draft).unwrap().form.name, "hers");
    let name = Some("CRM".into());
    assert_eq!(
        scene.bea.notices(),
        [Notice { code: VIEW_ONLY.into(), item: Some(item), name, people: vec![] }]
    );
    assert_eq!(scene.try_rename("x"), Err(SaveError::NotAllowed));
}

#[test]
fn who_leaves_keeps_nothing_and_the_owner_takes_them_off() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    assert_eq!(scene.ana.with(|sync| now(sync.leave(&item))).unwrap(), Err(LeaveError::Own));
    scene.bea.with(|sync| now(sync.leave(&item))).unwrap().unwrap();
    scene.gone(&scene.bea);
    assert_eq!(scene.bea.notices(), [], "her own act");
    assert_eq!(scene.bea.with(|sync| now(sync.leave(&item))).unwrap(), Err(LeaveError::Gone));
    assert_eq!(scene.second.sync().unwrap().notices, [ended(&scene)]);
    scene.ana.sync_well();
    let list = scene.ana.vault.access(&scene.ana.local(&item)).unwrap().unwrap();
    assert_eq!(list.grants, []);
    assert!(!scene.ana.entry(&item).access.shared);
}

#[test]
fn until_the_owner_gave_a_new_key_an_editors_edit_waits() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let cho = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&cho, "cho@example.com", &scene.ana.line.server).line.user;
    scene.ana.with(|sync| now(sync.pin(&cho, "cho@example.com"))).unwrap().unwrap();
    let with = [Share { user: cho, permission: Permission::View, until: None }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.bea.sync_well();
    scene.ana.line.server.leave(&cho, &item).unwrap();
    scene.bea.rename(&item, "hers");
    scene.bea.sync_well();
    let entry = scene.bea.entry(&item);
    assert_eq!((entry.waiting, entry.trouble.as_deref()), (true, Some("owner_first")));
    scene.ana.sync_well();
    scene.bea.sync_well();
    let entry = scene.bea.entry(&item);
    assert_eq!((entry.waiting, entry.trouble.as_deref()), (false, None));
    scene.ana.sync_well();
    assert_eq!(scene.ana.name(&item), "hers");
}

#[test]
fn whose_time_is_over_is_taken_off_by_the_owners_clock_too() {
    let mut scene = accepted(Permission::View);
    let (item, user) = (scene.item, scene.bea.line.user);
    let with = [Share { user, permission: Permission::View, until: Some(90) }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    assert_eq!(scene.ana.entry(&item).access.until, Some(90));
    let grants = |scene: &Scene| {
        let list = scene.ana.vault.access(&scene.ana.local(&item)).unwrap();
        list.unwrap().grants.len()
    };
    for (seconds, left) in [(89, 1), (90, 0), (91, 0)] {
        scene.ana.clock.set(seconds * 1_000);
        scene.ana.line.server.data.borrow_mut().time = seconds;
        scene.ana.sync_well();
        assert_eq!(grants(&scene), left, "after {seconds} s");
    }
    assert_eq!(scene.ana.held(&item).unwrap().epoch, 4, "one new key");
    assert_eq!(scene.bea.sync().unwrap().notices, [ended(&scene)]);
}

#[test]
fn what_its_owner_deletes_is_told_and_an_edit_of_it_is_a_draft() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let random = &mut SystemRandom;
    let local = scene.ana.local(&item);
    let change = scene.ana.vault.set_active(&item, false, &local, 3, random).unwrap();
    scene.ana.store(change.puts);
    scene.ana.sync_well();
    let local = scene.ana.local(&item);
    let change = scene.ana.vault.delete(&item, &local, 4, random).unwrap();
    scene.ana.store(change.puts);
    scene.ana.sync_well();
    scene.bea.rename(&item, "hers");
    scene.bea.sync().unwrap();
    let name = Some("hers".into());
    let told = [Notice { code: DELETED.into(), item: Some(item), name, people: vec![] }];
    assert_eq!(scene.bea.notices(), told);
    let entry = scene.bea.entry(&item);
    assert_eq!((entry.status, &*entry.overview.name), (Status::Deleted, ""));
    assert_eq!(scene.bea.vault.deleted(5), [], "hers to restore it is not");
    let local = scene.bea.local(&item);
    let before = mysafe_protocol::wire::HistoryResponse {
        versions: Vec::new(),
        keys: Vec::new(),
        more: false,
        rest: false,
    };
    let refused = scene.bea.vault.undelete(&item, &local, &before, Vec::new(), 5, random).err();
    assert_eq!(refused, Some(SaveError::NotAllowed));
    let draft = scene.bea.value(Store::Drafts, keys::DRAFT_NEW).unwrap();
    assert_eq!(scene.bea.vault.open_draft(None, &draft).unwrap().form.name, "hers");
}

#[test]
fn a_cache_made_again_knows_whose_items_are_whose() {
    let mut scene = accepted(Permission::Edit);
    let access = scene.bea.entry(&scene.item).access;
    let mut again = scene.bea.context();
    now(again.vault.rebuild(&*scene.bea.disk, &mut SystemRandom)).unwrap();
    assert_eq!(again.entry(&scene.item).access, access);
    let shared = scene.ana.entry(&scene.item).access;
    now(scene.ana.vault.rebuild(&*scene.ana.disk, &mut SystemRandom)).unwrap();
    assert_eq!(scene.ana.entry(&scene.item).access, shared);
}
