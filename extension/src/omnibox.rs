//! The address bar's keyword `ms`: what is typed after it is searched for in the vault.

use mysafe_browser::{
    Action, Asked, Open, Standing, ask, escapes_omnibox, localized, open_in_tab, standing,
};
use wasm_bindgen::prelude::*;

/// The browsers show that many.
const SHOWN: usize = 6;
/// What an entry of ours tells when it is chosen, before the item's id.
const ITEM: &str = "item ";

/// The entries for what is typed: pairs of what they tell and what they say.
pub(crate) async fn entries(typed: &str) -> Vec<[String; 2]> {
    let typed = typed.trim();
    match standing().await {
        Ok(Standing::Open(open)) if !typed.is_empty() => found(&open, typed),
        Ok(Standing::Locked(_)) => vec![[format!("find {typed}"), localized("omniboxLocked")]],
        _ => Vec::new(),
    }
}

fn found(open: &Open, typed: &str) -> Vec<[String; 2]> {
    let rows = open.rows();
    let found = open.search(typed).into_iter().filter_map(|found| rows.get(found.row));
    let entries = found.take(SHOWN).map(|row| {
        let text = format!("{} · {}", row.name, row.host);
        [format!("{ITEM}{}", row.id), shown(&text)]
    });
    entries.collect()
}

/// Chrome reads an entry's text as XML.
fn shown(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    if !escapes_omnibox() {
        return text;
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An entry was chosen, or what was typed.
pub(crate) async fn enter(content: &str) {
    if let Some(item) = content.strip_prefix(ITEM) {
        let plain =
            item.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
        if plain {
            let _ = open_in_tab(&format!("#/item/{item}")).await;
            return;
        }
    }
    let text = content.strip_prefix("find ").unwrap_or(content).trim();
    let asked = Asked { action: Action::Find, page: text.to_owned() };
    if text.is_empty() || ask(&asked).await.is_ok() {
        let _ = open_in_tab("#/api-secrets").await;
    }
}

/// For the browser: a list of `{content, description}`.
pub(crate) fn list(entries: Vec<[String; 2]>) -> JsValue {
    entries
        .into_iter()
        .map(|[content, description]| mysafe_browser::suggestion(&content, &description))
        .collect::<js_sys::Array>()
        .into()
}
