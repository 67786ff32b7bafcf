//! Clearing the clipboard. Chrome's service worker has none: an offscreen document waits and
//! clears there, which goes on when the worker ends. Firefox's background page clears by itself,
//! woken by an alarm. The time lies in the session, so whoever wakes late still does it.

use mysafe_browser::{
    CLEAR_AT, Settings, clear_alarm, clear_at, clear_later, clipboard_cleared, create_alarm, now,
};
use wasm_bindgen::prelude::*;

pub(crate) const ALARM: &str = CLEAR_AT;

#[wasm_bindgen(module = "/clipboard.js")]
extern "C" {
    /// Waits in an offscreen document until `at`, then clears; `false` where there are none.
    #[wasm_bindgen(js_name = clearOffscreen, catch)]
    async fn clear_offscreen(at: f64) -> Result<JsValue, JsValue>;
    /// Closes the offscreen document, if there is one.
    #[wasm_bindgen(js_name = closeOffscreen, catch)]
    async fn close_offscreen() -> Result<(), JsValue>;
    /// Writes; the offscreen document that did it clears at `at`. Whether it is written.
    #[wasm_bindgen(js_name = writeClipboard, catch)]
    async fn write_clipboard(text: &str, at: f64) -> Result<JsValue, JsValue>;
    /// Clears from this page.
    #[wasm_bindgen(js_name = clearHere, catch)]
    async fn clear_here() -> Result<(), JsValue>;
}

/// Writes to the clipboard, to be cleared after the set time. Whether it is there.
pub(crate) async fn write(text: &str, settings: &Settings) -> bool {
    let at = now() as f64 + f64::from(settings.clear_clipboard_after) * 1000.0;
    // The time first: should this script end in between, something of ours is cleared all the same.
    if clear_later(at).await.is_err() {
        return false;
    }
    write_clipboard(text, at).await.is_ok_and(|written| written.is_truthy())
}

/// Something was copied: see to it that it is cleared.
pub(crate) async fn arm() {
    let Some(at) = clear_at().await else { return };
    create_alarm(ALARM, at, None);
    if !offscreen(at).await && at <= now() as f64 {
        here().await;
    }
}

/// The alarm went off.
pub(crate) async fn when_due() {
    match clear_at().await {
        Some(at) if at > now() as f64 => arm().await,
        Some(_) => clear_now().await,
        None => {}
    }
}

/// Clears at once, if something of ours may still be there.
pub(crate) async fn clear_now() {
    if clear_at().await.is_some() && !offscreen(0.0).await {
        here().await;
    }
}

/// The offscreen document did it.
pub(crate) async fn cleared() {
    clipboard_cleared().await;
    clear_alarm(ALARM).await;
    let _ = close_offscreen().await;
}

async fn offscreen(at: f64) -> bool {
    clear_offscreen(at).await.is_ok_and(|made| made.is_truthy())
}

async fn here() {
    if clear_here().await.is_ok() {
        clipboard_cleared().await;
        clear_alarm(ALARM).await;
    }
}
