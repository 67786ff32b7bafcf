//! What a device stores, made by a vault as it makes it for real.

use mysafe::crypto::Random as _;
use mysafe::model::{ApiSecretForm, Draft, Method};
use mysafe::sync::{Notice, Reports};
use mysafe::vault::{DeviceRecord, Held, LoadError, LocalItem, Put, Store, Token, Vault, keys};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{ItemId, Revision, UserId};

use super::accounts::{ADDRESS, account_key, identity};
use super::counting::Counting;
use super::ensure;
use super::independent::Field::Bytes;
use super::independent::{self, context};
use super::items::ITEM;
use super::sheet::Sheet;
use crate::memory::Memory;

fn vault() -> Result<Vault, String> {
    Vault::open(account_key().0, &identity().user(), ADDRESS).map_err(|e| e.to_string())
}

/// A form with every field.
fn form() -> ApiSecretForm {
    ApiSecretForm {
        name: "Ação 🔑".into(),
        url: "api.example.com/v1".into(),
        client_id: "client-1".into(),
        client_secret: "s3cret\n".to_owned().into(),
        identifier: "CRM-7".into(),
        method: Some(Method::Post),
        tags: vec!["payments".into(), "eu".into()],
        notes: "two\nlines".into(),
    }
}

/// An added item: the write that waits and the cache.
pub(super) fn added() -> Result<(Vault, Put, Vec<Put>), String> {
    let (mut vault, random) = (vault()?, &mut Counting::from(0));
    // An id of former times.
    let item = ItemId(random.array());
    let change =
        vault.add_as(item, &form(), 1_763_900_000_000, random).map_err(|e| e.to_string())?;
    let mut puts = change.puts.into_iter();
    let write = puts.next().ok_or("a write")?;
    Ok((vault, write, puts.collect()))
}

/// What waits in the outbox, opened.
pub(super) fn waiting_write() -> Result<ItemWriteRequest, String> {
    let (_, write, _) = added()?;
    outbox_reads(&write.into_bytes().ok_or("a value")?)
}

/// The write of the added item, as it is stored.
pub(super) fn outbox_reads(blob: &[u8]) -> Result<ItemWriteRequest, String> {
    let (vault, ..) = added()?;
    let item = vault.entries().next().ok_or("an entry")?.id;
    let local = vault.local(&item, None, Some(blob)).map_err(|error| error.to_string())?;
    let LocalItem { pending, .. } = local;
    pending.ok_or_else(|| "a write".into())
}

fn stored(sheet: &mut Sheet, purpose: &str, put: &Put) -> Result<Vec<u8>, String> {
    let (_, key) = account_key();
    let user = identity().user();
    let blob = put.clone().into_bytes().ok_or("a value")?;
    let place = context(purpose, &[Bytes(&user.0), Bytes(put.key.as_bytes())]);
    let plaintext = independent::open(&key, &place, &blob)?;
    sheet.sealed(purpose, &blob);
    sheet.text("store", put.store.name()).text("name", &put.key).bytes("account_key", key);
    sheet.bytes("user", user.0).bytes("plaintext", &plaintext).bytes("blob", blob);
    Ok(plaintext)
}

pub(super) fn session(sheet: &mut Sheet) -> Result<(), String> {
    let token = Token { token: "bearer".into(), expires: 1_763_900_000, server: None };
    let put = vault()?.seal_token(&token, &mut Counting::from(0x80));
    let plaintext = stored(sheet, "device/session", &put)?;
    ensure(Token::decode(&plaintext) == Ok(token), "another token")
}

/// A session that names its server.
pub(super) fn session_bound(sheet: &mut Sheet) -> Result<(), String> {
    let server = Some("https://safe.example.com".into());
    let token = Token { token: "bearer".into(), expires: 1_763_900_000, server };
    let put = vault()?.seal_token(&token, &mut Counting::from(0x80));
    let plaintext = stored(sheet, "device/session", &put)?;
    ensure(Token::decode(&plaintext) == Ok(token), "another token")
}

pub(super) fn state(sheet: &mut Sheet) -> Result<(), String> {
    let put = vault()?.seal_reports(&some_reports(), &mut Counting::from(0x80));
    let plaintext = stored(sheet, "device/state", &put)?;
    ensure(Reports::decode(&plaintext) == Ok(some_reports()), "other reports")
}

pub(super) fn cache(sheet: &mut Sheet) -> Result<(), String> {
    let (vault, _, cache) = added()?;
    let [head, _, removed @ ..] = &cache[..] else { return Err("a head and a piece".into()) };
    stored(sheet, "device/cache", head)?;
    ensure(removed.iter().all(|put| put.value.is_none()), "other pieces are removed")?;
    let again = loaded(cache).map_err(|error| error.to_string())?;
    ensure(again.entries().eq(vault.entries()), "other entries")
}

pub(super) fn cache_piece(sheet: &mut Sheet) -> Result<(), String> {
    let (_, _, cache) = added()?;
    stored(sheet, "device/cache", cache.get(1).ok_or("a piece")?).map(drop)
}

/// It opens, but is no cache.
pub(super) fn cache_is_refused(blob: Vec<u8>) -> Result<(), String> {
    let opens =
        vault()?.opening_cache(keys::CACHE, &blob).is_ok_and(|opening| opening.open().is_ok());
    ensure(opens, "it does not open")?;
    let read = loaded(vec![Put::set(Store::Cache, keys::CACHE, blob)]);
    ensure(read.err() == Some(LoadError::Cache), "it is read")
}

