//! The calls of the core that this test makes, each in one place.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Permission;

use crate::crypto::SystemRandom;
use crate::sync::Side;
use crate::sync::tests::device::Device;
use crate::sync::tests::now;
use crate::vault::{History, SaveError, Share, Stored};

/// Brings memory to what is stored.
pub(super) fn reload(device: &mut Device) {
    let stored = now(Stored::read(&*device.disk)).expect("the disk refuses nothing");
    now(device.vault.load(&*device.disk, &stored)).expect("all that is stored opens");
}

/// The user accepts the server's state. An answer that it is refused is an answer.
pub(super) fn accept(device: &mut Device, item: &ItemId, mine: bool) -> Result<(), String> {
    let side = if mine { Side::Mine } else { Side::Theirs };
    let done = device.with(|sync| now(sync.accept_server(item, side)));
    done.map(drop).map_err(|error| format!("accepting ends in {error}"))
}

/// Everything that a sync does.
pub(super) fn sync(device: &mut Device) -> Result<(), String> {
    device.sync().map(drop).map_err(|error| format!("a whole sync ends in {error}"))
}

/// This device's clock, Unix seconds. The device of the former state has none.
pub(super) fn set_clock(device: &mut Device, seconds: u64) {
    device.clock.set(seconds * 1_000);
}

/// The owner changes who has access. An answer that it is refused is an answer.
pub(super) fn change_access(
    device: &mut Device,
    item: &ItemId,
    with: &[Share],
    from: &[mysafe_protocol::UserId],
) -> Result<(), String> {
    let done = device.with(|sync| now(sync.change_access(item, with, from)));
    done.map(drop).map_err(|error| format!("a change of access ends in {error}"))
}

/// A share for ever, or until a time in Unix seconds.
pub(super) fn share(
    user: mysafe_protocol::UserId,
    permission: Permission,
    until: Option<u64>,
) -> Share {
    Share { user, permission, until }
}

/// An edit as a screen makes it, where this user may and the item opens.
pub(super) fn edit(
    device: &mut Device,
    item: &ItemId,
    change: impl FnOnce(&mut crate::model::ApiSecretForm),
) {
    let _ = device.change(item, |vault, local| {
        let mut form = vault.form(item, local)?;
        change(&mut form);
        vault.edit(item, &form, local, 2, &mut SystemRandom)
    });
}

/// The version before is restored, where the history shows one and this user may.
pub(super) fn restore_version(device: &mut Device, item: &ItemId) {
    let Some(history) = history(device, item) else { return };
    let _ = device.change(item, |vault, local| {
        let earlier =
            history.versions.iter().skip(1).find(|version| !version.overview.name.is_empty());
        let version = earlier.ok_or(SaveError::Gone)?;
        vault.restore(item, version, local, 4, &mut SystemRandom)
    });
}

fn history(device: &Device, item: &ItemId) -> Option<History> {
    let local = device.local(item);
    let before = device.vault.newest_on_server(&local)?;
    let answer = device.line.server.history_of(&device.line.user, item, before);
    device.vault.history(item, &local, &answer.versions, &answer.keys, answer.more).ok()
}
