//! Without the mouse.

use mysafe_tests::browser::View;

use super::filters::listed;
use super::order::order;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::row;

#[track_caller]
fn focused(view: &View, role: &str, name: &str) {
    view.see(role, name);
    view.wait_until(&format!("{role} {name:?} has the focus"), |view| {
        view.state(role, name).focused
    });
}

/// Tab until it has the focus.
#[track_caller]
fn tab_to(view: &View, role: &str, name: &str) {
    press_until_focused(view, "Tab", role, name);
}

#[track_caller]
fn press_until_focused(view: &View, chord: &str, role: &str, name: &str) {
    for _ in 0..40 {
        if view.state(role, name).focused {
            return;
        }
        view.press(chord);
    }
    panic!("{chord} does not come to {role} {name:?}:\n{}", view.dump());
}

/// From the link in the bar at the bottom.
#[track_caller]
fn go_to(view: &View, link: &str) {
    tab_to(view, "link", link);
    view.press("Enter");
}

/// The guide's steps in the popup, by keys alone.
pub fn an_item_is_disabled_found_and_enabled(stage: &Stage, items: &[ApiSecret]) {
    let osprey = &items[2];
    let popup = stage.popup();
    go_to(&popup, "API secrets");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.press("/");
    focused(&popup, "combobox", "Search");
    popup.type_text("ospr");
    popup.see_text("1 found");
    act(&popup, "Disable");
    popup.within("row", &row(osprey)).see_text("Inactive");
    popup.press("/");
    focused(&popup, "combobox", "Search");
    popup.press("Escape");
    popup.see_value("combobox", "Search", "");

    tab_to(&popup, "button", "Filters");
    popup.press("Enter");
    focused(&popup, "combobox", "Status");
    popup.press("Escape");
    popup.gone("combobox", "Status");
    focused(&popup, "button", "Filters");
    popup.press("Enter");
    focused(&popup, "combobox", "Status");
    popup.press("ArrowUp");
    popup.see_value("combobox", "Status", "Inactive");
    tab_to(&popup, "button", "Filter");
    popup.press("Enter");
    focused(&popup, "button", "Filters 1");
    listed(&popup, items, &[2]);
    popup.see_text("3 hidden by filters");

    popup.press("/");
    focused(&popup, "combobox", "Search");
    act(&popup, "Enable");
    popup.see_text("4 hidden by filters");
    tab_to(&popup, "button", "Remove filter Status: Inactive");
    popup.press("Enter");
    focused(&popup, "combobox", "Search");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.close();
}

/// Sort by last change: while one searches, what fits best comes first, whatever was chosen.
pub fn the_order_is_chosen(stage: &Stage, items: &[ApiSecret]) {
    let popup = stage.popup();
    go_to(&popup, "API secrets");
    tab_to(&popup, "combobox", "Sort");
    popup.press("End");
    popup.see_value("combobox", "Sort", "Changed");
    popup.wait_until("by change", |popup| order(popup, items) == [2, 3, 1, 0]);
    press_until_focused(&popup, "Shift+Tab", "combobox", "Search");
    popup.type_text("qx80");
    popup.see_value("combobox", "Sort", "Best match");
    assert!(popup.state("combobox", "Sort").disabled);
    popup.press("Escape");
    popup.see_value("combobox", "Sort", "Changed");
    assert!(!popup.state("combobox", "Sort").disabled);
    tab_to(&popup, "combobox", "Sort");
    popup.press("Home");
    popup.wait_until("by name", |popup| order(popup, items) == [0, 1, 2, 3]);
    popup.close();
}

/// Deleted for good with its name typed, restored in Settings, enabled again.
pub fn an_item_is_deleted_and_restored(stage: &Stage, items: &[ApiSecret]) {
    let osprey = &items[2];
    let popup = stage.popup();
    go_to(&popup, "API secrets");
    popup.press("/");
    popup.type_text("ospr");
    popup.see_text("1 found");
    act(&popup, "Disable");
    popup.within("row", &row(osprey)).see_text("Inactive");
    popup.press("/");
    popup.press("Control+k");
    focused(&popup, "menuitem", "View API secret");
    popup.press("End");
    focused(&popup, "menuitem", "Delete for good");
    popup.press("Enter");
    let question = popup.within("alertdialog", "Delete*");
    focused(&question, "textbox", "Type its name to confirm");
    popup.type_text(&osprey.name);
    popup.press("Enter");
    popup.see_text("deleted. It can be restored for 30 days.");
    focused(&popup, "combobox", "Search");

    go_to(&popup, "Settings");
    popup.see("heading", "Settings");
    tab_to(&popup, "button", "Deleted API secrets");
    popup.press("Enter");
    popup.see_text(&osprey.name);
    tab_to(&popup, "button", "Restore");
    popup.press("Enter");
    popup.see_text("restored, as inactive.");
    go_to(&popup, "API secrets");
    // The search stands as it was left.
    popup.within("row", &row(osprey)).see_text("Inactive");
    focused(&popup, "combobox", "Search");
    act(&popup, "Enable");
    popup.within("row", &row(osprey)).text_gone("Inactive");
    popup.press("/");
    focused(&popup, "combobox", "Search");
    popup.press("Escape");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.close();
}

/// Ctrl+K, the entry, Yes.
#[track_caller]
fn act(popup: &View, action: &str) {
    popup.press("Control+k");
    focused(popup, "menuitem", "View API secret");
    popup.press("End");
    if !popup.state("menuitem", action).focused {
        popup.press("ArrowUp");
    }
    focused(popup, "menuitem", action);
    popup.press("Enter");
    let question = popup.within("alertdialog", &format!("{action}*"));
    focused(&question, "button", "No");
    popup.press("Tab");
    focused(&question, "button", "Yes");
    popup.press("Enter");
}
