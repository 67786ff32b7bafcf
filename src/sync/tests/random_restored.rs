//! Any order of edits, syncs, breaks, backups and restores on three devices: every tag that was saved
//! is everywhere in the end, all devices know the same people, and no item is there twice.

use std::collections::BTreeSet;

use mysafe_protocol::{ItemId, UserId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::device::{Device, account, form};
use super::line::Break;
use super::now;
use super::seeds::runner;
use super::server::Server;
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::{BOTH_CHANGED, RESTORED, Side};
use crate::vault::{Store, keys};

#[derive(Clone, Copy, Debug)]
enum Act {
    Add,
    Tag(usize),
    Use(usize),
    Sync,
    Broken(u32, Break),
    Refused(u32),
    Backup,
    Restore,
    /// Meets the n-th of the other people.
    Pin(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let how = prop_oneof![Just(Break::Before), Just(Break::After), Just(Break::Cut)];
    prop_oneof![
        2 => Just(Act::Add),
        6 => (0..2usize).prop_map(Act::Tag),
        1 => (0..2usize).prop_map(Act::Use),
        6 => Just(Act::Sync),
        3 => (0..8u32, how).prop_map(|(at, how)| Act::Broken(at, how)),
        2 => (0..8u32).prop_map(Act::Refused),
        2 => Just(Act::Backup),
        2 => Just(Act::Restore),
        2 => (0..PEOPLE).prop_map(Act::Pin),
    ]
}

/// How many other people there are.
const PEOPLE: usize = 4;

/// The n-th of the items a device knows.
fn nth(device: &Device, number: usize) -> Option<ItemId> {
    let count = device.vault.entries().len();
    device.vault.entries().nth(number % count.max(1)).map(|entry| entry.id)
}

/// A sync. Histories that went apart are united; after three times a day it is the user's act.
fn sync(device: &mut Device) {
    // A day later: how often a device writes again above a server is not what this is about.
    device.clock.set(device.clock.get() + 24 * 60 * 60 * 1_000);
    let outcome = device.sync().unwrap();
    for notice in outcome.notices {
        assert!(
            [RESTORED, BOTH_CHANGED, "forked"].contains(&&*notice.code),
            "{notice:?} {:?}",
            device.notices()
        );
    }
    let forked = |device: &Device| {
        let mut entries = device.vault.entries();
        entries.find(|entry| entry.trouble.as_deref() == Some("forked")).map(|entry| entry.id)
    };
    while let Some(item) = forked(device) {
        device.clock.set(device.clock.get() + 2 * 24 * 60 * 60 * 1_000);
        let accepted = device.with(|sync| now(sync.accept_server(&item, Side::Mine))).unwrap();
        assert_eq!(accepted, Ok(()));
    }
}

fn every_tag_is_everywhere(history: &[(usize, Act)]) -> TestCaseResult {
    let (account, server) = account();
    server.data.borrow_mut().page = 2;
    server.data.borrow_mut().bodies_in_one = 2;
    let people: Vec<UserId> = (0..PEOPLE).map(|n| meetable(&server, n)).collect();
    let mut met = BTreeSet::new();
    let mut backup = server.backup();
    let mut devices = [(); 3].map(|()| Device::new(&account, &server));
    let mut saved: BTreeSet<(ItemId, String)> = BTreeSet::new();
    let mut added = 0;
    for (step, (which, act)) in history.iter().enumerate() {
        let device = &mut devices[*which];
        match *act {
            Act::Add => {
                added += 1;
                device.add(&crate::model::ApiSecretForm { tags: vec![], ..form("x") });
            }
            Act::Tag(number) => {
                if let Some(item) = nth(device, number) {
                    let tag = format!("tag {step}");
                    device.edit(&item, |form| form.tags.push(tag.clone()));
                    saved.insert((item, tag));
                }
            }
            Act::Use(number) => {
                if let Some(item) = nth(device, number) {
                    device.used(&item, step as u64 + 1);
                }
            }
            Act::Sync => sync(device),
            Act::Broken(at, how) => device.sync_broken(at, how),
            Act::Refused(at) => device.sync_refused(at),
            Act::Pin(number) => {
                // Signing in brings the record.
                if device.value(Store::Device, keys::RECORD).is_none() {
                    sync(device);
                }
                let (user, address) = (people[number], address_of(number));
                let pinned = device.with(|sync| now(sync.pin(&user, &address))).unwrap();
                assert_eq!(pinned, Ok(()));
                met.insert(user);
            }
            Act::Backup => backup = server.backup(),
            Act::Restore => server.restore(&backup, true),
        }
    }
    for _ in 0..8 {
        devices.iter_mut().for_each(sync);
    }
    let mut everywhere = None;
    for device in &devices {
        // Uses alone may still go round.
        device.disk.values.borrow_mut().retain(|(_, key), _| !key.starts_with("use/"));
        device.assert_settled();
        prop_assert_eq!(device.vault.entries().len(), added);
        let known: BTreeSet<(ItemId, String)> = device
            .vault
            .entries()
            .flat_map(|entry| device.form(&entry.id).tags.into_iter().map(|tag| (entry.id, tag)))
            .collect();
        prop_assert_eq!(&known, &saved);
        let record = device.value(Store::Device, keys::RECORD).unwrap();
        let record = device.vault.read_record(&record).unwrap();
        let pinned: BTreeSet<UserId> = record.contacts().iter().map(|met| met.user).collect();
        // Of a lower record nothing is taken: a pin made on a restored server may be the user's again.
        prop_assert!(pinned.is_subset(&met));
        prop_assert!(everywhere.get_or_insert_with(|| pinned.clone()) == &pinned);
    }
    Ok(())
}

fn address_of(number: usize) -> String {
    format!("person{number}@example.com")
}

/// Somebody whom the server knows.
fn meetable(server: &Server, number: usize) -> UserId {
    let key = AccountKey::generate(&mut SystemRandom);
    let identity = Identity::of(&key, &address_of(number));
    let (user, bundle) = (identity.user(), identity.signed_bundle());
    server.data.borrow_mut().people.insert(user, bundle);
    user
}

#[test]
fn whatever_is_restored_every_tag_is_everywhere() {
    let tried = runner("random_restored", file!(), 300, true)
        .run(&vec((0..3usize, act()), 1..40), |history| every_tag_is_everywhere(&history));
    if let Err(error) = tried {
        panic!("{error}");
    }
}
