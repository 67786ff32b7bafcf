//! An account that was recorded once, with randomness that anyone can repeat: the answers of a server to two
//! people, and the stores of their devices. Today's code reads what it stored then, and so does the second
//! reader (`tests/second`).

use std::rc::Rc;

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::wire::{AccountRecord, ChangesQuery, ChangesResponse};
use mysafe_protocol::{Bytes, ItemId};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::device::{ADDRESS, Device, form};
use super::disk::Disk;
use super::line::Line;
use super::now;
use super::server::Server;
use crate::crypto::{AccountKey, Identity, Random};
use crate::model::AccountRecordBody;
use crate::sync::Sync;
use crate::vault::{Change, DeviceRecord, Put, Share, Store, Token, keys};

const BEA: &str = "bea@example.com";
const PASSWORD: &str = "granite otter folds maps";
const RECORDED: &str = include_str!("../../../tests/vectors/recorded/account.json");

/// SHA-256 of 0, 1, 2 and so on.
#[derive(Default)]
struct Numbered(u64);

impl Random for Numbered {
    fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.to_be_bytes());
            part.copy_from_slice(&block[..part.len()]);
            self.0 += 1;
        }
    }
}

fn with<T>(
    device: &mut Device,
    random: &mut Numbered,
    act: impl FnOnce(&mut Sync<'_, Disk, Line, Numbered>) -> T,
) -> T {
    let (local, remote, now) = (&*device.disk, &*device.line, device.clock.get());
    act(&mut Sync { vault: &mut device.vault, local, remote, random, now })
}

fn sync(device: &mut Device, random: &mut Numbered) {
    let outcome = with(device, random, |sync| now(sync.run())).unwrap();
    assert_eq!(outcome.notices, []);
}

fn changed(device: &Device, change: Change) -> ItemId {
    device.store(change.puts);
    change.item
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// Seals the account record that a sign-up makes.
fn record(account: &AccountKey, address: &str, random: &mut Numbered) -> AccountRecord {
    let user = Identity::of(account, address).user();
    let body = AccountRecordBody::first().encode();
    AccountRecord { version: 1, blob: Bytes(account.seal_record(&user, 1, &body, random)) }
}

/// Ana has four items. One is private and was edited, one was deleted, one is shared with Bea who edited it, and
/// one was taken from Bea again.
fn life() -> [(Device, [u8; 32]); 2] {
    let random = &mut Numbered::default();
    // The keys are the first numbers, so that they can be recorded.
    let bytes: [[u8; 32]; 2] = [Numbered(0).array(), Numbered(1).array()];
    let [ana, bea] = [AccountKey::generate(random), AccountKey::generate(random)];
    let identity = Identity::of(&ana, ADDRESS);
    let server = Server::new(identity.user(), *identity.sign_pk(), record(&ana, ADDRESS, random));
    let server = Rc::new(server);
    let (mut one, mut two) = (Device::new(&ana, &server), Device::of(&bea, BEA, &server));
    server.data.borrow_mut().people.insert(identity.user(), identity.signed_bundle());
    let sealed = record(&bea, BEA, random);
    server.data.borrow_mut().others.get_mut(&two.line.user).unwrap().record.1 = sealed;
    add_all(&mut one, &mut two, random);
    for (device, account, address) in [(&one, ana, ADDRESS), (&two, bea, BEA)] {
        let identity = Identity::of(&account, address);
        let made = DeviceRecord::make(
            &account,
            &identity,
            "A name",
            "https://a.example",
            PASSWORD,
            random,
        );
        let token = Token { token: "bearer".into(), expires: 1_800_000_000, server: None };
        let draft = device.vault.seal_draft(None, &form("typed").into(), random);
        let put = Put::set(Store::Device, keys::DEVICE, made.encode());
        device.store(vec![put, device.vault.seal_token(&token, random), draft]);
    }
    [(one, bytes[0]), (two, bytes[1])]
}

fn add_all(ana: &mut Device, bea: &mut Device, random: &mut Numbered) {
    let names = ["private", "deleted", "shared", "taken away"];
    let items = names.map(|name| {
        let Ok(change) = ana.vault.add(&form(name), 1, random) else { panic!("not added") };
        changed(ana, change)
    });
    sync(ana, random);
    edit(ana, &items[0], "private, edited", random);
    let inactive = ana.vault.set_active(&items[1], false, &ana.local(&items[1]), 3, random);
    changed(ana, inactive.unwrap());
    sync(ana, random);
    let deleted = ana.vault.delete(&items[1], &ana.local(&items[1]), 4, random);
    changed(ana, deleted.unwrap());
    let (owner, user) = (ana.line.user, bea.line.user);
    with(ana, random, |sync| now(sync.pin(&user, BEA))).unwrap().unwrap();
    let share = [Share { user, permission: Permission::Edit, until: Some(1_900_000_000) }];
    for item in &items[2..] {
        with(ana, random, |sync| now(sync.share(item, &share))).unwrap().unwrap();
    }
    with(bea, random, |sync| now(sync.run())).unwrap();
    with(bea, random, |sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
    edit(bea, &items[2], "shared, edited by Bea", random);
    let used = ana.vault.used(&items[0], 5, random);
    ana.store(used);
    sync(bea, random);
    with(ana, random, |sync| now(sync.run())).unwrap();
    with(ana, random, |sync| now(sync.revoke(&items[3], &[user]))).unwrap().unwrap();
    sync(ana, random);
    with(bea, random, |sync| now(sync.run())).unwrap();
}

fn edit(device: &mut Device, item: &ItemId, name: &str, random: &mut Numbered) {
    let (local, mut typed) = (device.local(item), device.form(item));
    typed.name = name.into();
    let Ok(change) = device.vault.edit(item, &typed, &local, 2, random) else { panic!("no edit") };
    changed(device, change);
}

/// Records the answers of a server to somebody, and the values that their device keeps.
fn recording(device: &Device, key: &[u8; 32]) -> Value {
    let (server, user) = (&device.line.server, device.line.user);
    let query = ChangesQuery { epoch: None, position: None, limit: None };
    let changes = server.changes_of(&user, &query);
    let each = |answer: &dyn Fn(&ItemId) -> Value| -> Map<String, Value> {
        changes.items.iter().map(|state| (state.item.to_string(), answer(&state.item))).collect()
    };
    let stores: Map<String, Value> = device.disk.values.borrow().iter().map(stored).collect();
    let opened = each(&|item| match device.entry(item).status {
        mysafe_protocol::Status::Deleted => json!(null),
        _ => json!([device.name(item), *device.form(item).client_secret]),
    });
    json!({
        "account_key": hex(key),
        "address": device.vault.address(),
        "password": PASSWORD,
        "bundle": Identity::of(&device.account(), device.vault.address()).signed_bundle(),
        "changes": changes,
        "revisions": each(&|item| json!(server.listed_after(item, 0))),
        "history": each(&|item| json!(server.history_of(&user, item, 1_000))),
        "stores": stores,
        "opened": opened,
    })
}

fn stored(((store, key), value): (&(Store, String), &Vec<u8>)) -> (String, Value) {
    (format!("{} {key}", store.name()), hex(value).into())
}

/// Prints the recording. Run by hand, once, while the file is `{}`.
#[test]
#[ignore = "prints a file"]
fn the_account_is_recorded() {
    assert_eq!(RECORDED.trim(), "{}", "it is recorded already");
    let [ana, bea] = life().map(|(device, key)| recording(&device, &key));
    let shows = "Four items of Ana: an edited one, a deleted one, one that Bea may edit and did, and one that was \
                 taken from Bea again. All answers of a server, and the stores of both devices.";
    let recorded = json!({ "shows": shows, "ana": ana, "bea": bea });
    println!("{recorded:#}");
}

#[test]
fn a_recorded_account_is_read_for_ever() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    for (name, items) in [("ana", 4), ("bea", 1)] {
        let recorded = &recorded[name];
        let text = |name: &str| recorded[name].as_str().unwrap();
        let key: [u8; 32] = unhex(text("account_key")).try_into().unwrap();
        let record =
            DeviceRecord::decode(&unhex(recorded["stores"]["device account"].as_str().unwrap()));
        let account = record.unwrap().unlock(text("password")).unwrap();
        assert_eq!(*account.to_session(), *AccountKey::generate(&mut Given(key)).to_session());
        let disk = Disk::default();
        for (place, value) in recorded["stores"].as_object().unwrap() {
            let (store, key) = place.split_once(' ').unwrap();
            let store = STORES.into_iter().find(|one| one.name() == store).unwrap();
            disk.values.borrow_mut().insert((store, key.into()), unhex(value.as_str().unwrap()));
        }
        let device = Device::stored(Rc::new(disk), &account, text("address"));
        let opened = recorded["opened"].as_object().unwrap();
        assert_eq!((device.vault.entries().len(), opened.len()), (items, items), "{name}");
        let changes: ChangesResponse = serde_json::from_value(recorded["changes"].clone()).unwrap();
        for state in &changes.items {
            assert_eq!(device.state(&state.item).as_ref(), Some(state), "as the server sends it");
            let Some([called, secret]) = opened[&state.item.to_string()].as_array().map(|it| &**it)
            else {
                continue;
            };
            assert_eq!(device.name(&state.item), called.as_str().unwrap());
            assert_eq!(*device.form(&state.item).client_secret, *secret.as_str().unwrap());
        }
        assert!(device.value(Store::Drafts, keys::DRAFT_NEW).is_some());
    }
}

const STORES: [Store; 7] = [
    Store::Device,
    Store::Items,
    Store::Session,
    Store::State,
    Store::Cache,
    Store::Outbox,
    Store::Drafts,
];

/// Gives these bytes.
struct Given([u8; 32]);

impl Random for Given {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}
