//! What passes between people: envelopes, safety numbers, contacts.

use mysafe::crypto::{AccountKey, Identity, ItemKey, safety_number};
use mysafe::model::{AccountRecordBody, Reminder, mark};
use mysafe::vault::{Head, Held};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{Envelope, ItemWriteRequest};
use mysafe_protocol::{Bundle, Bytes as Blob, ItemId, UserId};

use super::accounts::{ADDRESS, identity};
use super::counting::Counting;
use super::ensure;
use super::independent::{self, context};
use super::items::{ITEM, item_key, list};
use super::on_device::waiting_write;
use super::sheet::Sheet;

/// Whose account key is 20 21 ... 3f.
pub(super) fn bea() -> Result<(Identity, Bundle), String> {
    let identity =
        Identity::of(&AccountKey::generate(&mut Counting::from(0x20)), "bea@example.com");
    let bundle = Bundle::accept(&identity.signed_bundle()).map_err(|error| error.to_string())?;
    Ok((identity, bundle))
}

pub(super) fn envelope(sheet: &mut Sheet) -> Result<(), String> {
    let ((bea, bundle), (item_key, plaintext)) = (bea()?, item_key());
    let random = &mut Counting::from(0x80);
    let blob = item_key.enclose(&bundle, &ITEM, 2, random);
    let blob = blob.map_err(|error| error.to_string())?;
    let account: [u8; 32] = std::array::from_fn(|at| 0x20 + at as u8);
    sheet.text("purpose", "item/envelope").bytes("randomness", &random.given);
    sheet.text("address of the recipient", &bundle.address);
    sheet.bytes("account_key of the recipient", account).bytes("kem_pk", bundle.kem_pk);
    sheet.text("kind", 0).text("group epoch or 0", 0);
    sheet.bytes("item", ITEM.0).text("epoch", 2).bytes("recipient", bea.user().0);
    sheet.bytes("item_key", plaintext).bytes("blob", &blob);
    ensure(blob.len() == 1_169 && blob[0] == 1, "another form")?;

    let opened = independent::disclose(&account, (&ITEM, 2), &bea.user(), &blob)?;
    ensure(opened == plaintext, "another plaintext")?;
    let back = ItemKey::disclose(&bea, &ITEM, 2, &blob).map_err(|error| error.to_string())?;
    ensure(back.commit(&ITEM, 2) == item_key.commit(&ITEM, 2), "another key")
}

pub(super) fn number(sheet: &mut Sheet) -> Result<(), String> {
    let (ana, bea) = (identity().user(), bea()?.0.user());
    let shown = safety_number(&ana, &bea).join(" ");
    sheet.text("purpose", "safety-number");
    sheet.bytes("one", ana.0).bytes("other", bea.0).text("shown", &shown);
    let (smaller, greater) = if ana.0 < bea.0 { (ana, bea) } else { (bea, ana) };
    let both = [smaller.0, greater.0].concat();
    let bytes: [u8; 60] = independent::derive(&both, &context("safety-number", &[]));
    let mut groups = Vec::new();
    for five in bytes.chunks(5) {
        let mut wide = [0; 8];
        wide[3..].copy_from_slice(five);
        groups.push(format!("{:05}", u64::from_be_bytes(wide) % 100_000));
    }
    ensure(groups.join(" ") == shown, "another number")
}

pub(super) fn contacts(sheet: &mut Sheet) -> Result<(), String> {
    let mut record = AccountRecordBody::first();
    for (byte, address) in [(0x11, ADDRESS), (0x22, "bea@example.com"), (0x33, "cho@example.com")] {
        let user = UserId([byte; 32]);
        record.pin(user, address).map_err(|error| error.to_string())?;
    }
    record.verify(UserId([0x22; 32]), "bea@example.com");
    record.verify(UserId([0x44; 32]), "cho@example.com");
    sheet.plaintext("seen, verified, replaced", record.encode());
    let read = AccountRecordBody::decode(&record.encode()).map_err(|error| error.to_string())?;
    ensure(read.contacts() == record.contacts() && read.contacts().len() == 4, "other contacts")
}

pub(super) fn reminders(sheet: &mut Sheet) -> Result<(), String> {
    let mut record = AccountRecordBody::first();
    let (one, two) = (ItemId([0x11; 16]), ItemId([0x22; 16]));
    let marks = [mark(&one, "client secret"), mark(&two, "")];
    record.remind(&Reminder { item: one, due: 1_800_000_000_000, mark: marks[0] });
    record.remind(&Reminder { item: two, due: 0, mark: marks[1] });
    sheet.plaintext("reminders", record.encode());
    let read = AccountRecordBody::decode(&record.encode()).map_err(|error| error.to_string())?;
    let again = independent::sha256(&[&one.0[..], b"client secret"].concat());
    ensure(read.reminders() == record.reminders() && again == marks[0], "other reminders")
}

pub(super) fn write_shared(sheet: &mut Sheet) -> Result<(), String> {
    let envelope = |byte| Envelope { user: UserId([byte; 32]), blob: Blob(vec![byte; 4]) };
    let write = ItemWriteRequest {
        list: Some(list()),
        envelopes: vec![envelope(0x11), envelope(0x22)],
        ..waiting_write()?
    };
    super::wire::both(sheet, &write)
}

pub(super) fn held(sheet: &mut Sheet) -> Result<(), String> {
    let (hash, list) = (Hash([0x66; 32]), Some(Hash([0x77; 32])));
    let owner = Some(UserId([0x11; 32]));
    let apart = Vec::new();
    let held = Held { epoch: 2, revision: 301, hash, deleted: false, list, owner, apart };
    sheet.plaintext("held", held.encode());
    ensure(Held::decode(&held.encode()) == Ok(held), "another held state")
}

/// An item of somebody else whose server's state was accepted, twice.
pub(super) fn held_apart(sheet: &mut Sheet) -> Result<(), String> {
    let list = Some(Hash([0x77; 32]));
    let hash = Hash([0x88; 32]);
    let first = Head { epoch: 3, revision: 302, hash, list, led_back: false };
    let hash = Hash([0x99; 32]);
    let second = Head { epoch: 1, revision: 7, hash, list: None, led_back: true };
    let held = Held {
        epoch: 2,
        revision: 301,
        hash: Hash([0x66; 32]),
        deleted: false,
        list,
        owner: Some(UserId([0x11; 32])),
        apart: vec![first, second],
    };
    sheet.plaintext("held", held.encode());
    ensure(Held::decode(&held.encode()) == Ok(held), "another held state")
}
