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
        // A page is read once, and Redoc goes on drawing after its menu is there.
        page.wait_until("the address is in it", |page| {
            super::in_page(page, "String(document.body.innerHTML.includes('osprey-planted'))")
                == "true"
        });
        let popup = stage.popup_at_list();
        popup.see("row", &named(&items[1]));
        let rows = popup.names("row");
        assert_eq!(rows[0], "Matches this page", "{path}: {rows:?}");
        assert!(!popup.has("row", &named(&items[2])), "{path}: {rows:?}");
        popup.text_gone("Nothing for");
        popup.close();
    }
}

/// It answers a second after it is looked at.
const BUSY: &str = "<script>document.onvisibilitychange = () => { if (document.hidden) return;\
    setTimeout(() => { for (const until = Date.now() + 3000; Date.now() < until;); document.title = 'Done'; }, 0) }</script>";

/// The side panel turns to another tab before a page that is busy with itself is read: what that one
/// names, or does not, is not told of the other.
pub fn a_page_that_answers_late_is_not_taken_for_another(
    stage: &Stage,
    site: &Site,
    items: &[ApiSecret; 3],
) {
    let named = named(&items[1]);
    let quick = stage.browser().open_page(&site.console("/other/code"));
    let popup = stage.popup_at_list();
    popup.see("row", &named);
    popup.click("button", "Open side panel");
    popup.wait_closed();
    let panel = stage.browser().wait_for_panel();
    panel.see("row", &named);
    // Of another site, which has a process of its own.
    let busy = stage.browser().open_page_beside(&site.site.url("busy.localhost", "/other/busy"));
    // The click on the icon opens this one to MySafe, too.
    stage.popup().close();
    quick.activate();
    panel.see("row", &named);
    busy.activate();
    panel.gone("row", &named);
    // By now it is asked, and does not answer yet.
    panel.pass(std::time::Duration::from_millis(300));
    quick.activate();
    panel.see("row", &named);
    busy.wait_until("it has time again", |busy| super::in_page(busy, "document.title") == "Done");
    // What it was asked is answered by now.
    panel.pass(std::time::Duration::from_millis(300));
    assert!(panel.has("row", &named), "{}", panel.dump());
    busy.close();
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
    if name == "busy" {
        return format!("<!doctype html><html lang=en><title>Busy</title><h1>Busy</h1>{BUSY}");
    }
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
