//! Another computer: the same account, with nothing but the email and the master password.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{EMAIL, PASSWORD, act, give_server, row, see_after_hashing};

/// Everything is there, also what was added without the server; then signing out asks.
pub fn another_browser_has_it_all_and_signs_out(stage: &mut Stage, items: &[ApiSecret]) {
    stage.change_computer();
    stage.start_browser();
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    give_server(&tab, &stage.recorder.url());
    tab.click("button", "Sign in");
    tab.fill("textbox", "Email", EMAIL);
    tab.fill("textbox", "Master password", "Not the right one 99");
    tab.click("button", "Sign in");
    see_after_hashing(&tab, "button", "Sign in");
    tab.see_description("textbox", "Master password", "Wrong email or master password.");
    stage.sight("sign in: wrong", &tab);
    tab.fill("textbox", "Master password", PASSWORD);
    tab.click("button", "Sign in");
    see_after_hashing(&tab, "combobox", "Search");
    for item in items {
        tab.see("row", &row(item));
    }
    for item in [&items[0], &items[4]] {
        act(&tab, item, "View API secret");
        let details = tab.within("article", "API secret details");
        details.see("heading", &item.name);
        details.within("group", "Client secret").click("button", "Show");
        for line in item.client_secret.lines() {
            details.see_text(line.trim());
        }
        details.click("button", "Back");
    }

    tab.click("link", "Settings");
    stage.sight("tab: settings", &tab);
    tab.click("button", "Sign out");
    let question = tab.within("alertdialog", "Sign out of this browser?");
    question.see_text("Your items are removed from this browser and stay on the server.");
    stage.sight("tab: sign out?", &tab);
    question.click("button", "Cancel");
    tab.gone("alertdialog", "*");
    tab.click("button", "Sign out");
    question.click("button", "Sign out");
    tab.see("heading", "Where is your MySafe server?");
    tab.see_value("textbox", "Server address", &stage.recorder.url());
    stage.close_browser();
}
