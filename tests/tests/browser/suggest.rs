//! "Suggest as I browse": what the icon says of the page in front, given and taken back; and what the
//! address bar finds.

mod address_bar;
mod mailed;
mod panel;

use mysafe_tests::browser::{View, Which};
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::items::ApiSecret;
use crate::planted;
use crate::stage::Stage;
use crate::steps::{act, add, evaluate, leave_first_run, row, sign_up_until_ready, unlock};

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
    the_first_run_allows_it(&stage);
    let mut items = ["Kestrel", "Marmot", "Osprey"].map(ApiSecret::of);
    for item in &mut items[..2] {
        item.url = stage.site.url(HERE, "/docs");
    }
    items[2].name = "<o & \"p\"> %s Osprey ledger ünit qx71".to_owned();
    // Found by it too, after the one of that name.
    items[2].notes = "Osprey note qx80, like Kestrel.".to_owned();
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    add(&tab, &items[0]);
    tab.close();
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    see_count(&stage, "1");
    taken_back_nothing_is_said(&stage);
    let link = mailed::link(&stage, &items[0]);
    mailed::the_icon_opens_the_item(&stage, &link, &items[0]);

    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    switch(&tab, true);
    stage.sight("settings: suggest", &tab);
    tab.close();
    the_icon_follows(&stage, &items);
    mailed::it_opens_by_itself(&stage, &link, &items[0]);
    take_back(&stage);
    panel::the_panel_follows_the_tab(&stage, &items[0]);
    address_bar::finds_and_opens(&stage, &items);
    // What stood below the address bar is kept by no browser.
    stage.close_browser();
    let mut values: Vec<_> = items.iter().flat_map(ApiSecret::values).collect();
    // The browser was at that address; and what was filled into a page is the page's.
    let filled = format!("client ID of {}", items[0].name);
    values.retain(|value| !value.name.starts_with("url of") && value.name != filled);
    planted::nothing_in_profile(&stage, &values);
    stage.no_complaints();
}

/// The switch of the last step, ticked there.
fn the_first_run_allows_it(stage: &Stage) {
    let (tab, _) = sign_up_until_ready(stage);
    switch(&tab, true);
    leave_first_run(&tab);
}

/// Clicks the switch, which is off or on, and waits until the browser says so too.
#[track_caller]
fn switch(tab: &View, on: bool) {
    let given = "chrome.permissions.contains({ permissions: ['tabs'] }).then(String)";
    let is = |on: bool| {
        move |tab: &View| {
            tab.state("checkbox", SWITCH).checked == Some(on)
                && evaluate(tab, given) == on.to_string()
        }
    };
    tab.wait_until("it is not so yet", is(!on));
    tab.click("checkbox", SWITCH);
    tab.wait_until("it is as wanted", is(on));
}

fn take_back(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    switch(&tab, false);
    tab.close();
}

/// What is added, disabled, locked, and gone to.
fn the_icon_follows(stage: &Stage, items: &[ApiSecret; 3]) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    see_count(stage, "1");
    let popup = stage.popup();
    popup.click("button", "Add");
    crate::steps::fill_form(&popup, &items[1]);
    // Nobody who knew the number from before is awake when it changes.
    stage.browser().kill_background();
    popup.click("button", "Save");
    popup.see("row", &row(&items[1]));
    see_count(stage, "2");
    act(&popup, &items[1], "Disable");
    popup.see("button", "Yes");
    stage.browser().kill_background();
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

/// Not on a tab behind either.
fn taken_back_nothing_is_said(stage: &Stage) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    see_count(stage, "1");
    let beside = stage.browser().open_page_beside(&stage.site.url(HERE, "/docs/start"));
    see_count(stage, "1");
    take_back(stage);
    let signs = "chrome.tabs.query({}).then((tabs) => Promise.all(tabs.map(({ id: tabId }) =>\
        chrome.action.getBadgeText({ tabId })))).then((signs) => `${signs.length}${signs.join('')}`)";
    let gone = wait_for(PATIENCE, || (stage.browser().in_background(signs) == "2").then_some(()));
    assert!(gone.is_some(), "{}", stage.browser().in_background(signs));
    beside.close();
    stage.browser().open_page(&stage.site.url(HERE, "/docs/start"));
    see_count(stage, "");
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
