//! What a view asks other processes when it opens, all at once. `popup/boot.js` has asked already, while the
//! module was compiled.

use wasm_bindgen::JsValue;

use crate::asked::{self, Asked};
use crate::chrome::{read_local, read_session, settled, tabs};
use crate::early;
use crate::session;
use crate::settings::{self, Settings};
use crate::tab;

/// The answers.
pub struct Around {
    /// Settings.
    pub settings: Settings,
    /// The page in front, as far as the browser tells its address.
    pub page: Option<String>,
    /// What was asked for outside our own pages.
    pub asked: Option<Asked>,
    /// Where the user was.
    pub place: Option<String>,
}

impl Around {
    /// Asks, or takes over what was asked. With it comes what the session says, the key with it, to be
    /// kept no longer than need be.
    pub(crate) async fn look() -> (Self, Result<JsValue, JsValue>) {
        let early = early::asked();
        let early = |what: &str| early.as_ref().and_then(|early| early(what).ok());
        let (session, local, page) = (early("session"), early("local"), early("tabs"));
        let session = async {
            match session {
                Some(asked) => settled(Ok(asked)).await,
                None => read_session(&session::KEYS).await,
            }
        };
        let local = async {
            match local {
                Some(asked) => settled(Ok(asked)).await,
                None => read_local(&[settings::SETTINGS]).await,
            }
        };
        let page = async {
            match page {
                Some(asked) => settled(Ok(asked)).await.ok().map(|tabs| js_sys::Array::from(&tabs)),
                None => tabs(&tab::in_front()).await.ok(),
            }
        };
        let (session, local, page) = futures::join!(session, local, page);
        let around = Self {
            settings: settings::of(local.ok()),
            page: page.and_then(|tabs| tab::address(&tabs.get(0))),
            asked: session.as_ref().ok().and_then(asked::of),
            place: session.as_ref().ok().and_then(session::place_of),
        };
        (around, session)
    }
}
