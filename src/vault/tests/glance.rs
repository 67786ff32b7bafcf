//! A vault of which only some entries are decoded: what its first screen shows is what all would show,
//! and it is whole before anything of it is stored.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::{ItemId, UserId};

use crate::crypto::{AccountKey, Identity, Opened, SystemRandom};
use crate::matching::{Index, Match};
use crate::model::Overview;
use crate::search::Order;
use crate::vault::cache::{self, Cache};
use crate::vault::{
    Access, Entry, Glance, LoadError, Met, OpenError, SecretPresence, Store, Stored, Vault, keys,
};

const APIS: &str = include_str!("../../../tests/fixtures/public-apis.jsonl");
const ADDRESS: &str = "ana@example.com";

fn entry(number: usize, name: &str, urls: &[&str]) -> Entry {
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
        secret: SecretPresence::Unknown,
        trouble: None,
        access: Access::default(),
    }
}

/// Every API of the fixture, some of them inactive or deleted, and addresses of every other kind.
fn entries() -> Vec<Entry> {
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

const OTHERS: &[&[&str]] = &[
    &["https://bücher.example/a", "https://api.github.com/further"],
    &["https://xn--bcher-kva.example:8443"],
    &["http://localhost:8080", "https://other.example.co.uk", "https://also.example.co.uk"],
    &["http://127.0.0.1", "http://[::1]:99"],
    &["https://10.0.0.1:99/v1"],
    &["https://one.github.io", "https://github.io"],
    &["https://build", "https://API.Build.internal./x"],
    &["no address"],
];

fn account() -> (AccountKey, UserId) {
    let account = AccountKey::generate(&mut SystemRandom);
    let user = Identity::of(&account, ADDRESS).user();
    (account, user)
}

/// A vault, and what a device would have stored of these entries.
fn stored(entries: Vec<Entry>) -> (Vault, Stored) {
    let (account, user) = account();
    let mut vault = Vault::open(account, &user, ADDRESS, None).unwrap();
    vault.entries = entries.into_iter().map(|entry| (entry.id, entry)).collect();
    let cache = vault.cache(&mut SystemRandom).into_bytes();
    vault.entries.clear();
    (vault, Stored::of([cache]))
}

fn opened(vault: &Vault, stored: &Stored) -> Opened {
    stored.opening(vault).unwrap().unwrap().open().unwrap()
}

fn glance(entries: Vec<Entry>) -> (Vault, Glance) {
    let (mut vault, stored) = stored(entries);
    let opened = opened(&vault, &stored);
    let glance = vault.glance(&stored, Ok(Some(opened))).unwrap().unwrap();
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
fn near_an_address_is_all_that_belongs_to_it() {
    let entries = entries();
    let cache = Cache::of(cache::encode(entries.iter())).unwrap();
    let index = Index::of(entries.iter());
    let pages = entries.iter().step_by(5).chain(&entries[entries.len() - OTHERS.len()..]);
    let mut pages: Vec<&str> =
        pages.flat_map(|entry| entry.overview.at().map(String::as_str)).collect();
    pages.extend(["https://example.co.uk", "http://a.localhost", "about:blank", "https://com"]);
    let mut most = 0;
    for page in pages {
        let page = format!("{page}/deeper?query");
        let mut near: Vec<usize> = cache.near(&page).collect();
        near.sort_unstable();
        let near: Vec<Entry> = near.into_iter().map(|at| cache.entry(at).unwrap()).collect();
        most = most.max(near.len());
        let bare = |found: Match| (found.item, found.reason, found.not_secure);
        let alone: Vec<_> = Index::of(near.iter()).matching(&page).map(bare).collect();
        assert!(index.matching(&page).map(bare).eq(alone), "{page}");
    }
    assert!((2..entries.len() / 4).contains(&most), "few of them: {most}");
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
fn whatever_loads_a_vault_makes_it_whole() {
    let (mut vault, stored) = stored(entries());
    let whole = |vault: &Vault| !vault.is_partial() && vault.entries().len() == entries().len();
    let partly = |vault: &mut Vault| {
        let opened = opened(vault, &stored);
        let glance = vault.glance(&stored, Ok(Some(opened))).unwrap().unwrap();
        vault.show(&glance, &glance.first(5, None)).unwrap();
        assert!(vault.is_partial());
        glance
    };
    let mut glance = partly(&mut vault);
    while !glance.decode(300).unwrap() {}
    vault.complete(glance).unwrap();
    assert!(whole(&vault));
    partly(&mut vault);
    vault.take(&stored, Ok(Some(opened(&vault, &stored)))).unwrap();
    assert!(whole(&vault));
    let cache = vault.cache(&mut SystemRandom).into_bytes();
    partly(&mut vault);
    vault.reload(cache.as_deref()).unwrap();
    assert!(whole(&vault));
    // There is nothing else.
    assert!(vault.glance(&Stored::default(), Ok(None)).unwrap().is_none());
    assert!(!vault.is_partial() && vault.entries().len() == 0);
}

/// The parts of a plaintext, put together again after a change.
fn changed(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Opened {
    let entries = [entry(0, "b", &["https://b.example"]), entry(1, "a", &["https://a.example"])];
    let plaintext = cache::encode(entries.iter());
    let mut from = minicbor::Decoder::new(&plaintext);
    let count = from.map().unwrap().unwrap();
    let mut part = || from.u8().and_then(|_| from.bytes()).unwrap().to_vec();
    let mut parts: Vec<Vec<u8>> = (0..count).map(|_| part()).collect();
    change(&mut parts);
    let mut to = minicbor::Encoder::new(Vec::new());
    to.map(parts.len() as u64).unwrap();
    for (key, part) in (1u8..).zip(parts) {
        to.u8(key).unwrap().bytes(&part).unwrap();
    }
    to.into_writer().into()
}

type Change = fn(&mut Vec<Vec<u8>>);

#[test]
fn a_head_that_does_not_fit_is_damaged() {
    assert!(Cache::of(changed(|_| {})).is_ok());
    let changes: [(&str, Change); 13] = [
        ("a place that is none", |parts| parts[0][0] = 2),
        ("a place twice", |parts| parts[0] = [0; 8].into()),
        ("half a place", |parts| parts[0].truncate(6)),
        ("new, but there is no such place", |parts| parts[1] = vec![2, 0, 0, 0]),
        ("new, but not listed", |parts| {
            parts[0].truncate(4);
            parts[1] = vec![0; 4];
        }),
        ("houses that descend", |parts| parts[2].rotate_left(12)),
        ("a house nowhere", |parts| parts[2][20] = 9),
        ("half a house", |parts| parts[2].truncate(20)),
        ("ends that descend", |parts| parts[3].rotate_left(4)),
        ("an entry of no length", |parts| parts[3].splice(..4, [0; 4]).for_each(drop)),
        ("fewer ends", |parts| parts[3].truncate(4)),
        ("something behind the entries", |parts| parts[4].push(0)),
        ("one part more", |parts| parts.push(Vec::new())),
    ];
    for (why, change) in changes {
        assert!(Cache::of(changed(change)).is_err(), "{why}");
    }
    let entry = Cache::of(changed(|parts| parts[4][0] = 0)).unwrap().entry(0);
    assert!(entry.is_err(), "an entry that is none");
}

#[test]
fn a_cache_of_before_is_damaged_and_made_again() {
    let (account, user) = account();
    let before = [&[0x81][..], &entry(0, "a", &["https://a.example"]).encode()].concat();
    let blob =
        account.seal_device(DeviceKind::Cache, &user, keys::CACHE, &before, &mut SystemRandom);
    let key = AccountKey::from_session(&account.to_session()).unwrap();
    let open = Vault::open(key, &user, ADDRESS, Some(&blob));
    assert_eq!(open.err(), Some(OpenError::Damaged));
    // Which leads to a rebuild, and not to an error that stays.
    let mut vault = Vault::open(account, &user, ADDRESS, None).unwrap();
    let stored = Stored::of([Some(blob)]);
    let both = opened(&vault, &stored);
    assert_eq!(vault.take(&stored, Ok(Some(both.clone()))), Err(LoadError::Cache));
    assert_eq!(vault.glance(&stored, Ok(Some(both))).err(), Some(LoadError::Cache));
    assert!(!vault.is_partial());
    assert_eq!(vault.cache(&mut SystemRandom).store, Store::Cache);
}
