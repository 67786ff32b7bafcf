//! What was asked for where there is no view of ours: by the context menu or a shortcut. It lies in the
//! session until a view takes it up, for two minutes and for one page.

use wasm_bindgen::JsValue;

use crate::chrome::{get, object, read_session, remove_session, write_session};
use crate::now;

const ASKED: &str = "asked";
const TWO_MINUTES: f64 = 2.0 * 60.0 * 1000.0;

/// What is to be done with the item that belongs to a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Copy its client secret.
    CopySecret,
    /// Copy its client ID.
    CopyId,
    /// Fill its client secret into the focused field.
    FillSecret,
    /// Fill its client ID there.
    FillId,
    /// Add one for that page.
    Add,
    /// Search for what stands in the place of the page.
    Find,
}

impl Action {
    const ALL: [(&'static str, Self); 6] = [
        ("copy-secret", Self::CopySecret),
        ("copy-id", Self::CopyId),
        ("fill", Self::FillSecret),
        ("fill-id", Self::FillId),
        ("add", Self::Add),
        ("find", Self::Find),
    ];

    /// By the name that menu entries, commands and the session have for it.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, action)| *action)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, action)| *action == self).map_or("", |(name, _)| name)
    }
}

/// An action, and the page it was asked for on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// What.
    pub action: Action,
    /// The page's address.
    pub page: String,
    /// It was asked for in the page itself, not in a frame within it.
    pub top: bool,
}

/// Keeps what was asked, in place of what was asked before.
pub async fn ask(asked: &Asked) -> Result<(), JsValue> {
    let kept = object(&[
        ("action", asked.action.name().into()),
        ("page", asked.page.as_str().into()),
        ("top", asked.top.into()),
        ("at", JsValue::from_f64(now() as f64)),
    ]);
    write_session(&[(ASKED, kept)]).await
}

/// What was asked and nobody did yet, if that is not long ago.
pub async fn asked() -> Option<Asked> {
    of(&read_session(&[ASKED]).await.ok()?)
}

/// The same, of what the session says.
pub(crate) fn of(session: &JsValue) -> Option<Asked> {
    let kept = get(session, ASKED);
    let at = get(&kept, "at").as_f64()?;
    let asked = Asked {
        action: Action::of(&get(&kept, "action").as_string()?)?,
        page: get(&kept, "page").as_string()?,
        top: get(&kept, "top").as_bool()?,
    };
    (now() as f64 - at < TWO_MINUTES).then_some(asked)
}

/// It is being done, or something else is.
pub async fn forget_asked() {
    let _ = remove_session(&[ASKED]).await;
}
