//! Values that every reader refuses, with the code: sealed blobs, envelopes, signed bodies.

use ed25519_dalek::{Signer as _, SigningKey};
use mysafe::crypto::{ItemKey, Random as _, SealError};
use mysafe::vault::Refusal;
use mysafe_protocol::bodies::{AccessList, Grant, Grantee, NotAccepted, Permission};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::{Bundle, Bytes, Context, ItemId, Revision, Signed, UserId};
use serde_json::json;

use super::accounts::{ADDRESS, account_key, identity};
use super::counting::Counting;
use super::ensure;
use super::independent::Field::{Bytes as Of, Number};
use super::independent::{self, context};
use super::items::{ITEM, first, item_key, list};
use super::people::bea;
use super::sheet::{Sheet, hex};

/// One refused value.
fn case(sheet: &mut Sheet, shows: &str, value: serde_json::Value) {
    sheet.text(&format!("case: {shows}"), value);
}

fn sealed_case(
    sheet: &mut Sheet,
    shows: &str,
    blob: &[u8],
    opened: Option<SealError>,
) -> Result<(), String> {
    let error = opened.ok_or(format!("{shows}: it opens"))?;
    case(sheet, shows, json!({ "blob": hex(blob), "code": error.to_string() }));
    Ok(())
}

/// Parts of items, all of which are tried as the overview of one revision.
pub(super) fn sealed(sheet: &mut Sheet) -> Result<(), String> {
    let (item_key, key) = item_key();
    let fields =
        |item: &'static ItemId, epoch, revision| [Of(&item.0[..]), Number(epoch), Number(revision)];
    const OTHER: ItemId = ItemId([0x45; 16]);
    sheet.text("purpose", "item/overview").bytes("item_key", key).bytes("item", ITEM.0);
    sheet.text("epoch", 2).text("revision", 300);
    let plaintext = independent::padded(b"\xa0", 256);
    let salt = Counting::from(0x80).array::<16>();
    let seal = |purpose: &str, place: &[independent::Field<'_>], plaintext: &[u8]| {
        independent::seal(&key, &context(purpose, place), plaintext, &salt)
    };
    let good = seal("item/overview", &fields(&ITEM, 2, 300), &plaintext);
    let opens = |blob: &[u8]| item_key.open_overview(&ITEM, 2, 300, blob).err();
    ensure(opens(&good).is_none(), "the good one does not open")?;
    let bent = |at: usize, bits: u8| {
        let mut bent = good.clone();
        bent[at] ^= bits;
        bent
    };
    let padding = |plaintext: &[u8]| seal("item/overview", &fields(&ITEM, 2, 300), plaintext);
    let marked = |mark: u8, length: usize| {
        let mut padded = vec![0; length];
        (padded[0], padded[1]) = (0xa0, mark);
        padded
    };
    let another_key = independent::seal(
        &[0x11; 32],
        &context("item/overview", &fields(&ITEM, 2, 300)),
        &plaintext,
        &salt,
    );
    let cases = [
        ("another version", bent(0, 3)),
        ("a bit of the salt", bent(1, 1)),
        ("a bit of the ciphertext", bent(17, 0x80)),
        ("a bit of the tag", bent(good.len() - 1, 1)),
        ("without its last byte", good[..good.len() - 1].to_vec()),
        ("with a byte more", [&good[..], &[0]].concat()),
        ("shorter than any blob", good[..32].to_vec()),
        ("of another item", seal("item/overview", &fields(&OTHER, 2, 300), &plaintext)),
        ("of another epoch", seal("item/overview", &fields(&ITEM, 3, 300), &plaintext)),
        ("of another revision", seal("item/overview", &fields(&ITEM, 2, 301), &plaintext)),
        ("of the other part", seal("item/details", &fields(&ITEM, 2, 300), &plaintext)),
        ("under another key", another_key),
        ("padding without a mark", padding(&[0; 256])),
        ("padding with another mark", padding(&marked(0x81, 256))),
        ("padding longer than needed", padding(&marked(0x80, 512))),
        ("padding shorter than allowed", padding(&marked(0x80, 128))),
        ("padding to no power of two", padding(&marked(0x80, 300))),
    ];
    for (shows, blob) in cases {
        sealed_case(sheet, shows, &blob, opens(&blob))?;
    }
    Ok(())
}

