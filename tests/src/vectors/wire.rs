//! What travels: the same field names in JSON and CBOR, binary values as base64url or bytes.

use mysafe_protocol::wire::{AccountRecord, ChangesResponse, ItemState, UseState};
use mysafe_protocol::{Bytes, ServerEpoch};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::accounts::{ADDRESS, account_key, identity};
use super::ensure;
use super::items::ITEM;
use super::on_device::waiting_write;
use super::sheet::Sheet;

pub(super) fn both<T: Serialize + DeserializeOwned + PartialEq>(
    sheet: &mut Sheet,
    value: &T,
) -> Result<(), String> {
    sheet.bytes("account_key", account_key().1).text("address", ADDRESS);
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let cbor = minicbor_serde::to_vec(value).map_err(|error| error.to_string())?;
    sheet.text("json", &json).bytes("cbor", &cbor);
    let back: T = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    ensure(back == *value, "JSON")?;
    let back: T = minicbor_serde::from_slice(&cbor).map_err(|error| error.to_string())?;
    ensure(back == *value, "CBOR")
}

fn state() -> Result<ItemState, String> {
    let write = waiting_write()?;
    Ok(ItemState {
        item: ITEM,
        owner: identity().user(),
        revision: write.revision,
        overview: write.overview,
        details: write.details,
        key: write.key.ok_or("the first write brings it")?,
        list: None,
    })
}

fn record() -> AccountRecord {
    AccountRecord { version: 7, blob: Bytes(vec![0x66; 40]) }
}

pub(super) fn item_state_listed(sheet: &mut Sheet) -> Result<(), String> {
    let list = Some(super::items::list());
    both(sheet, &ItemState { list, ..state()? })
}

pub(super) fn item_state(sheet: &mut Sheet) -> Result<(), String> {
    both(sheet, &state()?)
}

pub(super) fn item_write_request(sheet: &mut Sheet) -> Result<(), String> {
    both(sheet, &waiting_write()?)
}

pub(super) fn account_record(sheet: &mut Sheet) -> Result<(), String> {
    both(sheet, &record())
}

pub(super) fn changes_response(sheet: &mut Sheet) -> Result<(), String> {
    both(
        sheet,
        &ChangesResponse {
            epoch: ServerEpoch([0x11; 16]),
            position: 1 << 40,
            more: true,
            items: vec![state()?],
            ended: vec![],
            left: vec![],
            uses: vec![UseState { item: ITEM, blob: Bytes(vec![0x22; 40]) }],
            account: Some(record()),
            total: None,
            time: None,
        },
    )
}
