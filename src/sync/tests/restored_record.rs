//! The account record on a server that was restored from a backup: everybody met is met still, and
//! people can be met again.

use std::rc::Rc;

use super::restored::sync;
use super::sharing::{pin, pin_at, scene};
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::Notice;
use crate::vault::{Store, keys};

#[test]
fn who_was_met_after_the_backup_is_met_still_and_nothing_is_refused() {
    // Whether the other device writes on the restored server first, and how often.
    for others in 0..4 {
        let scene = scene();
        let (mut one, mut two) = (scene.one, scene.two);
        let server = Rc::clone(&one.line.server);
        let backup = server.backup();
        assert_eq!(pin(&mut one, &scene.bea.user()), Ok(()));
        let mut met = vec![scene.bea.user()];
        server.restore(&backup, true);
        for number in 0..others {
            let address = format!("cho{number}@example.com");
            let cho = Identity::of(&AccountKey::generate(&mut SystemRandom), &address);
            server.data.borrow_mut().people.insert(cho.user(), cho.signed_bundle());
            assert_eq!(pin_at(&mut two, &cho.user(), &address), Ok(()));
            met.push(cho.user());
        }
        met.sort();
        sync(&mut one);
        sync(&mut two);
        sync(&mut one);
        for device in [&one, &two] {
            assert_eq!(device.notices(), [], "{others}");
            let record = device.value(Store::Device, keys::RECORD).unwrap();
            let record = device.vault.read_record(&record).unwrap();
            let mut pinned: Vec<_> = record.contacts().iter().map(|met| met.user).collect();
            pinned.sort();
            assert_eq!(pinned, met, "{others}");
        }
        // And it can meet people again.
        let eva = Identity::of(&AccountKey::generate(&mut SystemRandom), "eva@example.com");
        server.data.borrow_mut().people.insert(eva.user(), eva.signed_bundle());
        assert_eq!(pin_at(&mut one, &eva.user(), "eva@example.com"), Ok(()));
    }
}

#[test]
fn whoever_meets_somebody_before_the_first_sync_after_a_restore_does_so() {
    let mut scene = scene();
    let server = Rc::clone(&scene.one.line.server);
    let backup = server.backup();
    assert_eq!(pin(&mut scene.one, &scene.bea.user()), Ok(()));
    let cho = Identity::of(&AccountKey::generate(&mut SystemRandom), "cho@example.com");
    server.restore(&backup, true);
    server.data.borrow_mut().people.insert(cho.user(), cho.signed_bundle());
    assert_eq!(pin_at(&mut scene.one, &cho.user(), "cho@example.com"), Ok(()));
    assert_eq!(scene.one.notices(), []);
}

#[test]
fn a_record_that_is_behind_is_written_again_three_times_a_day() {
    let mut scene = scene();
    let server = Rc::clone(&scene.one.line.server);
    let before = server.data.borrow().record.1.clone();
    assert_eq!(pin(&mut scene.one, &scene.bea.user()), Ok(()));
    for version in [3, 4, 5] {
        {
            let data = &mut *server.data.borrow_mut();
            data.position += 1;
            data.record = (data.position, before.clone());
        }
        scene.one.sync_well();
        assert_eq!(server.data.borrow().record.1.version, version, "above both");
    }
    {
        let data = &mut *server.data.borrow_mut();
        data.position += 1;
        data.record = (data.position, before);
    }
    let outcome = scene.one.sync().unwrap();
    assert_eq!(outcome.notices, [Notice::general("went_back")]);
    assert_eq!(server.data.borrow().record.1.version, 1, "nothing more is uploaded");
    let contacts = scene.one.with(|sync| super::now(sync.contacts())).unwrap();
    assert_eq!(contacts.contacts().len(), 1, "nothing held is given up");
}
