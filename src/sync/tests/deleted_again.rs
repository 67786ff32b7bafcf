//! Deletions and what was not sent: restored, made again, kept.

use super::device::{Device, account};
use super::hand::{Hand, Parts};
use super::now;
use super::received::accepted;
use super::scenes::{CHO, cho_joins, cho_joins_without, give, trouble};
use crate::crypto::{AccountKey, SystemRandom};
use crate::sync::{Remote, Side};
use crate::vault::{Store, Vault};
use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::HistoryResponse;
use mysafe_protocol::{Revision, Status};

/// An edit that was not sent before a deletion is restored too (`deleted.rs`); "unsent edits are not lost".
/// The owner's own re-key comes between: the version without the edit is restored.
#[test]
fn what_was_not_sent_before_a_deletion_is_restored_though_a_new_key_came_between() {
    for leaves in [false, true] {
        let mut scene = accepted(Permission::Edit);
        let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
        scene.ana.sync_well();
        scene.ana.edit(&item, |form| *form.client_secret = "not sent".into());
        scene.ana.disable(&item);
        scene.ana.delete(&item);
        if leaves {
            server.leave(&bea, &item).unwrap();
        }
        for _ in 0..3 {
            scene.ana.sync().unwrap();
        }
        let newest = Revision::read(&server.state(&item).revision).unwrap();
        assert_eq!(newest.status, Status::Deleted, "{:?}", scene.ana.notices());
        scene.ana.undelete(&item).unwrap();
        scene.ana.sync().unwrap();
        assert_eq!(*scene.ana.form(&item).client_secret, "not sent", "she left: {leaves}");
    }
}

/// "The server cannot destroy edits"; unsent edits become a line in local history when access ends.
/// Bea accepted the server's state, so that her unsent edit is such a line; then her access
/// ends, or the item is deleted: the line is a draft.
#[test]
fn an_unsent_edit_in_local_history_outlives_the_end_of_access() {
    for deleted in [false, true] {
        let mut scene = accepted(Permission::Edit);
        let (item, server) = (scene.item, scene.ana.line.server.clone());
        let backup = server.backup();
        scene.bea.rename(&item, "of Bea, lost");
        scene.bea.sync_well();
        server.restore(&backup, true);
        cho_joins_without(&mut scene);
        scene.bea.edit(&item, |form| *form.client_secret = "typed by Bea".into());
        scene.bea.sync().unwrap();
        assert_eq!(trouble(&scene.bea, &item).as_deref(), Some("forked"));
        let accepted = scene.bea.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
        assert_eq!(accepted, Ok(()));
        assert!(!scene.bea.past(&item).is_empty(), "lines of local history");
        if deleted {
            scene.ana.disable(&item);
            scene.ana.sync().unwrap();
            scene.ana.delete(&item);
            scene.ana.sync().unwrap();
        } else {
            scene.revoke();
        }
        scene.bea.sync().unwrap();
        let draft = scene.bea.disk.values.borrow().keys().any(|key| key.0 == Store::Drafts);
        assert!(draft, "what Bea typed is nowhere");
    }
}

/// "Restoring within thirty days" (`deleted.rs`). A deletion that united two histories cannot be restored:
/// what it deleted is of an earlier epoch than its own, and the deletion held stands between.
#[test]
fn a_deletion_that_united_two_histories_can_be_restored() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    scene.ana.disable(&item);
    scene.ana.sync().unwrap();
    let backup = server.backup();
    scene.ana.delete(&item);
    scene.ana.sync().unwrap();
    server.restore(&backup, true);
    scene.bea.sync().unwrap();
    scene.bea.edit(&item, |form| form.notes = "of Bea".into());
    scene.bea.sync().unwrap();
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.status, Status::Deleted, "the held one is a deletion");
    assert_eq!(scene.ana.undelete(&item), Ok(()));
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM");
}

/// The same rule: the user's choice of the server's deletion, "what was held stays".
#[test]
fn a_deletion_that_was_chosen_over_what_was_held_can_be_restored() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    scene.ana.disable(&item);
    scene.ana.sync().unwrap();
    let backup = server.backup();
    scene.ana.edit(&item, |form| form.notes = "held".into());
    scene.ana.sync().unwrap();
    let mut two = Device::new(&scene.ana.account(), &server);
    server.restore(&backup, true);
    two.sync().unwrap();
    two.delete(&item);
    two.sync().unwrap();
    let done = scene.ana.with(|sync| now(sync.accept_server(&item, Side::Theirs))).unwrap();
    assert_eq!(done, Ok(()));
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.status, Status::Deleted, "as the user chose");
    assert_eq!(scene.ana.undelete(&item), Ok(()));
}

