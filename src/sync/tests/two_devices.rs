//! Two devices of one person, each with its own edits.

use mysafe_protocol::bodies::Status;

use super::device::{Device, account};
use super::line::Break;
use crate::sync::{BOTH_CHANGED, Notice};
use crate::vault::LocalItem;

/// Two devices that have the same item.
fn two() -> (Device, Device, mysafe_protocol::ItemId) {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let item = one.add_named("a");
    one.sync_well();
    two.sync_well();
    (one, two, item)
}

#[test]
fn edits_of_different_fields_both_stay() {
    let (mut one, mut two, item) = two();
    one.edit(&item, |form| form.name = "mine".into());
    two.edit(&item, |form| {
        form.notes = "theirs".into();
        *form.client_secret = "rotated".into();
    });
    two.sync_well();
    one.sync_well();
    two.sync_well();
    for device in [&one, &two] {
        device.assert_settled();
        let form = device.form(&item);
        assert_eq!((&*form.name, &*form.notes), ("mine", "theirs"));
        assert_eq!(*form.client_secret, "rotated");
    }
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3]);
}

#[test]
fn of_edits_of_one_field_the_later_to_arrive_is_on_top_and_the_other_in_history() {
    let (mut one, mut two, item) = two();
    one.rename(&item, "mine");
    two.rename(&item, "theirs");
    two.sync_well();
    let told = one.sync_well().notices;
    let expected =
        Notice { code: BOTH_CHANGED.to_owned(), item: Some(item), name: None, people: vec![] };
    assert_eq!(told, [expected]);
    assert!(two.sync_well().notices.is_empty(), "it is told where the two were merged");
    assert_eq!((one.name(&item), two.name(&item)), ("mine", "mine"));
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3], "theirs is revision 2");
    one.assert_settled();
    two.assert_settled();
    let there = one.line.server.versions().into_iter().map(|state| {
        let local = LocalItem::confirmed(state);
        one.vault.form(&item, &local).unwrap().name
    });
    assert!(there.collect::<Vec<_>>().contains(&"theirs".to_owned()));
}

#[test]
fn an_edit_that_waits_during_a_pull_is_made_again_over_what_came() {
    let (mut one, mut two, item) = two();
    two.edit(&item, |form| form.notes = "theirs".into());
    two.sync_well();
    one.rename(&item, "mine");
    one.with(|sync| super::now(sync.pull(&mut Default::default()))).unwrap();
    assert_eq!((one.name(&item), &*one.form(&item).notes), ("mine", "theirs"));
    assert!(one.entry(&item).waiting);
    let uploads = one.line.uploads.borrow().len();
    one.sync_well();
    assert_eq!(one.line.uploads.borrow().len(), uploads + 1, "not refused as stale first");
    one.assert_settled();
}

#[test]
fn many_revisions_behind_are_caught_up_over_the_bodies_between() {
    let (mut one, mut two, item) = two();
    for number in 0..7 {
        two.rename(&item, &format!("n{number}"));
        two.sync_well();
    }
    two.line.server.data.borrow_mut().bodies_in_one = 3;
    assert_eq!(one.sync_well().taken, 1);
    one.assert_settled();
    assert_eq!(one.name(&item), "n6");
}

#[test]
fn a_body_written_while_asking_for_those_between_does_no_harm() {
    let (mut one, mut two, item) = two();
    two.rename(&item, "b");
    two.sync_well();
    two.rename(&item, "c");
    two.sync_well();
    // The page shows revision 3; a fourth is there when its bodies are asked for.
    let shared = std::rc::Rc::new(std::cell::RefCell::new(two));
    let other = std::rc::Rc::clone(&shared);
    *one.line.while_page.borrow_mut() = Some(Box::new(move || {
        other.borrow_mut().rename(&item, "d");
        other.borrow_mut().sync_well();
    }));
    one.sync_well();
    assert_eq!(one.name(&item), "c");
    one.sync_well();
    assert_eq!(one.name(&item), "d");
    one.assert_settled();
    shared.borrow().assert_settled();
}

#[test]
fn what_another_device_built_on_a_write_without_answer_is_not_undone() {
    let (mut one, mut two, item) = two();
    one.rename(&item, "b");
    one.line.breaks.set(Some((1, Break::After)));
    one.sync().unwrap_err();
    two.sync_well();
    assert_eq!(two.name(&item), "b");
    two.rename(&item, "c");
    two.sync_well();
    // Here "b" still waits. It is in what comes, so "c" is no conflict.
    one.with(|sync| super::now(sync.pull(&mut Default::default()))).unwrap();
    one.assert_settled();
    assert_eq!(one.name(&item), "c");
    assert_eq!(one.line.server.revisions(&item), [1, 2, 3]);
}

#[test]
fn a_newer_account_record_is_taken() {
    let (mut one, mut two, _) = two();
    let account = one.account();
    {
        let data = &mut *one.line.server.data.borrow_mut();
        data.position += 1;
        data.record = (data.position, super::device::sealed_record(&account, 2));
    }
    one.sync_well();
    two.sync_well();
    one.assert_settled();
}

#[test]
fn what_one_disables_and_the_other_edits_is_both() {
    // Who syncs first, who disables (the other edits), and whether it is enabled instead.
    for (first, disabler, active) in
        [(0, 0, false), (0, 1, false), (1, 0, false), (1, 1, false), (0, 0, true), (0, 1, true)]
    {
        let (mut one, two, item) = two();
        if active {
            one.set_active(&item, false);
            one.sync_well();
        }
        let mut devices = [one, two];
        devices[1].sync_well();
        devices[disabler].set_active(&item, active);
        devices[1 - disabler].edit(&item, |form| form.notes = "edited".into());
        for which in [first, 1 - first, first] {
            let outcome = devices[which].sync_well();
            assert_eq!(outcome.notices, [], "different things were changed");
        }
        let status = if active { Status::Active } else { Status::Inactive };
        for device in &devices {
            device.assert_settled();
            assert_eq!(device.entry(&item).status, status, "{first} {disabler} {active}");
            assert_eq!(device.form(&item).notes, "edited");
        }
    }
}
