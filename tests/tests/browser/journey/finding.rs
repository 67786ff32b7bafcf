//! Finding: by search, and by the page one stands on.

use super::adding::page_of;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::row;

/// By what is in it, and nothing else.
pub fn search_finds_by_name_tag_and_notes(stage: &Stage, items: &[ApiSecret]) {
    let popup = stage.popup();
    for (query, found) in [
        ("marmot ledg", &items[1]),
        (items[2].tags[1].as_str(), &items[2]),
        ("tapir second line", &items[3]),
    ] {
        popup.fill("combobox", "Search", query);
        popup.see_text("1 found");
        popup.see("row", &row(found));
    }
    stage.sight("popup: found", &popup);
    // A client secret is no search word.
    popup.fill("combobox", "Search", "qx75");
    popup.see_text("Nothing matches “qx75”.");
    stage.sight("popup: nothing found", &popup);
    popup.within("group", "Nothing matches*").click("button", "Clear");
    popup.see_value("combobox", "Search", "");
    for item in &items[..4] {
        popup.see("row", &row(item));
    }
    popup.close();
}

/// Under "Matches this page" on a page of its address, not on another one.
pub fn this_page_shows_what_belongs_to_it(stage: &Stage, item: &ApiSecret) {
    stage.browser().open_page(&page_of(item));
    let popup = stage.popup();
    popup.see("row", "Matches this page");
    popup.see("row", &format!("{}Same host*", row(item)));
    popup.see("row", "All API secrets");
    assert_eq!(popup.names("row")[0], "Matches this page");
    stage.sight("popup: this page", &popup);
    popup.close();

    let elsewhere = stage.site.url("unrelated.example.org", "/");
    stage.browser().open_page(&elsewhere);
    let popup = stage.popup();
    let host = elsewhere.trim_start_matches("http://").trim_end_matches('/');
    popup.see_text(&format!("Nothing for {host}."));
    popup.see("row", &row(item));
    popup.gone("row", "Matches this page");
    popup.gone("row", "*Same host*");
    stage.sight("popup: nothing for this page", &popup);
    popup.close();
}
