//! Opening an item again that was accepted before: every check is made once more, for the store
//! may have been changed meanwhile.

use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Context, ItemId, Revision};

use super::written::{Author, ITEM};
use crate::crypto::{AccountKey, SystemRandom};
use crate::vault::{LocalItem, Vault};

fn opens(author: &Author, state: ItemState) -> bool {
    let account = AccountKey::from_session(&author.account.to_session()).unwrap();
    let vault = Vault::open(account, &author.identity.user(), "ana@example.com");
    let Ok(vault) = vault else { panic!("not opened") };
    vault.form(&ITEM, &LocalItem::confirmed(state)).is_ok()
}

#[test]
fn what_was_accepted_opens() {
    let author = Author::new();
    assert!(opens(&author, author.write(None, |_| {})));
}

#[test]
fn the_signature_counts() {
    let author = Author::new();
    let mut state = author.write(None, |_| {});
    let theirs = Author::new().identity;
    let revision = Revision::read(&state.revision).unwrap();
    state.revision = theirs.sign_revision(&revision);
    assert!(!opens(&author, state));
}

#[test]
fn the_item_that_was_signed_counts() {
    let author = Author::new();
    let elsewhere = author.write(None, |revision| revision.item = ItemId([6; 16]));
    assert!(!opens(&author, elsewhere));
}

#[test]
fn the_content_that_was_signed_counts() {
    let author = Author::new();
    let (one, other) = (author.write(None, |_| {}), author.write(None, |_| {}));
    // Both are first revisions of this item: the parts of one open in the place of the other.
    let mixed = ItemState { overview: other.overview.clone(), ..one.clone() };
    assert!(!opens(&author, mixed));
    let mixed = ItemState { details: other.details.clone(), ..one.clone() };
    assert!(!opens(&author, mixed));
    let mixed = ItemState { overview: other.overview, details: other.details, ..one };
    assert!(!opens(&author, mixed));
}

#[test]
fn details_that_are_none_do_not_open() {
    let author = Author::new();
    let state = author.write(None, |_| {});
    let user = author.identity.user();
    let key = crate::crypto::ItemKey::unwrap(&author.account, &user, &ITEM, 1, &state.key);
    let details = key.unwrap().seal_details(&ITEM, 1, 1, b"\xa1\x01\x02", &mut SystemRandom);
    let mut revision = Revision::read(&state.revision).unwrap();
    revision.content = Context::item_content(&state.overview, &details).hash();
    let revision = author.identity.sign_revision(&revision);
    assert!(!opens(&author, ItemState { revision, details: super::blob(details), ..state }));
}