/// Envelopes, all of which are tried as one to Bea for one epoch.
pub(super) fn envelopes(sheet: &mut Sheet) -> Result<(), String> {
    let ((bea, bundle), (item_key, _)) = (bea()?, item_key());
    let account: [u8; 32] = std::array::from_fn(|at| 0x20 + at as u8);
    sheet.text("purpose", "item/envelope").bytes("account_key of the recipient", account);
    sheet.bytes("item", ITEM.0).text("epoch", 2).text("kind", 0);
    sheet.bytes("recipient", bea.user().0).text("group epoch or 0", 0);
    let enclose = |to: &Bundle, item: &ItemId, epoch| {
        item_key.enclose(to, item, epoch, &mut Counting::from(0x80)).map_err(|e| e.to_string())
    };
    let good = enclose(&bundle, &ITEM, 2)?;
    let opens = |blob: &[u8]| ItemKey::disclose(&bea, &ITEM, 2, blob).err();
    ensure(opens(&good).is_none(), "the good one does not open")?;
    let bent = |at: usize| {
        let mut bent = good.clone();
        bent[at] ^= 1;
        bent
    };
    let ana = Bundle::accept(&identity().signed_bundle()).map_err(|error| error.to_string())?;
    let cases = [
        ("another version", [&[2], &good[1..]].concat()),
        ("a bit of ML-KEM's ciphertext", bent(1)),
        ("a bit of X25519's key", bent(1_100)),
        ("a bit of the ciphertext", bent(1_121)),
        ("a bit of the tag", bent(1_168)),
        ("without its last byte", good[..1_168].to_vec()),
        ("with a byte more", [&good[..], &[0]].concat()),
        ("for another item", enclose(&bundle, &ItemId([0x45; 16]), 2)?),
        ("for another epoch", enclose(&bundle, &ITEM, 3)?),
        ("to another person", enclose(&ana, &ITEM, 2)?),
    ];
    for (shows, blob) in cases {
        sealed_case(sheet, shows, &blob, opens(&blob))?;
    }
    Ok(())
}

/// Signs any bytes as a body of Ana's.
fn sign(purpose: &str, body: Vec<u8>) -> Signed {
    let seed = independent::derive(&account_key().1, &context("key/sign", &[]));
    let place = context(purpose, &[Of(&body)]);
    let signature = SigningKey::from_bytes(&seed).sign(&place).to_bytes().to_vec();
    Signed { body: Bytes(body), signature: Bytes(signature) }
}

fn body_case(
    sheet: &mut Sheet,
    (purpose, shows): (&str, &str),
    signed: &Signed,
    sign_pk: Option<[u8; 32]>,
) -> Result<(), String> {
    let key = sign_pk.unwrap_or(*identity().sign_pk());
    let read: Result<(), NotAccepted> = match purpose {
        "sign/bundle" => Bundle::accept(signed).map(drop),
        "sign/list" => AccessList::accept(signed, &key).map(drop),
        _ => Revision::accept(signed, &key).map(drop),
    };
    ensure(read.is_err(), format!("{purpose}, {shows}: it is accepted"))?;
    // A client tells both kinds of it by one code.
    let mut value = json!({ "purpose": purpose, "body": hex(&signed.body),
        "signature": hex(&signed.signature), "code": Refusal::Forged.code() });
    if let Some(key) = sign_pk {
        value["sign_pk"] = hex(&key).into();
    }
    case(sheet, &format!("{purpose}: {shows}"), value);
    Ok(())
}

