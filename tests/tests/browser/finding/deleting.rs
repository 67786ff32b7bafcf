//! Deleting for good, offline, and restoring.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, row, see_clipboard};

use super::LIST;

/// Only what is disabled, only with its name typed; the server may be away. On another view it is gone
/// too, and it comes back whole.
pub fn gone_for_good_and_back(stage: &mut Stage, items: &[ApiSecret]) {
    let tapir = &items[3];
    stage.stop_server();
    let tab = stage.browser().open_tab(LIST);
    tab.within("row", &row(tapir)).click("button", "Actions");
    tab.see("menuitem", "Disable");
    tab.gone("menuitem", "Delete for good");
    tab.press("Escape");
    act(&tab, tapir, "Disable");
    tab.within("alertdialog", "Disable*").click("button", "Yes");
    tab.within("row", &row(tapir)).see_text("Inactive");
    act(&tab, tapir, "Delete for good");
    let question = tab.within("alertdialog", "Delete*");
    question.fill("textbox", "Type its name to confirm", "Tapir");
    question.click("button", "Delete for good");
    question.see_text("That is not its name.");
    stage.sight("tab: delete for good", &tab);
    question.fill("textbox", "Type its name to confirm", &tapir.name);
    question.click("button", "Delete for good");
    tab.gone("row", &row(tapir));
    tab.see_text("deleted. It can be restored for 30 days.");

    // Its content is on the server.
    tab.click("link", "Settings");
    tab.click("button", "Deleted API secrets");
    tab.see_text(&tapir.name);
    tab.click("button", "Restore");
    tab.see_text("Restoring needs the server.");
    stage.start_server();
    tab.click("button", "Close");
    stage.sight("tab: deleted API secrets", &tab);
    tab.click("button", "Restore");
    tab.see_text("restored, as inactive.");
    tab.see_text("No deleted API secrets.");
    tab.click("link", "API secrets");
    tab.within("row", &row(tapir)).see_text("Inactive");
    act(&tab, tapir, "Enable");
    tab.within("alertdialog", "Enable*").click("button", "Yes");
    tab.within("row", &row(tapir)).text_gone("Inactive");
    tab.within("row", &row(tapir)).click("button", "Copy client secret");
    see_clipboard(stage, &tapir.client_secret);
    tab.close();
}
