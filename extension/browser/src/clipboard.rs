//! Copying, and clearing what was copied. When to clear lies in `storage.local`: a time and nothing else,
//! so that the next start of the browser still does it. Where the user lets MySafe read the clipboard, a
//! mark of what was copied lies in the session, to tell it from what another program copied meanwhile.

use mysafe::crypto::{Random, SystemRandom};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::chrome::{
    clear_alarm, create_alarm, get, read_local, read_session, remove_local, remove_session, tell,
    write_local, write_session,
};
use crate::permission::Optional;

/// The name of the alarm that clears the clipboard, and in `storage.local` of its time.
pub const CLEAR_AT: &str = "clear-clipboard-at";
/// In `storage.session`: the mark.
const COPIED: &str = "copied";

/// The browser did not write to the clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CopyError;

/// Something of ours that is to be cleared.
#[derive(Clone, PartialEq, Debug)]
pub struct Pending {
    /// When, Unix milliseconds.
    pub at: f64,
    /// What `extension/copied.js` knows it again by, if MySafe may look.
    pub mark: Option<String>,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
}

/// Writes to the clipboard from a page of ours, to be cleared `clear_after` seconds from now.
pub async fn copy(text: &str, clear_after: u32) -> Result<(), CopyError> {
    copy_by(text, clear_after, async |_| match write_text(text) {
        Ok(written) => JsFuture::from(written).await.is_ok(),
        Err(_) => false,
    })
    .await?;
    // An offscreen document is more punctual than the alarm.
    tell("clear-clipboard");
    Ok(())
}

/// The one way to the clipboard: its clearing is arranged, then `write` writes and says whether it
/// did. Whatever ends in between, nothing of ours stays there for good.
pub async fn copy_by(
    text: &str,
    clear_after: u32,
    write: impl AsyncFnOnce(&Pending) -> bool,
) -> Result<(), CopyError> {
    let before = pending().await;
    let mark = Optional::ReadClipboard.given().await.then(|| mark(text, SystemRandom.array()));
    let at = js_sys::Date::now() + f64::from(clear_after) * 1000.0;
    let this = Pending { at, mark };
    keep(&this).await.map_err(|_| CopyError)?;
    if write(&this).await {
        return Ok(());
    }
    // What is there is of somebody else, or was copied before.
    match before {
        Some(before) => keep(&before).await.map_err(|_| CopyError)?,
        None => clipboard_cleared().await,
    }
    Err(CopyError)
}

async fn keep(pending: &Pending) -> Result<(), JsValue> {
    write_local(&[(CLEAR_AT, JsValue::from_f64(pending.at))]).await?;
    match &pending.mark {
        Some(mark) => write_session(&[(COPIED, mark.as_str().into())]).await?,
        None => remove_session(&[COPIED]).await?,
    }
    // Whether or not the background hears of it now, it will be woken.
    create_alarm(CLEAR_AT, pending.at, None);
    Ok(())
}

/// What is to be cleared, if anything is.
pub async fn pending() -> Option<Pending> {
    let at = get(&read_local(&[CLEAR_AT]).await.ok()?, CLEAR_AT).as_f64()?;
    let mark = read_session(&[COPIED]).await.ok().and_then(|read| get(&read, COPIED).as_string());
    Some(Pending { at, mark })
}

/// Nothing of ours is on the clipboard any more.
pub async fn clipboard_cleared() {
    let _ = remove_local(&[CLEAR_AT]).await;
    let _ = remove_session(&[COPIED]).await;
    clear_alarm(CLEAR_AT).await;
}

/// A salt and the SHA-256 of it and the text as clipboards give it back, in hex.
fn mark(text: &str, salt: [u8; 16]) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = lines.split('\0').next().unwrap_or_default();
    let hash = Sha256::new().chain_update(salt).chain_update(text).finalize();
    salt.iter().chain(&hash[..]).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn what_clipboards_change_leaves_the_mark_as_it_is() {
        let salt = [7; 16];
        assert_eq!(mark("a\r\nb\rc\0d", salt), mark("a\nb\nc", salt));
        assert_ne!(mark("a", salt), mark("b", salt));
        assert_ne!(mark("a", salt), mark("a", [8; 16]));
        assert_eq!(mark("", salt).len(), 96);
    }
}
