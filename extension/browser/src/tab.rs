//! Tabs: the address the user stands on, and opening our own page in one.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::chrome::{get, open_tab, tabs, url_of};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "tabs", "onActivated"], js_name = addListener)]
    fn on_activated(listener: &Function);
    #[wasm_bindgen(js_namespace = ["chrome", "tabs", "onUpdated"], js_name = addListener)]
    fn on_updated(listener: &Function);
}

/// The address of the page the popup was opened on. The browser tells it because the user
/// opened the popup (`activeTab`).
pub async fn current_tab_url() -> Option<String> {
    current_tab().await.map(|(_, url)| url)
}

/// The tab that the user looks at, and its address.
pub(crate) async fn current_tab() -> Option<(i32, String)> {
    let tab = tabs(&in_front()).await.ok()?.get(0);
    let id = get(&tab, "id").as_f64()?;
    Some((id as i32, address(&tab)?))
}

/// The query for that tab.
pub(crate) fn in_front() -> [(&'static str, JsValue); 2] {
    [("active", JsValue::TRUE), ("currentWindow", JsValue::TRUE)]
}

/// The address of a tab.
pub(crate) fn address(tab: &JsValue) -> Option<String> {
    get(tab, "url").as_string()
}

/// The tabs in front, one of each window, with their addresses as far as the browser tells them.
pub async fn active_tabs() -> Vec<(f64, String)> {
    let Ok(found) = tabs(&[("active", JsValue::TRUE)]).await else { return Vec::new() };
    let tab = |tab: JsValue| {
        let address = get(&tab, "url").as_string().unwrap_or_default();
        Some((get(&tab, "id").as_f64()?, address))
    };
    found.iter().filter_map(tab).collect()
}

/// All tabs, whatever is in them.
pub(crate) async fn all_tabs() -> Vec<f64> {
    let Ok(found) = tabs(&[]).await else { return Vec::new() };
    found.iter().filter_map(|tab| get(&tab, "id").as_f64()).collect()
}

/// Calls `listener` when another tab comes to the front or one has another address, for as long as the
/// page is there.
pub fn on_tabs(listener: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(listener).into_js_value().unchecked_into();
    on_activated(&listener);
    on_updated(&listener);
}

/// Opens a screen in a full tab; `hash` is its route, as in `#/api-secrets`.
pub async fn open_in_tab(hash: &str) -> Result<(), JsValue> {
    open_tab(&url_of(&format!("popup/index.html{hash}"))).await
}
