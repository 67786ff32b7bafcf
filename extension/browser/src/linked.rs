//! Addresses of the server that name an item, `BASE_URL/item/ID`: mails carry them.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::chrome::{get, object, read_session, settled, url_of, write_session};
use crate::record::device_record;
use crate::store::Device;

/// The tab and the address that were followed last.
const FOLLOWED: &str = "followed";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = update)]
    fn tabs_update(id: f64, change: &JsValue) -> Result<Promise, JsValue>;
}

/// The route of the item that an address names, if it is one of this account's server.
pub async fn linked_route(address: &str) -> Option<String> {
    // Every page one comes to is asked about; few get further.
    let (base, id) = address.split_once("/item/")?;
    let id = id.split(['?', '#']).next()?.trim_end_matches('/');
    id.parse::<mysafe::protocol::ItemId>().ok()?;
    let record = device_record(&Device::open().await.ok()?).await.ok()??;
    (record.server.trim_end_matches('/') == base).then(|| format!("#/item/{id}"))
}

/// Opens the item that the address of a tab names in that tab. Once: whoever goes back to the address
/// wants to be there.
pub async fn follow(tab: f64, address: &str) {
    let Some(route) = linked_route(address).await else { return };
    let this = format!("{tab} {address}");
    let last = read_session(&[FOLLOWED]).await.map(|read| get(&read, FOLLOWED).as_string());
    if last.is_ok_and(|last| last.as_ref() == Some(&this)) {
        return;
    }
    // Not remembered, it would be followed again and again.
    if write_session(&[(FOLLOWED, this.into())]).await.is_ok() {
        let ours = url_of(&format!("popup/index.html{route}"));
        let _ = settled(tabs_update(tab, &object(&[("url", ours.into())]))).await;
    }
}
