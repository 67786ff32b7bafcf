//! The full tab.

use mysafe_tests::browser::View;

use super::Album;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{EMAIL, NAME, PASSWORD, act, give_server, keep_code, row, see_after_hashing};

const LIST: &str = "popup/index.html#/api-secrets";

/// From the installation to the empty list.
pub fn first_run(stage: &Stage, album: &Album) {
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    tab.see("textbox", "Server address");
    album.tab(stage, &tab, "first-run-server");
    let popup = stage.popup();
    popup.see("button", "Set up MySafe");
    album.popup(stage, &popup, "set-up");
    popup.close();

    tab.fill("textbox", "Server address", &stage.site.url("www.example.com", ""));
    tab.click("button", "Continue");
    tab.see_text("would not be encrypted.");
    album.tab(stage, &tab, "first-run-server-not-encrypted");
    tab.click("checkbox", "Connect without encryption");
    tab.click("button", "Continue");
    tab.see_text("is not a MySafe server.");
    album.tab(stage, &tab, "first-run-server-wrong");
    give_server(&tab, &stage.recorder.url());
    album.tab(stage, &tab, "first-run-account");
    tab.click("button", "Create account");
    tab.fill("textbox", "Your name", NAME);
    album.tab(stage, &tab, "first-run-name");
    tab.click("button", "Continue");
    tab.fill("textbox", "Email", EMAIL);
    album.tab(stage, &tab, "first-run-email");
    tab.click("button", "Continue");
    tab.fill("textbox", "Master password", "password1234");
    tab.click("button", "Continue");
    tab.see_text("Choose a stronger master password.");
    album.tab(stage, &tab, "first-run-password-weak");
    tab.fill("textbox", "Master password", PASSWORD);
    tab.see_text("Strong.");
    album.tab(stage, &tab, "first-run-password-strong");
    tab.click("button", "Continue");
    see_after_hashing(&tab, "list", "Recovery code");
    album.tab(stage, &tab, "first-run-recovery-code");
    keep_code(&tab);
    album.tab(stage, &tab, "first-run-type-back");
    tab.click("button", "Create account");
    see_after_hashing(&tab, "heading", "You are ready");
    album.tab(stage, &tab, "first-run-ready");
    tab.click("button", "Not now");
    tab.see_text("No API secrets yet.");
    album.tab(stage, &tab, "empty");
    tab.close();
    let popup = stage.popup();
    popup.see_text("No API secrets yet.");
    album.popup(stage, &popup, "empty");
    popup.close();
}

/// What there is to see while it is open.
pub fn open(stage: &Stage, album: &Album, items: &[ApiSecret]) {
    let tab = stage.browser().open_tab(LIST);
    tab.see("row", &row(&items[0]));
    for used in [&items[8], &items[13], &items[20]] {
        tab.fill("combobox", "Search", &used.name);
        tab.within("row", &row(used)).click("button", "Copy client ID");
        tab.see_text("copied.");
    }
    tab.click("button", "Clear search");
    tab.click("button", "Close");
    album.tab(stage, &tab, "list");
    tab.fill("combobox", "Search", "payment");
    tab.see_text("6 found");
    album.tab(stage, &tab, "search");
    tab.fill("combobox", "Search", "quantum");
    tab.see_text("Nothing matches “quantum”.");
    album.tab(stage, &tab, "nothing-found");
    tab.press("Escape");
    filters(stage, album, &tab);
    tab.within("row", &row(&items[3])).click("button", "Actions");
    tab.see("menuitem", "Edit");
    album.tab(stage, &tab, "actions");
    tab.press("Escape");
    tab.gone("menuitem", "Edit");

    act(&tab, &items[3], "View API secret");
    let details = tab.within("article", "API secret details");
    details.see_text(&items[3].client_id);
    album.tab(stage, &tab, "details");
    details.within("group", "Client secret").click("button", "Show");
    details.see_text(&items[3].client_secret);
    album.tab(stage, &tab, "details-shown");
    details.click("button", "Edit");
    tab.see_value("textbox", "Name", &items[3].name);
    album.tab(stage, &tab, "edit");
    tab.click("button", "Cancel");
    tab.click("button", "Add");
    tab.see("heading", "Add API secret");
    album.tab(stage, &tab, "add");
    tab.click("button", "Save");
    tab.see_text("3 fields need attention");
    album.tab(stage, &tab, "add-errors");
    tab.click("button", "Cancel");
    history(stage, album, &items[3]);
    settings(stage, album);
}

