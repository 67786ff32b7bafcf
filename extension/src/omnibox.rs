//! The address bar's keyword `ms`: what is typed after it is searched for in the vault. Enter opens what
//! stands first.

use mysafe_browser::{
    Action, Asked, Open, Row, Standing, ask, escapes_omnibox, localized, open_in_tab,
    set_first_suggestion, standing, suggestion,
};
use wasm_bindgen::prelude::*;

/// The browsers show that many, the first one among them.
const SHOWN: usize = 6;
/// What an entry of ours tells when it is chosen, before the item's id.
const ITEM: &str = "item ";

/// Says what Enter does with what is typed; the further entries, for the browser: a list of
/// `{content, description}`.
pub(crate) async fn entries(typed: &str) -> JsValue {
    let rows = match standing().await {
        Ok(Standing::Open(open)) => found(&open, typed),
        Ok(Standing::Locked(_)) => {
            set_first_suggestion(&shown(&localized("omniboxLocked")));
            return js_sys::Array::new().into();
        }
        _ => Vec::new(),
    };
    let text = |row: &Row| shown(&format!("{} · {}", row.name, row.shown().host));
    match rows.first() {
        Some(first) => set_first_suggestion(&text(first)),
        None => set_first_suggestion(&shown(&localized("omniboxSearch"))),
    }
    let others = rows.iter().skip(1);
    others
        .map(|row| suggestion(&format!("{ITEM}{}", row.id), &text(row)))
        .collect::<js_sys::Array>()
        .into()
}

/// The best rows for what is typed.
fn found(open: &Open, typed: &str) -> Vec<Row> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let rows = open.rows();
    let found = open.search(typed.trim()).into_iter().take(SHOWN);
    found.filter_map(|found| rows.get(found.row).cloned()).collect()
}

/// Chrome reads an entry's text as XML.
fn shown(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    if !escapes_omnibox() {
        return text;
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An entry was chosen, or what was typed. Locked, or where nothing is found, the list of a tab takes
/// over.
pub(crate) async fn enter(content: &str) {
    if let Some(item) = content.strip_prefix(ITEM)
        && item.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    {
        let _ = open_in_tab(&format!("#/item/{item}")).await;
        return;
    }
    if let Ok(Standing::Open(open)) = standing().await
        && let Some(row) = found(&open, content).first()
    {
        let _ = open_in_tab(&format!("#/item/{}", row.id)).await;
        return;
    }
    let text = content.trim();
    let asked = Asked { action: Action::Find, page: text.to_owned() };
    if text.is_empty() || ask(&asked).await.is_ok() {
        let _ = open_in_tab("#/api-secrets").await;
    }
}
