//! Without the server.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, fill_form, row, see_clipboard, unlock};

/// The server is stopped: unlock, list, show and copy go on.
pub fn everything_stays_readable(stage: &mut Stage, item: &ApiSecret) {
    stage.stop_server();
    super::locking::lock(stage);
    let popup = stage.popup();
    unlock(&popup);
    popup.see_text("Offline. Everything stays readable.");
    stage.sight("popup: offline", &popup);
    act(&popup, item, "View API secret");
    popup.within("group", "Client secret").click("button", "Show");
    for line in item.client_secret.lines() {
        popup.see_text(line);
    }
    popup.within("group", "Client secret").click("button", "Copy");
    see_clipboard(stage, &item.client_secret);
    popup.close();
}

/// What is added meanwhile is kept here, and sent once the server is back.
pub fn what_was_added_waits_and_is_sent(stage: &mut Stage, item: &ApiSecret) {
    let popup = stage.popup_at_list();
    popup.click("button", "Add");
    popup.see_text("Draft restored.");
    popup.click("button", "Discard");
    popup.see_value("textbox", "Name", "");
    fill_form(&popup, item);
    popup.click("button", "Save");
    popup.see_text(&format!("“{}” saved here. It goes to the server when online.", item.name));
    popup.see_text("Offline. 1 change waits here.");
    popup.within("row", &row(item)).see("img", "Not on the server yet");
    stage.sight("popup: a change waits", &popup);
    popup.close();

    // What waits outlasts the browser.
    stage.close_browser();
    stage.start_browser();
    let popup = stage.popup();
    unlock(&popup);
    popup.see_text("Offline. 1 change waits here.");
    popup.within("row", &row(item)).see("img", "Not on the server yet");
    popup.close();

    stage.start_server();
    let popup = stage.popup();
    popup.see("row", &row(item));
    popup.text_gone("Offline.");
    popup.within("row", &row(item)).gone("img", "Not on the server yet");
    popup.close();
}
