//! Lock, unlock, and what must not lock.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{row, see_after_hashing, unlock};

/// By the button of the popup; a full tab that is open goes blank too.
pub fn the_button_locks_and_only_the_master_password_unlocks(stage: &Stage, items: &[ApiSecret]) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    tab.see("row", &row(&items[0]));
    let popup = stage.popup();
    popup.click("button", "Lock");
    popup.see("heading", "Unlock MySafe");
    popup.see_text("You locked MySafe.");
    popup.see_text("ana@example.com");
    stage.sight("popup: unlock", &popup);
    popup.fill("textbox", "Master password", "not the right one");
    popup.press("Enter");
    see_after_hashing(&popup, "textbox", "Master password");
    popup.see_description("textbox", "Master password", "Wrong master password.");
    stage.sight("popup: wrong password", &popup);
    popup.close();

    tab.see("heading", "Unlock MySafe");
    tab.text_gone(&items[0].name);
    stage.sight("tab: unlock", &tab);
    unlock(&tab);
    tab.see("row", &row(&items[0]));
    tab.close();
}

/// The browser ends the background when it likes.
pub fn the_death_of_the_background_locks_nothing(stage: &Stage, items: &[ApiSecret]) {
    stage.browser().kill_background();
    let popup = stage.popup();
    for item in &items[..4] {
        popup.see("row", &row(item));
    }
    popup.close();
}

/// The browser was closed and started again: the same profile, another day.
pub fn everything_is_there_again(stage: &Stage, items: &[ApiSecret]) {
    let popup = stage.popup();
    popup.see_text("Locked when the browser was closed.");
    unlock(&popup);
    popup.fill("combobox", "Search", &items[0].name);
    popup.see_text("1 found");
    popup.see("row", &row(&items[0]));
    popup.close();
}

/// Locks from the popup.
pub fn lock(stage: &Stage) {
    let popup = stage.popup();
    popup.click("button", "Lock");
    popup.see("heading", "Unlock MySafe");
    popup.close();
}
