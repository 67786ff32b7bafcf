//! Settings of this browser. They hold nothing secret and are readable while locked.

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::chrome::{get, read_local, remove_local, write_local};

pub(crate) const SETTINGS: &str = "settings";
const SERVER: &str = "server";
const ACCOUNT: &str = "account";

/// Which colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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
    of(read_local(&[SETTINGS]).await.ok())
}

/// The same, of what is stored. What is no setting, or none that there is, is as if it were not stored.
pub(crate) fn of(stored: Option<JsValue>) -> Settings {
    let stored = stored.map_or(JsValue::UNDEFINED, |stored| get(&stored, SETTINGS));
    let default = Settings::default();
    let number = |name| get(&stored, name).as_f64().map(|number| number as u32);
    let lock_after = get(&stored, "lock_after");
    Settings {
        theme: match get(&stored, "theme").as_string().as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        },
        lock_after: match number("lock_after") {
            None if !lock_after.is_null() => default.lock_after,
            minutes => minutes,
        },
        clear_clipboard_after: number("clear_clipboard_after")
            .unwrap_or(default.clear_clipboard_after)
            .clamp(10, 300),
        compact: get(&stored, "compact").as_bool().unwrap_or(default.compact),
        close_after_copy: get(&stored, "close_after_copy")
            .as_bool()
            .unwrap_or(default.close_after_copy),
    }
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
