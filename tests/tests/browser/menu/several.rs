//! What cannot be done at once is done in the popup: choosing one of several, saying that there is
//! none, adding one.

use super::{ADD, ID, SECRET, TWO, choose};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{row, see_clipboard};

const NOBODYS: &str = "nobodys.example.org";

/// Two suit the page equally.
pub fn are_there_to_choose_from(stage: &Stage, items: &[ApiSecret]) {
    stage.display.set_clipboard("of another program");
    choose(stage, TWO, SECRET);
    let popup = stage.browser().wait_for_popup();
    popup.see_text("Choose the API secret whose client secret you want.");
    popup.see("row", &row(&items[1]));
    stage.sight("popup: choose", &popup);
    assert_eq!(stage.display.clipboard(), "of another program", "not without a choice");
    popup.click("row", &row(&items[2]));
    see_clipboard(stage, &items[2].client_secret);
    popup.wait_closed();

    // By keyboard, and given up.
    choose(stage, TWO, ID);
    let popup = stage.browser().wait_for_popup();
    popup.see_text("Choose the API secret whose client ID you want.");
    popup.press("ArrowDown");
    popup.press("Enter");
    see_clipboard(stage, &items[1].client_id);
    popup.wait_closed();
    choose(stage, TWO, ID);
    let popup = stage.browser().wait_for_popup();
    popup.click("button", "Cancel");
    popup.text_gone("Choose the API secret");
    popup.click("row", &row(&items[1]));
    popup.see("heading", "API secret details");
    popup.close();
}

/// And nothing of another page is offered.
pub fn none_says_so(stage: &Stage) {
    stage.display.set_clipboard("of another program");
    choose(stage, NOBODYS, SECRET);
    let popup = stage.browser().wait_for_popup();
    popup.see_text(&format!("Nothing for {NOBODYS}"));
    assert_eq!(stage.display.clipboard(), "of another program");
    popup.close();
}

/// The form stands ready with the page's address.
pub fn one_is_added_for_the_site(stage: &Stage) {
    choose(stage, NOBODYS, ADD);
    let popup = stage.browser().wait_for_popup();
    popup.see_value("textbox", "Url", &stage.site.url(NOBODYS, ""));
    popup.click("button", "Cancel");
    popup.close();
}
