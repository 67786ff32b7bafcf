//! Two browsers of one person, open at the same time.

use mysafe_tests::browser::View;
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, row, sign_in};

const LIST: &str = "popup/index.html#/api-secrets";

/// The second signs in and has it; what is added in either is in the other, at once where a view is open.
pub fn what_one_adds_the_other_has(stage: &Stage, other: &Computer) {
    let [osprey, tapir] = ["Osprey", "Tapir"].map(ApiSecret::of);
    let popup = stage.popup_at_list();
    add(&popup, &osprey);
    popup.gone("img", "Not on the server yet");
    popup.close();

    let there = other.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(stage, &there);
    there.see("row", &row(&osprey));

    let here = stage.browser().open_tab(LIST);
    here.see("row", &row(&osprey));
    add(&there, &tapir);
    there.gone("img", "Not on the server yet");
    // Nobody asks here: the server says that there is something.
    here.see("row", &row(&tapir));
    here.close();
}

/// The server is off. Both edit the same items: different fields of one, the same of the other.
pub fn edits_of_both_without_the_server_are_all_kept(stage: &mut Stage, other: &Computer) {
    let [osprey, tapir] = ["Osprey", "Tapir"].map(ApiSecret::of);
    let here = stage.browser().open_tab(LIST);
    let there = other.browser().open_tab(LIST);
    stage.stop_server();
    edit(&here, &osprey, "Notes", "Notes of here");
    edit(&here, &tapir, "Notes", "Tapir as here");
    edit(&there, &osprey, "Client ID", "client-of-there");
    edit(&there, &tapir, "Notes", "Tapir as there");
    stage.start_server();

    sync(stage);
    sync(other);
    sync(stage);
    for view in [&here, &there] {
        act(view, &osprey, "View API secret");
        let details = view.within("article", "API secret details");
        details.see_text("Notes of here");
        details.see_text("client-of-there");
        details.click("button", "Back");
    }
}

/// Opening the popup asks for a sync; what waits is gone when it is done.
#[track_caller]
fn sync(computer: &Computer) {
    let popup = computer.popup_at_list();
    popup.gone("img", "Not on the server yet");
    popup.close();
}

#[track_caller]
fn edit(view: &View, item: &ApiSecret, field: &str, text: &str) {
    act(view, item, "Edit");
    view.see_value("textbox", "Client ID", &item.client_id);
    view.fill("textbox", field, text);
    view.click("button", "Save");
    view.within("article", "API secret details").click("button", "Back");
    view.within("row", &row(item)).see("img", "Not on the server yet");
}

/// Both change the same field without the server: one value is shown, the other is in the history,
/// and that is said where the two were merged. Restoring brings the other back.
pub fn the_same_field_of_both_is_told(stage: &mut Stage, other: &Computer) {
    let tapir = ApiSecret::of("Tapir");
    let there = other.browser().open_tab(LIST);
    let here = stage.browser().open_tab(LIST);
    let told = || [&here, &there].into_iter().find(|view| view.has("link", "History"));
    let told =
        wait_for(PATIENCE, told).unwrap_or_else(|| panic!("nobody was told:\n{}", here.dump()));
    told.see_text("was changed on two browsers.");
    here.click("link", "API secrets");
    act(&here, &tapir, "History");
    let history = here.within("article", "History");
    history.see_text("Now");
    // Added, both edits: whichever was synced last is on top.
    let versions = history.names("button");
    let older = versions.iter().filter(|name| name.contains("Notes")).nth(1);
    let Some(older) = older else { panic!("not two versions changed the notes:\n{}", here.dump()) };
    history.click("button", older);
    let notes = history.within("group", "Notes");
    notes.see_text("Tapir as here");
    notes.see_text("Tapir as there");
    stage.sight("tab: history", &here);
    history.click("button", "Restore this version");
    stage.sight("tab: restore", &here);
    here.within("alertdialog", "Restore this version of*").click("button", "Yes");
    here.see_text("Restored as a new version.");
    here.gone("img", "Not on the server yet");
    here.close();
    there.close();
}

/// Disabled in one browser without the server: marked, its secret hidden, and so in the other; then
/// enabled again there, without the server too.
pub fn disabling_goes_to_the_other(stage: &mut Stage, other: &Computer) {
    let osprey = ApiSecret::of("Osprey");
    let popup = stage.popup_at_list();
    stage.stop_server();
    act(&popup, &osprey, "Disable");
    let question = popup.within("alertdialog", "Disable*");
    stage.sight("popup: disable", &popup);
    question.click("button", "No");
    act(&popup, &osprey, "Disable");
    popup.within("alertdialog", "Disable*").click("button", "Yes");
    popup.within("row", &row(&osprey)).see_text("Inactive");
    popup.within("row", &row(&osprey)).see("img", "Not on the server yet");
    popup.within("row", &row(&osprey)).click("button", "Copy client secret");
    popup.see_text("is inactive. Enable it to copy.");
    popup.close();
    stage.start_server();
    sync(stage);
    let there = other.browser().open_tab(LIST);
    there.within("row", &row(&osprey)).see_text("Inactive");
    stage.stop_server();
    act(&there, &osprey, "Enable");
    there.within("alertdialog", "Enable*").click("button", "Yes");
    there.within("row", &row(&osprey)).text_gone("Inactive");
    there.within("row", &row(&osprey)).see("img", "Not on the server yet");
    there.close();
    stage.start_server();
    sync(other);
    let here = stage.browser().open_tab(LIST);
    here.within("row", &row(&osprey)).text_gone("Inactive");
    here.close();
}
