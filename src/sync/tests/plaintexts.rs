//! Two plaintexts that only sync writes, frozen: what an earlier version stored stays readable.

use std::collections::BTreeMap;

use mysafe_protocol::{ItemId, ServerEpoch};

use crate::sync::pull::Cursor;
use crate::sync::uses::Aside;

#[test]
fn the_cursor_is_stored_as_it_was() {
    let cursor = Cursor { epoch: ServerEpoch([0x11; 16]), position: 300 };
    let stored = [&[0xa2, 0x01, 0x50], &[0x11; 16][..], &[0x02, 0x19, 0x01, 0x2c]].concat();
    assert_eq!(cursor.encode(), stored);
    assert_eq!(Cursor::decode(&stored), Ok(cursor));
    assert!(Cursor::decode(&[&stored[..], &[0]].concat()).is_err());
}

#[test]
fn uses_put_aside_are_stored_as_they_were() {
    let aside = Aside(BTreeMap::from([(ItemId([1; 16]), 7), (ItemId([2; 16]), 300)]));
    let stored =
        [&[0x82, 0x82, 0x50], &[1; 16][..], &[0x07, 0x82, 0x50], &[2; 16], &[0x19, 0x01, 0x2c]]
            .concat();
    assert_eq!(aside.encode(), stored);
    assert_eq!(Aside::decode(&stored), Ok(aside));
    assert!(Aside::decode(&[&stored[..], &[0]].concat()).is_err());
    let twice = [&[0x82], &stored[1..21], &stored[1..21]].concat();
    assert!(Aside::decode(&twice).is_err());
    assert_eq!(Aside::decode(&[0x80]), Ok(Aside::default()));
}
