//! The history of an item: what the server shows of it is what was written, or the reason is told.

use mysafe_protocol::Bytes;
use mysafe_protocol::wire::{ItemState, ItemVersion};

use super::damaged;
use super::written::{Author, ITEM};
use crate::crypto::{AccountKey, SystemRandom};
use crate::model::{ApiSecretForm, Field};
use crate::vault::{LocalItem, Refusal, SaveError, Vault, state_of};

const NOW: u64 = 1_800_000_000_000;

fn vault(author: &Author) -> Vault {
    let account = AccountKey::from_session(&author.account.to_session()).unwrap();
    Vault::open(account, &author.identity.user(), "ana@example.com").ok().unwrap()
}

fn held(state: &ItemState) -> LocalItem {
    LocalItem::confirmed(state.clone())
}

fn sent(state: &ItemState) -> ItemVersion {
    let ItemState { revision, overview, details, .. } = state.clone();
    ItemVersion { revision, overview, details }
}

/// Five revisions; the newest, and the earlier ones as the server sends them.
fn story(author: &Author) -> (ItemState, Vec<ItemVersion>) {
    let states = author.history(5);
    let earlier = states[..4].iter().rev().map(sent).collect();
    (states[4].clone(), earlier)
}

/// How many versions are shown, and why not more.
fn shown(author: &Author, newest: &ItemState, earlier: &[ItemVersion]) -> (usize, Option<Refusal>) {
    let history = vault(author).history(&ITEM, &held(newest), earlier, &[], false).ok().unwrap();
    (history.versions.len(), history.broken)
}

#[test]
fn all_versions_back_to_the_first() {
    let author = Author::new();
    let (newest, earlier) = story(&author);
    let history = vault(&author).history(&ITEM, &held(&newest), &earlier, &[], false).ok().unwrap();
    let numbers: Vec<u64> = history.versions.iter().map(|version| version.revision).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    assert_eq!((history.broken, history.more_before), (None, None));
    let asked = vault(&author).history(&ITEM, &held(&newest), &[], &[], false).ok().unwrap();
    assert_eq!((asked.versions.len(), asked.more_before), (1, Some(5)), "more can be asked for");
}

#[test]
fn a_lying_server_shows_nothing_that_was_not_written_there() {
    let author = Author::new();
    let (newest, honest) = story(&author);
    let check = |earlier: &[ItemVersion], expected: (usize, Option<Refusal>), why: &str| {
        assert_eq!(shown(&author, &newest, earlier), expected, "{why}");
    };
    check(&honest, (5, None), "honest");
    check(&honest[..2], (3, Some(Refusal::Incomplete)), "the oldest withheld");
    check(&honest[1..], (1, Some(Refusal::Incomplete)), "one left out");
    let swapped = [honest[1].clone(), honest[0].clone()];
    check(&swapped, (3, Some(Refusal::Incomplete)), "swapped");
    let repeated = [honest[0].clone(), honest[0].clone()];
    check(&repeated, (2, Some(Refusal::Incomplete)), "one twice");
    let stranger = Author::new();
    let (_, theirs) = story(&stranger);
    check(&theirs, (1, Some(Refusal::Incomplete)), "another's");
    // Signed by me, of this item and number, but never what came before.
    let beside = author.history(4);
    check(&[sent(&beside[3])], (1, Some(Refusal::Incomplete)), "another history");
    let mixed = ItemVersion { overview: honest[1].overview.clone(), ..honest[0].clone() };
    check(&[mixed], (1, Some(Refusal::Forged)), "another version's part");
    let mixed = ItemVersion { details: newest.details.clone(), ..honest[0].clone() };
    check(&[mixed], (1, Some(Refusal::Forged)), "the newest secret under an old version");
    for (how, bad) in damaged(&honest[0].details).step_by(7) {
        let version = ItemVersion { details: Bytes(bad), ..honest[0].clone() };
        check(&[version], (1, Some(Refusal::Forged)), &how);
    }
}

fn form(name: &str, secret: &str) -> ApiSecretForm {
    ApiSecretForm {
        name: name.into(),
        url: "https://api.example.com".into(),
        client_id: "id".into(),
        client_secret: zeroize::Zeroizing::new(secret.to_owned()),
        ..Default::default()
    }
}

#[test]
fn a_version_is_restored_as_a_new_one() {
    let author = Author::new();
    let mut vault = vault(&author);
    let random = &mut SystemRandom;
    let added = vault.add(&form("first", "one"), NOW, random).ok().unwrap();
    let item = added.item;
    let write = |vault: &Vault, puts: &[crate::vault::Put]| {
        let put = puts.iter().find(|put| put.key == crate::vault::keys::write(&item)).unwrap();
        vault.local(&item, None, put.clone().into_bytes().as_deref()).ok().unwrap()
    };
    let local = write(&vault, &added.puts);
    let user = vault.user();
    let first = state_of(&item, user, &local, local.pending.as_ref().unwrap()).unwrap();
    let edited = vault.edit(&item, &form("second", "two"), &held(&first), NOW + 1, random);
    let local =
        LocalItem { state: Some(first.clone()), ..write(&vault, &edited.ok().unwrap().puts) };

    // What waits is on top, and the first one below it.
    let history = vault.history(&item, &local, &[], &[], false).ok().unwrap();
    let [now, before] = &history.versions[..] else { panic!("two versions") };
    assert!(now.waiting && !before.waiting);
    assert_eq!(now.changed(before), [Field::Name, Field::ClientSecret]);
    assert_eq!(before.differs(now), [Field::Name, Field::ClientSecret]);
    let secret = |version| vault.reveal_version(&item, version).ok().unwrap();
    assert_eq!((secret(now).as_str(), secret(before).as_str()), ("two", "one"));

    let second = state_of(&item, user, &local, local.pending.as_ref().unwrap()).unwrap();
    let restored = vault.restore(&item, before, &held(&second), NOW + 2, random).ok().unwrap();
    let drafts = |put: &&crate::vault::Put| put.store == crate::vault::Store::Drafts;
    assert_eq!(restored.puts.iter().find(drafts), None, "what is being typed stays");
    let local = LocalItem { state: Some(second), ..write(&vault, &restored.puts) };
    let history = vault.history(&item, &local, &[sent(&first)], &[], false).ok().unwrap();
    let numbers: Vec<u64> = history.versions.iter().map(|version| version.revision).collect();
    assert_eq!(numbers, [3, 2, 1], "nothing of the history is gone");
    assert_eq!(history.versions[2].differs(&history.versions[0]), []);
    assert_eq!(history.versions[0].time, NOW + 2);

    // Its Identifier may belong to another item by now.
    let mut taken = form("third", "");
    taken.identifier = "own".into();
    let with = vault.edit(&item, &taken, &local, NOW + 3, random).ok().unwrap();
    let local = LocalItem { state: local.state, ..write(&vault, &with.puts) };
    let with = vault.history(&item, &local, &[], &[], false).ok().unwrap();
    vault.edit(&item, &form("fourth", ""), &local, NOW + 4, random).ok().unwrap();
    let mut other = form("other", "");
    other.identifier = "OWN".into();
    vault.add(&other, NOW + 5, random).ok().unwrap();
    let refused = vault.restore(&item, &with.versions[0], &local, NOW + 6, random);
    assert!(matches!(refused, Err(SaveError::Fields(_))));
}
