//! What `popup/boot.js` read from the store while the module was fetched and compiled.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use mysafe::vault::Store;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::BroadcastChannel;

use crate::chrome::get;

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
    let keys = get(&early, "keys").dyn_into::<Array>().ok()?;
    let keys: Vec<(String, String)> = keys.iter().filter_map(|key| pair(&key)).collect();
    let same = keys.len() == wanted.len()
        && keys
            .iter()
            .zip(wanted)
            .all(|(early, (store, key))| early.0 == store.name() && early.1 == *key);
    if changed || !same {
        return None;
    }
    let values = values.dyn_into::<Array>().ok()?;
    Some(
        values
            .iter()
            .map(|value| value.dyn_into().ok().map(|bytes: Uint8Array| bytes.to_vec()))
            .collect(),
    )
}

fn pair(key: &wasm_bindgen::JsValue) -> Option<(String, String)> {
    let key: &Array = key.dyn_ref()?;
    Some((key.get(0).as_string()?, key.get(1).as_string()?))
}
