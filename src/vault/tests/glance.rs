//! A vault of which only some entries are decoded: what its first screen shows is what all would show,
//! and it is whole before anything of it is stored.

use std::collections::BTreeMap;

use mysafe_protocol::bodies::Status;
use mysafe_protocol::{ItemId, UserId};

use crate::crypto::{AccountKey, Identity, Opened, SystemRandom};
use crate::model::Overview;
use crate::search::Order;
use crate::vault::{
    Access, Entry, Glance, Met, OpenError, OpenedCache, SecretPresence, Store, Stored, Vault, keys,
};

const APIS: &str = include_str!("../../../tests/fixtures/public-apis.jsonl");
pub(super) const ADDRESS: &str = "ana@example.com";

pub(super) fn entry(number: usize, name: &str, urls: &[&str]) -> Entry {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(number as u64).to_be_bytes());
    let mut urls = urls.iter().map(|url| (*url).to_owned());
    let overview = Overview {
        name: name.to_owned(),
        url: urls.next().unwrap_or_default(),
        addresses: urls.collect(),
        ..Default::default()
    };
    Entry {
        id: ItemId(id),
        revision: 1,
        status: Status::Active,
        overview,
        waiting: false,
        last_use: (number % 7) as u64,
        later_use: Default::default(),
        secret: SecretPresence::Unknown,
        trouble: None,
        access: Access::default(),
    }
}

/// Every API of the fixture, some of them inactive or deleted, and addresses of every other kind.
pub(super) fn entries() -> Vec<Entry> {
    let text = |line: &'static str, key: &str| {
        let (_, after) = line.split_once(&format!("\"{key}\": \"")).expect("each API has it");
        after.split('"').next().expect("a string ends")
    };
    let apis = APIS.lines().map(|line| (text(line, "name"), text(line, "url")));
    let mut entries: Vec<Entry> =
        apis.enumerate().map(|(at, (name, url))| entry(at, name, &[url])).collect();
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.status = match at % 11 {
            3 => Status::Inactive,
            8 => Status::Deleted,
            _ => Status::Active,
        };
    }
    for urls in OTHERS {
        entries.push(entry(entries.len(), "Ápi of another kind", urls));
    }
    entries
}

pub(super) const OTHERS: &[&[&str]] = &[
    &["https://bücher.example/a", "https://api.github.com/further"],
    &["https://xn--bcher-kva.example:8443"],
    &["http://localhost:8080", "https://other.example.co.uk", "https://also.example.co.uk"],
    &["http://127.0.0.1", "http://[::1]:99"],
    &["https://10.0.0.1:99/v1"],
    &["https://one.github.io", "https://github.io"],
    &["https://build", "https://API.Build.internal./x"],
    &["no address"],
];

pub(super) fn account() -> (AccountKey, UserId) {
    let account = AccountKey::generate(&mut SystemRandom);
    let user = Identity::of(&account, ADDRESS).user();
    (account, user)
}

/// A vault, and what a device would have stored of these entries.
pub(super) fn stored(entries: Vec<Entry>) -> (Vault, BTreeMap<String, Vec<u8>>) {
    let (account, user) = account();
    let mut vault = Vault::open(account, &user, ADDRESS).unwrap();
    vault.entries = entries.into_iter().map(|entry| (entry.id, entry)).collect();
    let cache = sealed(&vault);
    vault.empty();
    (vault, cache)
}

/// The values of the cache that a vault stores.
pub(super) fn sealed(vault: &Vault) -> BTreeMap<String, Vec<u8>> {
    let puts = vault.cache(&mut SystemRandom);
    assert!(puts.iter().all(|put| put.store == Store::Cache));
    puts.into_iter().filter_map(|put| Some((put.key.clone(), put.into_bytes()?))).collect()
}

pub(super) fn open(vault: &Vault, key: &str, blob: &[u8]) -> Opened {
    vault.opening_cache(key, blob).unwrap().open().unwrap()
}

fn number(key: &str) -> Option<usize> {
    key.strip_prefix("overviews/")?.parse().ok()
}

/// The cache, opened, with these of its pieces.
pub(super) fn opened(
    vault: &Vault,
    stored: &BTreeMap<String, Vec<u8>>,
    wanted: impl Fn(usize) -> bool,
) -> OpenedCache {
    let pieces = stored.iter().filter_map(|(key, blob)| {
        let number = number(key).filter(|number| wanted(*number))?;
        Some((number, open(vault, key, blob)))
    });
    OpenedCache { head: open(vault, keys::CACHE, &stored[keys::CACHE]), pieces: pieces.collect() }
}

pub(super) fn whole(vault: &Vault, stored: &BTreeMap<String, Vec<u8>>) -> OpenedCache {
    opened(vault, stored, |_| true)
}

/// Looked at with all of its pieces.
fn glance(entries: Vec<Entry>) -> (Vault, Glance) {
    let (mut vault, stored) = stored(entries);
    let opened = whole(&vault, &stored);
    let glance = vault.glance(&Stored::default(), Ok(Some(opened))).unwrap().unwrap();
    (vault, glance)
}

fn ids<'e>(entries: impl Iterator<Item = &'e Entry>) -> Vec<ItemId> {
    entries.map(|entry| entry.id).collect()
}

