//! Two browsers of one person, open at the same time.

use mysafe_tests::browser::View;

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, row, sign_in};

const LIST: &str = "popup/index.html#/api-secrets";

/// The second signs in and has it; what is added in either is in the other when that is opened next.
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
    sync(stage);
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
