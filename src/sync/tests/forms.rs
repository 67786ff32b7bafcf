//! A form is filled, something else comes, and then it is saved: what was typed goes in, and nothing
//! that came meanwhile is lost.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::device::{Device, account};
use crate::crypto::SystemRandom;
use crate::model::{ApiSecretForm, Draft, Field, Method};
use crate::vault::{LocalItem, Store, keys};

/// Two devices that have the same item, and the form of it that is open on the first.
fn opened() -> (Device, Device, ItemId, Draft) {
    let (account, server) = account();
    let (mut one, mut two) = (Device::new(&account, &server), Device::new(&account, &server));
    let item = one.add_named("a");
    one.sync_well();
    two.sync_well();
    let form = one.draft(&item);
    (one, two, item, form)
}

type Edit = fn(&mut ApiSecretForm);

const NAME: Edit = |form| form.name = "mine".into();
const THEIR_NAME: Edit = |form| form.name = "theirs".into();
const SECRET: Edit = |form| *form.client_secret = "rotated".into();
const NOTES: Edit = |form| form.notes = "mine".into();
const NOTHING: Edit = |_| {};
const TAG: Edit = |form| form.tags.push("mine".into());
const OTHER_TAG: Edit = |form| form.tags = vec!["two".into(), "theirs".into()];
const ALL: Edit = |form| {
    *form = ApiSecretForm {
        name: "n".into(),
        url: "https://n.example.com".into(),
        client_id: "n".into(),
        client_secret: "n".to_owned().into(),
        identifier: "n".into(),
        method: Some(Method::Put),
        tags: vec!["n".into()],
        notes: "n".into(),
    }
};

#[test]
fn what_came_while_a_form_was_open_stays_field_by_field() {
    // Typed here, changed there meanwhile, the fields of both, what is there in the end.
    let table: [(Edit, Edit, &[Field], Edit); 7] = [
        (NOTES, SECRET, &[], |form| (NOTES(form), SECRET(form)).1),
        (NOTHING, SECRET, &[], SECRET),
        (NOTHING, ALL, &[], ALL),
        (ALL, NOTHING, &[], ALL),
        (NAME, THEIR_NAME, &[Field::Name], NAME),
        (THEIR_NAME, THEIR_NAME, &[], THEIR_NAME),
        (TAG, OTHER_TAG, &[], |form| {
            form.tags = vec!["two".into(), "theirs".into(), "mine".into()];
        }),
    ];
    for (row, (mine, theirs, both, end)) in table.into_iter().enumerate() {
        let (mut one, mut two, item, mut form) = opened();
        let mut expected = form.form.clone();
        end(&mut expected);
        two.edit(&item, theirs);
        two.sync_well();
        one.sync_well();
        mine(&mut form.form);
        assert_eq!(one.save(&item, &form), both, "row {row}");
        one.sync_well();
        two.sync_well();
        assert!(one.form(&item) == expected && two.form(&item) == expected, "row {row}");
        one.assert_settled();
        two.assert_settled();
    }
}

#[test]
fn what_a_form_goes_over_is_in_the_history() {
    let (mut one, mut two, item, mut form) = opened();
    two.edit(&item, SECRET);
    two.sync_well();
    one.sync_well();
    *form.form.client_secret = "typed".into();
    assert_eq!(one.save(&item, &form), [Field::ClientSecret]);
    one.sync_well();
    let secrets = one.line.server.versions().into_iter().map(|state| {
        let local = LocalItem::confirmed(state);
        one.vault.form(&item, &local).unwrap().client_secret.to_string()
    });
    let mut secrets: Vec<String> = secrets.collect();
    secrets.sort();
    assert_eq!(secrets, ["rotated", "secret of a", "typed"]);
}

#[test]
fn a_form_over_an_edit_that_waits_here_keeps_both() {
    let (mut one, _, item, mut form) = opened();
    one.edit(&item, |form| form.name = "of another view".into());
    NAME(&mut form.form);
    NOTES(&mut form.form);
    assert_eq!(one.save(&item, &form), [Field::Name]);
    assert_eq!(one.name(&item), "mine");
    let past = one.past(&item);
    assert_eq!(past.len(), 1, "it was never sent, and is in the history here");
    one.sync_well();
    one.assert_settled();
}

#[test]
fn a_form_does_not_enable_what_was_disabled_meanwhile() {
    let (mut one, mut two, item, mut form) = opened();
    two.set_active(&item, false);
    two.sync_well();
    one.sync_well();
    NOTES(&mut form.form);
    one.save(&item, &form);
    one.sync_well();
    assert_eq!(one.entry(&item).status, Status::Inactive);
    assert_eq!(one.form(&item).notes, "mine");
}

#[test]
fn a_draft_keeps_what_it_was_typed_over_and_one_of_a_first_version_loses_nothing_silently() {
    let (one, mut two, item, mut form) = opened();
    NOTES(&mut form.form);
    let put = one.vault.seal_draft(Some(&item), &form, &mut SystemRandom);
    one.store(vec![put]);
    two.edit(&item, SECRET);
    two.sync_well();
    let mut one = one.restarted();
    one.sync_well();
    let blob = one.value(Store::Drafts, &keys::item(&item)).unwrap();
    let draft = one.vault.open_draft(Some(&item), &blob).unwrap();
    // The first versions did not keep it: then what differs is told, and is in the history.
    let old = Draft { base: None, ..draft.clone() };
    let local = one.local(&item);
    let saved = one.vault.save(&item, &old, &local, 2, &mut SystemRandom).unwrap();
    assert_eq!(saved.both, [Field::ClientSecret, Field::Notes]);
    assert_eq!(one.save(&item, &draft), []);
    assert_eq!(one.value(Store::Drafts, &keys::item(&item)), None);
    let now = one.form(&item);
    assert_eq!((&**now.client_secret, &*now.notes), ("rotated", "mine"));
}
