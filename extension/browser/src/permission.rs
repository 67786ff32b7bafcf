//! What the user may allow later: "Suggest as I browse", by which the browser tells the addresses of
//! tabs without a click, and reading the clipboard, to clear only what MySafe copied.

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

/// An optional permission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Optional {
    /// To see the addresses of tabs.
    Tabs,
    /// To read the clipboard.
    ReadClipboard,
}

impl Optional {
    fn query(self) -> JsValue {
        let name = match self {
            Self::Tabs => "tabs",
            Self::ReadClipboard => "clipboardRead",
        };
        let names: js_sys::Array = [JsValue::from_str(name)].into_iter().collect();
        object(&[("permissions", names.into())])
    }

    /// Whether the user has given it.
    pub async fn given(self) -> bool {
        settled(contains(&self.query())).await.is_ok_and(|has| has.is_truthy())
    }

    /// Asks the user for it. Call it from a click, before anything is awaited: browsers want that.
    pub fn ask(self) -> impl Future<Output = bool> {
        let asked = request(&self.query());
        async move { settled(asked).await.is_ok_and(|given| given.is_truthy()) }
    }

    /// Gives it back.
    pub async fn give_back(self) -> bool {
        settled(remove(&self.query())).await.is_ok_and(|removed| removed.is_truthy())
    }
}

/// Whether the user lets MySafe see the addresses of tabs.
pub async fn suggests() -> bool {
    Optional::Tabs.given().await
}

/// Calls `listener` when one was given or taken back, for as long as the page is there.
pub fn on_suggesting(listener: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(listener).into_js_value().unchecked_into();
    on_added(&listener);
    on_removed(&listener);
}