/// The same rule: an editor's noise before a deletion keeps the owner from restoring what she wrote herself
/// before the deletion, which is here.
#[test]
fn noise_before_a_deletion_keeps_nobody_from_restoring_it() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let hand = Hand::of(&scene.bea, &item);
    let parts = Parts { overview: vec![1; 160], details: vec![1; 160] };
    hand.upload(&server, hand.next(), parts).unwrap();
    scene.ana.sync().unwrap();
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM", "the last that opened");
    scene.ana.disable(&item);
    scene.ana.delete(&item);
    scene.ana.sync().unwrap();
    assert_eq!(scene.ana.undelete(&item), Ok(()));
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM");
}

/// No false accusation, and a deletion is made: "an item that somebody works with" is worked with by nobody here. The
/// owner's own new key, without a lost account, stands over what the server had lost, and undoes her deletion.
#[test]
fn a_deletion_that_waits_goes_over_the_new_key_without_a_lost_account() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let backup = server.backup();
    cho_joins(&mut scene, Permission::View);
    scene.ana.disable(&item);
    scene.ana.sync_well();
    scene.ana.delete(&item);
    // The backup is from before Cho's account.
    server.restore(&backup, true);
    for _ in 0..3 {
        scene.ana.sync().unwrap();
    }
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    let codes: Vec<String> = scene.ana.notices().into_iter().map(|notice| notice.code).collect();
    assert_eq!(newest.status, Status::Deleted, "{codes:?}");
}

/// A line of local history that the server had once is no edit that was not sent: the user chose against it.
#[test]
fn a_version_that_the_user_chose_against_is_not_restored() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    let before = server.backup();
    scene.ana.edit(&item, |form| form.notes = "chosen against".into());
    scene.ana.sync_well();
    let later = server.backup();
    server.restore(&before, false);
    let bea = scene.bea.line.user;
    two.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    server.restore(&later, true);
    let done = two.with(|sync| now(sync.accept_server(&item, Side::Mine))).unwrap();
    assert_eq!(done, Ok(()));
    scene.ana.sync().unwrap();
    assert_eq!(scene.ana.form(&item).notes, "");
    assert_eq!(scene.ana.past(&item).len(), 1, "the other version is a line");
    scene.ana.disable(&item);
    scene.ana.sync().unwrap();
    scene.ana.delete(&item);
    scene.ana.sync().unwrap();
    assert_eq!(scene.ana.undelete(&item), Ok(()));
    assert_eq!(scene.ana.form(&item).notes, "");
}

/// The restored content is that before the deletion. A secret that was typed wrongly and put right before either was
/// sent is a line of local history; it stands over a version of the same content as the last one.
#[test]
fn an_edit_that_the_user_took_back_is_not_restored() {
    let (key, server) = account();
    let mut one = Device::new(&key, &server);
    let item = one.add_named("a");
    one.sync_well();
    one.edit(&item, |form| *form.client_secret = "typed wrongly".into());
    one.edit(&item, |form| *form.client_secret = "secret of a".into());
    one.sync_well();
    one.disable(&item);
    one.sync_well();
    one.delete(&item);
    one.sync_well();
    one.undelete(&item).unwrap();
    one.sync_well();
    assert_eq!(*one.form(&item).client_secret, "secret of a");
}

/// The same where the deletion replaced what was put right, and the clock went back between.
#[test]
fn an_edit_that_the_user_took_back_is_not_restored_though_a_clock_went_back() {
    let (key, server) = account();
    let mut one = Device::new(&key, &server);
    let item = one.add_named("a");
    one.disable(&item);
    one.sync_well();
    let (mut form, random) = (one.form(&item), &mut SystemRandom);
    for (secret, at) in [("typed wrongly", 20), ("put right", 10)] {
        *form.client_secret = secret.into();
        let edit = one.change(&item, |vault, local| vault.edit(&item, &form, local, at, random));
        assert_eq!(edit, Ok(()));
    }
    one.delete(&item);
    one.sync_well();
    one.undelete(&item).unwrap();
    assert_eq!(*one.form(&item).client_secret, "put right");
}