/// The vault of a device that has stored this.
fn loaded(puts: Vec<Put>) -> Result<Vault, LoadError> {
    let stores = Memory::default();
    stores.store(puts);
    let mut vault = vault().map_err(|_| LoadError::Damaged)?;
    stores.load(&mut vault).map(|()| vault)
}

pub(super) fn outbox(sheet: &mut Sheet) -> Result<(), String> {
    let (_, write, _) = added()?;
    let plaintext = stored(sheet, "device/outbox", &write)?;
    let read: ItemWriteRequest =
        minicbor_serde::from_slice(&plaintext).map_err(|error| error.to_string())?;
    ensure(read == waiting_write()?, "another write")?;
    let revision = Revision::accept(&read.revision, identity().sign_pk());
    let revision = revision.map_err(|error| error.to_string())?;
    ensure(revision.fits(&read.overview, &read.details), "another content")
}

pub(super) fn draft(sheet: &mut Sheet) -> Result<(), String> {
    let vault = vault()?;
    let put = vault.seal_draft(Some(&ITEM), &form().into(), &mut Counting::from(0x80));
    stored(sheet, "device/draft", &put)?;
    let blob = put.clone().into_bytes().ok_or("a value")?;
    let read = vault.open_draft(Some(&ITEM), &blob).map_err(|error| error.to_string())?;
    ensure(read == form().into(), "another form")
}

pub(super) fn draft_over(sheet: &mut Sheet) -> Result<(), String> {
    let vault = vault()?;
    let mut draft = Draft::over(300, form());
    draft.form.notes = "typed over it".into();
    draft.typing = "half a t".into();
    let put = vault.seal_draft(Some(&ITEM), &draft, &mut Counting::from(0x80));
    stored(sheet, "device/draft", &put)?;
    let blob = put.clone().into_bytes().ok_or("a value")?;
    let read = vault.open_draft(Some(&ITEM), &blob).map_err(|error| error.to_string())?;
    ensure(read == draft, "another draft")
}

pub(super) fn held(sheet: &mut Sheet) -> Result<(), String> {
    let held = Held {
        epoch: 1,
        revision: 300,
        hash: Hash([0x66; 32]),
        deleted: false,
        list: None,
        owner: None,
        apart: Vec::new(),
    };
    let deletion = Held { deleted: true, ..held.clone() };
    for (name, held) in [("held", held), ("held deletion", deletion)] {
        sheet.plaintext(name, held.encode());
        ensure(Held::decode(&held.encode()) == Ok(held), name)?;
    }
    Ok(())
}

pub(super) fn held_epoch(sheet: &mut Sheet) -> Result<(), String> {
    let list = Some(Hash([0x77; 32]));
    let held = Held {
        epoch: 2,
        revision: 301,
        hash: Hash([0x66; 32]),
        deleted: false,
        list,
        owner: None,
        apart: Vec::new(),
    };
    sheet.plaintext("held", held.encode());
    ensure(Held::decode(&held.encode()) == Ok(held), "another held state")
}

pub(super) fn token(sheet: &mut Sheet) -> Result<(), String> {
    let token = Token { token: "bearer".into(), expires: 1_763_900_000, server: None };
    sheet.plaintext("token", token.encode());
    ensure(Token::decode(&token.encode()) == Ok(token), "another token")
}

fn some_reports() -> Reports {
    Reports(vec![Notice::of("forged", ITEM), Notice::general("incomplete")])
}

pub(super) fn reports(sheet: &mut Sheet) -> Result<(), String> {
    for (name, reports) in [("none", Reports::default()), ("two", some_reports())] {
        sheet.plaintext(name, reports.encode());
        ensure(Reports::decode(&reports.encode()) == Ok(reports), name)?;
    }
    Ok(())
}

/// Reports about people: of an item that is here, and of one by its name.
pub(super) fn reports_people(sheet: &mut Sheet) -> Result<(), String> {
    let people = vec![UserId([0x11; 32]), UserId([0x22; 32])];
    let unnamed = Notice { people: people.clone(), ..Notice::of("fell_off", ITEM) };
    let named = Notice { name: Some("CRM".into()), ..unnamed.clone() };
    let late = Notice { people: people[..1].to_vec(), ..Notice::of("late", ITEM) };
    let reports = Reports(vec![unnamed, named, late]);
    sheet.plaintext("three", reports.encode());
    ensure(Reports::decode(&reports.encode()) == Ok(reports), "other reports")
}

pub(super) fn device_record(sheet: &mut Sheet) -> Result<(), String> {
    let with = DeviceRecord {
        user: UserId([0x33; 32]),
        address: ADDRESS.into(),
        name: "Ana".into(),
        server: "https://safe.example.com".into(),
        wrap: Some(([0x55; 16], vec![0x66; 65])),
    };
    let without = DeviceRecord { wrap: None, ..with.clone() };
    for (name, record) in [("with its wrap", with), ("without", without)] {
        sheet.plaintext(name, record.encode());
        ensure(DeviceRecord::decode(&record.encode()) == Ok(record), name)?;
    }
    // As made at sign-in, Argon2id included.
    let (account, key) = account_key();
    sheet.bytes("account_key", key);
    let identity = identity();
    let password = "granite otter folds maps";
    let random = &mut Counting::from(0x80);
    let server = "https://safe.example.com";
    let made = DeviceRecord::make(&account, &identity, "Ana", server, password, random);
    sheet.bytes("randomness", &random.given);
    sheet.text("password", password).plaintext("as made at sign-in", made.encode());
    let unlocked = made.unlock(password).map_err(|error| error.to_string())?;
    ensure(*unlocked.to_session() == *account.to_session(), "another key")
}