/// Signed bodies. Of most of them the signature is good, and the body is not.
pub(super) fn bodies(sheet: &mut Sheet) -> Result<(), String> {
    sheet.text("purpose", "sign/revision").bytes("account_key", account_key().1);
    sheet.text("address", ADDRESS).bytes("sign_pk", identity().sign_pk());
    encodings(sheet)?;
    revisions(sheet)?;
    lists(sheet)?;
    signatures(sheet)
}

/// The first revision in other encodings. Its epoch is at byte 20, its number at byte 22.
fn encodings(sheet: &mut Sheet) -> Result<(), String> {
    let body = identity().sign_revision(&first()).body.0;
    ensure(body[19..23] == [2, 1, 3, 1], "the first revision has another form")?;
    let (map, rest) = (body[0], &body[1..]);
    let with = |from: usize, to: usize, bytes: &[u8]| [&body[..from], bytes, &body[to..]].concat();
    let cases = [
        ("a number longer than needed", with(20, 21, &[0x18, 1])),
        ("keys that do not ascend", with(19, 23, &[3, 1, 2, 1])),
        ("a key twice", [&[map + 1], &body[1..21], &body[19..]].concat()),
        ("an unknown key", [&[map + 1], rest, &[11, 0]].concat()),
        ("a map without its length", [&[0xbf], rest, &[0xff]].concat()),
        ("a tag", with(20, 20, &[0xc1])),
        ("a negative number", with(20, 21, &[0x20])),
        ("a float", with(20, 21, &[0xf9, 0x3c, 0])),
        ("null", with(20, 21, &[0xf6])),
        ("a number of 2^53", with(22, 23, &[0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0])),
        ("a short item id", with(2, 19, &[&[0x4f][..], &[0x44; 15]].concat())),
        ("a byte more", [&body[..], &[0]].concat()),
        ("a byte less", body[..body.len() - 1].to_vec()),
        ("nothing", Vec::new()),
    ];
    for (shows, body) in cases {
        let signed = sign("sign/revision", body);
        body_case(sheet, ("sign/revision", shows), &signed, None)?;
    }
    Ok(())
}

