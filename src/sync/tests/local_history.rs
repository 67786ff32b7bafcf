//! The lines of history that a device keeps by itself: they open under the key of their own epoch.

use mysafe_protocol::bodies::Permission;

use super::device::Device;
use super::now;
use super::received::accepted;
use crate::vault::Share;

/// Returns the names in the history of a device, with those kept here only.
fn names(device: &Device, item: &mysafe_protocol::ItemId) -> Vec<String> {
    let user = device.line.user;
    let answer = device.line.server.history_of(&user, item, 1_000);
    let local = device.local(item);
    let mut history =
        device.vault.history(item, &local, &answer.versions, &answer.keys, answer.more).unwrap();
    device.vault.add_past(item, &local, &mut history, device.past(item));
    history.versions.iter().map(|version| version.overview.name.clone()).collect()
}

#[test]
fn an_unsent_edit_is_a_line_after_the_servers_state_of_an_older_epoch_is_accepted() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea, server) = (scene.item, scene.bea.line.user, scene.ana.line.server.clone());
    let backup = server.backup();
    let with = [Share { user: bea, permission: Permission::Edit, until: Some(9_000_000_000) }];
    scene.ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
    scene.bea.sync_well();
    assert_eq!(scene.bea.held(&item).unwrap().epoch, 3);
    scene.bea.rename(&item, "unsent");
    server.restore(&backup, true);
    scene.bea.sync().unwrap();
    let done = scene.bea.with(|sync| now(sync.accept_server(&item, crate::sync::Side::Theirs)));
    assert_eq!(done.unwrap(), Ok(()));
    assert_eq!(scene.bea.held(&item).unwrap().epoch, 2);
    assert_eq!(scene.bea.past(&item).len(), 2, "it is stored");
    let names = names(&scene.bea, &item);
    assert!(names.contains(&"unsent".to_owned()), "{names:?}");
}

#[test]
fn an_edit_that_was_written_over_before_it_was_sent_is_a_line_after_a_new_key() {
    let mut scene = accepted(Permission::Edit);
    let (item, bea) = (scene.item, scene.bea.line.user);
    scene.ana.rename(&item, "written over");
    scene.ana.rename(&item, "sent");
    scene.ana.sync_well();
    let before = names(&scene.ana, &item);
    assert!(before.contains(&"written over".to_owned()), "{before:?}");
    scene.ana.with(|sync| now(sync.revoke(&item, &[bea]))).unwrap().unwrap();
    let after = names(&scene.ana, &item);
    assert!(after.contains(&"written over".to_owned()), "{after:?}");
}
