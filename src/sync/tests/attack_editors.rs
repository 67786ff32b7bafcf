//! Attacks of a present editor alone, over an honest server. Each test says what should hold.

use mysafe_protocol::bodies::{AccessList, Permission};
use mysafe_protocol::wire::WriteAgainRequest;
use mysafe_protocol::{ItemId, Revision, limits};

use super::device::{ADDRESS, Device};
use super::hand::Hand;
use super::line::Break;
use super::now;
use super::received::{Scene, accepted};
use crate::crypto::{AccountKey, SystemRandom};
use crate::model::Overview;
use crate::vault::Share;

/// The owner can revoke the editor and write, and her edit is on the server.
fn assert_owner_goes_on(scene: &mut Scene) {
    let (item, bea) = (scene.item, scene.bea.line.user);
    let revoked = scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
    let trouble = scene.ana.entry(&item).trouble.clone();
    assert_eq!(revoked, Ok(Ok(())), "revoked; {trouble:?}");
    assert_owner_writes(scene);
}

fn assert_owner_writes(scene: &mut Scene) {
    let item = scene.item;
    scene.ana.rename(&item, "of Ana");
    scene.ana.sync().unwrap();
    scene.ana.sync().unwrap();
    let entry = scene.ana.entry(&item);
    assert!(!entry.waiting, "the edit is on the server; {:?}", entry.trouble);
}

/// Bea writes twice, each time as far above the newest as a step may go.
fn jump_twice(scene: &Scene) {
    for _ in 0..2 {
        let hand = Hand::of(&scene.bea, &scene.item);
        let next = hand.next();
        let revision = Revision { revision: next.revision - 1 + limits::GAP, ..next };
        let parts = hand.seal(&revision, &hand.overview(), "jump");
        hand.upload(&scene.ana.line.server, revision, parts).unwrap();
    }
}

#[test]
fn numbers_that_jump_twice_before_the_owner_looks_end_nothing() {
    let mut scene = accepted(Permission::Edit);
    jump_twice(&scene);
    scene.ana.sync().unwrap();
    assert_owner_goes_on(&mut scene);
}

#[test]
fn numbers_that_jump_twice_on_a_restored_server_end_nothing() {
    for removed in [false, true] {
        let mut scene = accepted(Permission::Edit);
        let server = scene.ana.line.server.clone();
        let backup = server.backup();
        scene.ana.rename(&scene.item, "lost");
        if removed {
            scene.revoke();
        }
        scene.ana.sync().unwrap();
        server.restore(&backup, true);
        jump_twice(&scene);
        for _ in 0..3 {
            scene.ana.sync().unwrap();
        }
        match removed {
            false => assert_owner_goes_on(&mut scene),
            true => assert_owner_writes(&mut scene),
        }
        let list = server.state(&scene.item).list.unwrap();
        assert_eq!(AccessList::accept(&list, &server.sign_pk).unwrap().grants, []);
    }
}

/// Bea gives Ana's item the Identifier of another item of Ana's.
fn with_identifier_of_another() -> Scene {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let other = scene.ana.add_named("other");
    scene.ana.edit(&other, |form| form.identifier = "other-1".into());
    scene.ana.sync_well();
    let hand = Hand::of(&scene.bea, &item);
    let revision = hand.next();
    let overview = Overview { identifier: "other-1".into(), ..hand.overview() };
    let parts = hand.seal(&revision, &overview, "s");
    hand.upload(&server, revision, parts).unwrap();
    scene.ana.sync().unwrap();
    scene
}

#[test]
fn an_identifier_that_an_editor_sets_keeps_the_owner_from_nothing() {
    let mut scene = with_identifier_of_another();
    let (item, bea) = (scene.item, scene.bea.line.user);
    let revoked = scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
    assert_eq!(revoked, Ok(Ok(())));
    // The form says that another item has it.
    scene.ana.edit(&item, |form| form.identifier.clear());
    scene.ana.sync().unwrap();
    let entry = scene.ana.entry(&item);
    assert!(!entry.waiting, "the edit is on the server; {:?}", entry.trouble);
}

