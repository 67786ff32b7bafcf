//! Forms that were written once and are read for ever: signed bodies as maps of two names. Browsers and
//! servers keep what they stored so. Only the cache, which is made again from the items, is not.

use mysafe_protocol::wire::{ChangesResponse, ItemState, ItemWriteRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ensure;
use super::on_device::{cache_is_refused, outbox_reads, waiting_write};

/// As it was stored, the name of its vector, and as it is written now.
type Before = (&'static str, &'static str, &'static str, fn(&Value, &Value) -> Result<(), String>);

macro_rules! before {
    ($($name:literal: $check:path;)*) => {
        const BEFORE: &[Before] = &[$((
            $name,
            include_str!(concat!("../../vectors/", $name, "-named.json")),
            include_str!(concat!("../../vectors/", $name, ".json")),
            $check,
        )),*];
    };
}

before! {
    "wire-item-state": read::<ItemState>;
    "wire-item-state-listed": read::<ItemState>;
    "wire-item-write-request": read::<ItemWriteRequest>;
    "wire-item-write-shared": read::<ItemWriteRequest>;
    "wire-changes-response": read::<ChangesResponse>;
    "seal-device-outbox": outbox;
}

/// Both forms of both notations say the same.
fn read<T: DeserializeOwned + PartialEq>(before: &Value, now: &Value) -> Result<(), String> {
    let json =
        |sheet: &Value| serde_json::from_str::<T>(text(sheet, "json")?).map_err(|e| e.to_string());
    let cbor = |sheet: &Value| {
        minicbor_serde::from_slice::<T>(&bytes(sheet, "cbor")?).map_err(|e| e.to_string())
    };
    ensure(text(before, "cbor")? != text(now, "cbor")?, "not another form")?;
    ensure(cbor(before)? == cbor(now)?, "another value in CBOR")?;
    ensure(json(before)? == json(now)? && json(before)? == cbor(before)?, "another value in JSON")
}

/// A write that waited when the browser was updated.
fn outbox(before: &Value, now: &Value) -> Result<(), String> {
    ensure(text(before, "plaintext")? != text(now, "plaintext")?, "not another form")?;
    ensure(outbox_reads(&bytes(before, "blob")?)? == waiting_write()?, "another write")
}

/// Caches that were stored before they had a head, and before they were in pieces: they are not read, but
/// made again from the items.
const CACHES: [&str; 2] = [
    include_str!("../../vectors/seal-device-cache-flat.json"),
    include_str!("../../vectors/seal-device-cache-whole.json"),
];

fn cache(before: &str) -> Result<(), String> {
    let before: Value = serde_json::from_str(before).map_err(|error| error.to_string())?;
    cache_is_refused(bytes(&before, "blob")?)
}

fn text<'s>(sheet: &'s Value, name: &str) -> Result<&'s str, String> {
    sheet.get(name).and_then(Value::as_str).ok_or_else(|| format!("no {name}"))
}

fn bytes(sheet: &Value, name: &str) -> Result<Vec<u8>, String> {
    let text = text(sheet, name)?;
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|error| error.to_string());
    (0..text.len()).step_by(2).map(byte).collect()
}

/// How many hold.
pub(super) fn run() -> Result<u32, String> {
    let sheet = |text| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    for (name, before, now, check) in BEFORE {
        let held = check(&sheet(before)?, &sheet(now)?);
        held.map_err(|error| format!("{name}, as it was: {error}"))?;
    }
    CACHES.into_iter().try_for_each(cache)?;
    Ok((BEFORE.len() + CACHES.len()) as u32)
}
