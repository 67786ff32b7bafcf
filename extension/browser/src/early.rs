//! What `popup/boot.js` read from the store while the module was fetched and compiled.

use js_sys::{Array, Promise, Reflect};
use mysafe::vault::Store;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::BroadcastChannel;

use crate::chrome::get;
use crate::store::bytes;

const EARLY: &str = "mysafeEarly";

/// Takes over the values of these keys, once. `None` where nothing was read, other keys were, or another
/// context has changed something since; from now on this one has to hear of that itself.
pub(crate) async fn stored(wanted: &[(Store, String)]) -> Option<Vec<Option<Vec<u8>>>> {
    let global = js_sys::global();
    let early = get(&global, EARLY);
    if early.is_undefined() {
        return None;
    }
    let _ = Reflect::delete_property(&global, &EARLY.into());
    let values = JsFuture::from(get(&early, "values").dyn_into::<Promise>().ok()?).await.ok()?;
    let changed = get(&early, "changed").is_truthy();
    get(&early, "channel").dyn_into::<BroadcastChannel>().ok()?.close();
    let keys: Vec<(String, String)> = serde_wasm_bindgen::from_value(get(&early, "keys")).ok()?;
    let same = keys
        .iter()
        .map(|(store, key)| (&**store, key))
        .eq(wanted.iter().map(|(store, key)| (store.name(), key)));
    if changed || !same {
        return None;
    }
    // What is no value of ours is told by who reads it again.
    let values = values.dyn_into::<Array>().ok()?;
    let value = |value: JsValue| bytes(Some(value).filter(|value| !value.is_undefined()));
    values.iter().map(value).collect::<Result<_, _>>().ok()
}