/// The same, and the owner tries to get out: she removes the Identifier herself.
#[test]
fn an_identifier_that_an_editor_set_is_taken_out_by_the_owner_after_a_removal() {
    let mut scene = with_identifier_of_another();
    let (item, bea) = (scene.item, scene.bea.line.user);
    let _ = scene.ana.with(|sync| now(sync.revoke(&item, &[bea])));
    scene.ana.edit(&item, |form| form.identifier = String::new());
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let entry = scene.ana.entry(&item);
    assert!(!entry.waiting, "the edit is on the server; {:?}", entry.trouble);
}

#[test]
fn an_overview_of_the_largest_size_is_edited_by_the_owner() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let hand = Hand::of(&scene.bea, &item);
    let revision = hand.next();
    let mut overview = hand.overview();
    let length = |overview: &Overview| overview.encode().len();
    // A field of a later version, shown nowhere, fills it up to one byte of padding.
    let mut text = "x".repeat(limits::OVERVIEW - 1 - length(&overview) - 8);
    overview.unknown.put(900, &*text);
    while length(&overview) < limits::OVERVIEW - 1 {
        text.push('x');
        overview.unknown.put(900, &*text);
    }
    assert_eq!(length(&overview), limits::OVERVIEW - 1);
    let parts = hand.seal(&revision, &overview, "s");
    assert_eq!(parts.overview.len(), limits::OVERVIEW + limits::SEAL, "the server takes it");
    hand.upload(&server, revision, parts).unwrap();
    scene.ana.sync().unwrap();
    scene.ana.rename(&item, "another name, a little longer");
    let pending = scene.ana.local(&item).pending.unwrap();
    assert!(
        pending.overview.len() <= limits::OVERVIEW + limits::SEAL,
        "a server refuses {} bytes",
        pending.overview.len()
    );
}

/// A body of somebody who may not write comes along with an editor's.
#[test]
fn a_body_of_a_viewer_that_an_editor_sends_along_ends_nothing() {
    let mut scene = accepted(Permission::Edit);
    let (item, server, owner) = (scene.item, scene.ana.line.server.clone(), scene.owner());
    let account = AccountKey::generate(&mut SystemRandom);
    let mut cho = Device::of(&account, "cho@example.com", &server);
    let user = cho.line.user;
    scene.ana.with(|sync| now(sync.pin(&user, "cho@example.com"))).unwrap().unwrap();
    let with = [Share { user, permission: Permission::View, until: None }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.ana.sync_well();
    cho.sync_well();
    cho.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
    scene.bea.sync_well();
    let viewer = Hand::of(&cho, &item);
    let revision = viewer.next();
    let parts = viewer.seal(&revision, &viewer.overview(), "of the viewer");
    let along = viewer.sign(revision.clone(), parts).revision;
    let hand = Hand::of(&scene.bea, &item);
    let newest =
        Revision { revision: revision.revision + 1, prev: Some(along.hash()), ..hand.next() };
    let parts = hand.seal(&newest, &hand.overview(), "of the editor");
    let write = hand.sign(newest, parts);
    let request = WriteAgainRequest {
        write,
        between: vec![along],
        parts: vec![],
        epochs: vec![],
        bundles: vec![],
    };
    let _ = server.write_again(&scene.bea.line.user, &item, &request);
    // A server that refuses it is fine.
    scene.ana.sync().unwrap();
    assert_owner_goes_on(&mut scene);
}

fn everywhere(device: &Device, item: &ItemId) -> Vec<String> {
    let form = device.form(item);
    let mut all = vec![form.notes.to_string(), form.client_secret.to_string()];
    for write in device.past(item) {
        let body = Revision::read(&write.revision).unwrap();
        all.push(format!("line {}", body.revision));
    }
    all
}

/// The owner's edit arrives, its answer is lost, and an editor's revision names it as the one beside only.
#[test]
fn an_edit_whose_answer_was_lost_is_kept_though_an_editor_passes_it_over() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let before = server.state(&item).revision.hash();
    scene.ana.edit(&item, |form| form.notes = "worth keeping".into());
    // Page, then the write.
    scene.ana.line.breaks.set(Some((1, Break::After)));
    let _ = scene.ana.sync();
    let arrived = server.state(&item).revision.hash();
    assert_ne!(arrived, before, "the edit arrived");
    assert_ne!(scene.ana.held(&item).unwrap().hash, arrived, "its answer did not");
    let hand = Hand::of(&scene.bea, &item);
    let next = hand.next();
    let number = next.revision;
    let revision = Revision { prev: Some(before), also: Some(arrived), ..next };
    let overview = Overview { notes: String::new(), name: "of Bea".into(), ..hand.overview() };
    let parts = hand.seal(&revision, &overview, "of Bea");
    hand.upload(&server, revision, parts).unwrap();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let all = everywhere(&scene.ana, &item);
    let kept =
        all.iter().any(|text| text == "worth keeping" || *text == format!("line {}", number - 1));
    let waiting = scene.ana.entry(&item).waiting;
    let revisions = server.revisions(&item);
    assert!(
        kept,
        "neither in content nor in local history: {all:?}, waiting {waiting}, along prev {revisions:?}"
    );
}

