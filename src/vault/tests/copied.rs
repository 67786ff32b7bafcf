//! "Make a copy of my own": all that somebody else's item has, under an id and a key of one's own.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{ItemId, Revision};

use super::shared::{People3, Side, VIEW, now, share};
use crate::crypto::SystemRandom;
use crate::model::{Details, Stamp};
use crate::vault::{Change, LocalItem, RevealError};

/// Ana's item with everything that an item can have.
fn full(all: &mut People3, status: Status) -> ItemState {
    let state = all.ana.items[0].clone();
    let mut open = all.ana.vault.open_item(&state.item, &Side::local(&state)).unwrap();
    let overview = &mut open.overview;
    overview.addresses = vec!["https://further.example.com".into()];
    overview.identifier = "CRM-1".into();
    overview.expires = Some(1_900_000_000);
    overview.unknown.put(40, "later");
    let mut details = Fields::decode(&open.details.encode()).unwrap();
    details.put(50, "later secret");
    open.details = Details::decode(&details.encode()).unwrap();
    open.revision.status = status;
    open.revision.revision += 1;
    open.revision.prev = Some(state.revision.hash());
    let write = all.ana.vault.write(1, &open, &mut SystemRandom);
    all.ana.items[0] = all.ana.confirmed(&state, &write);
    all.ana.items[0].clone()
}

/// Bea has it, and makes a copy; the item as the copy waits.
fn copied(all: &mut People3, state: &ItemState) -> (ItemId, LocalItem) {
    let seen = all.seen_by(&all.bea, state);
    let bea = &mut all.bea.vault;
    let accepted = bea.accept(&seen.item, None, &seen, &[]).ok().unwrap();
    bea.confirm(accepted, &crate::vault::Readable::Newest);
    let change = bea.copy(&seen.item, &Side::local(&seen), now(), &mut SystemRandom);
    let Change { item, puts, .. } = change.unwrap();
    let key = crate::vault::keys::write(&item);
    let put = puts.into_iter().find(|put| put.key == key).unwrap();
    (item, bea.local(&item, None, put.into_bytes().as_deref()).unwrap())
}

#[test]
fn a_copy_has_every_field_also_of_later_versions() {
    let mut all = People3::new();
    full(&mut all, Status::Active);
    let state = all.share(&[share(&all.bea, VIEW)]);
    let (item, local) = copied(&mut all, &state);
    let theirs = all.ana.vault.open_item(&state.item, &Side::local(&state)).unwrap();
    let own = all.bea.vault.open_item(&item, &local).unwrap();
    assert_ne!(item, state.item);
    let me = Some(Stamp { user: all.bea.vault.user(), time: now() });
    assert_eq!((own.overview.created, own.overview.changed), (me, me));
    let overview = crate::model::Overview {
        created: theirs.overview.created,
        changed: theirs.overview.changed,
        ..own.overview.clone()
    };
    assert_eq!(overview, theirs.overview);
    assert_eq!(*own.details.encode(), *theirs.details.encode());
    let Revision { epoch, revision, status, list, prev, author, .. } = own.revision;
    assert_eq!((epoch, revision, status, list, prev), (1, 1, Status::Active, None, None));
    assert_eq!(author, all.bea.vault.user());
}

#[test]
fn a_copy_of_what_is_inactive_is_inactive() {
    let mut all = People3::new();
    let state = all.share(&[share(&all.bea, VIEW)]);
    let write = all.ana.set_status(&state, Status::Inactive);
    let state = all.ana.confirmed(&state, &write);
    let (item, local) = copied(&mut all, &state);
    assert_eq!(all.bea.vault.entry(&item).unwrap().status, Status::Inactive);
    assert_eq!(all.bea.vault.reveal(&item, &local).err(), Some(RevealError::Inactive));
}
