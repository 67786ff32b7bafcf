//! What an item consists of.

use mysafe::crypto::{ItemKey, Random};
use mysafe::model::{Details, Method, Overview, Stamp, UseBody};
use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Signed, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::{Context, ItemId, Revision, UserId};

use super::accounts::{ADDRESS, account_key, identity};
use super::counting::Counting;
use super::ensure;
use super::independent::Field::{Bytes, Number};
use super::independent::{self, context};
use super::sheet::Sheet;

pub(super) const ITEM: ItemId = ItemId([0x44; 16]);
const USER: UserId = UserId([0x33; 32]);
const EPOCH: u64 = 2;
const REVISION: u64 = 300;

/// 40 41 ... 5f.
pub(super) fn item_key() -> (ItemKey, [u8; 32]) {
    (ItemKey::generate(&mut Counting::from(0x40)), Counting::from(0x40).array())
}

pub(super) fn id(sheet: &mut Sheet) -> Result<(), String> {
    let random = [0x61, 0x62, 0x63, 0x64, 0x65, 0x66];
    let hash = independent::sha256(&context("item/id", &[Bytes(&USER.0), Bytes(&random)]));
    let id = [&random[..], &hash[..10]].concat();
    sheet.text("purpose", "item/id").bytes("user", USER.0);
    sheet.bytes("random", random).bytes("id", &id);
    let mut of = [0; 16];
    of[..6].copy_from_slice(&random);
    ensure(ItemId::new(&USER, of).0[..] == id[..], "another id")
}

pub(super) fn commit(sheet: &mut Sheet) -> Result<(), String> {
    let (item_key, key) = item_key();
    let commit = item_key.commit(&ITEM, EPOCH);
    sheet.text("purpose", "item/commit");
    sheet.bytes("item_key", key).bytes("item", ITEM.0).text("epoch", EPOCH);
    sheet.bytes("commit", commit.0);
    let place = context("item/commit", &[Bytes(&ITEM.0), Number(EPOCH)]);
    ensure(independent::derive::<32>(&key, &place) == commit.0, "another commitment")
}

pub(super) fn identifier(sheet: &mut Sheet) -> Result<(), String> {
    let (account, key) = account_key();
    sheet.text("purpose", "item/identifier").bytes("account_key", key);
    for (typed, folded) in [
        ("CRM-7", "crm-7"),
        ("AC\u{327}A\u{303}O", "ação"),
        ("Straße", "straße"),
        ("ΟΔΟΣ", "οδος"),
        ("İ", "i\u{307}"),
    ] {
        let tag = account.identifier_tag(typed);
        sheet.bytes(typed, tag.0);
        let place = context("item/identifier", &[Bytes(folded.as_bytes())]);
        ensure(independent::derive::<16>(&key, &place) == tag.0, typed)?;
    }
    Ok(())
}

pub(super) fn content(sheet: &mut Sheet) -> Result<(), String> {
    sheet.text("purpose", "item/content");
    sheet.bytes("overview", b"overview").bytes("details", b"details");
    for (name, overview, details) in
        [("content", &b"overview"[..], &b"details"[..]), ("content of a deletion", b"", b"")]
    {
        let content = Context::item_content(overview, details).hash();
        sheet.bytes(name, content.0);
        let place = context("item/content", &[Bytes(overview), Bytes(details)]);
        ensure(independent::sha256(&place) == content.0, name)?;
    }
    Ok(())
}

