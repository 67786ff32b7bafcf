//! Clearing the clipboard. Chrome's service worker has none: an offscreen document waits and
//! clears there, which goes on when the worker ends. Firefox's background page clears by itself,
//! woken by an alarm. The time is stored, so whoever wakes late still does it, the next start of the
//! browser too.

use mysafe_browser::{
    CLEAR_AT, Pending, Settings, clipboard_cleared, copy_by, create_alarm, now, pending,
};
use wasm_bindgen::prelude::*;

pub(crate) const ALARM: &str = CLEAR_AT;

#[wasm_bindgen(module = "/clipboard.js")]
extern "C" {
    /// Waits in an offscreen document until `at`, then clears; `false` where there are none.
    #[wasm_bindgen(js_name = clearOffscreen, catch)]
    async fn clear_offscreen(at: f64, mark: Option<&str>) -> Result<JsValue, JsValue>;
    /// Closes the offscreen document, if there is one.
    #[wasm_bindgen(js_name = closeOffscreen, catch)]
    async fn close_offscreen() -> Result<(), JsValue>;
    /// Writes; the offscreen document that did it clears at `at`. Whether it is written.
    #[wasm_bindgen(js_name = writeClipboard, catch)]
    async fn write_clipboard(text: &str, at: f64, mark: Option<&str>) -> Result<JsValue, JsValue>;
    /// Clears from this page.
    #[wasm_bindgen(js_name = clearHere, catch)]
    async fn clear_here(mark: Option<&str>) -> Result<(), JsValue>;
}

/// Writes to the clipboard, to be cleared after the set time. Whether it is there.
pub(crate) async fn write(text: &str, settings: &Settings) -> bool {
    let written = copy_by(text, settings.clear_clipboard_after, async |this| {
        let written = write_clipboard(text, this.at, this.mark.as_deref()).await;
        written.is_ok_and(|written| written.is_truthy())
    });
    written.await.is_ok()
}

/// Something was copied: see to it that it is cleared.
pub(crate) async fn arm() {
    let Some(pending) = pending().await else { return };
    create_alarm(ALARM, pending.at, None);
    if !offscreen(pending.at, &pending).await && pending.at <= now() as f64 {
        here(&pending).await;
    }
}

/// The alarm went off, or the browser started.
pub(crate) async fn when_due() {
    match pending().await {
        Some(pending) if pending.at > now() as f64 => arm().await,
        Some(_) => clear_now().await,
        None => {}
    }
}

/// Clears at once, if something of ours may still be there.
pub(crate) async fn clear_now() {
    if let Some(pending) = pending().await
        && !offscreen(0.0, &pending).await
    {
        here(&pending).await;
    }
}

/// The offscreen document did it.
pub(crate) async fn cleared() {
    clipboard_cleared().await;
    let _ = close_offscreen().await;
}

async fn offscreen(at: f64, pending: &Pending) -> bool {
    clear_offscreen(at, pending.mark.as_deref()).await.is_ok_and(|made| made.is_truthy())
}

async fn here(pending: &Pending) {
    if clear_here(pending.mark.as_deref()).await.is_ok() {
        clipboard_cleared().await;
    }
}
