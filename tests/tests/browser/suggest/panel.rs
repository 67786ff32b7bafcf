//! The side panel: it stays open beside the page, and follows the tab where it may see its address.

use mysafe_tests::browser::View;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, evaluate, refuse_writing, row, see_clipboard, unlock};

use super::{HERE, SWITCH};

const MATCHES: &str = "Matches this page";

const FILLED: &str = "Fill client ID";
const FIELD: (&str, &str) = ("textbox", "Key");

/// Opened from the popup, before it may see addresses; given that, it turns with the tab.
pub fn the_panel_follows_the_tab(stage: &Stage, item: &ApiSecret) {
    let page = stage.browser().open_page(&stage.site.url(HERE, "/form"));
    let popup = stage.popup();
    popup.click("button", "Open side panel");
    popup.wait_closed();
    let panel = stage.browser().wait_for_panel();
    // The click on the icon gave the address of this page, and of no other.
    panel.see_text(MATCHES);
    page.click(FIELD.0, FIELD.1);
    act(&panel, item, FILLED);
    panel.see_text(&format!("Client ID of “{}” filled.", item.name));
    page.see_value(FIELD.0, FIELD.1, &item.client_id);

    stage.browser().open_page(&stage.site.url("elsewhere.example.org", "/"));
    panel.text_gone(MATCHES);
    panel.see("row", &row(item));
    panel.see_text("To follow the tab, the side panel must see its address.");
    stage.sight("panel: may not follow", &panel);
    panel.click("button", SWITCH);
    panel.see_text("Nothing for elsewhere.example.org");
    panel.text_gone("To follow the tab, the side panel must see its address.");

    it_follows_from_tab_to_tab(stage, &panel);
    a_page_is_opened_to_it_by_the_icon(stage, &panel, item);
    stage.sight("panel: follows", &panel);
    stage.display.set_clipboard("of another program");
    panel.within("row", &row(item)).click("button", "Copy client secret");
    see_clipboard(stage, &item.client_secret);
    a_failed_write_shows_the_value(&panel, item);

    panel.click("button", "Lock");
    panel.see("heading", "Unlock MySafe");
    panel.text_gone(&item.name);
    panel.gone("textbox", "Value to copy");
    unlock(&panel);
    panel.see("row", &row(item));
}

/// Another address in the tab, and another tab.
fn it_follows_from_tab_to_tab(stage: &Stage, panel: &View) {
    let page = stage.browser().open_page(&stage.site.url(HERE, "/form"));
    panel.see_text(MATCHES);
    let other = stage.site.url("other.example.net", "/");
    let beside = stage.browser().open_page_beside(&other);
    panel.text_gone(MATCHES);
    panel.see_text("Nothing for other.example.net");
    page.activate();
    panel.see_text(MATCHES);
    beside.activate();
    panel.see_text("Nothing for other.example.net");
    beside.close();
    page.activate();
    panel.see_text(MATCHES);
}

/// The tab was elsewhere meanwhile: seeing its address is not being let into the page.
fn a_page_is_opened_to_it_by_the_icon(stage: &Stage, panel: &View, item: &ApiSecret) {
    let page = stage.browser().open_page(&stage.site.url(HERE, "/form"));
    panel.see_text(MATCHES);
    page.click(FIELD.0, FIELD.1);
    act(panel, item, FILLED);
    panel.see_text("Click the MySafe icon on this page, then fill.");
    assert_eq!(page.value(FIELD.0, FIELD.1), "");
    stage.popup().close();
    page.click(FIELD.0, FIELD.1);
    act(panel, item, FILLED);
    panel.see_text(&format!("Client ID of “{}” filled.", item.name));
    page.see_value(FIELD.0, FIELD.1, &item.client_id);
}

/// On a Mac, with the key that copies there.
fn a_failed_write_shows_the_value(panel: &View, item: &ApiSecret) {
    refuse_writing(panel);
    let mac = "(Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' }), 'a Mac')";
    assert_eq!(evaluate(panel, mac), "a Mac");
    panel.within("row", &row(item)).click("button", "Copy client secret");
    panel.see_text("Could not copy. The value is selected: press ⌘C.");
    panel.see_value("textbox", "Value to copy", &item.client_secret);
}
