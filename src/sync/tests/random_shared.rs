//! Any order of edits, disabling, changes of access, syncs, breaks and restarts on two devices of an owner and
//! two of an editor: in the end all have the same, and every tag that was saved is there.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{Permission, Status};
use mysafe_protocol::{Revision, UserId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

use super::device::{ADDRESS, Device};
use super::disk::Bug;
use super::line::Break;
use super::now;
use super::received::accepted;
use super::seeds::seed;
use super::sharing::named;
use crate::crypto::{AccountKey, SystemRandom};
use crate::vault::Share;

const HISTORIES: u32 = 40;

#[derive(Clone, Copy, Debug)]
enum Act {
    /// Adds a tag.
    Tag,
    /// Gives another name and client secret.
    Rename,
    Disable,
    Enable,
    /// The owner gives somebody else access, or takes it from them: a new key for all.
    Rekey,
    Sync,
    Broken(u32, Break),
    Refused(u32),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let how = prop_oneof![Just(Break::Before), Just(Break::After)];
    prop_oneof![
        5 => Just(Act::Tag),
        3 => Just(Act::Rename),
        1 => Just(Act::Disable),
        1 => Just(Act::Enable),
        2 => Just(Act::Rekey),
        5 => Just(Act::Sync),
        3 => (0..4u32, how).prop_map(|(at, how)| Act::Broken(at, how)),
        2 => (0..5u32).prop_map(Act::Refused),
        1 => Just(Act::Restart),
    ]
}

struct Told {
    item: mysafe_protocol::ItemId,
    cho: UserId,
    tags: BTreeSet<String>,
}

fn perform(mut device: Device, act: Act, step: usize, told: &mut Told) -> Device {
    let (item, random) = (told.item, &mut SystemRandom);
    match act {
        Act::Tag => {
            let tag = format!("tag {step}");
            device.edit(&item, |form| form.tags.push(tag.clone()));
            told.tags.insert(tag);
        }
        Act::Rename => device.edit(&item, |form| {
            form.name = format!("name {step}");
            *form.client_secret = format!("secret {step}");
        }),
        Act::Disable | Act::Enable => {
            let active = matches!(act, Act::Enable);
            let set = device.change(&item, |vault, local| {
                vault.set_active(&item, active, local, step as u64, random)
            });
            set.unwrap();
        }
        Act::Rekey if device.line.user == device.line.server.owner => {
            let share = Share { user: told.cho, permission: Permission::View, until: None };
            let (with, from) = match named(&device, &item).contains(&told.cho) {
                true => (vec![], vec![told.cho]),
                false => (vec![share], vec![]),
            };
            // What waits goes first, and to what is inactive nobody is added.
            let _ = device.with(|sync| now(sync.change_access(&item, &with, &from))).unwrap();
        }
        Act::Rekey => {}
        Act::Sync => {
            device.sync_well();
        }
        Act::Broken(at, how) => device.sync_broken(at, how),
        Act::Refused(at) => device.sync_refused(at),
        Act::Restart => device = device.restarted(),
    }
    device
}

fn all_have_the_same(history: &[(usize, Act)], bug: Option<Bug>) -> TestCaseResult {
    let mut scene = accepted(Permission::Edit);
    let item = scene.item;
    let server = std::rc::Rc::clone(&scene.ana.line.server);
    server.data.borrow_mut().bodies_in_one = 2;
    let cho = AccountKey::generate(&mut SystemRandom);
    let cho = Device::of(&cho, "cho@example.com", &server).line.user;
    scene.ana.with(|sync| now(sync.pin(&cho, "cho@example.com"))).unwrap().unwrap();
    let mut other = Device::of(&scene.ana.account(), ADDRESS, &server);
    other.sync_well();
    let tags = scene.ana.form(&item).tags.into_iter().collect();
    let mut told = Told { item, cho, tags };
    let mut devices = [scene.ana, other, scene.bea, scene.second].map(Some);
    for device in devices.iter().flatten() {
        device.disk.bug.set(bug);
    }
    for (step, (which, act)) in history.iter().enumerate() {
        let device = devices[*which].take().expect("put back");
        devices[*which] = Some(perform(device, *act, step, &mut told));
    }
    let mut devices = devices.map(|device| device.expect("put back"));
    for _ in 0..4 {
        for device in &mut devices {
            device.sync_well();
        }
    }
    let newest = Revision::read(&server.state(&item).revision).unwrap();
    for device in &devices {
        let entry = device.entry(&item);
        prop_assert!(!entry.waiting && entry.trouble.is_none());
        prop_assert_eq!((entry.revision, entry.status), (newest.revision, newest.status));
        let form = device.form(&item);
        prop_assert!(form == devices[0].form(&item));
        prop_assert_eq!(&form.tags.into_iter().collect::<BTreeSet<_>>(), &told.tags);
        prop_assert!(newest.status != Status::Deleted);
    }
    // Each revision is the one before the next.
    let bodies = server.bodies(&item);
    for two in bodies.windows(2) {
        prop_assert_eq!(Revision::read(&two[1]).unwrap().prev, Some(two[0].hash()));
    }
    Ok(())
}

/// Tries random histories from this seed. `Err` with the first that fails.
fn try_histories(seed: u64, bug: Option<Bug>) -> Result<(), TestError<Vec<(usize, Act)>>> {
    let config = ProptestConfig {
        cases: HISTORIES,
        max_shrink_iters: if bug.is_none() { 100 } else { 0 },
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_be_bytes(); 4].concat());
    TestRunner::new_with_rng(config, rng)
        .run(&vec((0..4usize, act()), 1..25), |history| all_have_the_same(&history, bug))
}

#[test]
fn every_history_of_two_people_ends_with_the_same_for_both() {
    let seed = seed();
    if let Err(error) = try_histories(seed, None) {
        panic!("MYSAFE_SEED={seed}: {error}");
    }
}

/// The property is worth what it catches.
#[test]
fn a_lost_edit_is_caught() {
    let tried = try_histories(7, Some(Bug::OutboxEntryDropped));
    assert!(matches!(tried, Err(TestError::Fail(..))), "{tried:?}");
}
