//! The WebExtensions APIs in use, as the browsers name them. Both know the namespace `chrome`
//! and answer with promises.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    fn local_get(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = remove)]
    fn local_remove(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = set)]
    fn local_set(values: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = get)]
    fn session_get(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = set)]
    fn session_set(values: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = remove)]
    fn session_remove(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "onChanged"], js_name = addListener)]
    pub(crate) fn on_storage_changed(listener: &js_sys::Function);
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "onChanged"], js_name = removeListener)]
    pub(crate) fn off_storage_changed(listener: &js_sys::Function);

    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = sendMessage)]
    fn send_message(message: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub(crate) fn url_of(path: &str) -> String;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getManifest)]
    fn manifest() -> JsValue;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    fn tabs_query(query: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = create)]
    fn tabs_create(tab: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "alarms"], js_name = create)]
    fn alarms_create(name: &str, when: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "alarms"], js_name = clear)]
    fn alarms_clear(name: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setIcon)]
    fn action_set_icon(icon: &JsValue) -> Result<Promise, JsValue>;
}

/// An object of named values.
pub(crate) fn object(values: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in values {
        set(&object, key, value);
    }
    object.into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a plain object takes any value");
}

/// A named value of an object; `undefined` if there is none.
pub(crate) fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

pub(crate) async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}

/// Values of `storage.local`, by name.
pub(crate) async fn read_local(keys: &[&str]) -> Result<JsValue, JsValue> {
    settled(local_get(&names(keys))).await
}

/// Removes values of `storage.local`.
pub(crate) async fn remove_local(keys: &[&str]) -> Result<(), JsValue> {
    settled(local_remove(&names(keys))).await.map(drop)
}

/// Sets values of `storage.local`.
pub(crate) async fn write_local(values: &[(&str, JsValue)]) -> Result<(), JsValue> {
    settled(local_set(&object(values))).await.map(drop)
}

/// Values of `storage.session`, by name: memory, trusted contexts only.
pub(crate) async fn read_session(keys: &[&str]) -> Result<JsValue, JsValue> {
    settled(session_get(&names(keys))).await
}

/// Sets values of `storage.session`.
pub(crate) async fn write_session(values: &[(&str, JsValue)]) -> Result<(), JsValue> {
    settled(session_set(&object(values))).await.map(drop)
}

/// Removes values of `storage.session`.
pub(crate) async fn remove_session(keys: &[&str]) -> Result<(), JsValue> {
    settled(session_remove(&names(keys))).await.map(drop)
}

fn names(keys: &[&str]) -> JsValue {
    keys.iter().map(|key| JsValue::from_str(key)).collect::<js_sys::Array>().into()
}

/// Sends a message of the given kind to the background; what it answers.
pub(crate) async fn message(kind: &str) -> Result<JsValue, JsValue> {
    settled(send_message(&object(&[("kind", kind.into())]))).await
}

/// Sends a message that nobody waits for: a background that is just ending may answer late.
pub(crate) fn tell(kind: &'static str) {
    let message = object(&[("kind", kind.into())]);
    if let Ok(sent) = send_message(&message) {
        unheeded(sent);
    }
}

/// The extension's version.
pub fn version() -> String {
    get(&manifest(), "version").as_string().unwrap_or_default()
}

/// The tabs that fit a query.
pub(crate) async fn tabs(query: &[(&str, JsValue)]) -> Result<js_sys::Array, JsValue> {
    settled(tabs_query(&object(query))).await.map(|tabs| js_sys::Array::from(&tabs))
}

/// Opens a tab.
pub(crate) async fn open_tab(url: &str) -> Result<(), JsValue> {
    settled(tabs_create(&object(&[("url", url.into())]))).await.map(drop)
}

/// Wakes the background at a time (Unix milliseconds), and then every `period` minutes.
pub fn create_alarm(name: &str, when: f64, period: Option<f64>) {
    let mut values = vec![("when", JsValue::from_f64(when))];
    if let Some(period) = period {
        values.push(("periodInMinutes", period.into()));
    }
    // An alarm that could not be made is made up for by the deadline each context checks. Chrome answers with a
    // promise, Firefox with nothing.
    if let Ok(made) = alarms_create(name, &object(&values)) {
        unheeded(Promise::resolve(&made));
    }
}

/// Whether it comes about makes no difference: a worker that is being ended gets no answer.
fn unheeded(promise: Promise) {
    wasm_bindgen_futures::spawn_local(async move {
        let _ = JsFuture::from(promise).await;
    });
}

/// Takes an alarm back.
pub async fn clear_alarm(name: &str) {
    let _ = settled(alarms_clear(name)).await;
}

/// Sets the toolbar icon to the open or the locked one.
pub async fn set_icon(locked: bool) {
    let mark = if locked { "-locked" } else { "" };
    let paths: Vec<(String, String)> = [16, 32]
        .iter()
        .map(|size| (size.to_string(), format!("/icons/mysafe{mark}-{size}.png")))
        .collect();
    let paths: Vec<(&str, JsValue)> =
        paths.iter().map(|(size, path)| (size.as_str(), path.as_str().into())).collect();
    let _ = settled(action_set_icon(&object(&[("path", object(&paths))]))).await;
}
