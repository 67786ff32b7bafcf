//! Whoever is given access: the mail, New items, and what one may do.

use super::giving::mailed;
use super::people::{BEA, Crowd, HOME, LIST, safety_number};
use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, row, see_clipboard};

/// The link of the mail, the toolbar icon, the item. It comes from somebody met for the first time: it can
/// be viewed, and is nowhere else until they are accepted.
pub fn the_mail_leads_to_it(stage: &Stage, bea: &Computer, item: &ApiSecret, number: &str) {
    let link = mailed(stage, &BEA);
    let page = bea.browser().open_page(&link);
    page.see("heading", "An API secret for you");
    let popup = bea.popup();
    let details = popup.within("article", "API secret details");
    details.see_text(&item.name);
    details.see_text("You have not met them here");
    details.see_text(&item.client_id);
    popup.gone("button", "Edit");
    popup.gone("button", "Share");
    popup.close();

    let list = bea.browser().open_tab(LIST);
    list.see_text("No API secrets yet.");
    list.gone("row", &row(item));
    list.click("link", "Home*");
    let new = list.within("group", &item.name);
    new.see_text("From Ana Souza (ana@example.com)");
    new.gone("button", "Dismiss");
    stage.sight_at(bea, "tab: home, first contact", &list);
    new.click("button", "Accept Ana Souza");
    let card = list.within("dialog", "Ana Souza");
    assert_eq!(safety_number(&card), number, "both sides see the same number");
    card.click("button", "Accept");
    list.gone("dialog", "Ana Souza");
    list.within("group", &item.name).see("button", "Dismiss");
    list.within("group", &item.name).click("link", "*");
    list.within("article", "API secret details").see_text("You can view this item.");
    list.click("link", "Home*");
    list.see_text("Nothing new.");
    list.click("link", "API secrets");
    list.within("row", &row(item)).see("img", "From Ana Souza*");
    list.close();
}

/// The secret is there to copy; Edit, Disable and Share are not.
pub fn whoever_may_view_cannot_edit(bea: &Computer, item: &ApiSecret) {
    let tab = bea.browser().open_tab(LIST);
    let there = tab.within("row", &row(item));
    there.click("button", "Actions");
    there.see("menuitem", "Leave");
    let entries = there.names("menuitem");
    let wanted = ["View API secret", "History", "Make a copy of my own", "Leave"];
    assert_eq!(entries, wanted);
    tab.press("Escape");
    there.click("button", "Copy client secret");
    see_clipboard(bea, &item.client_secret);
    act(&tab, item, "View API secret");
    let details = tab.within("article", "API secret details");
    details.see_text("You can view this item.");
    details.gone("button", "Edit");
    tab.close();
}

/// The same person once they may edit.
pub fn whoever_may_edit_can(bea: &Computer, item: &ApiSecret) {
    let tab = bea.browser().open_tab(LIST);
    act(&tab, item, "View API secret");
    let details = tab.within("article", "API secret details");
    details.see_text("You can view and edit this item.");
    details.see("button", "Edit");
    details.gone("button", "Share");
    tab.close();
}

/// On Home of whoever got it, on all their browsers, until dismissed.
pub fn new_items_come_and_go(stage: &Stage, crowd: &Crowd, item: &ApiSecret) {
    // Bea knows Ana by now: it is listed, and new.
    let home = crowd.bea.browser().open_tab(HOME);
    home.within("group", &item.name).click("button", "Dismiss");
    home.see_text("Nothing new.");
    home.close();

    let home = crowd.caio.browser().open_tab(HOME);
    home.see("link", "Home 1");
    home.within("group", &item.name).click("button", "Accept Ana Souza");
    home.within("dialog", "Ana Souza").click("button", "Accept");
    home.within("group", &item.name).see("button", "Dismiss");
    stage.sight_at(&crowd.caio, "tab: home, new items", &home);
    let popup = crowd.caio.popup();
    popup.click("link", "Home*");
    popup.within("group", &item.name).see("button", "Dismiss");
    stage.sight_at(&crowd.caio, "popup: home, new items", &popup);
    popup.close();
    home.click("button", "Dismiss all");
    home.see_text("Nothing new.");
    home.see("link", "1 API secrets");
    home.see("link", "1 Shared");
    home.close();
}
