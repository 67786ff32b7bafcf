//! A context that starts over what another one stored: a popup that opens, a background that wakes.

use mysafe_protocol::bodies::{Permission, Status};

use super::device::{Device, form};
use super::received::{Scene, accepted, shared};
use crate::crypto::SystemRandom;
use crate::vault::{Met, SaveError};

/// What a screen can do with an item of somebody else.
fn acts(context: &mut Device, scene: &Scene) -> [Result<(), SaveError>; 7] {
    let (item, random) = (scene.item, &mut SystemRandom);
    let renamed = form("b");
    let save = context.change(&item, |vault, local| vault.edit(&item, &renamed, local, 2, random));
    let off =
        context.change(&item, |vault, local| vault.set_active(&item, false, local, 3, random));
    let on = context.change(&item, |vault, local| vault.set_active(&item, true, local, 4, random));
    let add = context.change(&item, |vault, local| {
        vault.add_address(&item, "https://other.example.com", local, 5, random)
    });
    let take = context.change(&item, |vault, local| {
        vault.remove_address(&item, "https://other.example.com", local, 6, random)
    });
    let restore = context.change(&item, |vault, local| {
        let history = vault.history(&item, local, &[], &[], false)?;
        let version = history.versions.last().expect("what is there now");
        vault.restore(&item, version, local, 7, random)
    });
    let copy = context.change(&item, |vault, local| vault.copy(&item, local, 8, random));
    [save, off, on, add, take, restore, copy]
}

#[test]
fn whoever_accepted_the_owner_may_do_all_of_their_right_in_every_context() {
    let scene = accepted(Permission::Edit);
    // Neither has synced: each knows what the device knows.
    for mut context in [scene.bea.context(), scene.second.context()] {
        assert_eq!(acts(&mut context, &scene), [const { Ok(()) }; 7]);
        assert_eq!(context.name(&scene.item), "CRM", "restored");
        assert_eq!(context.entry(&scene.item).status, Status::Active);
        assert_eq!(context.vault.entries().len(), 2, "and the copy");
    }
    let scene = accepted(Permission::View);
    let not = || Err(SaveError::NotAllowed);
    let expected = [not(), not(), not(), not(), not(), not(), Ok(())];
    assert_eq!(acts(&mut scene.bea.context(), &scene), expected);
}

#[test]
fn who_is_accepted_is_so_in_contexts_that_were_open_before() {
    let mut scene = shared(Permission::Edit);
    let mut open = scene.bea.context();
    assert_eq!(open.entry(&scene.item).access.met, Met::First);
    let refused = acts(&mut open, &scene);
    assert_eq!(refused, [const { Err(SaveError::NotAccepted) }; 7]);
    scene.accept();
    assert_eq!(acts(&mut open, &scene), [const { Ok(()) }; 7]);
}