#[test]
fn the_order_is_the_one_of_all() {
    let entries = entries();
    let here: Vec<&Entry> = entries.iter().filter(|e| e.status != Status::Deleted).collect();
    let order = Order::Name.of(here.iter().copied());
    let order = ids(order.into_iter().map(|place| here[place]));

    let (mut vault, glance) = glance(entries.clone());
    assert_eq!((glance.count(), glance.listed()), (entries.len(), here.len()));
    let first = glance.first(60, None);
    vault.show(&glance, &first).unwrap();
    assert_eq!(vault.entries().len(), 60);
    assert!(order[..60].iter().all(|id| vault.entry(id).is_some()));

    assert_eq!(vault.complete(glance).unwrap(), order);
    assert!(vault.entries().eq(entries.iter()), "all of them, as they were");
}

#[test]
fn what_is_new_and_what_is_near_is_there_from_the_start() {
    let mut entries = entries();
    let last = entries.len() - 9;
    entries[last].access.owner = Some(UserId([7; 32]));
    let (id, url) = (entries[last].id, entries[40].overview.url.clone());
    let (mut vault, glance) = glance(entries.clone());
    let first = glance.first(3, Some(&url));
    vault.show(&glance, &first).unwrap();
    assert_eq!(ids(vault.new_items()), [id]);
    assert!(vault.entry(&entries[40].id).is_some());
    assert!(vault.entries().len() < 100);
}

#[test]
fn whom_the_user_met_holds_for_all_entries_whenever_they_are_decoded() {
    // Sealed when they were accepted; the record that pinned them is gone.
    let mut entries = entries();
    for entry in &mut entries {
        entry.access =
            Access { owner: Some(UserId([7; 32])), met: Met::Accepted, seen: true, ..entry.access };
    }
    let (mut vault, glance) = glance(entries);
    vault.show(&glance, &glance.first(5, None)).unwrap();
    assert!(vault.entries().len() == 5 && vault.entries().all(|e| e.access.met == Met::First));
    vault.complete(glance).unwrap();
    assert!(vault.entries().all(|entry| entry.access.met == Met::First));
}

#[test]
#[should_panic(expected = "some entries only")]
fn a_vault_that_is_not_whole_is_never_stored() {
    let (mut vault, glance) = glance(entries());
    vault.show(&glance, &glance.first(5, None)).unwrap();
    assert!(vault.is_partial());
    vault.cache(&mut SystemRandom);
}

#[test]
fn a_first_screen_needs_few_pieces_and_the_rest_comes_in_steps() {
    let all = entries();
    let (mut vault, stored) = stored(all.clone());
    assert!(stored.len() > 10, "in pieces");
    let only_first = opened(&vault, &stored, |number| number == 0);
    let mut glance = vault.glance(&Stored::default(), Ok(Some(only_first))).unwrap().unwrap();
    let places = glance.first(80, None);
    assert_eq!(glance.missing(places.iter().copied()), [0; 0], "what stands first is in the first");

    let url = all[40].overview.url.clone();
    let places = glance.first(80, Some(&url));
    let missing = glance.missing(places.iter().copied());
    assert!((1..8).contains(&missing.len()), "{missing:?}");
    assert_eq!(vault.show(&glance, &places), Err(OpenError::Damaged), "its pieces are not here");
    let add = |glance: &mut Glance, vault: &Vault, number: usize| {
        let key = keys::piece(number);
        glance.add(vec![(number, open(vault, &key, &stored[&key]))])
    };
    for number in missing {
        add(&mut glance, &vault, number).unwrap();
    }
    assert!(vault.show(&glance, &places).unwrap().contains(&all[40].id));

    loop {
        let missing = glance.missing(glance.next(300));
        assert!(missing.len() <= 4, "few at a time");
        for number in missing {
            add(&mut glance, &vault, number).unwrap();
        }
        if glance.decode(300).unwrap() {
            break;
        }
    }
    vault.complete(glance).unwrap();
    assert!(vault.entries().eq(all.iter()));
}

#[test]
fn whatever_loads_a_vault_makes_it_whole() {
    let (mut vault, stored) = stored(entries());
    let is_whole = |vault: &Vault| !vault.is_partial() && vault.entries().len() == entries().len();
    let partly = |vault: &mut Vault| {
        let opened = whole(vault, &stored);
        let glance = vault.glance(&Stored::default(), Ok(Some(opened))).unwrap().unwrap();
        vault.show(&glance, &glance.first(5, None)).unwrap();
        assert!(vault.is_partial());
        glance
    };
    let mut glance = partly(&mut vault);
    while !glance.decode(300).unwrap() {}
    vault.complete(glance).unwrap();
    assert!(is_whole(&vault));
    partly(&mut vault);
    let opened = whole(&vault, &stored);
    vault.take(&Stored::default(), Ok(Some(opened))).unwrap();
    assert!(is_whole(&vault));
    partly(&mut vault);
    vault.empty();
    assert!(!vault.is_partial());
    // There is nothing else.
    assert!(vault.glance(&Stored::default(), Ok(None)).unwrap().is_none());
    assert!(!vault.is_partial() && vault.entries().len() == 0);
}
