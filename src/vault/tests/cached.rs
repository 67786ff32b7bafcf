//! What `device/cache` holds: a vault of any size goes into its pieces and comes back, what belongs to an
//! address is found by the head alone, and what does not fit is damaged.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decoder, Encoder};
use mysafe_protocol::ItemId;
use mysafe_protocol::context::DeviceKind;

use super::glance::{
    ADDRESS, OTHERS, account, entries, entry, open, opened, sealed, stored, whole,
};
use crate::crypto::SystemRandom;
use crate::matching::{Index, Match};
use crate::vault::cache::{self, Head, Piece};
use crate::vault::{Entry, LoadError, OpenError, OpenedCache, Put, Stored, Vault, keys};

#[test]
fn near_an_address_is_all_that_belongs_to_it() {
    let entries = entries();
    let plain = cache::encode(entries.iter(), &mut SystemRandom);
    let head = Head::of(plain.head).unwrap();
    let pieces = plain.pieces.into_iter().enumerate();
    let pieces: Vec<_> =
        pieces.map(|(number, piece)| Piece::of(piece, &head, number).unwrap()).collect();
    let index = Index::of(entries.iter());
    let pages = entries.iter().step_by(5).chain(&entries[entries.len() - OTHERS.len()..]);
    let mut pages: Vec<&str> =
        pages.flat_map(|entry| entry.overview.at().map(String::as_str)).collect();
    pages.extend(["https://example.co.uk", "http://a.localhost", "about:blank", "https://com"]);
    let mut most = 0;
    for page in pages {
        let page = format!("{page}/deeper?query");
        let near = head.near(&page).map(|place| head.find(place));
        let near = near.map(|(piece, at)| pieces[piece].entry(at).unwrap());
        let near: BTreeMap<ItemId, Entry> = near.map(|entry| (entry.id, entry)).collect();
        let near: Vec<Entry> = near.into_values().collect();
        most = most.max(near.len());
        let bare = |found: Match| (found.item, found.reason, found.not_secure);
        let alone: Vec<_> = Index::of(near.iter()).matching(&page).map(bare).collect();
        assert!(index.matching(&page).map(bare).eq(alone), "{page}");
    }
    assert!((2..entries.len() / 4).contains(&most), "few of them: {most}");
}

#[test]
fn pieces_of_another_cache_are_refused() {
    let (mut vault, before) = stored(entries());
    vault.entries = entries().into_iter().map(|entry| (entry.id, entry)).collect();
    // The same entries, sealed once more.
    let after = sealed(&vault);
    let opened = opened(&vault, &before, |number| number == 0);
    let mut glance = vault.glance(&Stored::default(), Ok(Some(opened))).unwrap().unwrap();
    let piece = |stored: &BTreeMap<String, Vec<u8>>, number: usize| {
        let key = keys::piece(number);
        open(&vault, &key, &stored[&key])
    };
    let last = before.len() - 2;
    assert_eq!(glance.add(vec![(1, piece(&after, 1))]), Err(OpenError::Damaged));
    assert_eq!(glance.add(vec![(1, piece(&before, last))]), Err(OpenError::Damaged), "shorter");
    assert_eq!(glance.add(vec![(1, piece(&before, 1))]), Ok(()));
    // Nor do they open under each other's names.
    let key = keys::piece(2);
    assert!(vault.opening_cache(&key, &before[&keys::piece(1)]).unwrap().open().is_err());
}

#[test]
fn a_vault_of_any_size_goes_into_its_pieces() {
    let (account, user) = account();
    let mut vault = Vault::open(account, &user, ADDRESS).unwrap();
    let kept = 1 + cache::PIECES;
    let mut last = usize::MAX;
    for count in [5_000, 4_097, 4_096, 129, 128, 1, 0] {
        let made = (0..count).map(|at| entry(at, &format!("item {at}"), &["https://a.example"]));
        vault.entries = made.map(|entry| (entry.id, entry)).collect();
        let puts = vault.cache(&mut SystemRandom);
        let names: BTreeSet<&str> = puts.iter().map(|put| put.key.as_str()).collect();
        assert_eq!((puts.len(), names.len()), (kept, kept), "{count}: all that is not, is removed");
        let stored = sealed(&vault);
        assert!(stored.len() <= last, "{count}: fewer items, not more pieces");
        last = stored.len();
        let before = vault.entries.clone();
        let opened = whole(&vault, &stored);
        vault.take(&Stored::default(), Ok(Some(opened))).unwrap();
        assert!(vault.entries == before, "{count}");
    }
    assert_eq!(last, 1, "a head alone");
}

#[test]
fn what_removes_the_cache_removes_all_that_is_stored_of_it() {
    let (account, user) = account();
    let vault = Vault::open(account, &user, ADDRESS).unwrap();
    let stored = vault.cache(&mut SystemRandom).into_iter();
    let removed: Vec<Put> = Stored::without_cache().collect();
    assert!(removed.iter().all(|put| put.value.is_none()));
    let places = |put: &Put| (put.store, put.key.clone());
    assert!(stored.map(|put| places(&put)).eq(removed.iter().map(places)));
}