/// Filters that are set, and that let nothing pass.
fn filters(stage: &Stage, album: &Album, tab: &View) {
    tab.fill("combobox", "Tags", "payment");
    tab.press("Enter");
    tab.fill("textbox", "Url", "api");
    tab.choose("combobox", "Last use", "Never");
    tab.click("button", "Filter");
    tab.see("button", "Remove filter Last use: Never");
    album.tab(stage, tab, "filters");
    tab.choose("combobox", "Status", "Inactive");
    tab.click("button", "Filter");
    tab.see_text("25 hidden by filters");
    album.tab(stage, tab, "filters-hide-all");
    tab.click("button", "Clear filters");
    tab.gone("button", "Clear filters");
}

/// An item that was changed and disabled.
fn history(stage: &Stage, album: &Album, item: &ApiSecret) {
    let tab = stage.browser().wait_for_tab(LIST);
    act(&tab, item, "Edit");
    tab.see_value("textbox", "Name", &item.name);
    tab.fill("textbox", "Notes", "Rotated after the audit. Ask Åsa before changing the scope.");
    tab.fill("textbox", "Client secret", "sk_live_rotated-7Qx!2026-11");
    tab.click("button", "Save");
    tab.within("article", "API secret details").see_text("Rotated after the audit.");
    tab.within("article", "API secret details").click("button", "Back");
    // Inactive, it stands last, where it may not be drawn.
    tab.fill("combobox", "Search", &item.name);
    tab.see_text("found");
    act(&tab, item, "Disable");
    album.tab(stage, &tab, "disable");
    tab.within("alertdialog", "Disable*").click("button", "Yes");
    tab.within("row", &row(item)).see_text("Inactive");
    act(&tab, item, "Enable");
    tab.within("alertdialog", "Enable*").click("button", "Yes");
    tab.gone("img", "Not on the server yet");
    act(&tab, item, "History");
    let history = tab.within("article", "History");
    history.see_text("Added");
    let versions = history.names("button");
    let first = versions.iter().find(|name| name.contains("Added")).expect("the first version");
    history.click("button", first);
    history.within("group", "Client secret").click("button", "Show (Then)");
    album.tab(stage, &tab, "history");
    tab.within("article", "History").click("button", "Back");
    tab.within("article", "API secret details").click("button", "Back");
    tab.click("button", "Clear search");
}

fn settings(stage: &Stage, album: &Album) {
    let tab = stage.browser().wait_for_tab(LIST);
    tab.click("link", "Settings");
    tab.see("heading", "Security");
    album.tab(stage, &tab, "settings");
    tab.press("?");
    tab.see("dialog", "Keyboard");
    album.tab(stage, &tab, "keyboard");
    tab.within("dialog", "Keyboard").click("button", "Close");
    tab.click("button", "Sign out");
    tab.see("alertdialog", "Sign out of this browser?");
    album.tab(stage, &tab, "sign-out");
    tab.within("alertdialog", "*").click("button", "Cancel");
    tab.click("button", "Change master password");
    tab.fill("textbox", "New master password", PASSWORD);
    tab.see_text("Strong.");
    album.tab(stage, &tab, "settings-master-password");
    tab.click("button", "Cancel");
    tab.click("button", "New recovery code");
    tab.fill("textbox", "Current master password", PASSWORD);
    tab.click("button", "Continue");
    see_after_hashing(&tab, "list", "Recovery code");
    album.tab(stage, &tab, "settings-recovery-code");
    tab.click("button", "Cancel");
    tab.close();
}

/// Locked.
pub fn locked(stage: &Stage, album: &Album) {
    let tab = stage.browser().open_tab(LIST);
    tab.click("button", "Lock");
    tab.see("heading", "Unlock MySafe");
    album.tab(stage, &tab, "unlock");
    tab.close();
}
