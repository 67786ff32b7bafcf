//! The two scripts that go into a page, as `page.js` has them. Both run once, in the top frame of a
//! tab that the user's own click or shortcut has opened to us (`activeTab`), and leave nothing there.

use js_sys::Array;
use mysafe::matching::{MOST_FOUND, OnPage};
use mysafe::protocol::limits;
use wasm_bindgen::prelude::*;

use crate::tab::current_tab;

#[wasm_bindgen(module = "/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = fill, catch)]
    async fn fill_focused(tab: i32, value: &str, origin: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = read, catch)]
    async fn read_addresses(tab: i32, most: usize, longest: usize) -> Result<JsValue, JsValue>;
}

/// What the script found in the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InPage {
    /// No field of text has the focus.
    NoField,
    /// The field is in a frame within the page.
    SubFrame,
    /// The field is disabled or read-only.
    Fixed,
    /// Nobody can see the field.
    Hidden,
    /// The value has several lines, the field has one.
    Lines,
    /// The field takes fewer characters.
    Short,
    /// The page made something else of it.
    Changed,
    /// Another page came there meanwhile.
    Moved,
    /// The browser lets nobody into this page.
    Closed,
}

/// Fills the focused field of a tab's top frame if its document is of this origin.
pub(crate) async fn put(tab: i32, value: &str, origin: &str) -> Result<(), InPage> {
    let answer = fill_focused(tab, value, origin).await.map_err(|_| InPage::Closed)?;
    Err(match answer.as_string().as_deref() {
        Some("done") => return Ok(()),
        Some("none") => InPage::NoField,
        Some("frame") => InPage::SubFrame,
        Some("fixed") => InPage::Fixed,
        Some("hidden") => InPage::Hidden,
        Some("lines") => InPage::Lines,
        Some("short") => InPage::Short,
        Some("changed") => InPage::Changed,
        Some("moved") => InPage::Moved,
        _ => InPage::Closed,
    })
}

/// The addresses that a page names, if one of its origin is in front.
pub async fn read_page(page: &str) -> OnPage {
    let Some((tab, url)) = current_tab().await else { return OnPage::default() };
    // Consoles change the rest of their address as they like.
    let origin = |url: &str| url.splitn(4, '/').take(3).map(str::to_owned).collect::<Vec<_>>();
    if origin(&url) != origin(page) || !url.starts_with("http") {
        return OnPage::default();
    }
    // A page that lets nobody in names nothing.
    match read_addresses(tab, MOST_FOUND, limits::URL).await {
        Ok(texts) if texts.is_array() => {
            let texts = Array::from(&texts);
            OnPage::read((0..texts.length()).filter_map(|at| texts.get(at).as_string()))
        }
        _ => OnPage::default(),
    }
}
