//! Access that ended, and access that was given again: who reads what is written after a restore.

use super::device::Device;
use super::line::Break;
use super::now;
use super::received::accepted;
use super::scenes::{CHO, assert_bea_reads_no_more, cho_joins, give, trouble, without_item_and};
use super::sharing::named;
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::RemoteError;
use crate::vault::{Store, keys};
use mysafe_protocol::Revision;
use mysafe_protocol::UserId;
use mysafe_protocol::bodies::{AccessList, Permission};
use mysafe_protocol::wire::RevisionsResponse;

/// Rule R (c): "never somebody whose access has ended"; "What a client does by itself adds nobody".
/// Cho left, and is in the list of the new key by which an item comes back without a lost account.
#[test]
fn who_left_is_not_brought_back_by_the_new_key_without_a_lost_account() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let nothing = without_item_and(server.backup(), &bea);
    let cho = cho_joins(&mut scene, Permission::Edit);
    let mut nothing_with_cho = without_item_and(server.backup(), &bea);
    nothing_with_cho.record = nothing.record;
    server.leave(&cho.line.user, &item).unwrap();
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.sync().unwrap_err();
    assert!(scene.ana.value(Store::State, keys::LEFT).is_some(), "noted");
    server.restore(&nothing_with_cho, true);
    scene.ana.line.writes.borrow_mut().clear();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert!(server.data.borrow().items.contains_key(&item), "{:?}", trouble(&scene.ana, &item));
    let writes = scene.ana.line.writes.borrow();
    let sealed: Vec<UserId> =
        writes.iter().skip(1).flat_map(|write| &write.envelopes).map(|one| one.user).collect();
    assert_eq!(named(&scene.ana, &item), [], "Cho left");
    assert!(!sealed.contains(&cho.line.user), "a new key for Cho, who left");
}

/// "Nobody, the owner neither, writes in a stale epoch"; nobody opens what was written after they were removed.
/// The owner removed Cho (interrupted); the server is honest, and her edit goes out to Cho.
#[test]
fn who_was_removed_does_not_read_on_after_a_restore_that_lost_another_account() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut cho = cho_joins(&mut scene, Permission::View);
    let user = cho.line.user;
    let nothing = without_item_and(server.backup(), &bea);
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[user]))).unwrap_err();
    assert!(scene.ana.value(Store::State, keys::LEFT).is_some(), "noted");
    scene.ana.edit(&item, |form| *form.client_secret = "after".into());
    server.restore(&nothing, true);
    scene.ana.sync().unwrap();
    cho.sync().unwrap();
    let reads = cho.vault.entry(&item).map(|_| cho.form(&item).client_secret.to_string());
    assert_ne!(reads.as_deref(), Some("after"), "Cho reads what was written after the removal");
}

/// Nobody opens what was written after they were removed; "Nobody writes in a stale epoch".
/// The owner removed Bea (interrupted). Another device, to which the server did not tell it, moves to another
/// epoch while this sync runs: the note of the older epoch counts for nothing until the next sync.
#[test]
fn an_edit_does_not_go_out_in_an_epoch_that_came_during_the_sync_and_names_who_was_removed() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let account = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&account, CHO, &server).line.user;
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    two.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    scene.ana.sync_well();
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    server.data.borrow_mut().shares.get_mut(&(item, bea)).unwrap().ended = false;
    scene.ana.edit(&item, |form| *form.client_secret = "after".into());
    let happens = move || give(&mut two, &item, cho, Permission::View);
    *scene.ana.line.while_page.borrow_mut() = Some(Box::new(happens));
    scene.ana.sync().unwrap();
    scene.bea.sync().unwrap();
    let reads =
        scene.bea.vault.entry(&item).map(|_| scene.bea.form(&item).client_secret.to_string());
    assert_ne!(reads.as_deref(), Some("after"), "Bea reads what was written after the removal");
}

/// "Removes again whom the owner gave access again" (decision of notes); at least it is told.
/// Honest people and server: the restore lost the list between, by which it was seen that she was given it again.
#[test]
fn who_was_given_it_again_stays_though_a_restore_lost_the_list_between_or_it_is_told() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let backup = server.backup();
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    two.sync().unwrap();
    assert_eq!(named(&two, &item), [], "taken off");
    give(&mut two, &item, bea, Permission::Edit);
    server.restore(&backup, true);
    two.sync().unwrap();
    assert_eq!(named(&two, &item), [bea]);
    for _ in 0..2 {
        scene.ana.sync().unwrap();
        two.sync().unwrap();
    }
    let told = scene.ana.notices().iter().any(|notice| notice.people.contains(&bea));
    assert!(
        named(&two, &item) == [bea] || told,
        "off again, and no word: {:?}",
        scene.ana.notices()
    );
}

