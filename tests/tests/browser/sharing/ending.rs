//! Access ends: taken by the owner, or given up.

use super::people::{CAIO, HOME, LIST};
use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, row};

/// Shared > Yes, Actions, Share, Internal, Remove, Share. Then it is said who could have read the client
/// secret, and one is reminded to make a new one.
pub fn one_is_removed_as_the_guide_says(stage: &Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab(LIST);
    tab.see("row", "Wombat*");
    tab.choose("combobox", "Shared", "Yes");
    tab.click("button", "Filter");
    tab.gone("row", "Wombat*");
    tab.see("row", &row(item));
    tab.see("button", "Remove filter Shared: Yes");
    stage.sight("tab: shared", &tab);

    act(&tab, item, "Share");
    tab.click("tab", "Internal");
    let there = tab.within("group", CAIO.name);
    there.click("button", "Remove");
    there.see_text("Removed with Share.");
    there.click("button", "Undo");
    there.click("button", "Remove");
    stage.sight("tab: share, removing", &tab);
    tab.click("button", "Share");
    tab.see_text(&format!("“{}”: 1 removed.", item.name));
    tab.see("heading", "Could have read the client secret");
    tab.see_text("Caio Conceição (caio@example.com), since");
    tab.gone("group", CAIO.name);
    stage.sight("tab: share, removed", &tab);
    tab.click("button", "Remind me to rotate it");
    tab.see_text("Reminder set for");
    tab.click("button", "Cancel");
    tab.see_text("Rotate the client secret at the provider by");
    stage.sight("tab: reminder", &tab);
    tab.click("link", "Home");
    tab.see_text("Rotate the client secret at the provider by");
    stage.sight("tab: home, reminder", &tab);
    tab.click("link", &item.name);

    // A new client secret: nothing to be reminded of any more.
    tab.click("button", "Edit");
    tab.fill("textbox", "Client secret", "rotated secret of ana qx91");
    tab.click("button", "Save");
    tab.within("article", "API secret details").see_text("Client secret");
    tab.text_gone("Rotate the client secret at the provider by");
    tab.close();
}

/// The other's browser has it no more, and says so.
pub fn it_is_gone_and_that_is_said(caio: &Computer, item: &ApiSecret) {
    let tab = caio.browser().open_tab(LIST);
    tab.see_text(&format!("You no longer have access to “{}”.", item.name));
    tab.gone("row", &row(item));
    tab.see_text("No API secrets yet.");
    tab.close();
}

/// Whoever may view takes over: a copy of their own; then they leave, and the owner sees it.
pub fn one_takes_over_and_leaves(stage: &Stage, bea: &Computer, item: &ApiSecret) {
    let tab = bea.browser().open_tab(LIST);
    act(&tab, item, "Make a copy of my own");
    tab.within("alertdialog", "Make a copy of*").click("button", "Yes");
    tab.see_text("The copy is yours.");
    let details = tab.within("article", "API secret details");
    details.see("button", "Share");
    details.see_text("Bea Lima (bea@example.com)");
    details.click("button", "Back");
    // Two of one name now: the one from Ana goes.
    let theirs = format!("{}*From Ana Souza*", item.name);
    let there = tab.within("row", &theirs);
    there.click("button", "Actions");
    there.click("menuitem", "Leave");
    let question = tab.within("alertdialog", "Leave*");
    stage.sight_at(bea, "tab: leave", &tab);
    question.click("button", "Yes");
    tab.see_text("You left");
    tab.gone("row", &theirs);
    tab.see("row", &row(item));
    tab.close();

    let home = stage.browser().open_tab(HOME);
    home.see("heading", "Home");
    home.click("link", "API secrets");
    act(&home, item, "View API secret");
    home.click("tab", "Sharing");
    home.see_text("Nobody but you.");
    home.close();
}
