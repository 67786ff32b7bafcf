//! Everything else that a device stores. The target seals what is sealed there.

use mysafe::model::{AccountRecordBody, UseBody};
use mysafe::search::{recall, remember};
use mysafe::sync::Reports;
use mysafe::vault::{DeviceRecord, Held, Stored, Token, keys};
use mysafe_protocol::ItemId;
use mysafe_protocol::context::DeviceKind;

use super::cache::{Device, with_device};

/// How many things are read.
pub(super) const KINDS: u8 = 11;
/// Texts to begin with.
pub(super) const TEXTS: &[&str] =
    &["status=active&tag=a%26b&url=x&used=within-7&shared=yes&owner=me&order=used"];

const ITEM: ItemId = ItemId([0x44; 16]);

/// Asserts that a value that is read is written and read the same.
pub(super) fn stored(bytes: &[u8]) -> bool {
    let Some((kind, bytes)) = bytes.split_first() else { return false };
    match kind {
        0 => same(bytes, Token::decode, Token::encode),
        1 => same(bytes, Reports::decode, Reports::encode),
        2 => same(bytes, Held::decode, Held::encode),
        3 => same(bytes, DeviceRecord::decode, DeviceRecord::encode),
        4 => same(bytes, UseBody::decode, UseBody::encode),
        5 => record(bytes),
        6 => with_device(|device| draft(device, bytes)),
        7 => with_device(|device| item(device, bytes)),
        8 => with_device(|device| people(device, keys::PEOPLE, 1, bytes)),
        9 => with_device(|device| people(device, keys::NAMES, 2, bytes)),
        10 => filters(bytes),
        _ => false,
    }
}

fn same<T, E>(
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Result<T, E>,
    write: impl Fn(&T) -> Vec<u8>,
) -> bool {
    let Ok(value) = read(bytes) else { return false };
    let written = write(&value);
    let again = read(&written).map(|value| write(&value));
    assert_eq!(again.ok(), Some(written), "what is written is read the same");
    true
}

/// An account record keeps every byte; uniting it with itself changes nothing that is read.
fn record(bytes: &[u8]) -> bool {
    let Ok(record) = AccountRecordBody::decode(bytes) else { return false };
    assert_eq!(record.encode(), bytes, "a record is written as it was read");
    let mut united = record.clone();
    united.unite(&record);
    let written = united.encode();
    assert!(AccountRecordBody::decode(&written).is_ok(), "a united record is read");
    assert_eq!(united.pending(), record.pending());
    assert_eq!(united.reminders().len(), record.reminders().len());
    true
}

fn draft(device: &mut Device, bytes: &[u8]) -> bool {
    let key = keys::item(&ITEM);
    let blob = device.seal(DeviceKind::Draft, &key, bytes);
    let Ok(draft) = device.vault.open_draft(Some(&ITEM), &blob) else { return false };
    let put = device.vault.seal_draft(Some(&ITEM), &draft, &mut device.random);
    let again = device.vault.open_draft(Some(&ITEM), &put.into_bytes().expect("a value"));
    assert!(again.is_ok_and(|again| again == draft), "a draft is read the same");
    true
}

fn item(device: &mut Device, bytes: &[u8]) -> bool {
    let read = device.vault.local(&ITEM, Some(bytes), None);
    let blob = device.seal(DeviceKind::Outbox, &keys::write(&ITEM), bytes);
    let waiting = device.vault.local(&ITEM, None, Some(&blob));
    for local in [&read, &waiting].into_iter().flatten() {
        // It may say anything of itself, without a panic.
        let _ = (local.is_deleted(), local.key(), local.held_key());
    }
    read.is_ok() || waiting.is_ok()
}

fn people(device: &mut Device, key: &str, place: usize, bytes: &[u8]) -> bool {
    let mut values = [None, None, None, None];
    values[place] = Some(device.seal(DeviceKind::State, key, bytes));
    let read = device.vault.take(&Stored::of(values), Ok(None)).is_ok();
    if read {
        // The next input meets nobody.
        *device = Device::new();
    }
    read
}

fn filters(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let (filters, order) = recall(text);
    let remembered = remember(&filters, order);
    assert_eq!(recall(&remembered), (filters, order), "filters are recalled the same");
    !remembered.is_empty()
}
