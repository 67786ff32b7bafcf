//! What runs without a screen: the lock's deadline, sync, clearing the clipboard, the icon. It
//! holds nothing between two events: the browser may end it at any moment, and what must last
//! lies in `storage.session`, in the store, or in an alarm. `background.js` registers every
//! listener and calls these functions.

mod acting;
mod clipboard;
mod lock;
mod menu;
mod omnibox;
mod suggest;
mod sync;

use mysafe_browser::{Action, LockReason};
use wasm_bindgen::prelude::*;

/// Once, when the module is ready.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The extension was installed, updated, or the browser started.
#[wasm_bindgen(js_name = onStart)]
pub async fn on_start(installed: bool) {
    omnibox::say_what_it_does().await;
    sync::arm();
    // What was copied before the browser was closed.
    clipboard::when_due().await;
    menu::make().await;
    lock::show().await;
    suggest::show().await;
    if installed && mysafe_browser::is_new().await {
        // A browser that refuses a tab here shows the same page by the toolbar icon.
        let _ = mysafe_browser::open_in_tab("#/welcome").await;
    }
}

/// An alarm went off.
#[wasm_bindgen(js_name = onAlarm)]
pub async fn on_alarm(name: String) {
    match name.as_str() {
        lock::ALARM => lock::when_due().await,
        sync::ALARM => synced().await,
        clipboard::ALARM => clipboard::when_due().await,
        _ => {}
    }
}

/// An entry of the context menu or a shortcut was chosen on the page of an address; `top`: not in a
/// frame within it, as far as the browser tells.
#[wasm_bindgen(js_name = onAsked)]
pub async fn on_asked(what: String, page: String, top: bool) {
    if what == "lock" {
        let _ = mysafe_browser::lock(LockReason::Button).await;
    } else if let Some(action) = Action::of(&what) {
        acting::act(action, page, top).await;
    }
}

/// The system locked its screen.
#[wasm_bindgen(js_name = onSystemLock)]
pub async fn on_system_lock() {
    if mysafe_browser::is_open().await == Ok(true) {
        let _ = mysafe_browser::lock(LockReason::System).await;
    }
}

/// Another tab is in front, a tab is at another address, or MySafe may see that from now on.
#[wasm_bindgen(js_name = onTabs)]
pub async fn on_tabs() {
    suggest::show().await;
}

/// MySafe may not see tabs any more.
#[wasm_bindgen(js_name = onTabsHidden)]
pub async fn on_tabs_hidden() {
    suggest::end().await;
}

/// Something is typed behind the keyword: what to offer.
#[wasm_bindgen(js_name = onTyped)]
pub async fn on_typed(text: String) -> JsValue {
    omnibox::entries(&text).await
}

/// One of these was chosen, or what was typed.
#[wasm_bindgen(js_name = onEntered)]
pub async fn on_entered(content: String) {
    omnibox::enter(&content).await;
}

/// A message from one of our own pages; `background.js` refuses all others. Whether it is one that is
/// listened to here.
#[wasm_bindgen(js_name = onMessage)]
pub async fn on_message(kind: String) -> bool {
    match kind.as_str() {
        "sync" => synced().await,
        "lock" => {
            let _ = mysafe_browser::lock(LockReason::Button).await;
        }
        "clear-clipboard" => clipboard::arm().await,
        "clipboard-cleared" => clipboard::cleared().await,
        _ => return false,
    }
    true
}

/// Syncs. Who asks may have stored something, or may be the alarm that woke this script: nobody here
/// has heard of a change then, and the number on the icon is of the time before.
async fn synced() {
    futures::join!(sync::run(), suggest::show());
    suggest::show().await;
}

/// The key in `storage.session` came (`true`) or went (`false`): unlocked or locked.
#[wasm_bindgen(js_name = onLockState)]
pub async fn on_lock_state(open: bool) {
    lock::show().await;
    if open {
        sync::arm();
        sync::run().await;
    } else {
        suggest::forget();
        lock::disarm().await;
        clipboard::clear_now().await;
    }
    suggest::show().await;
}