/// "Restoring within thirty days", "from the newest version before the deletion that opens". An honest restore lost
/// the deletion and the disabling before it; both come again as they were signed, the second without its parts.
#[test]
fn a_deletion_that_a_restored_server_got_again_can_be_restored() {
    let (key, server) = account();
    let mut one = Device::new(&key, &server);
    let item = one.add_named("a");
    one.sync_well();
    let backup = server.backup();
    one.disable(&item);
    one.sync_well();
    one.delete(&item);
    one.sync_well();
    server.restore(&backup, true);
    for _ in 0..2 {
        one.sync().unwrap();
    }
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    assert_eq!(newest.status, Status::Deleted);
    assert_eq!(one.undelete(&item), Ok(()));
    assert_eq!(*one.form(&item).client_secret, "secret of a");
}

/// An edit that the user wrote over long ago stays a line of local history, also where nothing opens of what was before the
/// deletion. A server that refuses the history brings it back no more than one that was restored.
#[test]
fn a_line_from_long_ago_is_not_restored_in_place_of_what_opens() {
    for refused in [false, true] {
        let (key, server) = account();
        let mut one = Device::new(&key, &server);
        let item = one.add_named("a");
        one.sync_well();
        one.edit(&item, |form| *form.client_secret = "long ago".into());
        one.edit(&item, |form| *form.client_secret = "newer".into());
        one.sync_well();
        one.edit(&item, |form| *form.client_secret = "newest".into());
        one.sync_well();
        let backup = server.backup();
        one.disable(&item);
        one.sync_well();
        one.delete(&item);
        one.sync_well();
        if refused {
            let past = one.past(&item);
            let none = HistoryResponse { versions: vec![], keys: vec![], more: false, rest: false };
            let random = &mut SystemRandom;
            let _ = one
                .change(&item, |vault, local| vault.undelete(&item, local, &none, past, 5, random));
        } else {
            server.restore(&backup, true);
            for _ in 0..2 {
                one.sync().unwrap();
            }
            let _ = one.undelete(&item);
        }
        if refused {
            assert_eq!(one.entry(&item).status, Status::Deleted, "nothing of it is known");
        } else {
            assert_eq!(*one.form(&item).client_secret, "newest");
        }
    }
}

/// The same of an edit that an earlier deletion replaced: that one was not made, since somebody worked with the item,
/// and the user went on. The server has the bodies alone, or denies them too.
#[test]
fn an_edit_that_an_earlier_deletion_replaced_is_not_restored_where_nothing_opens() {
    for denied in [false, true] {
        let (mut one, mut two, item) = super::gone::scene();
        one.sync_well();
        one.undelete(&item).unwrap();
        one.sync_well();
        two.sync_well();
        one.edit(&item, |form| *form.client_secret = "long ago".into());
        one.delete(&item);
        two.rename(&item, "in use");
        two.sync_well();
        one.sync().unwrap();
        assert_eq!(one.name(&item), "in use", "not deleted");
        one.disable(&item);
        one.sync().unwrap();
        one.delete(&item);
        one.sync().unwrap();
        let mut history = now(one.line.history(&item, u64::MAX)).unwrap();
        history.versions.clear();
        if !denied {
            let bodies = now(one.line.revisions(&item, 0)).unwrap().revisions;
            history.versions.extend(bodies.into_iter().map(Vault::without_parts));
        }
        let (past, random) = (one.past(&item), &mut SystemRandom);
        let _ = one
            .change(&item, |vault, local| vault.undelete(&item, local, &history, past, 5, random));
        assert_eq!(one.entry(&item).status, Status::Deleted, "denied: {denied}");
    }
}

/// The same where the version found has the content over which that edit stood.
#[test]
fn an_edit_that_an_earlier_deletion_replaced_is_not_restored_over_the_same_content() {
    let mut scene = accepted(Permission::Edit);
    let (item, server) = (scene.item, scene.ana.line.server.clone());
    let mut two = Device::new(&scene.ana.account(), &server);
    two.sync_well();
    scene.ana.edit(&item, |form| *form.client_secret = "long ago".into());
    scene.ana.disable(&item);
    scene.ana.delete(&item);
    let account = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&account, CHO, &server).line.user;
    two.with(|sync| now(sync.pin(&cho, CHO))).unwrap().unwrap();
    give(&mut two, &item, cho, Permission::View);
    scene.ana.sync().unwrap();
    assert_eq!(scene.ana.entry(&item).status, Status::Active, "not deleted");
    scene.ana.disable(&item);
    scene.ana.sync().unwrap();
    scene.ana.delete(&item);
    scene.ana.sync().unwrap();
    scene.ana.undelete(&item).unwrap();
    assert_eq!(*scene.ana.form(&item).client_secret, "secret of CRM");
}
