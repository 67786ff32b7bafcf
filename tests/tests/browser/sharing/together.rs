//! Two people write the same item.

use super::people::LIST;
use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, row};

/// What an editor writes the owner has; an editor's disable and enable too.
pub fn an_editor_edits_and_disables(stage: &Stage, caio: &Computer, item: &ApiSecret) {
    let here = stage.browser().open_tab(LIST);
    let there = caio.browser().open_tab(LIST);
    act(&there, item, "Edit");
    there.see_value("textbox", "Notes", &item.notes);
    there.see_description("textbox", "Identifier", "Only the owner changes it.");
    there.fill("textbox", "Notes", "Notes of Caio");
    there.click("button", "Save");
    there.within("article", "API secret details").see_text("Notes of Caio");
    there.within("article", "API secret details").see_text("You can view and edit this item.");
    there.within("article", "API secret details").see_text("Your access ends Dec 31, 2030.");

    act(&here, item, "View API secret");
    let details = here.within("article", "API secret details");
    details.see_text("Notes of Caio");
    details.see_text("by caio@example.com");

    act(&there, item, "Disable");
    there.within("alertdialog", "Disable*").click("button", "Yes");
    here.within("row", &row(item)).see_text("Inactive");
    // What is inactive can be taken away, not given.
    act(&here, item, "Share");
    here.see_text("It is inactive: access can only be removed.");
    here.gone("combobox", "User or group");
    here.click("button", "Cancel");
    here.click("link", "API secrets");
    act(&there, item, "Enable");
    there.within("alertdialog", "Enable*").click("button", "Yes");
    here.within("row", &row(item)).text_gone("Inactive");
    here.close();
    there.close();
}

/// The server is off; owner and editor change different fields, and both are there.
pub fn both_edit_without_the_server(stage: &mut Stage, caio: &Computer, item: &ApiSecret) {
    let here = stage.browser().open_tab(LIST);
    let there = caio.browser().open_tab(LIST);
    here.see("row", &row(item));
    there.see("row", &row(item));
    stage.stop_server();
    edit(&here, item, "Notes", "Notes of Ana");
    edit(&there, item, "Client ID", "client-of-caio");
    stage.start_server();
    for computer in [&**stage, caio, &**stage] {
        let popup = computer.popup_at_list();
        popup.gone("img", "Not on the server yet");
        popup.close();
    }
    for view in [&here, &there] {
        let details = view.within("article", "API secret details");
        details.see_text("Notes of Ana");
        details.see_text("client-of-caio");
    }
    here.close();
    there.close();
}

#[track_caller]
fn edit(view: &mysafe_tests::browser::View, item: &ApiSecret, field: &str, text: &str) {
    act(view, item, "Edit");
    view.see_value("textbox", "Name", &item.name);
    view.fill("textbox", field, text);
    view.click("button", "Save");
    view.within("article", "API secret details").see_text(text);
}
