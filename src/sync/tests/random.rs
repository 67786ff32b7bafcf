//! Any order of edits, syncs, breaks and restarts on two devices: in the end both have
//! everything, once.

use std::collections::BTreeSet;

use mysafe_protocol::ItemId;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::WithSource;

use super::device::{Device, account};
use super::line::Break;
use crate::vault::{Entry, SecretPresence};

/// What can happen on one of two devices.
#[derive(Clone, Copy, Debug)]
enum Act {
    Add,
    /// Adds a tag to the n-th item this device knows.
    Tag(usize),
    Use(usize),
    Sync,
    /// A sync whose line breaks at the n-th request.
    Broken(u32, Break),
    /// A sync whose store refuses the n-th transaction.
    Refused(u32),
    /// Another context edits while the next write is on its way.
    TagMeanwhile(usize),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let how = prop_oneof![Just(Break::Before), Just(Break::After)];
    prop_oneof![
        2 => Just(Act::Add),
        5 => (0..3usize).prop_map(Act::Tag),
        1 => (0..3usize).prop_map(Act::Use),
        4 => Just(Act::Sync),
        3 => (0..4u32, how).prop_map(|(at, how)| Act::Broken(at, how)),
        2 => (0..5u32).prop_map(Act::Refused),
        2 => (0..3usize).prop_map(Act::TagMeanwhile),
        1 => Just(Act::Restart),
    ]
}

/// The n-th of the items a device knows, round and round.
fn nth(device: &Device, number: usize) -> Option<ItemId> {
    let count = device.vault.entries().len();
    device.vault.entries().nth(number % count.max(1)).map(|entry| entry.id)
}

fn perform(
    mut device: Device,
    act: Act,
    step: usize,
    tags: &mut BTreeSet<(ItemId, String)>,
) -> Device {
    let tag = format!("tag {step}");
    match act {
        Act::Add => {
            device.add(&crate::model::ApiSecretForm { tags: vec![], ..super::device::form(&tag) });
        }
        Act::Tag(number) => {
            if let Some(item) = nth(&device, number) {
                device.edit(&item, |form| form.tags.push(tag.clone()));
                tags.insert((item, tag));
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
        Act::Broken(at, how) => {
            device.line.breaks.set(Some((at, how)));
            let _ = device.sync();
            device.line.breaks.set(None);
        }
        Act::Refused(at) => {
            device.disk.refuses.set(Some(at));
            let _ = device.sync();
            device.disk.refuses.set(None);
        }
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
                    tags.insert((item, tag));
                }
            }
        }
        Act::Restart => device = device.restarted(),
    }
    device
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 200,
        failure_persistence: Some(Box::new(WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn everything_arrives_everywhere_once(acts in vec((any::<bool>(), act()), 1..24)) {
        let (account, server) = account();
        server.data.borrow_mut().page = 2;
        server.data.borrow_mut().bodies_in_one = 2;
        let mut devices = [Device::new(&account, &server), Device::new(&account, &server)];
        let mut tags = BTreeSet::new();
        let (mut added, mut step) = (0, 0);
        for (which, act) in acts {
            added += usize::from(matches!(act, Act::Add));
            step += 1;
            let [one, two] = devices;
            devices = if which {
                [perform(one, act, step, &mut tags), two]
            } else {
                [one, perform(two, act, step, &mut tags)]
            };
        }
        for _ in 0..3 {
            for device in &mut devices {
                device.sync_well();
            }
        }
        for device in &devices {
            device.assert_settled();
            prop_assert_eq!(device.vault.entries().len(), added);
            let known: BTreeSet<(ItemId, String)> = device
                .vault
                .entries()
                .flat_map(|entry| device.form(&entry.id).tags.into_iter().map(|tag| (entry.id, tag)))
                .collect();
            prop_assert_eq!(&known, &tags);
        }
        for item in server.data.borrow().items.keys() {
            prop_assert!(!server.revisions(item).is_empty());
        }
        let [one, two] = devices.each_ref().map(|device| {
            let entries = device.vault.entries().cloned();
            // Each device learns for itself whether there is a secret.
            entries.map(|entry| Entry { secret: SecretPresence::Unknown, ..entry }).collect::<Vec<_>>()
        });
        prop_assert_eq!(one, two);
    }
}
