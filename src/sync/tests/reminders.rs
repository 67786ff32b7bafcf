//! Reminders to rotate a client secret, on the owner's devices and nobody else's.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{ItemId, Status};

use super::device::Device;
use super::line::Break;
use super::now;
use super::received::accepted;
use super::sharing::{Scene, scene};
use crate::sync::{ReminderError, RemoteError, SyncError};

fn remind(device: &mut Device, item: &ItemId, due: Option<u64>) -> Result<(), ReminderError> {
    device.with(|sync| now(sync.remind(item, due))).unwrap()
}

#[test]
fn a_reminder_is_on_every_device_until_the_client_secret_is_another() {
    let Scene { mut one, mut two, item, .. } = scene();
    remind(&mut one, &item, Some(70)).unwrap();
    two.sync_well();
    assert_eq!([&one, &two].map(|device| device.vault.reminder(&item)), [Some(70); 2]);
    remind(&mut two, &item, Some(90)).unwrap();
    // Other changes leave it.
    two.rename(&item, "b");
    two.sync_well();
    one.sync_well();
    assert_eq!(one.context().vault.reminder(&item), Some(90));
    // Another client secret, on another device.
    two.edit(&item, |form| *form.client_secret = "rotated".into());
    two.line.breaks.set(Some((0, Break::Before)));
    two.sync().unwrap_err();
    assert_eq!(two.vault.reminder(&item), Some(90), "not before the server has it");
    two.sync_well();
    assert_eq!(two.vault.reminder(&item), None);
    one.sync_well();
    assert_eq!(one.context().vault.reminder(&item), None);
    // Taken back by hand.
    remind(&mut one, &item, Some(5)).unwrap();
    remind(&mut one, &item, None).unwrap();
    two.sync_well();
    assert_eq!([&one, &two].map(|device| device.vault.reminder(&item)), [None; 2]);
    one.assert_settled();
    two.assert_settled();
}

#[test]
fn what_an_editor_rotated_needs_no_reminder_and_they_never_see_one() {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    remind(&mut scene.ana, &item, Some(70)).unwrap();
    scene.bea.sync_well();
    assert_eq!(scene.bea.vault.reminder(&item), None);
    assert_eq!(remind(&mut scene.bea, &item, Some(1)), Err(ReminderError::NotOwner));
    scene.bea.edit(&item, |form| *form.client_secret = "rotated".into());
    scene.bea.sync_well();
    scene.ana.sync_well();
    assert_eq!(scene.ana.vault.reminder(&item), None);
    let gone = remind(&mut scene.ana, &ItemId([9; 16]), Some(1));
    assert_eq!(gone, Err(ReminderError::Gone));
}

#[test]
fn what_is_deleted_is_not_to_be_rotated_and_a_lost_answer_does_no_harm() {
    let Scene { mut one, mut two, item, .. } = scene();
    one.line.breaks.set(Some((0, Break::After)));
    let lost = one.with(|sync| now(sync.remind(&item, Some(70))));
    assert_eq!(lost, Err(SyncError::Remote(RemoteError::Offline)));
    one.sync_well();
    assert_eq!(one.vault.reminder(&item), Some(70));
    one.disable(&item);
    one.delete(&item);
    one.sync_well();
    assert_eq!(one.entry(&item).status, Status::Deleted);
    assert_eq!(one.vault.reminder(&item), None);
    two.sync_well();
    assert_eq!(two.vault.reminder(&item), None);
}