fn revisions(sheet: &mut Sheet) -> Result<(), String> {
    let some = |byte| Some(Hash([byte; 32]));
    let later = Revision { epoch: 2, revision: 2, list: some(0x77), prev: some(0x88), ..first() };
    let cases = [
        ("epoch 0", Revision { epoch: 0, ..first() }),
        ("number 0", Revision { revision: 0, ..first() }),
        ("a list in the first epoch", Revision { list: some(0x77), ..first() }),
        ("a later epoch without a list", Revision { list: None, ..later.clone() }),
        ("a later epoch without the one before", Revision { prev: None, ..later.clone() }),
        ("a later number without the one before", Revision { revision: 5, ..first() }),
        ("a first number with one before", Revision { prev: some(0x88), ..first() }),
        ("one beside and none before", Revision { also: some(0x99), ..first() }),
        ("the one beside is the one before", Revision { also: some(0x88), ..later }),
    ];
    for (shows, revision) in cases {
        let signed = identity().sign_revision(&revision);
        body_case(sheet, ("sign/revision", shows), &signed, None)?;
    }
    let mut fields = Fields::decode(&identity().sign_revision(&first()).body).map_err(text)?;
    fields.put(6, 3u64);
    body_case(
        sheet,
        ("sign/revision", "a fourth status"),
        &sign("sign/revision", fields.encode()),
        None,
    )
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn lists(sheet: &mut Sheet) -> Result<(), String> {
    let base = AccessList::accept(&list(), identity().sign_pk()).map_err(text)?;
    let view = |byte: u8| {
        let to = Grantee::User(UserId([byte; 32]));
        Grant { to, permission: Permission::View, until: None }
    };
    let owner = Grant { to: Grantee::User(identity().user()), ..view(0) };
    let with = |grants| AccessList { grants, ..base.clone() };
    let cases = [
        ("grants that do not ascend", with(vec![view(2), view(1)])),
        ("somebody twice", with(vec![view(1), view(1)])),
        ("the owner", with(vec![owner])),
        ("more than 200 grants", with((0..=200).map(view).collect())),
        ("the first epoch", AccessList { epoch: 1, ..base.clone() }),
    ];
    for (shows, list) in cases {
        body_case(sheet, ("sign/list", shows), &identity().sign_list(&list), None)?;
    }
    type Bend = fn(&mut Fields);
    let bends: [(&str, Bend); 4] = [
        ("a third kind", |grant| grant.put(1, 2u64)),
        ("a third permission", |grant| grant.put(3, 2u64)),
        ("a person with a group's epoch", |grant| grant.put(5, 1u64)),
        ("an unknown key in a grant", |grant| grant.put(6, 1u64)),
    ];
    for (shows, bend) in bends {
        let mut fields = Fields::decode(&list().body).map_err(text)?;
        let mut grants = fields.take_list(5).map_err(text)?.ok_or("no grants")?;
        bend(&mut grants[0]);
        fields.put_list(5, grants.iter());
        body_case(sheet, ("sign/list", shows), &sign("sign/list", fields.encode()), None)?;
    }
    Ok(())
}

fn signatures(sheet: &mut Sheet) -> Result<(), String> {
    let good = identity().sign_revision(&first());
    let bend = |signature: Vec<u8>| Signed { signature: Bytes(signature), ..good.clone() };
    let place = Context::sign_revision(&good.body);
    // Strict verification refuses a key of small order: any message would verify with this.
    let small: [u8; 32] = std::array::from_fn(|at| u8::from(at == 0));
    let anything = bend([&small[..], &[0; 32]].concat());
    let loose = ed25519_dalek::VerifyingKey::from_bytes(&small).map_err(text)?;
    let signature = ed25519_dalek::Signature::from_slice(&anything.signature).map_err(text)?;
    let verifies = ed25519_dalek::Verifier::verify(&loose, place.as_bytes(), &signature);
    ensure(verifies.is_ok(), "the lax verification does not take it either")?;
    let kind = "sign/revision";
    body_case(sheet, (kind, "a key of small order"), &anything, Some(small))?;
    let as_list = sign("sign/list", good.body.0.clone());
    body_case(sheet, (kind, "signed for another purpose"), &as_list, None)?;
    let (bea, _) = bea()?;
    body_case(sheet, (kind, "signed by somebody else"), &bea.sign_revision(&first()), None)?;
    body_case(sheet, (kind, "half a signature"), &bend(good.signature[..32].to_vec()), None)?;
    body_case(sheet, (kind, "S above the order"), &bend(malleable(&good.signature)), None)?;
    let bundle = identity().signed_bundle();
    let other = Signed { signature: bea.signed_bundle().signature, ..bundle.clone() };
    body_case(sheet, ("sign/bundle", "signed by somebody else"), &other, None)?;
    for address in ["a b@c", "ana", "a@b@c", "ana@x\u{7f}", "a@b\n", "Ana@example.com", "@", "ana@"]
    {
        let mut fields = Fields::decode(&bundle.body).map_err(text)?;
        fields.put(1, address);
        let signed = sign("sign/bundle", fields.encode());
        body_case(sheet, ("sign/bundle", &format!("the address {address:?}")), &signed, None)?;
    }
    let mut fields = Fields::decode(&bundle.body).map_err(text)?;
    fields.put_bytes(3, &[0x55; 1_215]);
    body_case(sheet, ("sign/bundle", "a short key"), &sign("sign/bundle", fields.encode()), None)
}

/// The same signature with the group's order added to S.
fn malleable(signature: &[u8]) -> Vec<u8> {
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    let sum = signature[32..].iter().zip(order).map(|(byte, more): (&u8, u16)| {
        carry += u16::from(*byte) + more;
        let low = carry as u8;
        carry >>= 8;
        low
    });
    signature[..32].iter().copied().chain(sum.collect::<Vec<_>>()).collect()
}
