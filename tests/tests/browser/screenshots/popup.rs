//! The toolbar popup.

use super::Album;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, fill_form, row, see_after_hashing, unlock};

/// What there is to see while it is open.
pub fn open(stage: &Stage, album: &Album, items: &[ApiSecret]) {
    let acme = &items[22];
    stage.browser().open_page(&stage.site.url("status.example.org", "/"));
    let popup = stage.popup_at_list();
    popup.see_text("Nothing for status.example.org");
    album.popup(stage, &popup, "nothing-for-page");
    popup.close();

    stage.browser().open_page(&stage.site.url("api.acme.example", "/v1/charges"));
    let popup = stage.popup();
    popup.see("row", "Matches this page");
    album.popup(stage, &popup, "this-page");
    popup.click("link", "API secrets");
    popup.see("row", &row(&items[0]));
    album.popup(stage, &popup, "api-secrets");
    popup.fill("combobox", "Search", "pay");
    popup.see_text("found");
    album.popup(stage, &popup, "search");
    popup.click("button", "Filters");
    popup.fill("combobox", "Tags", "payment");
    popup.press("Enter");
    popup.choose("combobox", "Status", "Active");
    album.popup(stage, &popup, "filters");
    popup.click("button", "Filter");
    popup.see("button", "Filters 2");
    album.popup(stage, &popup, "filtered");
    popup.fill("combobox", "Search", "github");
    popup.see_text("hidden by filters");
    album.popup(stage, &popup, "found-but-hidden");
    popup.click("button", "Clear filters");
    popup.fill("combobox", "Search", "quantum");
    popup.see_text("Nothing matches “quantum”.");
    album.popup(stage, &popup, "nothing-found");
    popup.press("Control+a");
    popup.press("Delete");
    popup.click("link", "This page");
    popup.within("row", &format!("{}Exact address*", row(acme))).click("button", "Actions");
    popup.see("menuitem", "Edit");
    album.popup(stage, &popup, "actions");
    popup.click("menuitem", "View API secret");
    popup.see_text(&acme.client_id);
    album.popup(stage, &popup, "details");
    popup.within("group", "Client secret").click("button", "Show");
    popup.see_text(&acme.client_secret);
    album.popup(stage, &popup, "details-shown");
    popup.within("group", "Client secret").click("button", "Copy");
    popup.see_text("until then other programs can read it.");
    album.popup(stage, &popup, "copied");
    popup.click("button", "Close");
    popup.click("button", "Edit");
    popup.see_value("textbox", "Name", &acme.name);
    album.popup(stage, &popup, "edit");
    popup.click("button", "Cancel");
    popup.close();
    history(stage, album, &items[3]);
    forms(stage, album);
}

/// The item that was changed and disabled in the tab.
fn history(stage: &Stage, album: &Album, item: &ApiSecret) {
    let popup = stage.popup_at_list();
    popup.click("link", "API secrets");
    popup.fill("combobox", "Search", &item.name);
    popup.see_text("found");
    act(&popup, item, "History");
    let history = popup.within("article", "History");
    history.see_text("Added");
    album.popup(stage, &popup, "history");
    history.click("button", "*Added");
    history.within("group", "Client secret").click("button", "Show (Then)");
    album.popup(stage, &popup, "history-compared");
    history.click("button", "Back");
    popup.within("article", "API secret details").click("button", "Back");
    popup.fill("combobox", "Search", "");
    popup.close();
}

fn forms(stage: &Stage, album: &Album) {
    let popup = stage.popup_at_list();
    popup.click("button", "Add");
    popup.see("heading", "Add API secret");
    album.popup(stage, &popup, "add");
    popup.fill("textbox", "Url", "");
    popup.click("button", "Save");
    popup.see_text("3 fields need attention");
    album.popup(stage, &popup, "add-errors");
    popup.close();
    let popup = stage.popup();
    popup.see_text("Draft restored.");
    album.popup(stage, &popup, "draft-restored");
    popup.click("button", "Discard");
    popup.text_gone("Draft restored.");
    popup.click("button", "Cancel");
    popup.click("link", "Settings");
    popup.see("heading", "Security");
    album.popup(stage, &popup, "settings");
    popup.close();
}

/// Locked.
pub fn locked(stage: &Stage, album: &Album) {
    let popup = stage.popup();
    popup.see("heading", "Unlock MySafe");
    album.popup(stage, &popup, "unlock");
    popup.fill("textbox", "Master password", "not the right one");
    popup.press("Enter");
    see_after_hashing(&popup, "textbox", "Master password");
    popup.see_text("Wrong master password.");
    album.popup(stage, &popup, "unlock-wrong");
    unlock(&popup);
    popup.close();
}

/// Without the server.
pub fn offline(stage: &mut Stage, album: &Album, items: &[ApiSecret]) {
    stage.stop_server();
    let popup = stage.popup_at_list();
    popup.see_text("Offline. Everything stays readable.");
    album.popup(stage, &popup, "offline");
    act(&popup, &items[23], "Edit");
    let mut changed = items[23].clone();
    changed.name = "Acme Billing, sandbox".into();
    fill_form(&popup, &ApiSecret { tags: Vec::new(), ..changed });
    popup.click("button", "Save");
    popup.see_text("saved here.");
    popup.click("button", "Back");
    popup.see_text("Offline. 1 change waits here.");
    album.popup(stage, &popup, "offline-waiting");
    popup.close();
}
