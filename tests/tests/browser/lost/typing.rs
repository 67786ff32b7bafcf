//! The popup closes whenever one clicks beside it, also between two keys.

use std::time::Duration;

use crate::stage::Stage;

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
