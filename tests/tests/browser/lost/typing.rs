//! The popup closes whenever one clicks beside it, also between two keys.

use std::time::Duration;

use crate::stage::Stage;
use crate::steps::{NAME, give_server};

/// What may be lost is what was typed in the last moment only.
const MOMENT: Duration = Duration::from_millis(100);

/// Types a field key by key; after each, the popup is closed and opened again.
pub fn the_popup_is_closed_after_each_key(stage: &Stage) {
    let popup = stage.popup_at_list();
    popup.click("button", "Add");
    popup.see("textbox", "Name");
    popup.close();
    for (field, text) in [("Name", "Zoë ç7😀"), ("Client secret", " a\"+é"), ("Notes", "l€🦊")]
    {
        let mut typed = String::new();
        for key in text.chars() {
            let popup = stage.popup();
            popup.see_value("textbox", field, &typed);
            popup.click("textbox", field);
            popup.press("End");
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
