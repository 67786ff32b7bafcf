//! Finding: filters by the guide's steps and labels, their chips, the order, the field that was found,
//! and all of it by keyboard alone.

mod deleting;
mod filters;
mod keyboard;
mod order;

use mysafe_tests::browser::Which;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{add, sign_up};

/// The list in a full tab.
const LIST: &str = "popup/index.html#/api-secrets";

#[test]
fn finding_chromium() {
    finding(Which::Chromium);
}

#[test]
fn finding_firefox() {
    finding(Which::Firefox);
}

fn finding(which: Which) {
    let mut stage = Stage::new(which);
    sign_up(&stage);
    let items = ["Kestrel", "Marmot", "Osprey", "Tapir"].map(ApiSecret::of);
    let tab = stage.browser().open_tab(LIST);
    for item in &items {
        add(&tab, item);
        tab.click("link", "API secrets");
    }
    filters::disabled_and_enabled_by_the_guides_steps(&stage, &tab, &items);
    filters::each_narrows_and_its_chip_takes_it_away(&tab, &items);
    tab.close();
    filters::in_the_popup_they_are_behind_an_opener_and_remembered(&stage, &items);
    order::the_best_field_is_named(&stage, &items);
    order::what_was_used_last_comes_first(&stage, &items);
    // In Firefox's popup Escape belongs to the browser: it closes it, whatever the page says.
    if which == Which::Chromium {
        keyboard::an_item_is_disabled_found_and_enabled(&stage, &items);
        keyboard::the_order_is_chosen(&stage, &items);
        keyboard::an_item_is_deleted_and_restored(&stage, &items);
        filters::what_one_sees_first_stays(&stage, &items);
    }
    deleting::gone_for_good_and_back(&mut stage, &items);
    stage.close_browser();
    stage.no_complaints();
}
