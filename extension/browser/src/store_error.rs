//! What can go wrong with the device's stores, and the codes by which it is told.

use wasm_bindgen::JsValue;

/// What can go wrong with the device's store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space left, or the browser's limit is reached.
    #[error("quota exceeded")]
    Full,
    /// It was made by a newer version of MySafe.
    #[error("newer version")]
    Newer,
    /// The browser does not open it (private window, disk trouble).
    #[error("unavailable")]
    Unavailable(String),
    /// What is stored cannot be read.
    #[error("damaged")]
    Damaged,
    /// There was an account here, and its stores are gone: the browser or somebody removed them.
    #[error("gone")]
    Gone,
    /// The vault was locked meanwhile.
    #[error("locked")]
    Locked,
}

impl StoreError {
    /// A stable code: what screens have a text for.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Newer => "newer",
            Self::Damaged => "damaged",
            Self::Gone => "gone",
            Self::Locked => "locked",
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// The same code, read again.
    pub(crate) fn read_code(code: &str) -> Option<&'static str> {
        let codes = ["full", "newer", "damaged", "gone", "locked", "unavailable"];
        codes.into_iter().find(|known| *known == code)
    }
}

impl From<idb::Error> for StoreError {
    fn from(error: idb::Error) -> Self {
        let text = format!("{error:?}");
        if text.contains("QuotaExceededError") {
            Self::Full
        } else if text.contains("VersionError") {
            Self::Newer
        } else {
            Self::Unavailable(text)
        }
    }
}

impl From<JsValue> for StoreError {
    fn from(error: JsValue) -> Self {
        Self::Unavailable(format!("{error:?}"))
    }
}
