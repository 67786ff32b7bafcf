//! How far a first sync is, page by page.

use mysafe_protocol::ServerEpoch;
use mysafe_protocol::wire::ChangesResponse;

use super::device::{Device, account};
use super::line::Break;
use super::now;
use crate::sync::{Local as _, Progress, position};
use crate::vault::{Store, keys};

fn told(device: &Device) -> Vec<Option<(u64, u64)>> {
    let told = device.disk.progress.take();
    told.into_iter().map(|told| told.map(|Progress { done, total }| (done, total))).collect()
}

/// A server with five items, which come two things at a time; the first is the account record.
fn five() -> (Device, Device) {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    for name in ["a", "b", "c", "d", "e"] {
        one.add_named(name);
    }
    one.sync_well();
    server.data.borrow_mut().page = 2;
    assert_eq!(told(&one), [], "one page: there is nothing to wait for");
    (one, Device::new(&account, &server))
}

#[test]
fn a_first_sync_tells_how_far_it_is_after_each_page() {
    let (_, mut two) = five();
    two.sync_well();
    assert_eq!(told(&two), [Some((1, 5)), Some((3, 5))]);
    two.assert_settled();
}

#[test]
fn a_sync_that_broke_off_goes_on_where_it_was() {
    let (_, mut two) = five();
    two.line.breaks.set(Some((1, Break::Before)));
    two.sync().unwrap_err();
    assert_eq!(told(&two), [Some((1, 5))]);
    assert_eq!(two.vault.entries().len(), 1, "what came is there");
    let mut two = two.restarted();
    two.sync_well();
    assert_eq!(told(&two), [Some((3, 5))]);
    two.assert_settled();
}

#[test]
fn what_is_here_already_shows_no_progress() {
    let (one, mut two) = five();
    two.sync_well();
    told(&two);
    one.line.server.data.borrow_mut().epoch = ServerEpoch([2; 16]);
    two.sync_well();
    assert_eq!(told(&two), [None, None], "all of it from the beginning, and nothing is missing");
}

#[test]
fn a_server_that_does_not_count_or_counts_wrong_disturbs_nothing() {
    for total in [None, Some(0), Some(u64::MAX)] {
        let (_, mut two) = five();
        *two.line.page.borrow_mut() = Some(Box::new(move |page| ChangesResponse { total, ..page }));
        two.sync_well();
        let shown = |done| total.filter(|total| *total > 0).map(|total| (done, total));
        assert_eq!(told(&two), [shown(1), shown(3)]);
        two.assert_settled();
    }
}

#[test]
fn what_waits_here_does_not_count_as_come() {
    let (_, mut two) = five();
    two.add_named("of my own");
    two.line.breaks.set(Some((0, Break::Before)));
    two.sync().unwrap_err();
    *two.line.page.borrow_mut() = None;
    two.sync_well();
    let told = told(&two);
    assert_eq!(told, [Some((1, 5)), Some((3, 5))]);
}

#[test]
fn the_position_is_that_of_the_server() {
    let (one, mut two) = five();
    assert_eq!(two.value(Store::State, keys::CURSOR), None);
    two.sync_well();
    let cursor = now(two.disk.get(Store::State, keys::CURSOR)).unwrap().unwrap();
    let at = one.line.server.data.borrow().position;
    assert_eq!(position(&two.vault, &cursor), Ok(at));
    assert!(position(&two.vault, &cursor[1..]).is_err());
}
