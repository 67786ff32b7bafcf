//! The side panel: it stays open beside the page, and follows the tab where it may see its address.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{row, see_clipboard, unlock};

use super::{HERE, SWITCH};

const MATCHES: &str = "Matches this page";

/// Opened from the popup, before it may see addresses; given that, it turns with the tab.
pub fn the_panel_follows_the_tab(stage: &Stage, item: &ApiSecret) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    let popup = stage.popup();
    popup.click("button", "Open side panel");
    popup.wait_closed();
    let panel = stage.browser().wait_for_panel();
    // The click on the icon gave the address of this page, and of no other.
    panel.see_text(MATCHES);
    stage.browser().open_page(&stage.site.url("elsewhere.example.org", "/"));
    panel.text_gone(MATCHES);
    panel.see("row", &row(item));
    panel.see_text("To follow the tab, the side panel must see its address.");
    stage.sight("panel: may not follow", &panel);
    panel.click("button", SWITCH);
    panel.see_text("Nothing for elsewhere.example.org");
    panel.text_gone("To follow the tab, the side panel must see its address.");

    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    panel.see_text(MATCHES);
    stage.sight("panel: follows", &panel);
    stage.display.set_clipboard("of another program");
    panel.within("row", &row(item)).click("button", "Copy client secret");
    see_clipboard(stage, &item.client_secret);

    panel.click("button", "Lock");
    panel.see("heading", "Unlock MySafe");
    panel.text_gone(&item.name);
    unlock(&panel);
    panel.see("row", &row(item));
}
