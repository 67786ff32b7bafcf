//! The side panel: Chrome and Firefox name it differently, and not every browser has one.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::chrome::{get, object, tabs};

/// The way to open the side panel of a window, if this browser has one.
#[derive(Clone)]
pub struct SidePanel {
    api: JsValue,
    options: JsValue,
}

impl SidePanel {
    /// Of the window one is in.
    pub async fn find() -> Option<Self> {
        let chrome = get(&js_sys::global(), "chrome");
        let api = ["sidePanel", "sidebarAction"].map(|name| get(&chrome, name));
        let api = api.into_iter().find(|api| get(api, "open").is_function())?;
        let here = [("active", JsValue::TRUE), ("currentWindow", JsValue::TRUE)];
        let window = get(&tabs(&here).await.ok()?.get(0), "windowId");
        // Firefox takes no options.
        let firefox = get(&chrome, "sidePanel").is_undefined();
        let options = if firefox { JsValue::UNDEFINED } else { object(&[("windowId", window)]) };
        Some(Self { api, options })
    }

    /// Opens it, at once: the browser wants to see the user's click. Whether it did.
    pub fn open(&self) -> impl Future<Output = bool> + use<> {
        let open: Function = get(&self.api, "open").unchecked_into();
        let opened = if self.options.is_undefined() {
            open.call0(&self.api)
        } else {
            open.call1(&self.api, &self.options)
        };
        async move {
            let Ok(opened) = opened.map(|opened| Promise::resolve(&opened)) else { return false };
            JsFuture::from(opened).await.is_ok()
        }
    }
}
