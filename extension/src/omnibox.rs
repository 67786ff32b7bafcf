//! The address bar's keyword `ms`: what is typed after it is searched for in the vault. Enter opens the
//! best found; the others are below.
//!
//! The first entry is a text of ours and never a name: Chrome writes it to its profile in clear, and has
//! a meaning of its own for "%s" there. Names come as further entries, which it does not keep.

use mysafe_browser::{
    Action, Asked, Open, Row, Standing, ask, escapes_omnibox, localized, open_in_tab,
    set_first_suggestion, standing, suggestion,
};
use wasm_bindgen::prelude::*;

/// The browsers show six, the first entry among them.
const SHOWN: usize = 5;
/// What an entry of ours tells when it is chosen, before the item's id.
const ITEM: &str = "item ";

/// Before anything is typed, and in place of what an earlier version had there.
pub(crate) async fn say_what_it_does() {
    set_first_suggestion(&localized("omniboxSearch")).await;
}

/// Says what Enter does with what is typed; the further entries, for the browser: a list of
/// `{content, description}`.
pub(crate) async fn entries(typed: &str) -> JsValue {
    let rows = match standing().await {
        Ok(Standing::Open(open)) => found(&open, typed),
        Ok(Standing::Locked(_)) => {
            drop(set_first_suggestion(&localized("omniboxLocked")));
            return js_sys::Array::new().into();
        }
        _ => Vec::new(),
    };
    let first = if rows.is_empty() { "omniboxSearch" } else { "omniboxBest" };
    drop(set_first_suggestion(&localized(first)));
    let xml = escapes_omnibox();
    let entry = |row: &Row| {
        let text = shown(&format!("{} · {}", row.name, row.shown().host), xml);
        suggestion(&format!("{ITEM}{}", row.id), &text)
    };
    rows.iter().map(entry).collect::<js_sys::Array>().into()
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
fn shown(text: &str, xml: bool) -> String {
    let held = |letter: &char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(held).collect();
    if !xml {
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
    let asked = Asked { action: Action::Find, page: text.to_owned(), top: true };
    if text.is_empty() || ask(&asked).await.is_ok() {
        let _ = open_in_tab("#/api-secrets").await;
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_name_is_text_and_never_markup() {
        let name = "<a & \"b\"> %s\u{0}\n\u{ffff}</url>";
        assert_eq!(
            shown(name, true),
            "&lt;a &amp; &quot;b&quot;&gt; %s&lt;/url&gt;",
            "as XML, without what XML cannot hold"
        );
        assert_eq!(shown(name, false), "<a & \"b\"> %s</url>");
    }
}
