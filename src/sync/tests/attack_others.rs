//! Restores and the account record. Each test says what should hold.

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::AccountRecord;
use mysafe_protocol::{Bytes, ItemId};

use super::device::{Device, account};
use super::now;
use crate::crypto::{AccountKey, SystemRandom};
use crate::model::{AccountRecordBody, Pending};
use crate::vault::{Share, Store, keys};

/// The backup is from before the item and before the account of whom it is shared with.
#[test]
fn an_item_that_a_restore_lost_with_its_grantee_is_written_again() {
    for new_epoch in [true, false] {
        let (key, server) = account();
        let mut ana = Device::new(&key, &server);
        server.data.borrow_mut().people.insert(server.owner, ana.identity().signed_bundle());
        ana.sync_well();
        let backup = server.backup();
        let bea = Device::of(&AccountKey::generate(&mut SystemRandom), "bea@example.com", &server);
        let user = bea.line.user;
        let item = ana.add_named("CRM");
        ana.sync_well();
        ana.with(|sync| now(sync.pin(&user, "bea@example.com"))).unwrap().unwrap();
        let with = [Share { user, permission: Permission::Edit, until: None }];
        ana.with(|sync| now(sync.share(&item, &with))).unwrap().unwrap();
        ana.sync_well();
        server.restore(&backup, new_epoch);
        assert!(!server.data.borrow().people.contains_key(&user), "the account is lost");
        for _ in 0..2 {
            ana.sync().unwrap();
        }
        ana.rename(&item, "after");
        for _ in 0..2 {
            ana.sync().unwrap();
        }
        let there = server.data.borrow().items.contains_key(&item);
        assert!(there, "epoch {new_epoch}: the server has it; {:?}", ana.entry(&item).trouble);
        assert!(!ana.entry(&item).waiting);
    }
}

fn sealed(key: &AccountKey, device: &Device, version: u64, body: &[u8]) -> AccountRecord {
    let blob = key.seal_record(&device.line.user, version, body, &mut SystemRandom);
    AccountRecord { version, blob: Bytes(blob) }
}

#[test]
fn a_record_whose_contacts_do_not_decode_is_unreadable() {
    let mut fields = Fields::new();
    fields.put(1, "not an array");
    fields.put(2, Vec::<u64>::new());
    fields.put_fields(3, &Fields::new());
    let not_array = fields.encode();
    // One contact with a trust that there is not, or of another form.
    let mut contact = Fields::new();
    contact.put_bytes(1, &[7; 32]);
    contact.put(2, "bea@example.com");
    contact.put(3, 9);
    let mut fields = Fields::new();
    fields.put_list(1, [&contact].into_iter());
    fields.put(2, Vec::<u64>::new());
    fields.put_fields(3, &Fields::new());
    let odd_trust = fields.encode();
    let mut fields = Fields::new();
    fields.put(2, Vec::<u64>::new());
    let no_key = fields.encode();
    for (name, body) in [("not an array", not_array), ("a trust", odd_trust), ("none", no_key)] {
        let read = AccountRecordBody::decode(&body);
        assert!(read.is_err(), "{name}: taken as {:?}", read.map(|read| read.contacts()));
    }
}

#[test]
fn pending_shares_of_two_records_of_one_version_are_united() {
    let pending = |byte| Pending {
        item: ItemId([byte; 16]),
        address: "eva@example.com".into(),
        permission: Permission::View,
        until: None,
    };
    let (mut here, mut there) = (AccountRecordBody::first(), AccountRecordBody::first());
    here.invite(&pending(1));
    there.invite(&pending(2));
    here.unite(&there);
    assert_eq!(here.pending(), [pending(1), pending(2)]);
}

/// The same as devices see it: the record that is beside has another invitation.
#[test]
fn a_forked_record_loses_no_pending_share() {
    let (key, server) = account();
    let mut ana = Device::new(&key, &server);
    ana.sync_well();
    let pending = |byte| Pending {
        item: ItemId([byte; 16]),
        address: "eva@example.com".into(),
        permission: Permission::View,
        until: None,
    };
    let record = |byte| {
        let mut body = AccountRecordBody::first();
        body.invite(&pending(byte));
        sealed(&key, &ana, 2, &body.encode())
    };
    let put = |record: AccountRecord| {
        let data = &mut *server.data.borrow_mut();
        data.position += 1;
        data.record = (data.position, record);
    };
    let (one, two) = (record(1), record(2));
    put(one);
    ana.sync_well();
    put(two);
    ana.sync().unwrap();
    ana.sync().unwrap();
    let record = ana.value(Store::Device, keys::RECORD).unwrap();
    let record = ana.vault.read_record(&record).unwrap();
    assert_eq!(record.pending(), [pending(1), pending(2)]);
}

/// A lying server takes what unites two and says nothing of it, and a present editor writes over it at once.
#[test]
fn an_answer_that_is_lost_does_not_lift_the_cap_of_united_revisions() {
    use super::hand::Hand;
    use super::line::Break;
    use mysafe_protocol::Revision;
    let mut scene = super::received::accepted(Permission::Edit);
    let (item, server, owner) = (scene.item, scene.ana.line.server.clone(), scene.owner());
    let mut united = std::collections::BTreeSet::new();
    for round in 0..6 {
        scene.ana.sync().unwrap();
        scene.bea.sync().unwrap();
        let backup = server.backup();
        scene.ana.rename(&item, &format!("round {round}"));
        scene.ana.sync().unwrap();
        if scene.ana.entry(&item).waiting {
            break;
        }
        server.restore(&backup, false);
        let write = |name: &str| {
            let hand = Hand::of(&scene.bea, &item);
            let revision = hand.next();
            let overview = crate::model::Overview { notes: name.into(), ..hand.overview() };
            let parts = hand.seal(&revision, &overview, name);
            hand.upload(&server, revision, parts).unwrap();
        };
        write("beside");
        let number =
            |server: &super::server::Server| Revision::read(&server.state(&item).revision).unwrap();
        for at in 0..12 {
            scene.ana.line.breaks.set(Some((at, Break::After)));
            let _ = scene.ana.sync();
            scene.ana.line.breaks.set(None);
            let newest = number(&server);
            if newest.author == owner && newest.also.is_some() {
                united.insert(server.state(&item).revision.hash());
                break;
            }
        }
        write("over it");
        scene.ana.sync().unwrap();
        scene.ana.sync().unwrap();
    }
    assert!(united.len() <= 3, "{} united in one day", united.len());
}
