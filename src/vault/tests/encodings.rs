//! What is sealed is deterministic CBOR: every other encoding of the same value is refused, and
//! what a later version adds is kept where it comes back.

use std::collections::BTreeMap;

use mysafe_protocol::cbor::Fields;
use mysafe_protocol::{ItemId, UserId};

use crate::crypto::Random;
use crate::model::{
    AccountRecordBody, ApiSecretForm, Details, Draft, Method, Overview, Secret, Stamp, UseBody,
};
use crate::sync::{Notice, Reports};
use crate::vault::cache;
use crate::vault::glance::entries_of;
use crate::vault::tests::written::{Author, ITEM, held};
use crate::vault::{DeviceRecord, Entry, Held, OpenError, OpenedCache, SecretPresence, Token};

/// Other encodings of one value whose first byte announces a short map or array.
pub(super) fn other_encodings(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (first, rest) = (bytes[0], &bytes[1..]);
    let (major, length) = (first & 0xe0, first & 0x1f);
    assert!(matches!(major, 0x80 | 0xa0) && length < 24, "a short map or array");
    let mut others = vec![
        ("length in two bytes", [&[major | 24, length], rest].concat()),
        ("length in three bytes", [&[major | 25, 0, length], rest].concat()),
        ("no length", [&[major | 31], rest, &[0xff]].concat()),
        ("something behind it", [bytes, &[0]].concat()),
        ("one more announced", [&[first + 1], rest].concat()),
        ("a tag before it", [&[0xc1], bytes].concat()),
        ("nothing", Vec::new()),
    ];
    if major == 0xa0 && length > 0 {
        assert!(rest[0] < 24, "a short key");
        others.push(("a key in two bytes", [&[first, 24], rest].concat()));
        others.push(("a negative key", [&[first, rest[0] | 0x20], &rest[1..]].concat()));
    }
    others
}

fn entry() -> Entry {
    Entry {
        id: ITEM,
        revision: 3,
        status: mysafe_protocol::bodies::Status::Active,
        overview: overview(),
        waiting: true,
        last_use: 7,
        later_use: Default::default(),
        secret: SecretPresence::Stored,
        trouble: Some("forged".into()),
        access: Default::default(),
    }
}

fn overview() -> Overview {
    let stamp = Stamp { user: UserId([1; 32]), time: 5 };
    Overview {
        name: "n".into(),
        url: "https://a.b".into(),
        addresses: vec!["https://c.d".into()],
        client_id: "c".into(),
        identifier: "i".into(),
        method: Some(Method::Get),
        tags: vec!["t".into()],
        expires: Some(1),
        created: Some(stamp),
        changed: Some(stamp),
        notes: "n".into(),
        unknown: Fields::new(),
    }
}

type Read = fn(&[u8]) -> bool;

/// Every plaintext there is, and its reader.
fn plaintexts() -> Vec<(&'static str, Vec<u8>, Read)> {
    let author = Author::new();
    let state = author.write(None, |_| {});
    let device = DeviceRecord {
        user: author.identity.user(),
        address: "a@b".into(),
        name: "Ana".into(),
        server: "http://s".into(),
        wrap: Some(([1; 16], vec![2; 65])),
    };
    let reports = Reports(vec![
        Notice { code: "forged".into(), item: Some(ITEM), name: None, people: vec![] },
        Notice { code: "incomplete".into(), item: None, name: None, people: vec![] },
    ]);
    let form = ApiSecretForm { name: "n".into(), tags: vec!["t".into()], ..Default::default() };
    let over = Draft { typing: "h".into(), ..Draft::over(7, form.clone()) };
    let token = Token { token: "t".into(), expires: 5, server: None };
    let bound = Token { server: Some("http://s".into()), ..token.clone() };
    let last_use = UseBody { last_use: 5, seen: true };
    let deleted = Held { deleted: true, ..held(&state) };
    let details = Details::new(Secret::new("s"));
    vec![
        ("overview", overview().encode().to_vec(), |b| Overview::decode(b).is_ok()),
        ("details", details.encode().to_vec(), |b| Details::decode(b).is_ok()),
        ("use", last_use.encode(), |b| UseBody::decode(b).is_ok()),
        ("account", AccountRecordBody::first().encode(), |b| AccountRecordBody::decode(b).is_ok()),
        ("held", held(&state).encode(), |b| Held::decode(b).is_ok()),
        ("held, deleted", deleted.encode(), |b| Held::decode(b).is_ok()),
        ("token", token.encode(), |b| Token::decode(b).is_ok()),
        ("token, bound", bound.encode(), |b| Token::decode(b).is_ok()),
        ("device", device.encode(), |b| DeviceRecord::decode(b).is_ok()),
        ("reports", reports.encode(), |b| Reports::decode(b).is_ok()),
        ("draft", Draft::from(form).encode().to_vec(), |b| Draft::decode(b).is_ok()),
        ("draft, over", over.encode().to_vec(), |b| Draft::decode(b).is_ok()),
        ("cache", cached().head.to_vec(), |b| entries(b.to_vec(), piece_of_cache()).is_ok()),
        ("cache, piece", piece_of_cache(), |b| entries(cached().head.to_vec(), b.to_vec()).is_ok()),
    ]
}

/// The cache of one entry.
fn cached() -> cache::Plain {
    cache::encode([entry()].iter(), &mut Zeros)
}

fn piece_of_cache() -> Vec<u8> {
    cached().pieces.remove(0).to_vec()
}

fn entries(head: Vec<u8>, piece: Vec<u8>) -> Result<BTreeMap<ItemId, Entry>, OpenError> {
    entries_of(OpenedCache { head: head.into(), pieces: vec![(0, piece.into())] })
}

/// A stamp that is the same each time.
struct Zeros;

impl Random for Zeros {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

#[test]
fn every_plaintext_has_one_encoding() {
    for (name, bytes, read) in plaintexts() {
        assert!(read(&bytes), "{name}");
        for (why, other) in other_encodings(&bytes) {
            assert!(!read(&other), "{name}: {why}");
        }
        for length in 0..bytes.len() {
            assert!(!read(&bytes[..length]), "{name}: cut to {length}");
        }
    }
}

#[test]
fn what_is_read_is_what_was_written() {
    let read = entries(cached().head.to_vec(), piece_of_cache()).unwrap();
    assert!(read.into_values().eq([entry()]));
    let deleted = Held { deleted: true, ..held(&Author::new().write(None, |_| {})) };
    assert_eq!(Held::decode(&deleted.encode()), Ok(deleted));
}

#[test]
fn a_field_of_a_wrong_kind_is_refused() {
    let wrong = |key: u64, bytes: &[u8]| {
        let mut fields = Fields::new();
        fields.put_bytes(key, bytes);
        fields.encode()
    };
    for key in 1..=11 {
        assert!(Overview::decode(&wrong(key, b"x")).is_err(), "overview {key}");
    }
    assert!(Details::decode(&wrong(1, b"x")).is_err());
    for pair in [vec![], vec![1u64], vec![1, 2, 3]] {
        let mut stamp = Fields::new();
        stamp.put(9, pair);
        assert!(Overview::decode(&stamp.encode()).is_err(), "not user and time");
    }
}
