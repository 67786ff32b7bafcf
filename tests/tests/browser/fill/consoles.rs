//! What API consoles name: those known by name, and any other by what can be seen in it.

use super::{Site, named};
use crate::items::ApiSecret;
use crate::stage::Stage;

/// Redoc has it in a folded list, GraphiQL in its own script alone.
pub fn what_redoc_and_graphiql_name_is_suggested(
    stage: &Stage,
    site: &Site,
    items: &[ApiSecret; 3],
) {
    for (path, sign) in [("/redoc", "All pets"), ("/graphiql", "Welcome to GraphiQL")] {
        let page = stage.browser().open_page(&site.console(path));
        page.see_text(sign);
        let popup = stage.popup_at_list();
        popup.see("row", &named(&items[1]));
        let rows = popup.names("row");
        assert_eq!(rows[0], "Matches this page", "{path}: {rows:?}");
        assert!(!popup.has("row", &named(&items[2])), "{path}: {rows:?}");
        popup.text_gone("Nothing for");
        popup.close();
    }
}

/// A console of nobody's making: where it has the address of the API.
const OTHERS: [(&str, &str); 5] = [
    (
        "select",
        "<select aria-label=Server><option>https://other.example.org/<option>{address}</select>",
    ),
    ("code", "<p>Call <code>curl -H 'Accept: */*' {address}/pets?limit=1</code>"),
    ("input", "<input aria-label=Base value={address}>"),
    (
        "shadow",
        "<div id=h></div><script>const outer = h.attachShadow({ mode: 'open' }); outer.innerHTML = '<div></div>';\
         outer.firstChild.attachShadow({ mode: 'open' }).innerHTML = '<pre>{address}</pre>'</script>",
    ),
    // Fifty are read: it is the last of them.
    ("fifty", "{others}<code>{address}</code>"),
];
/// One more before it.
const TOO_MANY: (&str, &str) =
    ("fifty-one", "<code>https://one-more.example.org</code>{others}<code>{address}</code>");

/// A page by its name; of any other name, an empty one.
pub fn other(name: &str) -> String {
    let address = "https://osprey-planted.example.net/qx72";
    let others: String =
        (1..50).map(|number| format!("<code>https://api-{number}.example.org</code>")).collect();
    let content = OTHERS.iter().chain([&TOO_MANY]).find(|(known, _)| *known == name);
    let content = content.map_or("", |(_, content)| content);
    let content = content.replace("{address}", address).replace("{others}", &others);
    format!("<!doctype html><html lang=en><title>A console</title><h1>A console</h1>{content}")
}

/// Each of them, and not what comes after fifty.
pub fn what_any_other_console_shows_is_suggested(
    stage: &Stage,
    site: &Site,
    items: &[ApiSecret; 3],
) {
    for (name, _) in OTHERS {
        println!("console: {name}");
        stage.browser().open_page(&site.console(&format!("/other/{name}")));
        let popup = stage.popup_at_list();
        popup.see("row", &named(&items[1]));
        popup.close();
    }
    stage.browser().open_page(&site.console(&format!("/other/{}", TOO_MANY.0)));
    let popup = stage.popup_at_list();
    // It says so once the page was read.
    popup.see_text("Nothing for");
    assert!(!popup.has("row", &named(&items[1])), "{}", popup.dump());
    popup.close();
}
