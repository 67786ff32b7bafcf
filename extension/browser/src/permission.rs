//! "Suggest as I browse": the optional permission `tabs`, by which the browser tells the addresses of
//! tabs without a click.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use crate::chrome::{object, settled};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = contains)]
    fn contains(permissions: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = request)]
    fn request(permissions: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = remove)]
    fn remove(permissions: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "permissions", "onAdded"], js_name = addListener)]
    fn on_added(listener: &Function);
    #[wasm_bindgen(js_namespace = ["chrome", "permissions", "onRemoved"], js_name = addListener)]
    fn on_removed(listener: &Function);
}

fn tabs() -> JsValue {
    let names: js_sys::Array = [JsValue::from_str("tabs")].into_iter().collect();
    object(&[("permissions", names.into())])
}

/// Whether the user lets MySafe see the addresses of tabs.
pub async fn suggests() -> bool {
    settled(contains(&tabs())).await.is_ok_and(|has| has.is_truthy())
}

/// Asks the user for it. Call it from a click, before anything is awaited: browsers want that.
pub fn ask_to_suggest() -> impl Future<Output = bool> {
    let asked = request(&tabs());
    async move { settled(asked).await.is_ok_and(|given| given.is_truthy()) }
}

/// Gives it back.
pub async fn suggest_no_more() -> bool {
    settled(remove(&tabs())).await.is_ok_and(|removed| removed.is_truthy())
}

/// Calls `listener` when it was given or taken back, for as long as the page is there.
pub fn on_suggesting(listener: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(listener).into_js_value().unchecked_into();
    on_added(&listener);
    on_removed(&listener);
}
