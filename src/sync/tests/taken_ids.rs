//! A stranger takes the id of an item from a restored server, and shares what they made of it with its owner.

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ChangesResponse, ItemState};
use mysafe_protocol::{Bundle, Bytes, Context, ItemId, Revision};

use super::device::{Device, account};
use crate::crypto::{AccountKey, Identity, ItemKey, SystemRandom};
use crate::model::{Details, Overview, Secret, Stamp};
use crate::sync::RemoteError;

/// An item of this id that the stranger owns, with access for the victim.
fn taken(stranger: &Identity, victim: &Identity, item: &ItemId) -> ItemState {
    let (random, epoch, number) = (&mut SystemRandom, 2, 2);
    let key = ItemKey::generate(random);
    let to = Grantee::User(victim.user());
    let grants = vec![Grant { to, permission: Permission::View, until: None }];
    let owner = stranger.user();
    let list = AccessList { item: *item, epoch, owner, commit: key.commit(item, epoch), grants };
    let list = stranger.sign_list(&list);
    let changed = Some(Stamp { user: owner, time: 9 });
    let overview = Overview { name: "taken".into(), changed, ..Overview::default() }.encode();
    let details = Details::new(Secret::new("x")).encode();
    let overview = key.seal_overview(item, epoch, number, &overview, random);
    let details = key.seal_details(item, epoch, number, &details, random);
    let revision = Revision {
        item: *item,
        epoch,
        revision: number,
        list: Some(list.hash()),
        content: Context::item_content(&overview, &details).hash(),
        status: Status::Active,
        author: owner,
        time: 9,
        prev: Some(Hash([7; 32])),
        also: None,
    };
    let bundle = Bundle::accept(&victim.signed_bundle()).unwrap();
    let envelope = key.enclose(&bundle, item, epoch, random).unwrap();
    ItemState {
        item: *item,
        owner,
        revision: stranger.sign_revision(&revision),
        overview: Bytes(overview),
        details: Bytes(details),
        key: Bytes(envelope),
        list: Some(list),
    }
}

/// An item id cannot be taken from its owner after a restore (decision 0011), though who took it shares it with the
/// owner: what the server has under the id is somebody else's, and the owner's own item is not there.
#[test]
fn an_item_that_a_stranger_took_and_shared_with_its_owner_comes_back() {
    for waits in [true, false] {
        let (account, server) = account();
        let mut ana = Device::new(&account, &server);
        ana.add_named("old");
        ana.sync_well();
        let backup = server.backup();
        let item = ana.add_named("mine");
        ana.sync_well();
        assert!(item.is_of(&ana.line.user));
        let key = AccountKey::generate(&mut SystemRandom);
        let bea = Device::of(&key, "bea@example.com", &server).identity();
        server.restore(&backup, true);
        server.data.borrow_mut().people.insert(bea.user(), bea.signed_bundle());
        if waits {
            ana.edit(&item, |form| form.notes = "typed".into());
        }
        let state = taken(&bea, &ana.identity(), &item);
        let shown = state.clone();
        *ana.line.item.borrow_mut() =
            Some(Box::new(move |found| if found.is_ok() { found } else { Ok(shown.clone()) }));
        *ana.line.page.borrow_mut() = Some(Box::new(move |mut page: ChangesResponse| {
            page.items.push(state.clone());
            page
        }));
        ana.line.asked.borrow_mut().clear();
        for _ in 0..3 {
            let _ = ana.sync();
        }
        let again = ana.line.asked.borrow().get("PUT /v1/items/{item}/again").copied();
        assert!(
            server.data.borrow().items.contains_key(&item),
            "waits: {waits}; sent again {again:?} times; the row says {:?}",
            ana.entry(&item).trouble
        );
    }
}

/// The same in answer to a write, at a server that lost the item and says nothing of a restore.
#[test]
fn a_write_of_an_item_that_a_stranger_took_arrives() {
    let (account, server) = account();
    let mut ana = Device::new(&account, &server);
    let item = ana.add_named("mine");
    ana.sync_well();
    let key = AccountKey::generate(&mut SystemRandom);
    let bea = Device::of(&key, "bea@example.com", &server).identity();
    server.data.borrow_mut().items.remove(&item);
    ana.edit(&item, |form| form.notes = "typed".into());
    let state = taken(&bea, &ana.identity(), &item);
    let stale = RemoteError::Stale(Some(Box::new(state.clone())));
    *ana.line.refuses.borrow_mut() = Some(("PUT /v1/items/{item}", stale));
    *ana.line.item.borrow_mut() =
        Some(Box::new(move |found| if found.is_ok() { found } else { Ok(state.clone()) }));
    ana.sync().unwrap();
    assert!(server.data.borrow().items.contains_key(&item), "{:?}", ana.entry(&item).trouble);
    ana.line.end_lies();
    // It was refused meanwhile, and editing again is the user's act.
    ana.edit(&item, |form| form.notes = "typed again".into());
    ana.sync().unwrap();
    ana.assert_settled();
}

/// Access that the stranger gave and took away again says nothing of the owner's own item.
#[test]
fn an_own_item_that_a_restored_server_calls_ended_comes_back() {
    let (account, server) = account();
    let mut ana = Device::new(&account, &server);
    ana.add_named("old");
    ana.sync_well();
    let backup = server.backup();
    let item = ana.add_named("mine");
    ana.sync_well();
    server.restore(&backup, true);
    *ana.line.page.borrow_mut() = Some(Box::new(move |mut page: ChangesResponse| {
        page.ended.push(item);
        page
    }));
    ana.sync().unwrap();
    assert!(server.data.borrow().items.contains_key(&item), "{:?}", ana.entry(&item).trouble);
}
