//! What `popup/boot.js` read from the store, and asked other processes, while the module was fetched and
//! compiled.

use js_sys::{Array, Promise, Reflect};
use mysafe::vault::Store;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::BroadcastChannel;

use crate::chrome::get;
use crate::store::bytes;

const EARLY: &str = "mysafeEarly";
const ASKED: &str = "mysafeAsked";

/// Takes over what was asked, once: the answer to each. `None` where nothing was asked.
pub(crate) fn asked() -> Option<impl Fn(&str) -> Result<Promise, JsValue>> {
    let global = js_sys::global();
    let asked = get(&global, ASKED);
    if asked.is_undefined() {
        return None;
    }
    let _ = Reflect::delete_property(&global, &ASKED.into());
    Some(move |what: &str| get(&asked, what).dyn_into::<Promise>())
}

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
    let text = |pair: &JsValue, at| Reflect::get_u32(pair, at).ok()?.as_string();
    let keys = keys.iter().map(|pair| Some((text(&pair, 0)?, text(&pair, 1)?)));
    let same = keys.eq(wanted.iter().map(|(store, key)| Some((store.name().into(), key.clone()))));
    if changed || !same {
        return None;
    }
    // What is no value of ours is told by who reads it again.
    let values = values.dyn_into::<Array>().ok()?;
    let value = |value: JsValue| bytes(Some(value).filter(|value| !value.is_undefined()));
    values.iter().map(value).collect::<Result<_, _>>().ok()
}
