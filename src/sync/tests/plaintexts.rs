//! Plaintexts that only sync writes, frozen: what an earlier version stored stays readable.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::AccountRecord;
use mysafe_protocol::{Bytes, ItemId, ServerEpoch, Signed, UserId};

use crate::model::UseBody;
use crate::sync::again::Again;
use crate::sync::chain::Kept;
use crate::sync::left::{Ended, Note};
use crate::sync::pull::Cursor;
use crate::sync::shared::Strangers;
use crate::sync::uses::Aside;

#[test]
fn the_cursor_is_stored_as_it_was() {
    let cursor = Cursor { epoch: ServerEpoch([0x11; 16]), position: 300, time: None };
    let stored = [&[0xa2, 0x01, 0x50], &[0x11; 16][..], &[0x02, 0x19, 0x01, 0x2c]].concat();
    assert_eq!(cursor.encode(), stored);
    assert_eq!(Cursor::decode(&stored), Ok(cursor));
    assert!(Cursor::decode(&[&stored[..], &[0]].concat()).is_err());
}

#[test]
fn uses_put_aside_are_stored_as_they_were() {
    let used = |last_use| (UseBody { last_use, seen: true }, Fields::new());
    let aside = Aside(BTreeMap::from([(ItemId([1; 16]), used(7)), (ItemId([2; 16]), used(300))]));
    let stored =
        [&[0x82, 0x82, 0x50], &[1; 16][..], &[0x07, 0x82, 0x50], &[2; 16], &[0x19, 0x01, 0x2c]]
            .concat();
    assert_eq!(aside.encode(), stored);
    assert_eq!(Aside::decode(&stored), Ok(aside));
    assert!(Aside::decode(&[&stored[..], &[0]].concat()).is_err());
    let twice = [&[0x82], &stored[1..21], &stored[1..21]].concat();
    assert!(Aside::decode(&twice).is_err());
    assert_eq!(Aside::decode(&[0x80]), Ok(Aside::default()));
    let unseen = (UseBody { last_use: 0, seen: false }, Fields::new());
    let new = Aside(BTreeMap::from([(ItemId([1; 16]), unseen)]));
    let stored = [&[0x81, 0x83, 0x50], &[1; 16][..], &[0x00, 0xf4]].concat();
    assert_eq!(new.encode(), stored);
    assert_eq!(Aside::decode(&stored), Ok(new));
    let mut later = Fields::new();
    later.put(3, true);
    let later = Aside(BTreeMap::from([(ItemId([1; 16]), (used(7).0, later))]));
    let stored =
        [&[0x81, 0x84, 0x50], &[1; 16][..], &[0x07, 0xf5, 0x43, 0xa1, 0x03, 0xf5]].concat();
    assert_eq!(later.encode(), stored);
    assert_eq!(Aside::decode(&stored), Ok(later));
}

#[test]
fn what_is_to_be_sent_again_is_stored_as_it_was() {
    let again = Again {
        reading: true,
        items: BTreeSet::from([ItemId([1; 16]), ItemId([2; 16])]),
        record: None,
    };
    let stored = [&[0x82, 0xf5, 0x82, 0x50], &[1; 16][..], &[0x50], &[2; 16]].concat();
    assert_eq!(again.encode(), stored);
    assert_eq!(Again::decode(&stored), Ok(again));
    assert!(Again::decode(&[&stored[..], &[0]].concat()).is_err());
    let turned = [&[0x82, 0xf5, 0x82, 0x50], &[2; 16][..], &[0x50], &[1; 16]].concat();
    assert!(Again::decode(&turned).is_err());
    assert_eq!(Again::decode(&[0x82, 0xf4, 0x80]), Ok(Again::default()));
    let record = Some(AccountRecord { version: 5, blob: Bytes(vec![7; 2]) });
    let again = Again { record, ..Again::default() };
    let stored = [0x84, 0xf4, 0x80, 0x05, 0x42, 7, 7];
    assert_eq!(again.encode(), stored);
    assert_eq!(Again::decode(&stored), Ok(again));
    assert!(Again::decode(&stored[..5]).is_err());
}

#[test]
fn kept_bodies_are_stored_as_they_were() {
    let signed = |byte| Signed { body: Bytes(vec![byte; 2]), signature: Bytes(vec![byte]) };
    let chain = Kept(vec![signed(1), signed(2)]);
    let stored = [0x82, 0x82, 0x42, 1, 1, 0x41, 1, 0x82, 0x42, 2, 2, 0x41, 2];
    assert_eq!(chain.encode(), stored);
    assert_eq!(Kept::decode(&stored), Ok(chain));
    assert!(Kept::decode(&[&stored[..], &[0]].concat()).is_err());
    assert_eq!(Kept::decode(&[0x80]), Ok(Kept::default()));
}

#[test]
fn what_is_put_aside_is_stored_as_it_was() {
    let aside = Strangers(BTreeSet::from([(ItemId([1; 16]), UserId([2; 32]))]));
    let stored = [&[0x81, 0x82, 0x50], &[1; 16][..], &[0x58, 0x20], &[2; 32]].concat();
    assert_eq!(aside.encode(), stored);
    assert_eq!(Strangers::decode(&stored), Ok(aside));
    assert!(Strangers::decode(&[&stored[..], &[0]].concat()).is_err());
    assert_eq!(Strangers::decode(&[0x80]), Ok(Strangers::default()));
}

#[test]
fn who_is_to_be_taken_off_is_stored_as_it_was() {
    let of =
        |note: Note| Ended([((ItemId([1; 16]), UserId([2; 32]), note.own.is_some()), note)].into());
    let ids = [&[0x50], &[1; 16][..], &[0x58, 0x20], &[2; 32]].concat();
    let before = [&[0x81, 0x82], &ids[..]].concat();
    let told = [&[0x81, 0x84], &ids[..], &[0x18, 0x20, 0xf4]].concat();
    let own = [&[0x81, 0x84], &ids[..], &[2, 0xf5]].concat();
    let list = [&[0x81, 0x86], &ids[..], &[2, 0xf5, 9, 0x58, 0x20], &[7; 32]].concat();
    let of_list =
        Note { epoch: Some(2), list: Some(mysafe_protocol::bytes::Hash([7; 32])), own: Some(9) };
    for (stored, note) in [
        (list, of_list),
        (before, Note::default()),
        (told, Note { epoch: Some(32), ..Note::default() }),
        (own, Note { epoch: Some(2), own: Some(0), ..Note::default() }),
    ] {
        assert_eq!(of(note).encode(), stored);
        assert_eq!(Ended::decode(&stored), Ok(of(note)));
        assert!(Ended::decode(&[&stored[..], &[0]].concat()).is_err());
    }
    assert!(Ended::decode(&[&[0x81, 0x83], &ids[..], &[2]].concat()).is_err());
    assert_eq!(Ended::decode(&[0x80]), Ok(Ended::default()));
}
