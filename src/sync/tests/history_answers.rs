//! A history that a server gives in several answers, where one would be too large.

use std::cell::RefCell;

use mysafe_protocol::bytes::{Bytes, Hash, ItemId, UserId};
use mysafe_protocol::wire::{HistoryResponse, ItemVersion};
use mysafe_protocol::{Revision, Signed, Status};

use super::now;
use crate::sync::whole_history;

/// A version of this number, one of several.
fn version(revision: u64, time: u64) -> ItemVersion {
    let body = Revision {
        item: ItemId([1; 16]),
        epoch: 1,
        revision,
        list: None,
        content: Hash([2; 32]),
        status: Status::Active,
        author: UserId([3; 32]),
        time,
        prev: Some(Hash([5; 32])),
        also: None,
    };
    let revision = Signed { body: Bytes(body.encode()), signature: Bytes(vec![4; 64]) };
    ItemVersion { revision, overview: Bytes(vec![]), details: Bytes(vec![]) }
}

fn answer(versions: &[&ItemVersion], more: bool, rest: bool) -> HistoryResponse {
    let versions = versions.iter().map(|version| (*version).clone()).collect();
    HistoryResponse { versions, keys: vec![], more, rest }
}

#[test]
fn all_versions_of_one_number_come_though_one_answer_has_no_room_for_them() {
    let [a, b, c, d] = [1, 2, 3, 4].map(|time| version(7, time));
    let old = version(6, 5);
    let answers = RefCell::new(vec![
        answer(&[&d, &old], true, false),
        answer(&[&c], true, true),
        answer(&[&a, &b], true, true),
    ]);
    let asked = RefCell::new(vec![]);
    let ask = async |query: String| {
        asked.borrow_mut().push(query);
        answers.borrow_mut().pop().ok_or("no more")
    };
    let history = now(whole_history(9, ask)).unwrap();
    let versions: Vec<_> = history.versions.iter().collect();
    assert_eq!(versions, [&a, &b, &c, &d, &old]);
    assert_eq!((history.more, history.rest), (true, false));
    let behind = |version: &ItemVersion| format!("before=8&after={}", version.revision.hash());
    assert_eq!(*asked.borrow(), ["before=9".to_owned(), behind(&b), behind(&c)]);
}

#[test]
fn a_server_that_always_has_a_rest_is_not_asked_for_ever() {
    let asked = RefCell::new(0);
    let ask = async |_| {
        *asked.borrow_mut() += 1;
        Ok::<_, ()>(answer(&[&version(7, *asked.borrow())], true, true))
    };
    let history = now(whole_history(9, ask)).unwrap();
    assert_eq!((history.versions.len(), *asked.borrow()), (16, 16));
    let empty = async |_| Ok::<_, ()>(answer(&[], true, true));
    assert!(now(whole_history(9, empty)).unwrap().versions.is_empty());
}
