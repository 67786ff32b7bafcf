//! Settings of this browser. They hold nothing secret and are readable while locked.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::chrome::{get, read_local, remove_local, write_local};

const SETTINGS: &str = "settings";
const SERVER: &str = "server";
const ACCOUNT: &str = "account";

/// Which colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What a user can set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Minutes without input after which the vault locks; `None` is never.
    pub lock_after: Option<u32>,
    /// Seconds after which the clipboard is cleared, 10 to 300.
    pub clear_clipboard_after: u32,
    /// Rows of 40 instead of 48 pixels.
    pub compact: bool,
    /// The popup closes by itself after a copy by Enter.
    pub close_after_copy: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            lock_after: Some(10),
            clear_clipboard_after: 30,
            compact: false,
            close_after_copy: true,
        }
    }
}

/// The settings; the defaults where none were made.
pub async fn settings() -> Settings {
    let Ok(stored) = read_local(&[SETTINGS]).await else { return Settings::default() };
    let mut settings: Settings =
        serde_wasm_bindgen::from_value(get(&stored, SETTINGS)).unwrap_or_default();
    settings.clear_clipboard_after = settings.clear_clipboard_after.clamp(10, 300);
    settings
}

/// Stores the settings. Another lock time counts from now.
pub async fn set_settings(settings: &Settings) -> Result<(), JsValue> {
    // `null`, not a missing key, says "never".
    let writer = serde_wasm_bindgen::Serializer::json_compatible();
    let value = settings.serialize(&writer).map_err(JsValue::from)?;
    write_local(&[(SETTINGS, value)]).await?;
    crate::session::touch().await;
    Ok(())
}

/// The server used last, to offer it again.
pub async fn known_server() -> Option<String> {
    let stored = read_local(&[SERVER]).await.ok()?;
    get(&stored, SERVER).as_string()
}

pub(crate) async fn know_server(url: &str) {
    let _ = write_local(&[(SERVER, url.into())]).await;
}

/// Whether an account was entered here and not signed out of: its stores must be there.
pub(crate) async fn expects_account() -> bool {
    let Ok(stored) = read_local(&[ACCOUNT]).await else { return false };
    get(&stored, ACCOUNT).is_truthy()
}

pub(crate) async fn expect_account() -> Result<(), JsValue> {
    write_local(&[(ACCOUNT, JsValue::TRUE)]).await
}

/// Begins as in a fresh browser where the stores of the account that was here are gone.
pub async fn expect_no_account() -> Result<(), JsValue> {
    remove_local(&[ACCOUNT]).await
}
