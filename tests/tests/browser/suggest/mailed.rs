//! A link from a mail: the server's page says where to look, and there the item is.

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::act;

/// The address that a mail would carry.
pub fn link(stage: &Stage, item: &ApiSecret) -> String {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    act(&tab, item, "View API secret");
    tab.see("article", "API secret details");
    let hash =
        tab.evaluate_as_extension("location.hash").unwrap_or_else(|gone| panic!("{}", gone.0));
    tab.close();
    format!("{}{}", stage.recorder.url(), hash.trim_start_matches('#'))
}

/// By the icon, which is all that a browser needs.
pub fn the_icon_opens_the_item(stage: &Stage, link: &str, item: &ApiSecret) {
    let page = stage.browser().open_page(link);
    page.see("heading", "An API secret for you");
    stage.sight("page: an item's link", &page);
    let popup = stage.popup();
    popup.within("article", "API secret details").see_text(&item.name);
    popup.click("button", "Back");
    popup.see("row", &crate::steps::row(item));
    popup.close();
}

/// By itself, where MySafe may see the address.
pub fn it_opens_by_itself(stage: &Stage, link: &str, item: &ApiSecret) {
    stage.browser().go_to(link);
    let tab = stage.browser().wait_for_tab("popup/index.html#/item/");
    tab.within("article", "API secret details").see_text(&item.name);
}
