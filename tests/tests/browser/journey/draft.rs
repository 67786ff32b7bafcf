//! The popup closes whenever one clicks beside it.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{fill_form, row, see_form};

/// Closed in the middle of Add, in the popup and in the tab. What was typed is returned.
pub fn nothing_typed_is_lost(stage: &Stage) -> ApiSecret {
    let draft = ApiSecret::of("Badger");
    let popup = stage.popup_at_list();
    popup.click("button", "Add");
    fill_form(&popup, &draft);
    popup.close();

    // Reopened within two minutes: the same screen.
    let popup = stage.popup();
    popup.see_text("Draft restored.");
    see_form(&popup, &draft);
    stage.sight("popup: draft restored", &popup);
    popup.close();

    let tab = stage.browser().open_tab("popup/index.html#/add");
    tab.see_text("Draft restored.");
    see_form(&tab, &draft);
    tab.click("button", "Discard");
    tab.see_value("textbox", "Name", "");
    tab.text_gone("Draft restored.");
    fill_form(&tab, &draft);
    // Not in the popup: there Firefox takes the Esc key and closes it.
    tab.press("Escape");
    tab.see_text("Draft kept.");
    tab.gone("row", &row(&draft));
    tab.click("button", "Add");
    tab.see_text("Draft restored.");
    // This tab stays open: what stands in its fields is what a browser might keep, to restore it.
    tab.fill("textbox", "Notes", &format!("{} And more.", draft.notes));
    draft
}
