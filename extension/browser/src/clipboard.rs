//! Copying, and clearing what was copied.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::chrome::{create_alarm, get, read_session, remove_session, tell, write_session};

/// The name of the alarm that clears the clipboard, and in `storage.session` of its time.
pub const CLEAR_AT: &str = "clear-clipboard-at";

/// The browser did not write to the clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CopyError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
}

/// Writes to the clipboard. Returns once it is written and its clearing, `clear_after` seconds
/// from now, is arranged: the time lies in the session, so that whoever wakes next can do it.
pub async fn copy(text: &str, clear_after: u32) -> Result<(), CopyError> {
    let written = write_text(text).map_err(|_| CopyError)?;
    JsFuture::from(written).await.map_err(|_| CopyError)?;
    clear_later(js_sys::Date::now() + f64::from(clear_after) * 1000.0).await?;
    tell("clear-clipboard");
    Ok(())
}

/// What is on the clipboard is to be cleared at a time: the time lies in the session.
pub async fn clear_later(at: f64) -> Result<(), CopyError> {
    write_session(&[(CLEAR_AT, JsValue::from_f64(at))]).await.map_err(|_| CopyError)?;
    // Whether or not the background hears of it now, it will be woken.
    create_alarm(CLEAR_AT, at, None);
    Ok(())
}

/// When the clipboard is to be cleared, Unix milliseconds.
pub async fn clear_at() -> Option<f64> {
    get(&read_session(&[CLEAR_AT]).await.ok()?, CLEAR_AT).as_f64()
}

/// The clipboard was cleared.
pub async fn clipboard_cleared() {
    let _ = remove_session(&[CLEAR_AT]).await;
}