/// After each act nobody opens what was written after they were removed. The server ended Bea's access, its
/// answer was lost, and nothing was noted: a server that forgets it keeps her in the list.
#[test]
fn a_removal_whose_first_answer_was_lost_is_made_all_the_same() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    scene.ana.line.breaks.set(Some((0, Break::After)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    server.data.borrow_mut().shares.get_mut(&(item, bea)).unwrap().ended = false;
    let mut ana = scene.ana.restarted();
    ana.sync().unwrap();
    ana.edit(&item, |form| *form.client_secret = "after".into());
    ana.sync().unwrap();
    scene.bea.sync().unwrap();
    let reads =
        scene.bea.vault.entry(&item).map(|_| scene.bea.form(&item).client_secret.to_string());
    assert_ne!(reads.as_deref(), Some("after"), "Bea reads what was written after the removal");
}

/// Rule R (c): "the notice names who fell off". The answer to the new key without a lost account is lost: the
/// next sync takes it from the log, and nobody is told.
#[test]
fn who_falls_off_with_a_lost_account_is_told_though_the_answer_was_lost() {
    let scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let nothing = without_item_and(server.backup(), &bea);
    let mut lost = 0;
    for at in 1..30 {
        server.restore(&nothing, true);
        let mut ana = Device::new(&scene.ana.account(), &server);
        *ana.disk.values.borrow_mut() = scene.ana.disk.values.borrow().clone();
        ana = ana.context();
        ana.line.breaks.set(Some((at, Break::After)));
        let broke = ana.sync().is_err();
        ana.line.breaks.set(None);
        for _ in 0..2 {
            ana.sync().unwrap();
        }
        assert_eq!(named(&ana, &item), [], "she fell off");
        let told = ana.notices().iter().any(|notice| notice.people.contains(&bea));
        lost += usize::from(broke && !told);
    }
    assert_eq!(lost, 0, "people fell off without a word");
}

/// Whom the owner gives the item stays. A note tells of a list that this device never took (it was refused, and the
/// next restore lost it); the owner's own list gets the same number, and the note takes off whom she gave it.
#[test]
fn a_note_about_another_list_of_the_same_epoch_takes_nobody_off() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    let backup = server.backup();
    // The other browser takes her off, gives her the item again, and she leaves.
    two.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    give(&mut two, &item, bea, Permission::Edit);
    server.leave(&bea, &item).unwrap();
    // This one refuses that list (what leads there is withheld), and then the server is restored.
    let nothing =
        |_| Err(crate::sync::RemoteError::Refused(mysafe_protocol::wire::ErrorCode::NotFound));
    *scene.ana.line.between.borrow_mut() = Some(Box::new(nothing));
    scene.ana.line.breaks.set(Some((2, Break::Before)));
    let _ = scene.ana.sync();
    scene.ana.line.breaks.set(None);
    scene.ana.line.end_lies();
    assert_eq!(scene.ana.held(&item).unwrap().epoch, 2, "refused");
    server.restore(&backup, true);
    // She takes Bea off, and gives her the item again.
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    give(&mut scene.ana, &item, bea, Permission::Edit);
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert_eq!(named(&scene.ana, &item), [bea], "the owner gave it");
}

/// After each act nobody opens what was written after they were removed. The other browser had taken Bea off and
/// given her the item again before; the server hid that. An interrupted removal counts as undone by the older lists.
#[test]
fn an_interrupted_removal_is_not_undone_by_access_that_was_given_again_before_it() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    two.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    give(&mut two, &item, bea, Permission::Edit);
    // Ana removes her later, on the browser that heard nothing of that; the network breaks.
    scene.ana.clock.set(scene.ana.clock.get() + 120_000);
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    server.data.borrow_mut().shares.get_mut(&(item, bea)).unwrap().ended = false;
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert_bea_reads_no_more(&mut scene);
}

/// "After each act nobody opens what was written after they were removed." The owner removed Bea, and was
/// interrupted. Older lists between took her off and gave her the item again. The server hides the owner's first body
/// of the list without her, and shows one that Bea herself signed, of a time in the future.
#[test]
fn a_body_by_who_was_removed_does_not_date_the_list_that_undoes_the_removal() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    two.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    give(&mut two, &item, bea, Permission::Edit);
    scene.ana.clock.set(scene.ana.clock.get() + 1_000);
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    server.data.borrow_mut().shares.get_mut(&(item, bea)).unwrap().ended = false;
    let (identity, owner_pk) = (scene.bea.identity(), server.sign_pk);
    let lies = move |answer: Result<RevisionsResponse, RemoteError>| {
        let mut answer = answer?;
        for signed in &answer.lists {
            let list = AccessList::accept(signed, &owner_pk).unwrap();
            if list.of(&identity.user()).is_some() {
                continue;
            }
            for body in &mut answer.revisions {
                let revision = Revision::read(body).unwrap();
                if revision.list == Some(signed.hash()) {
                    let (author, time) = (identity.user(), 1_000_000);
                    *body = identity.sign_revision(&Revision { author, time, ..revision });
                }
            }
        }
        Ok(answer)
    };
    *scene.ana.line.between.borrow_mut() = Some(Box::new(lies));
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    assert_bea_reads_no_more(&mut scene);
}

/// Whom the owner gives the item stays. The other browser's clock is two seconds behind: it took Bea off at once when
/// the server told it, and an hour later the owner gave her the item again there.
#[test]
fn who_was_given_it_again_an_hour_later_stays_though_a_clock_is_two_seconds_behind() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    scene.ana.clock.set(10_000);
    two.clock.set(8_000);
    scene.ana.line.breaks.set(Some((1, Break::Before)));
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap_err();
    two.sync().unwrap();
    assert_eq!(named(&two, &item), [], "taken off");
    two.clock.set(3_600_000);
    give(&mut two, &item, bea, Permission::Edit);
    scene.ana.clock.set(3_700_000);
    for _ in 0..2 {
        scene.ana.sync().unwrap();
        two.sync().unwrap();
    }
    assert_eq!(named(&two, &item), [bea], "the owner gave it after the removal");
}