fn sealed(
    sheet: &mut Sheet,
    (key_name, key): (&str, &[u8]),
    (purpose, fields): (&str, &[independent::Field<'_>]),
    plaintext: &[u8],
    least: usize,
    blob: &[u8],
) -> Result<(), String> {
    sheet.sealed(purpose, blob);
    sheet.bytes(key_name, key).bytes("plaintext", plaintext).bytes("blob", blob);
    let opened = independent::open(key, &context(purpose, fields), blob)?;
    let expected =
        if least == 0 { plaintext.to_vec() } else { independent::padded(plaintext, least) };
    ensure(opened == expected, "another plaintext")
}

pub(super) fn key(sheet: &mut Sheet) -> Result<(), String> {
    let ((account, account_bytes), (item_key, plaintext)) = (account_key(), item_key());
    let blob = item_key.wrap(&account, &USER, &ITEM, EPOCH, &mut Counting::from(0x80));
    sheet.bytes("user", USER.0).bytes("item", ITEM.0).text("epoch", EPOCH);
    let place = ("item/key", &[Bytes(&USER.0), Bytes(&ITEM.0), Number(EPOCH)][..]);
    sealed(sheet, ("account_key", &account_bytes), place, &plaintext, 0, &blob)?;
    let back = ItemKey::unwrap(&account, &USER, &ITEM, EPOCH, &blob).map_err(|e| e.to_string())?;
    ensure(back.commit(&ITEM, EPOCH) == item_key.commit(&ITEM, EPOCH), "another key")
}

pub(super) fn overview(sheet: &mut Sheet) -> Result<(), String> {
    let (item_key, key) = item_key();
    let plaintext = full_overview().encode();
    let blob =
        item_key.seal_overview(&ITEM, EPOCH, REVISION, &plaintext, &mut Counting::from(0x80));
    sheet.bytes("item", ITEM.0).text("epoch", EPOCH).text("revision", REVISION);
    let place = ("item/overview", &[Bytes(&ITEM.0), Number(EPOCH), Number(REVISION)][..]);
    sealed(sheet, ("item_key", &key), place, &plaintext, 256, &blob)?;
    let opened =
        item_key.open_overview(&ITEM, EPOCH, REVISION, &blob).map_err(|e| e.to_string())?;
    ensure(Overview::decode(&opened) == Ok(full_overview()), "another overview")
}

pub(super) fn details(sheet: &mut Sheet) -> Result<(), String> {
    let (item_key, key) = item_key();
    let plaintext = some_details()?.encode();
    let blob = item_key.seal_details(&ITEM, EPOCH, REVISION, &plaintext, &mut Counting::from(0x80));
    sheet.bytes("item", ITEM.0).text("epoch", EPOCH).text("revision", REVISION);
    let place = ("item/details", &[Bytes(&ITEM.0), Number(EPOCH), Number(REVISION)][..]);
    sealed(sheet, ("item_key", &key), place, &plaintext, 128, &blob)?;
    let opened = item_key.open_details(&ITEM, EPOCH, REVISION, &blob).map_err(|e| e.to_string())?;
    ensure(*opened == *plaintext, "other details")
}

pub(super) fn use_record(sheet: &mut Sheet) -> Result<(), String> {
    let (account, key) = account_key();
    let plaintext = UseBody { last_use: 1_763_900_000_123, seen: true }.encode();
    let blob = account.seal_use(&USER, &ITEM, &plaintext, &mut Counting::from(0x80));
    sheet.bytes("user", USER.0).bytes("item", ITEM.0);
    let place = ("use", &[Bytes(&USER.0), Bytes(&ITEM.0)][..]);
    sealed(sheet, ("account_key", &key), place, &plaintext, 0, &blob)?;
    let opened = account.open_use(&USER, &ITEM, &blob).map_err(|error| error.to_string())?;
    ensure(*opened == plaintext, "another use")
}

/// An overview with every field.
pub(super) fn full_overview() -> Overview {
    Overview {
        name: "Ação 🔑".into(),
        url: "https://api.example.com/v1".into(),
        addresses: vec!["https://docs.example.com".into()],
        client_id: "client-1".into(),
        identifier: "CRM-7".into(),
        method: Some(Method::Post),
        tags: vec!["payments".into(), "eu".into()],
        expires: Some(1_900_000_000),
        created: Some(Stamp { user: USER, time: 1_763_900_000_000 }),
        changed: Some(Stamp { user: USER, time: 1_763_900_000_001 }),
        notes: "two\nlines".into(),
        unknown: Fields::new(),
    }
}

/// {1: "s3cret\n"}
fn some_details() -> Result<Details, String> {
    Details::decode(b"\xa1\x01\x67s3cret\n").map_err(|error| error.to_string())
}

pub(super) fn overview_plaintext(sheet: &mut Sheet) -> Result<(), String> {
    let mut later = full_overview();
    later.unknown.put(40, "later");
    for (name, overview) in
        [("empty", Overview::default()), ("full", full_overview()), ("of a later version", later)]
    {
        let bytes = overview.encode();
        sheet.plaintext(name, &*bytes);
        ensure(Overview::decode(&bytes) == Ok(overview), name)?;
    }
    for method in Method::ALL {
        let overview = Overview { method: Some(method.clone()), ..Overview::default() };
        sheet.plaintext(method.as_str(), &*overview.encode());
    }
    Ok(())
}

pub(super) fn details_plaintext(sheet: &mut Sheet) -> Result<(), String> {
    for (name, bytes) in [
        ("without secret", &b"\xa0"[..]),
        ("with secret", b"\xa1\x01\x67s3cret\n"),
        ("of a later version", b"\xa2\x01\x67s3cret\n\x02\x81\x65later"),
    ] {
        let details = Details::decode(bytes).map_err(|error| error.to_string())?;
        sheet.text(&format!("{name}: client secret"), details.client_secret());
        sheet.plaintext(name, bytes);
        ensure(*details.encode() == bytes, name)?;
    }
    Ok(())
}

pub(super) fn use_plaintext(sheet: &mut Sheet) -> Result<(), String> {
    for body in [UseBody::default(), UseBody { last_use: (1 << 53) - 1, seen: true }] {
        sheet.plaintext(&format!("{} {}", body.last_use, body.seen), body.encode());
        ensure(UseBody::decode(&body.encode()) == Ok(body), "another use")?;
    }
    Ok(())
}

fn signed(sheet: &mut Sheet, revision: &Revision) -> Result<(), String> {
    let signed = identity().sign_revision(revision);
    let Revision { item, epoch, revision: number, list, content, status, author, time, prev, also } =
        revision;
    sheet.text("purpose", "sign/revision").bytes("account_key", account_key().1);
    sheet.text("address", ADDRESS).bytes("sign_pk", identity().sign_pk());
    sheet.bytes("item", item.0).text("epoch", epoch).text("revision", number);
    sheet.bytes("list", list.map_or(vec![], |list| list.0.to_vec()));
    sheet.bytes("content", content.0).text("status", status.code()).bytes("author", author.0);
    sheet.text("time", time).bytes("prev", prev.map_or(vec![], |prev| prev.0.to_vec()));
    if let Some(also) = also {
        sheet.bytes("also", also.0);
    }
    sheet.bytes("body", &*signed.body).bytes("signature", &*signed.signature);
    sheet.bytes("hash", signed.hash().0);
    ensure(independent::sha256(&signed.body) == signed.hash().0, "another hash")?;
    let read = Revision::accept(&signed, identity().sign_pk()).map_err(|e| e.to_string())?;
    ensure(read == *revision, "another revision")
}

pub(super) fn first() -> Revision {
    Revision {
        item: ITEM,
        epoch: 1,
        revision: 1,
        list: None,
        content: Hash([0x66; 32]),
        status: Status::Active,
        author: identity().user(),
        time: 1_763_900_000_000,
        prev: None,
        also: None,
    }
}

pub(super) fn revision_first(sheet: &mut Sheet) -> Result<(), String> {
    signed(sheet, &first())
}

pub(super) fn revision_next(sheet: &mut Sheet) -> Result<(), String> {
    let prev = Some(identity().sign_revision(&first()).hash());
    signed(sheet, &Revision { revision: 24, status: Status::Inactive, prev, ..first() })
}

pub(super) fn revision_deleted(sheet: &mut Sheet) -> Result<(), String> {
    let prev = Some(identity().sign_revision(&first()).hash());
    let content = Context::item_content(&[], &[]).hash();
    signed(sheet, &Revision { revision: 2, status: Status::Deleted, content, prev, ..first() })
}

pub(super) fn revision_later_epoch(sheet: &mut Sheet) -> Result<(), String> {
    let (list, prev) = (Some(Hash([0x77; 32])), Some(Hash([0x88; 32])));
    signed(sheet, &Revision { epoch: 2, revision: 1 << 40, list, prev, ..first() })
}

pub(super) fn list() -> Signed {
    let user = |byte| Grantee::User(UserId([byte; 32]));
    let group = Grantee::Group { id: Hash([0x33; 32]), epoch: 5 };
    identity().sign_list(&AccessList {
        item: ITEM,
        epoch: 2,
        owner: identity().user(),
        commit: Hash([0x99; 32]),
        grants: vec![
            Grant { to: user(0x11), permission: Permission::View, until: None },
            Grant { to: user(0x22), permission: Permission::Edit, until: Some(1_763_900_000) },
            Grant { to: group, permission: Permission::View, until: None },
        ],
    })
}

pub(super) fn access_list(sheet: &mut Sheet) -> Result<(), String> {
    let signed = list();
    sheet.text("purpose", "sign/list").bytes("account_key", account_key().1);
    sheet.text("address", ADDRESS).bytes("sign_pk", identity().sign_pk());
    sheet.diagnostic("body", &signed.body);
    sheet.bytes("body", &*signed.body).bytes("signature", &*signed.signature);
    sheet.bytes("hash", signed.hash().0);
    let read = AccessList::accept(&signed, identity().sign_pk()).map_err(|e| e.to_string())?;
    ensure(read.encode() == *signed.body && read.grants.len() == 3, "another list")
}

pub(super) fn revision_united(sheet: &mut Sheet) -> Result<(), String> {
    let (list, prev) = (Some(Hash([0x77; 32])), Some(Hash([0x88; 32])));
    let also = Some(Hash([0x99; 32]));
    signed(sheet, &Revision { epoch: 3, revision: 9, list, prev, also, ..first() })
}
