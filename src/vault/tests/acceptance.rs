//! The order of acceptance, rule by rule, at its edges.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{ItemId, limits};

use super::written::{Author, ITEM, held};
use crate::crypto::SystemRandom;
use crate::vault::{Held, Refusal, accept};

#[test]
fn what_follows_is_accepted_and_then_held() {
    let author = Author::new();
    let states = author.history(3);
    let mut last = None;
    for state in &states {
        let accepted = author.accept(last.as_ref(), state, &[]).ok().unwrap();
        assert_eq!(accepted.overview.as_ref().unwrap().name, "name");
        assert_eq!(accepted.held, held(state));
        last = Some(accepted.held);
    }
    let again = author.accept(last.as_ref(), &states[2], &[]).ok().unwrap();
    assert_eq!(Some(again.held), last);
    assert!(author.accept(None, &states[2], &[]).is_ok(), "a device without held state");
}

#[test]
fn a_gap_is_bounded() {
    let author = Author::new();
    let first = author.write(None, |_| {});
    let far = |gap| author.write(Some(&first), |revision| revision.revision = 1 + gap);
    assert!(author.accept(Some(&held(&first)), &far(limits::GAP), &[]).is_ok());
    let beyond = far(limits::GAP + 1);
    assert_eq!(author.refusal(Some(&held(&first)), &beyond, &[]), Some(Refusal::Forged));
    // Nor may a body between leap.
    let leap = author.write(Some(&beyond), |_| {});
    let near = Held { revision: limits::GAP, ..held(&first) };
    let known = author.refusal(Some(&near), &leap, &[&beyond, &leap]);
    assert_eq!(known, None, "the leap itself is measured, not the sum");
    let known = author.refusal(Some(&Held { revision: 3, ..near }), &leap, &[]);
    assert_eq!(known, Some(Refusal::NeedsBetween));
    let far_between = author.write(Some(&first), |revision| revision.revision = 2 + limits::GAP);
    let end = author.write(Some(&far_between), |revision| revision.revision -= 2);
    let known = author.refusal(Some(&held(&first)), &end, &[&far_between, &end]);
    assert_eq!(known, Some(Refusal::Forged));
}

#[test]
fn the_bodies_between_must_lead_from_what_is_held_to_what_came() {
    let author = Author::new();
    let states = author.history(6);
    let [first, second, third, fourth, fifth, sixth] = &states[..] else { unreachable!() };
    let beside = author.write(Some(second), |_| {});
    let back = author.write(Some(third), |revision| revision.revision = 3);
    let at = held(second);
    let check = |state, between: &[&ItemState], expected| {
        assert_eq!(author.refusal(Some(&at), state, between), expected);
    };
    check(third, &[], None);
    check(fifth, &[], Some(Refusal::NeedsBetween));
    check(fifth, &[third, fourth, fifth], None);
    check(fifth, &[third, fourth, fifth, sixth], None);
    check(fifth, &[first, second, third, fourth, fifth], None);
    check(fifth, &[third, fourth], Some(Refusal::Incomplete));
    check(fifth, &[third, fifth], Some(Refusal::Forked));
    check(fifth, &[fourth, fifth], Some(Refusal::Forked));
    check(fifth, &[&beside, fourth, fifth], Some(Refusal::Forked));
    check(fifth, &[third, &back, fifth], Some(Refusal::Forked));
    check(fifth, &[fourth, third, fifth], None);
    let over_back = author.write(Some(&back), |revision| revision.revision = 5);
    check(&over_back, &[third, &back, &over_back], Some(Refusal::Forged));
    check(fifth, &[first], Some(Refusal::Incomplete));
}

#[test]
fn a_body_between_is_of_this_item_and_this_owner() {
    let author = Author::new();
    let first = author.write(None, |_| {});
    type Change = fn(&mut mysafe_protocol::Revision);
    let changes: [(Change, Refusal); 2] = [
        (|revision| revision.item = ItemId([6; 16]), Refusal::Forged),
        (|revision| revision.author = mysafe_protocol::UserId([6; 32]), Refusal::Incomplete),
    ];
    for (change, refusal) in changes {
        let elsewhere = author.write(Some(&first), change);
        let last = author.write(Some(&elsewhere), |_| {});
        let known = author.refusal(Some(&held(&first)), &last, &[&elsewhere, &last]);
        assert_eq!(known, Some(refusal));
    }
}

