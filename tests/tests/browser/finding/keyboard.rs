//! Without the mouse.

use mysafe_tests::browser::View;

use super::filters::listed;
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
    for _ in 0..16 {
        if view.state(role, name).focused {
            return;
        }
        view.press("Tab");
    }
    panic!("Tab does not come to {role} {name:?}:\n{}", view.dump());
}

/// The guide's steps in the popup, by keys.
pub fn an_item_is_disabled_found_and_enabled_without_the_mouse(stage: &Stage, items: &[ApiSecret]) {
    let osprey = &items[2];
    let popup = stage.popup_at_list();
    popup.press("/");
    focused(&popup, "combobox", "Search");
    popup.type_text("ospr");
    popup.see_text("1 found");
    popup.press("Control+k");
    focused(&popup, "menuitem", "View API secret");
    popup.press("End");
    focused(&popup, "menuitem", "Disable");
    popup.press("Enter");
    let question = popup.within("alertdialog", "Disable*");
    focused(&question, "button", "No");
    popup.press("Tab");
    focused(&question, "button", "Yes");
    popup.press("Enter");
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

    popup.press("/");
    focused(&popup, "combobox", "Search");
    popup.press("Control+k");
    focused(&popup, "menuitem", "View API secret");
    popup.press("End");
    focused(&popup, "menuitem", "Enable");
    popup.press("Enter");
    let question = popup.within("alertdialog", "Enable*");
    focused(&question, "button", "No");
    popup.press("Tab");
    popup.press("Enter");
    popup.see_text("4 hidden by filters");
    tab_to(&popup, "button", "Remove filter Status: Inactive");
    popup.press("Enter");
    focused(&popup, "combobox", "Search");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.close();
}