/// Noise, set inactive, and the editor leaves: the owner's next sync gives a new key, and she enables it.
#[test]
fn noise_that_is_inactive_from_who_leaves_is_written_over() {
    use super::hand::Parts;
    use mysafe_protocol::Status;
    for leave in [true, false] {
        let mut scene = accepted(Permission::Edit);
        let (item, server, bea) = (scene.item, scene.ana.line.server.clone(), scene.bea.line.user);
        for _ in 0..3 {
            let hand = Hand::of(&scene.bea, &item);
            let revision = Revision { status: Status::Inactive, ..hand.next() };
            let noise = Parts { overview: vec![1; 160], details: vec![1; 160] };
            hand.upload(&server, revision, noise).unwrap();
        }
        if leave {
            server.leave(&bea, &item).unwrap();
        }
        scene.ana.sync().unwrap();
        scene.ana.set_active(&item, true);
        scene.ana.rename(&item, "of Ana");
        scene.ana.sync().unwrap();
        scene.ana.sync().unwrap();
        let entry = scene.ana.entry(&item);
        assert!(!entry.waiting, "{leave}: {:?}", entry.trouble);
        assert_eq!(entry.status, Status::Active);
        let mut new = Device::new(&scene.ana.account(), &server);
        new.sync().unwrap();
        assert_eq!(new.name(&item), "of Ana");
        assert_eq!(*new.form(&item).client_secret, "secret of CRM");
    }
}

/// The same race without any loss: another context of the device reads the log before the answer comes.
#[test]
fn an_edit_that_another_context_sees_arrive_is_kept_though_an_editor_passes_it_over() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let before = server.state(&item).revision.hash();
    scene.ana.edit(&item, |form| form.notes = "worth keeping".into());
    let hand = Hand::of(&scene.bea, &item);
    let mut other = scene.ana.context();
    let (server_then, number) = (server.clone(), hand.next().revision);
    let happens = move || {
        let arrived = server_then.state(&item).revision.hash();
        let hand = Hand { over: server_then.state(&item), ..hand };
        let next = hand.next();
        let revision = Revision { prev: Some(before), also: Some(arrived), ..next };
        let over = Overview { name: "of Bea".into(), ..Overview::default() };
        let changed = Some(crate::model::Stamp { user: hand.identity.user(), time: 9 });
        let parts = hand.seal(&revision, &Overview { changed, ..over }, "of Bea");
        hand.upload(&server_then, revision, parts).unwrap();
        other.sync().unwrap();
    };
    *scene.ana.line.meanwhile.borrow_mut() = Some(Box::new(happens));
    scene.ana.sync().unwrap();
    scene.ana.sync().unwrap();
    let all = everywhere(&scene.ana, &item);
    let kept = all.iter().any(|text| text == "worth keeping" || *text == format!("line {number}"));
    assert!(kept, "neither in content nor in local history: {all:?}");
}
