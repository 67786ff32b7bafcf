//! "Suggest as I browse": what the icon says of the page in front, given and taken back; and what the
//! address bar finds.

mod mailed;
mod panel;

use mysafe_tests::browser::{View, Which};
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, row, sign_up, unlock};

const SWITCH: &str = "Suggest as I browse";
const HERE: &str = "here.example.com";

#[test]
fn suggesting_as_one_browses_chromium() {
    suggesting_as_one_browses(Which::Chromium);
}

#[test]
fn suggesting_as_one_browses_firefox() {
    suggesting_as_one_browses(Which::Firefox);
}

fn suggesting_as_one_browses(which: Which) {
    let mut stage = Stage::new(which);
    sign_up(&stage);
    let mut items = ["Kestrel", "Marmot"].map(ApiSecret::of);
    for item in &mut items {
        item.url = stage.site.url(HERE, "/docs");
    }
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    add(&tab, &items[0]);
    tab.close();
    let link = mailed::link(&stage, &items[0]);
    mailed::the_icon_opens_the_item(&stage, &link, &items[0]);

    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    tab.click("checkbox", SWITCH);
    tab.wait_until("it is given", |tab| tab.state("checkbox", SWITCH).checked == Some(true));
    stage.sight("settings: suggest", &tab);
    tab.close();
    the_icon_follows(&stage, &items);
    the_address_bar_finds(&stage, &items);
    mailed::it_opens_by_itself(&stage, &link, &items[0]);
    taken_back_nothing_is_said(&stage);
    panel::the_panel_follows_the_tab(&stage, &items[0]);
    stage.close_browser();
    stage.no_complaints();
}

/// What is added, disabled, locked, and gone to.
fn the_icon_follows(stage: &Stage, items: &[ApiSecret; 2]) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    see_count(stage, "1");
    let popup = stage.popup();
    popup.click("button", "Add");
    crate::steps::fill_form(&popup, &items[1]);
    popup.click("button", "Save");
    popup.see("row", &row(&items[1]));
    see_count(stage, "2");
    act(&popup, &items[1], "Disable");
    popup.click("button", "Yes");
    see_count(stage, "1");
    popup.close();

    stage.browser().open_page(&stage.site.url("elsewhere.example.org", "/"));
    see_count(stage, "");
    stage.browser().open_page(&stage.site.url(HERE, "/docs/start"));
    see_count(stage, "1");
    let popup = stage.popup();
    popup.click("button", "Lock");
    see_count(stage, "");
    unlock(&popup);
    see_count(stage, "1");
    popup.close();
    // Nobody is awake.
    stage.browser().kill_background();
    stage.browser().open_page(&stage.site.url("elsewhere.example.org", "/"));
    see_count(stage, "");
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    see_count(stage, "1");
}

fn the_address_bar_finds(stage: &Stage, items: &[ApiSecret; 2]) {
    type_into_address_bar(stage, "kest");
    let tab = found(stage, "#/item/");
    tab.within("article", "API secret details").see_text(&items[0].name);
    tab.click("button", "Lock");
    tab.see("heading", "Unlock MySafe");
    tab.close();

    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    type_into_address_bar(stage, "kest");
    let tab = found(stage, "#/api-secrets");
    tab.see("heading", "Unlock MySafe");
    unlock(&tab);
    tab.see_value("combobox", "Search", "kest");
    tab.see("row", &row(&items[0]));
    tab.close();
}

fn taken_back_nothing_is_said(stage: &Stage) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    see_count(stage, "1");
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    tab.wait_until("it is given", |tab| tab.state("checkbox", SWITCH).checked == Some(true));
    tab.click("checkbox", SWITCH);
    tab.wait_until("it is taken back", |tab| {
        tab.state("checkbox", SWITCH).checked == Some(false)
            && tab
                .evaluate_as_extension(
                    "chrome.permissions.contains({ permissions: ['tabs'] }).then(String)",
                )
                .is_ok_and(|given| given == "false")
    });
    tab.close();
    stage.browser().open_page(&stage.site.url(HERE, "/docs/start"));
    see_count(stage, "");
}

/// As one types: the keyword, a blank, the text, Enter.
fn type_into_address_bar(stage: &Stage, text: &str) {
    stage.display.press(&["ctrl+l"]);
    let keys: Vec<String> = text.chars().map(String::from).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    stage.display.press(&["m", "s", "space"]);
    stage.display.press(&keys);
    stage.display.press(&["Return"]);
}

#[track_caller]
fn found(stage: &Stage, route: &str) -> View {
    stage.browser().wait_for_tab(&format!("popup/index.html{route}"))
}

/// What stands on the icon for the tab in front.
#[track_caller]
fn see_count(stage: &Stage, count: &str) {
    let asked = "chrome.tabs.query({ active: true, lastFocusedWindow: true })\
        .then(([tab]) => chrome.action.getBadgeText({ tabId: tab.id }))";
    let mut last = String::new();
    let seen = wait_for(PATIENCE, || {
        last = stage.browser().in_background(asked);
        (last == count).then_some(())
    });
    assert!(seen.is_some(), "the icon says {last:?}, not {count:?}");
}
