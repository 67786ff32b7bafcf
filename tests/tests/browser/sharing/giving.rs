//! The owner gives access.

use mysafe_tests::client::Person;

use super::people::{BEA, CAIO, DORA, HOME, LIST, choose, join, open_share, safety_number};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::row;

/// Actions, Share, Internal, the user, Can view, Share. Somebody met for the first time is shown with
/// their safety number, which is given back.
pub fn one_is_shared_as_the_guide_says(stage: &Stage, item: &ApiSecret) -> String {
    let tab = stage.browser().open_tab(LIST);
    open_share(&tab, item);
    assert_eq!(tab.state("tab", "Internal").selected, Some(true));
    assert_eq!(tab.state("radio", "Can view").checked, Some(true));
    tab.see_description("radio", "Can edit", "can also edit and disable this item");
    stage.sight("tab: share", &tab);
    tab.click("button", "Share");
    let none = "Choose who gets access, or remove somebody.";
    tab.see_description("combobox", "User or group", none);

    tab.fill("combobox", "User or group", "bea");
    tab.see("option", "Bea Lima*");
    stage.sight("tab: share, found", &tab);
    tab.press("Enter");
    let card = tab.within("dialog", "Bea Lima");
    card.see_text("bea@example.com");
    card.see_text("You have not met this person here before.");
    stage.sight("tab: share, first contact", &tab);
    let number = safety_number(&card);
    card.click("button", "Cancel");
    tab.gone("dialog", "Bea Lima");
    tab.gone("button", "Do not share with Bea Lima");

    choose(&tab, &BEA);
    tab.within("dialog", "Bea Lima").click("button", "Accept");
    tab.see("button", "Do not share with Bea Lima");
    stage.sight("tab: share, chosen", &tab);
    tab.click("button", "Share");
    tab.see_text(&format!("“{}” shared with Bea Lima.", item.name));
    assert_eq!(tab.state("tab", "Sharing").selected, Some(true));
    tab.within("group", "Bea Lima").see_text("Can view");
    tab.within("group", "Ana Souza").see_text("Owner");
    stage.sight("tab: sharing", &tab);
    tab.within("row", &row(item)).see("img", "Shared");
    tab.close();
    number
}

/// Two in one share, one of them known by now; both may edit, for a time.
pub fn several_at_once_may_edit(stage: &Stage, item: &ApiSecret) {
    let popup = stage.popup_at_list();
    open_share(&popup, item);
    choose(&popup, &BEA);
    choose(&popup, &CAIO);
    popup.within("dialog", CAIO.name).click("button", "Accept");
    popup.see("button", &format!("Do not share with {}", CAIO.name));
    popup.click("radio", "Can edit");
    // The day is typed as the browser's own field takes it: month, day, year.
    popup.press("Tab");
    popup.type_text("12312030");
    popup.see_value("textbox", "Access until", "2030-12-31");
    stage.sight("popup: share, two chosen", &popup);
    popup.click("button", "Share");
    popup.see_text(&format!("“{}” shared with Bea Lima and 1 more.", item.name));
    popup.within("group", CAIO.name).see_text("Can edit, until Dec 31, 2030");
    stage.sight("popup: sharing", &popup);
    popup.close();
    for person in [&BEA, &CAIO] {
        mailed(stage, person);
    }
}

/// Somebody who has access gets another permission, without a mail.
pub fn another_permission(stage: &Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab(LIST);
    open_share(&tab, item);
    tab.choose("combobox", "Permission of Bea Lima", "Can edit");
    tab.click("button", "Share");
    tab.see_text("access changed.");
    tab.within("group", "Bea Lima").see_text("Can edit");
    tab.close();
}

/// One mail of a share came, with a link and without a name. Gives the link.
#[track_caller]
pub fn mailed(stage: &Stage, person: &Person) -> String {
    let subject = "An API secret was shared with you in MySafe";
    let mail = stage.mails().next_to(person.address, subject);
    let begin = format!("{}/item/", stage.recorder.url());
    let mail = mail.replace("=\r\n", "");
    let at = mail.find(&begin).unwrap_or_else(|| panic!("no link in {mail}"));
    let link: String = mail[at..].chars().take_while(|c| !c.is_whitespace()).collect();
    assert!(mail.contains("text/plain") && mail.contains("text/html"), "{mail}");
    link
}

/// Without the server what was chosen stays, and goes out once it is there again.
pub fn the_server_is_needed_and_nothing_is_forgotten(stage: &mut Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab(LIST);
    open_share(&tab, item);
    choose(&tab, &BEA);
    tab.see("button", "Do not share with Bea Lima");
    stage.stop_server();
    tab.click("button", "Share");
    tab.see_text("Sharing needs the server.");
    tab.see("button", "Do not share with Bea Lima");
    stage.sight("tab: share, offline", &tab);
    stage.start_server();
    tab.click("button", "Share");
    tab.see_text("shared with Bea Lima.");
    tab.close();
    mailed(stage, &BEA);
}

/// An address that nobody has is waited for. Once there is somebody with a confirmed mailbox, the owner is
/// asked as at any first contact, and one click completes it.
pub fn whoever_is_not_there_yet_is_waited_for(stage: &Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab(LIST);
    open_share(&tab, item);
    tab.fill("combobox", "User or group", DORA.address);
    tab.click("option", "Share with dora@example.com once they are in MySafe");
    tab.click("button", "Share");
    tab.see_text("shared with dora@example.com.");
    let waiting = tab.within("group", DORA.address);
    waiting.see_text("Waits until they are in MySafe with a confirmed email.");
    stage.sight("tab: sharing, waiting", &tab);
    tab.close();

    join(stage, &DORA);
    let popup = stage.popup_at_list();
    popup.click("link", "Home*");
    popup.see_text("Dora Reis (dora@example.com) is in MySafe now.");
    stage.sight("popup: home, joined", &popup);
    popup.click("button", "Share with Dora Reis");
    let card = popup.within("dialog", DORA.name);
    safety_number(&card);
    card.click("button", "Accept");
    popup.see_text("shared with dora@example.com.");
    popup.gone("button", "Share with Dora Reis");
    popup.close();
    mailed(stage, &DORA);
    let tab = stage.browser().open_tab(HOME);
    tab.see("heading", "New items");
    tab.text_gone("is in MySafe now.");
    tab.close();
}
