//! The popup closes whenever one clicks beside it, also between two keys.

use std::time::Duration;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{NAME, act, add, give_server};

/// What may be lost is what was typed in the last moment only.
const MOMENT: Duration = Duration::from_millis(100);

/// Every text field of Add and of Edit, key by key; after each, the popup is closed and opened again.
pub fn the_popup_is_closed_after_each_key(stage: &Stage) {
    let popup = stage.popup_at_list();
    let item = ApiSecret::of("Osprey");
    add(&popup, &item);
    popup.gone("img", "Not on the server yet");
    popup.click("button", "Add");
    popup.see("textbox", "Name");
    popup.close();
    type_in_closing_popups(
        stage,
        &[
            ("Name", "", "Zoë ç7😀"),
            ("Url", "", "h.ñ/"),
            ("Client ID", "", "i_ü"),
            ("Client secret", "", " a\"+é"),
            ("Identifier", "", "#ß"),
            ("Tags", "", "tå g"),
            ("Notes", "", "l€🦊"),
        ],
    );
    let popup = stage.popup();
    assert!(!popup.has("button", "Remove tag*"), "a tag half typed is none yet");
    popup.click("button", "Discard");
    popup.see_value("textbox", "Name", "");
    popup.click("button", "Cancel");
    act(&popup, &item, "Edit");
    popup.see_value("textbox", "Client ID", &item.client_id);
    popup.close();
    type_in_closing_popups(
        stage,
        &[
            ("Name", &item.name, "é!"),
            ("Url", &item.url, "/ñ"),
            ("Client ID", &item.client_id, "ü_"),
            ("Client secret", &item.client_secret, " \"€"),
            ("Identifier", &item.identifier, "ß"),
            ("Tags", "", "å"),
            ("Notes", &item.notes, "🦊."),
        ],
    );
    let popup = stage.popup();
    for tag in &item.tags {
        popup.see("button", &format!("Remove tag {tag}"));
    }
    popup.close();
}

/// Each field, what it holds and what is typed behind that.
fn type_in_closing_popups(stage: &Stage, fields: &[(&str, &str, &str)]) {
    for (field, holds, text) in fields {
        let mut typed = (*holds).to_owned();
        for key in text.chars() {
            let popup = stage.popup();
            popup.see_value("textbox", field, &typed);
            popup.click("textbox", field);
            popup.press("Control+End");
            typed.push(key);
            popup.type_text(&key.to_string());
            popup.pass(MOMENT);
            popup.close();
        }
        let popup = stage.popup();
        popup.see_value("textbox", field, &typed);
        popup.close();
    }
}

/// The first run is left in the middle and gone on with from the popup.
pub fn the_first_run_goes_on_where_it_was(stage: &Stage) {
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    give_server(&tab, &stage.recorder.url());
    tab.click("button", "Create account");
    tab.fill("textbox", "Your name", NAME);
    tab.click("button", "Continue");
    tab.see("textbox", "Email");
    tab.close();
    stage.popup().click("button", "Set up MySafe");
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    tab.see("textbox", "Email");
    tab.click("button", "Back");
    tab.see_value("textbox", "Your name", NAME);
    tab.click("button", "Back");
    tab.see("heading", "Do you have an account?");
    tab.click("button", "Back");
    tab.see_value("textbox", "Server address", &stage.recorder.url());
}
