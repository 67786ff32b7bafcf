//! The store refuses or the line breaks, at every point one after the other; the browser is
//! killed there and started again. Nothing is lost, nothing doubled.

use super::device::{Device, account, form};
use super::line::Break;

/// Everything a sync can have to do: a new item, an edit, a conflict, an edited new item, a use,
/// and news from another device, in small pages.
fn busy() -> Device {
    let (account, server) = account();
    let mut device = Device::new(&account, &server);
    let mut other = Device::new(&account, &server);
    let edited = device.add_named("edited");
    let both = device.add_named("both");
    device.sync_well();
    other.sync_well();
    server.data.borrow_mut().page = 2;
    other.edit(&both, |form| form.notes = "theirs".into());
    other.sync_well();
    other.rename(&both, "renamed there");
    other.sync_well();
    for number in 0..3 {
        other.add_named(&format!("there {number}"));
    }
    other.used(&both, 70);
    other.sync_well();
    device.rename(&edited, "edited here");
    device.edit(&both, |form| form.client_id = "mine".into());
    let new = device.add_named("new");
    device.rename(&new, "new, renamed");
    device.used(&edited, 60);
    device
}

/// What must be there in the end.
fn check(device: &Device, what: &str) {
    device.assert_settled();
    let mut found: Vec<_> = device
        .vault
        .entries()
        .map(|entry| {
            let revisions = device.line.server.revisions(&entry.id);
            let form = device.form(&entry.id);
            (form.name, form.client_id, form.notes, entry.last_use, revisions)
        })
        .collect();
    found.sort();
    let line = |name: &str, client: &str, notes: &str, used: u64, revisions: &[u64]| {
        (name.to_owned(), client.to_owned(), notes.to_owned(), used, revisions.to_vec())
    };
    let expected = [
        line("edited here", "client", "", 60, &[1, 2]),
        line("new, renamed", "client", "", 0, &[1]),
        line("renamed there", "mine", "theirs", 70, &[1, 2, 3, 4]),
        line("there 0", "client", "", 0, &[1]),
        line("there 1", "client", "", 0, &[1]),
        line("there 2", "client", "", 0, &[1]),
    ];
    assert_eq!(found, expected, "{what}");
    assert_eq!(device.notices(), [], "{what}");
}

/// Runs until `arm(n)` no longer hits anything; every run ends as it should.
fn at_every_point(what: &str, arm: impl Fn(&Device, u32)) -> u32 {
    for point in 0.. {
        let mut device = busy();
        arm(&device, point);
        let hit = device.sync().is_err();
        let mut device = device.restarted();
        device.sync_well();
        // A use that another device's record overtook is sent with the next one.
        device.sync_well();
        check(&device, &format!("{what} {point}"));
        if !hit {
            return point;
        }
    }
    unreachable!()
}

#[test]
fn the_store_refuses_at_each_transaction() {
    let points = at_every_point("store", |device, point| device.disk.refuses.set(Some(point)));
    assert!(points >= 10, "only {points} transactions");
}

#[test]
fn the_line_breaks_before_each_request() {
    let points = at_every_point("before", |device, point| {
        device.line.breaks.set(Some((point, Break::Before)));
    });
    assert!(points >= 7, "only {points} requests");
}

#[test]
fn the_line_breaks_after_each_request() {
    let points = at_every_point("after", |device, point| {
        device.line.breaks.set(Some((point, Break::After)));
    });
    assert!(points >= 7, "only {points} requests");
}

#[test]
fn the_line_breaks_during_each_answer() {
    let points = at_every_point("during", |device, point| {
        device.line.breaks.set(Some((point, Break::Cut)));
    });
    assert!(points >= 7, "only {points} requests");
}

#[test]
fn the_line_breaks_after_one_request_and_the_store_refuses_next_time() {
    for request in 0..9 {
        for transaction in 0..6 {
            let mut device = busy();
            device.line.breaks.set(Some((request, Break::After)));
            let _ = device.sync();
            let mut device = device.restarted();
            device.disk.refuses.set(Some(transaction));
            let _ = device.sync();
            let mut device = device.restarted();
            device.sync_well();
            device.sync_well();
            check(&device, &format!("request {request}, then transaction {transaction}"));
        }
    }
}

#[test]
fn without_a_restart_memory_shows_what_is_stored() {
    for point in 0..12 {
        let mut device = busy();
        device.disk.refuses.set(Some(point));
        if device.sync().is_ok() {
            return;
        }
        let stored = device.context();
        assert!(stored.vault.entries().eq(device.vault.entries()), "transaction {point}");
        for entry in device.vault.entries() {
            // Whatever is listed opens, its secret too.
            let name = device.form(&entry.id).name;
            assert_eq!(name, entry.overview.name);
            assert!(*device.form(&entry.id).client_secret != *form("").client_secret);
        }
    }
}
