//! Histories that are united once there is room: what the server refuses until then waits, and uses up no cap.

use mysafe_protocol::wire::Reason;

use super::restored::Story;
use crate::sync::RemoteError;
use crate::sync::capped::A_DAY;

/// A full account is no fork, and the row says so however often the device tries.
#[test]
fn an_item_of_two_histories_waits_for_room_and_is_no_fork() {
    let mut story = Story::restored();
    let item = story.item;
    story.device(2).rename(&item, "e");
    story.sync(2);
    story.server.data.borrow_mut().full = Some(Reason::AccountBytes);
    for round in 1..=6 {
        let outcome = story.device(0).sync().unwrap();
        let codes: Vec<_> = outcome.notices.iter().map(|notice| notice.code.clone()).collect();
        assert!(!codes.iter().any(|code| code == "forked"), "sync {round}: {codes:?}");
        assert_eq!(story.device(0).entry(&item).trouble.as_deref(), Some("account_full"));
    }
    story.server.data.borrow_mut().full = None;
    story.device(0).sync().unwrap();
    assert_eq!(story.device(0).entry(&item).trouble, None);
    story.device(0).assert_settled();
}

/// Somebody else writes before there is room: the union that waits is of no use then, and the cap does not keep the
/// device from making another.
#[test]
fn a_full_account_does_not_use_up_the_cap_of_unions() {
    let mut story = Story::restored();
    let item = story.item;
    story.device(2).rename(&item, "e");
    story.sync(2);
    story.server.data.borrow_mut().full = Some(Reason::AccountBytes);
    for _ in 0..4 {
        story.device(0).sync().unwrap();
    }
    story.server.data.borrow_mut().full = None;
    story.device(2).edit(&item, |form| form.notes = "later".into());
    story.sync(2);
    story.device(0).sync().unwrap();
    assert_eq!(story.device(0).entry(&item).trouble, None);
    story.device(0).assert_settled();
}

/// The same of a mailbox that is not confirmed.
#[test]
fn a_mailbox_not_confirmed_does_not_use_up_the_cap_of_unions() {
    let mut story = Story::restored();
    let item = story.item;
    story.device(2).rename(&item, "e");
    story.sync(2);
    let refuses = ("PUT /v1/items/{item}/again", RemoteError::NotConfirmed);
    *story.device(0).line.refuses.borrow_mut() = Some(refuses);
    for _ in 0..=A_DAY {
        story.device(0).sync().unwrap();
        assert_eq!(story.device(0).entry(&item).trouble.as_deref(), Some("mailbox_first"));
    }
    story.device(0).line.end_lies();
    story.device(2).edit(&item, |form| form.notes = "later".into());
    story.sync(2);
    story.device(0).sync().unwrap();
    assert_eq!(story.device(0).entry(&item).trouble, None);
    story.device(0).assert_settled();
}