#[test]
fn a_deletion_is_accepted_and_nothing_follows_it() {
    let author = Author::new();
    let first = author.write(None, |_| {});
    let gone = author.write(Some(&first), |revision| revision.status = Status::Deleted);
    let accepted = author.accept(Some(&held(&first)), &gone, &[]).ok().unwrap();
    assert!(accepted.held.deleted);
    assert_eq!(author.refusal(Some(&accepted.held), &gone, &[]), None);

    let again = author.write(Some(&gone), |_| {});
    assert_eq!(author.refusal(Some(&accepted.held), &again, &[]), Some(Refusal::Forged));
    let known = author.refusal(Some(&held(&first)), &again, &[&gone, &again]);
    assert_eq!(known, Some(Refusal::Forged));
    let known = author.refusal(Some(&accepted.held), &first, &[]);
    assert_eq!(known, Some(Refusal::WentBack), "nor does it come back");
}

#[test]
fn an_epoch_is_never_behind_the_held_one() {
    let author = Author::new();
    let first = author.write(None, |_| {});
    let later = Held { epoch: 2, ..held(&first) };
    assert_eq!(author.refusal(Some(&later), &first, &[]), Some(Refusal::WentBack));
    let listed = author.write(Some(&first), |revision| {
        revision.epoch = 2;
        revision.list = Some(Hash([1; 32]));
    });
    assert_eq!(author.refusal(None, &listed, &[]), Some(Refusal::Incomplete));
}

#[test]
fn a_new_item_is_mine_or_refused() {
    let (author, other) = (Author::new(), Author::new());
    let (mine, theirs) = (author.write(None, |_| {}), other.write(None, |_| {}));
    let me = author.identity.user();
    for (state, why) in [
        (ItemState { owner: me, ..theirs.clone() }, "theirs as mine"),
        (ItemState { owner: me, key: mine.key.clone(), ..theirs.clone() }, "with my key"),
        (ItemState { item: ItemId([6; 16]), ..mine.clone() }, "under another id"),
        (ItemState { revision: theirs.revision.clone(), ..mine.clone() }, "their revision"),
    ] {
        assert_eq!(author.refusal(None, &state, &[]), Some(Refusal::Forged), "{why}");
    }
    // Only with a list is an item of somebody else's taken.
    for state in [theirs.clone(), ItemState { owner: theirs.owner, ..mine.clone() }] {
        assert_eq!(author.refusal(None, &state, &[]), Some(Refusal::Incomplete));
    }
    let elsewhere = ItemId([6; 16]);
    let moved = ItemState { item: elsewhere, ..mine };
    let refusal = accept(&author.reader(), &elsewhere, None, &moved, &[]).err();
    assert_eq!(refusal, Some(Refusal::Forged), "asked for under the other id too");
}

#[test]
fn the_revision_names_the_item_and_the_author_itself() {
    // Everything else about these is right: owner, key, signature, content.
    let author = Author::new();
    let other_item = author.write(None, |revision| revision.item = ItemId([6; 16]));
    assert_eq!(author.refusal(None, &other_item, &[]), Some(Refusal::Forged));
    let user = Author::new().identity.user();
    let other_author = author.write(None, |revision| revision.author = user);
    assert_eq!(author.refusal(None, &other_author, &[]), Some(Refusal::Forged));
}

#[test]
fn a_version_that_does_not_open_is_the_servers_doing_unless_the_key_fits() {
    let author = Author::new();
    let state = author.write(None, |_| {});
    let key = crate::crypto::ItemKey::generate(&mut SystemRandom);
    let wrapped = key.wrap(&author.account, &author.identity.user(), &ITEM, 1, &mut SystemRandom);
    let other_key = ItemState { key: super::blob(wrapped.clone()), ..state.clone() };
    assert_eq!(author.refusal(None, &other_key, &[]), Some(Refusal::KeyUnfit));

    // Sealed and signed as it must be, but no overview inside: accepted, and not opened.
    let random = &mut SystemRandom;
    let overview = key.seal_overview(&ITEM, 1, 1, b"\xa1\x01\x02", random);
    let details = key.seal_details(&ITEM, 1, 1, b"\xa0", random);
    let mut revision = mysafe_protocol::Revision::read(&state.revision).unwrap();
    revision.content = mysafe_protocol::Context::item_content(&overview, &details).hash();
    let no_overview = ItemState {
        revision: author.identity.sign_revision(&revision),
        overview: super::blob(overview),
        details: super::blob(details),
        ..other_key
    };
    let accepted = author.accept(None, &no_overview, &[]).ok().unwrap();
    assert_eq!((accepted.overview, accepted.held), (None, held(&no_overview)));
}