/// The values of two entries' head and piece, put together again after a change.
fn changed(change: impl FnOnce(&mut Parts)) -> Result<Entry, OpenError> {
    let entries = [entry(0, "b", &["https://b.example"]), entry(1, "a", &["https://a.example"])];
    let plain = cache::encode(entries.iter(), &mut SystemRandom);
    let (mut head, mut piece) = (Decoder::new(&plain.head), Decoder::new(&plain.pieces[0]));
    head.map().unwrap();
    piece.map().unwrap();
    let bytes = |from: &mut Decoder<'_>| from.u8().and_then(|_| from.bytes()).unwrap().to_vec();
    let number = |from: &mut Decoder<'_>| from.u8().and_then(|_| from.u32()).unwrap();
    let stamp = bytes(&mut head);
    let (count, listed) = (number(&mut head), number(&mut head));
    let mut parts = Parts {
        stamps: [stamp, bytes(&mut piece)],
        counts: [count, listed],
        new: bytes(&mut head),
        houses: bytes(&mut head),
        ends: bytes(&mut piece),
        entries: bytes(&mut piece),
        number: 0,
        more: [false; 2],
    };
    change(&mut parts);
    let Parts { stamps, counts, new, houses, ends, entries, number, more } = parts;
    let mut head = Encoder::new(Vec::new());
    head.map(5 + u64::from(more[0])).unwrap().u8(1).unwrap().bytes(&stamps[0]).unwrap();
    head.u8(2).unwrap().u32(counts[0]).unwrap().u8(3).unwrap().u32(counts[1]).unwrap();
    head.u8(4).unwrap().bytes(&new).unwrap().u8(5).unwrap().bytes(&houses).unwrap();
    let mut piece = Encoder::new(Vec::new());
    piece.map(3 + u64::from(more[1])).unwrap().u8(1).unwrap().bytes(&stamps[1]).unwrap();
    piece.u8(2).unwrap().bytes(&ends).unwrap().u8(3).unwrap().bytes(&entries).unwrap();
    if more[0] {
        head.u8(6).unwrap().bytes(&[]).unwrap();
    }
    if more[1] {
        piece.u8(4).unwrap().bytes(&[]).unwrap();
    }
    let pieces = vec![(number, piece.into_writer().into())];
    let opened = OpenedCache { head: head.into_writer().into(), pieces };
    let (account, user) = account();
    let mut vault = Vault::open(account, &user, ADDRESS).unwrap();
    vault.read(Some(opened)).map(|()| vault.entries.remove(&ItemId([0; 16])).unwrap())
}

struct Parts {
    stamps: [Vec<u8>; 2],
    counts: [u32; 2],
    new: Vec<u8>,
    houses: Vec<u8>,
    ends: Vec<u8>,
    entries: Vec<u8>,
    number: usize,
    /// A part more than there is, of the head or the piece.
    more: [bool; 2],
}

type Change = fn(&mut Parts);

#[test]
fn a_cache_that_does_not_fit_is_damaged() {
    assert!(changed(|_| {}).is_ok());
    let changes: [(&str, Change); 23] = [
        ("another stamp", |parts| parts.stamps[1][3] ^= 1),
        ("a short stamp", |parts| parts.stamps = [vec![1; 15], vec![1; 15]]),
        ("no stamp", |parts| parts.stamps = [Vec::new(), Vec::new()]),
        ("one more than there are", |parts| parts.counts[0] = 3),
        ("one less", |parts| (parts.counts, parts.houses) = ([1, 1], Vec::new())),
        ("none", |parts| (parts.counts, parts.houses) = ([0, 0], Vec::new())),
        ("more listed than there are", |parts| parts.counts[1] = 3),
        ("half a place", |parts| parts.new = vec![0; 3]),
        ("new, but there is no such place", |parts| parts.new = vec![2, 0, 0, 0]),
        ("new, but not listed", |parts| {
            parts.counts[1] = 1;
            parts.houses.clear();
            parts.new = vec![1, 0, 0, 0];
        }),
        ("new twice", |parts| parts.new = vec![0; 8]),
        ("houses that descend", |parts| parts.houses.rotate_left(12)),
        ("a house nowhere", |parts| parts.houses[20] = 9),
        ("a house of one that is not listed", |parts| parts.counts[1] = 1),
        ("half a house", |parts| parts.houses.truncate(20)),
        ("ends that descend", |parts| parts.ends.rotate_left(4)),
        ("an entry of no length", |parts| parts.ends.splice(..4, [0; 4]).for_each(drop)),
        ("fewer ends", |parts| parts.ends.truncate(4)),
        ("one part more in the head", |parts| parts.more[0] = true),
        ("one part more in the piece", |parts| parts.more[1] = true),
        ("something behind the entries", |parts| parts.entries.push(0)),
        ("a piece too many", |parts| parts.number = 1),
        ("an entry that is none", |parts| parts.entries[0] = 0),
    ];
    for (why, change) in changes {
        assert_eq!(changed(change), Err(OpenError::Damaged), "{why}");
    }
}

#[test]
fn a_cache_of_before_is_damaged_and_made_again() {
    let (account, user) = account();
    let before = [&[0x81][..], &entry(0, "a", &["https://a.example"]).encode()].concat();
    let blob =
        account.seal_device(DeviceKind::Cache, &user, keys::CACHE, &before, &mut SystemRandom);
    let mut vault = Vault::open(account, &user, ADDRESS).unwrap();
    let both = || OpenedCache { head: open(&vault, keys::CACHE, &blob), pieces: Vec::new() };
    let (one, other) = (both(), both());
    // Which leads to a rebuild, and not to an error that stays.
    assert_eq!(vault.take(&Stored::default(), Ok(Some(one))), Err(LoadError::Cache));
    let glance = vault.glance(&Stored::default(), Ok(Some(other)));
    assert_eq!(glance.err(), Some(LoadError::Cache));
    assert!(!vault.is_partial());
    assert_eq!(vault.cache(&mut SystemRandom).len(), 1 + cache::PIECES);
}
