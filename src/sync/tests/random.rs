//! Any order of edits, syncs, breaks and restarts on three devices: in the end all have everything,
//! once, and every value that was saved is on top or in the item's history. `MYSAFE_SEED` repeats a
//! run; what failed once is tried first, from the file of regressions.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::ItemId;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestError};

use super::device::{Device, account};
use super::disk::Bug;
use super::line::Break;
use super::seeds::runner;
use crate::model::Draft;
use crate::vault::THEIRS_WIN;
use crate::vault::{Entry, LocalItem, SecretPresence};

/// How many histories are tried.
const HISTORIES: u32 = 1_000;

/// What can happen on one of the devices.
#[derive(Clone, Copy, Debug)]
enum Act {
    Add,
    /// Adds a tag to the n-th item this device knows.
    Tag(usize),
    /// Gives it another name and client secret.
    Rename(usize),
    Use(usize),
    Sync,
    /// A sync whose line breaks at the n-th request.
    Broken(u32, Break),
    /// A sync whose store refuses the n-th transaction.
    Refused(u32),
    /// Another context edits while the next write is on its way.
    TagMeanwhile(usize),
    Restart,
    /// Disables the n-th item.
    Disable(usize),
    /// Enables it.
    Enable(usize),
    /// The form of the n-th item is opened.
    Open(usize),
    /// What the form was opened for is saved, whatever came meanwhile.
    SaveOpened,
}

fn act() -> impl Strategy<Value = Act> {
    let how = prop_oneof![Just(Break::Before), Just(Break::After), Just(Break::Cut)];
    prop_oneof![
        2 => Just(Act::Add),
        4 => (0..3usize).prop_map(Act::Tag),
        4 => (0..3usize).prop_map(Act::Rename),
        1 => (0..3usize).prop_map(Act::Use),
        4 => Just(Act::Sync),
        3 => (0..4u32, how).prop_map(|(at, how)| Act::Broken(at, how)),
        2 => (0..5u32).prop_map(Act::Refused),
        2 => (0..3usize).prop_map(Act::TagMeanwhile),
        1 => Just(Act::Restart),
        1 => (0..3usize).prop_map(Act::Disable),
        1 => (0..3usize).prop_map(Act::Enable),
        2 => (0..3usize).prop_map(Act::Open),
        3 => Just(Act::SaveOpened),
    ]
}

/// The n-th of the items a device knows, round and round.
fn nth(device: &Device, number: usize) -> Option<ItemId> {
    let count = device.vault.entries().len();
    device.vault.entries().nth(number % count.max(1)).map(|entry| entry.id)
}

/// What was saved.
#[derive(Default)]
struct Saved {
    added: usize,
    /// The form that is open on each device.
    open: BTreeMap<usize, (ItemId, Draft)>,
    tags: BTreeSet<(ItemId, String)>,
    names: BTreeSet<(ItemId, String)>,
}

fn perform(which: usize, mut device: Device, act: Act, step: usize, saved: &mut Saved) -> Device {
    let tag = format!("tag {step}");
    match act {
        Act::Add => {
            saved.added += 1;
            device.add(&crate::model::ApiSecretForm { tags: vec![], ..super::device::form(&tag) });
        }
        Act::Tag(number) => {
            if let Some(item) = nth(&device, number) {
                device.edit(&item, |form| form.tags.push(tag.clone()));
                saved.tags.insert((item, tag));
            }
        }
        Act::Rename(number) => {
            if let Some(item) = nth(&device, number) {
                device.edit(&item, |form| {
                    form.name.clone_from(&tag);
                    *form.client_secret = format!("secret of {tag}");
                });
                saved.names.insert((item, tag));
            }
        }
        Act::Use(number) => {
            if let Some(item) = nth(&device, number) {
                device.used(&item, step as u64);
            }
        }
        Act::Sync => {
            device.sync_well();
        }
        Act::Broken(at, how) => device.sync_broken(at, how),
        Act::Refused(at) => device.sync_refused(at),
        Act::TagMeanwhile(number) => {
            if let Some(item) = nth(&device, number) {
                let mut popup = device.context();
                let happened = std::rc::Rc::new(std::cell::Cell::new(false));
                let flag = std::rc::Rc::clone(&happened);
                let name = tag.clone();
                *device.line.meanwhile.borrow_mut() = Some(Box::new(move || {
                    popup.edit(&item, |form| form.tags.push(name));
                    flag.set(true);
                }));
                device.sync_well();
                *device.line.meanwhile.borrow_mut() = None;
                if happened.get() {
                    saved.tags.insert((item, tag));
                }
            }
        }
        // The draft is kept.
        Act::Restart => device = device.restarted(),
        Act::Disable(number) | Act::Enable(number) => {
            if let Some(item) = nth(&device, number) {
                device.set_active(&item, matches!(act, Act::Enable(_)));
            }
        }
        Act::Open(number) => {
            if let Some(item) = nth(&device, number) {
                saved.open.insert(which, (item, device.draft(&item)));
            }
        }
        Act::SaveOpened => {
            if let Some((item, mut draft)) = saved.open.remove(&which) {
                // Every third form changes another field than most.
                if step.is_multiple_of(3) {
                    draft.form.name.clone_from(&tag);
                    *draft.form.client_secret = format!("secret of {tag}");
                    saved.names.insert((item, tag));
                } else {
                    draft.form.tags.push(tag.clone());
                    saved.tags.insert((item, tag));
                }
                device.save(&item, &draft);
            }
        }
    }
    device
}

