//! What the browser shows of us outside our own pages: badge, popup, context menu, shortcuts.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::chrome::{get, object, open_tab, settled, url_of};
use crate::tab::{active_tabs, all_tabs};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "omnibox"], js_name = setDefaultSuggestion)]
    fn set_default_suggestion(entry: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeText)]
    fn set_badge_text(badge: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor)]
    fn set_badge_ground(color: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeTextColor)]
    fn set_badge_ink(color: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = openPopup)]
    fn action_open_popup() -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "contextMenus"], js_name = removeAll)]
    fn menus_remove_all() -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "contextMenus"], js_name = create)]
    fn menus_create(entry: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    fn message_of(name: &str) -> String;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "commands"], js_name = getAll)]
    fn commands_get_all() -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "commands"], js_name = openShortcutSettings)]
    fn commands_open_settings() -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &js_sys::Function, milliseconds: f64);
}

/// The accent and the text on it, which look the same in light and dark.
const GROUND: &str = "#3450C8";
const INK: &str = "#FFFFFF";

/// Shows a sign on the toolbar icon, over the tabs in front.
pub async fn set_badge(sign: &str) {
    let color = |color: &str| object(&[("color", color.into())]);
    let _ = settled(set_badge_ground(&color(GROUND))).await;
    let _ = settled(set_badge_ink(&color(INK))).await;
    let _ = settled(set_badge_text(&object(&[("text", sign.into())]))).await;
    // What a tab was given for itself would hide it.
    for (tab, _) in active_tabs().await {
        set_tab_badge(tab, sign).await;
    }
}

/// Takes every sign off the icon: a tab that was in front a moment ago has one of its own.
pub async fn clear_badges() {
    let _ = settled(set_badge_text(&object(&[("text", "".into())]))).await;
    for tab in all_tabs().await {
        set_tab_badge(tab, "").await;
    }
}

/// Shows a sign while a tab is in front.
pub async fn set_tab_badge(tab: f64, sign: &str) {
    let badge = object(&[("tabId", tab.into()), ("text", sign.into())]);
    // The tab may have been closed.
    let _ = settled(set_badge_text(&badge)).await;
}

/// Whether the browser reads the text of an entry below its address bar as XML: Chrome does.
pub fn escapes_omnibox() -> bool {
    !url_of("").starts_with("moz-")
}

/// An entry below the address bar.
pub fn suggestion(content: &str, description: &str) -> JsValue {
    object(&[("content", content.into()), ("description", description.into())])
}

/// What stands below the address bar first: what Enter does with what is typed. Said at once; the
/// future ends when the browser has taken it, which Chrome does after another process has read it.
pub fn set_first_suggestion(description: &str) -> impl Future<Output = ()> + use<> {
    let taken = set_default_suggestion(&object(&[("description", description.into())]));
    async move {
        // Firefox gives nothing to wait for.
        let _ = settled(taken.map(|taken| Promise::resolve(&taken))).await;
    }
}

/// Opens the popup, as a click on the toolbar icon does.
pub async fn open_popup() -> Result<(), JsValue> {
    settled(action_open_popup()).await.map(drop)
}

/// An entry of the context menu.
pub struct MenuEntry {
    /// What a click on it tells.
    pub id: &'static str,
    /// What it says.
    pub title: String,
    /// Where it is shown.
    pub contexts: &'static [&'static str],
}

/// The whole context menu, on pages of the web.
pub async fn set_menu(entries: &[MenuEntry]) {
    let list = |texts: &[&str]| -> JsValue {
        texts.iter().map(|text| JsValue::from_str(text)).collect::<Array>().into()
    };
    if settled(menus_remove_all()).await.is_err() {
        return;
    }
    for entry in entries {
        let _ = menus_create(&object(&[
            ("id", entry.id.into()),
            ("title", entry.title.as_str().into()),
            ("contexts", list(entry.contexts)),
            ("documentUrlPatterns", list(&["http://*/*", "https://*/*"])),
        ]));
    }
}

/// A text of `_locales`, in the browser's language.
pub fn localized(name: &str) -> String {
    message_of(name)
}

/// A key that works anywhere in the browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortcut {
    /// The command: `_execute_action` opens the popup.
    pub command: String,
    /// As the browser writes it; nothing if the user took it away or another extension has it.
    pub key: Option<String>,
}

/// The shortcuts, as the browser has them now.
pub async fn shortcuts() -> Vec<Shortcut> {
    let Ok(commands) = settled(commands_get_all()).await else { return Vec::new() };
    let all = Array::from(&commands);
    all.iter()
        .filter_map(|command| {
            let key = get(&command, "shortcut").as_string().filter(|key| !key.is_empty());
            Some(Shortcut { command: get(&command, "name").as_string()?, key })
        })
        .collect()
}

/// The key that opens the popup, as the browser has it now.
pub async fn shortcut() -> Option<String> {
    let mut all = shortcuts().await.into_iter();
    all.find(|shortcut| shortcut.command == "_execute_action")?.key
}

/// Shows where the browser lets its user change them.
pub async fn change_shortcuts() -> Result<(), JsValue> {
    // Firefox has a function for it, Chrome a page.
    match commands_open_settings() {
        Ok(shown) => settled(Ok(shown)).await.map(drop),
        Err(_) => open_tab("chrome://extensions/shortcuts").await,
    }
}

/// So many milliseconds from now.
pub async fn soon(milliseconds: f64) {
    let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, milliseconds));
    let _ = settled(Ok(promise)).await;
}