/// The history of all devices: which does what, one after the other.
type History = Vec<(usize, Act)>;

fn everything_arrives_everywhere_once(history: &History, bug: Option<Bug>) -> TestCaseResult {
    let (account, server) = account();
    server.data.borrow_mut().page = 2;
    server.data.borrow_mut().bodies_in_one = 2;
    let mut devices = [(); 3].map(|()| Some(Device::new(&account, &server)));
    for device in devices.iter().flatten() {
        device.disk.bug.set(bug);
    }
    let mut saved = Saved::default();
    for (step, (which, act)) in history.iter().enumerate() {
        let device = devices[*which].take().expect("put back");
        devices[*which] = Some(perform(*which, device, *act, step, &mut saved));
    }
    let mut devices = devices.map(|device| device.expect("put back"));
    // A use sent over a later one comes back to who has that, and goes out again. Of three devices
    // each may do that to the next: five rounds.
    for _ in 0..5 {
        for device in &mut devices {
            device.sync_well();
        }
    }
    for device in &devices {
        device.assert_settled();
        prop_assert_eq!(device.vault.entries().len(), saved.added);
        let known: BTreeSet<(ItemId, String)> = device
            .vault
            .entries()
            .flat_map(|entry| device.form(&entry.id).tags.into_iter().map(|tag| (entry.id, tag)))
            .collect();
        prop_assert_eq!(&known, &saved.tags);
    }
    let mut kept = every_version(&devices[0]);
    kept.extend(devices.iter().flat_map(written_over));
    for name in &saved.names {
        prop_assert!(kept.contains(name), "{} was saved and is in no history", name.1);
    }
    let [one, two, three] = devices.each_ref().map(|device| {
        let entries = device.vault.entries().cloned();
        // Each device learns for itself whether there is a secret.
        entries.map(|entry| Entry { secret: SecretPresence::Unknown, ..entry }).collect::<Vec<_>>()
    });
    prop_assert_eq!(&one, &two);
    prop_assert_eq!(one, three);
    Ok(())
}

/// The names of all versions that a device keeps because they were written over before they were
/// sent.
fn written_over(device: &Device) -> BTreeSet<(ItemId, String)> {
    let ids: Vec<ItemId> = device.vault.entries().map(|entry| entry.id).collect();
    let versions = ids.into_iter().flat_map(|item| {
        let past = device.past(&item);
        let local = device.local(&item);
        let mut history = device.vault.history(&item, &local, &[], &[], false).ok().unwrap();
        let before = history.versions.len();
        let count = past.len();
        device.vault.add_past(&item, &local, &mut history, past);
        assert_eq!(history.versions.len(), before + count, "all of them open");
        let only_here = history.versions.into_iter().filter(|version| version.only_here);
        only_here.map(move |version| (item, version.overview.name)).collect::<Vec<_>>()
    });
    versions.collect()
}

/// The names of all versions on the server, each with the client secret it was saved with.
fn every_version(device: &Device) -> BTreeSet<(ItemId, String)> {
    let server = &device.line.server;
    let versions = server.versions().into_iter().map(|state| {
        let item = state.item;
        let local = LocalItem::confirmed(state);
        let form = device.vault.form(&item, &local).unwrap();
        assert_eq!(*form.client_secret, format!("secret of {}", form.name));
        (item, form.name)
    });
    for item in server.data.borrow().items.keys() {
        assert!(!server.revisions(item).is_empty());
    }
    versions.collect()
}

/// Tries random histories. `Err` with the first that fails.
fn try_histories(bug: Option<Bug>) -> Result<(), TestError<History>> {
    let name = if bug.is_none() { "random" } else { "random, a bug planted" };
    let mut runner = runner(name, file!(), HISTORIES, bug.is_none());
    THEIRS_WIN.set(bug == Some(Bug::TheirsAlwaysWins));
    let tried = runner.run(&vec((0..3usize, act()), 1..30), |history| {
        everything_arrives_everywhere_once(&history, bug)
    });
    THEIRS_WIN.set(false);
    tried
}

#[test]
fn every_history_ends_with_everything_everywhere_once() {
    if let Err(error) = try_histories(None) {
        panic!("{error}");
    }
}

/// The property is worth what it catches.
#[test]
fn planted_bugs_are_caught() {
    for bug in [Bug::OutboxEntryDropped, Bug::TheirsAlwaysWins, Bug::CursorStoredFirst] {
        let tried = try_histories(Some(bug));
        assert!(matches!(tried, Err(TestError::Fail(..))), "{bug:?}: {tried:?}");
    }
}
