//! When the vault locks, and when it must not: the background dies again and again, the deadline passes
//! with nobody awake, the system locks its screen.

mod past;
mod views;

use mysafe_tests::browser::Which;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{add, row, see_clipboard, sign_up};

const HERE: &str = "here.example.com";
const KILLS: usize = 50;

#[test]
fn the_lock_holds_and_opens_once_chromium() {
    the_lock_holds_and_opens_once(Which::Chromium);
}

#[test]
fn the_lock_holds_and_opens_once_firefox() {
    the_lock_holds_and_opens_once(Which::Firefox);
}

fn the_lock_holds_and_opens_once(which: Which) {
    let mut stage = Stage::new(which);
    sign_up(&stage);
    let mut item = ApiSecret::of("Kestrel");
    item.url = stage.site.url(HERE, "/docs");
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    add(&tab, &item);
    tab.close();
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));

    the_background_dies_and_nothing_is_asked(&stage, &item);
    past::open_views_blank_and_give_nothing(&stage, &item);
    past::a_new_view_the_menu_and_the_keys_refuse(&stage, &item);
    past::the_address_bar_finds_nothing(&stage);
    views::all_blank_and_all_open(&stage, &item);
    if which == Which::Chromium {
        // Firefox tells of it on some systems only, and has no way to say so here.
        the_systems_lock_locks(&stage);
    }
    stage.close_browser();
    stage.no_complaints();
}

/// Each time the popup opens on the list, and copies.
fn the_background_dies_and_nothing_is_asked(stage: &Stage, item: &ApiSecret) {
    for number in 0..KILLS {
        stage.browser().kill_background();
        let other = format!("of another program, {number}");
        stage.display.set_clipboard(&other);
        let popup = stage.popup();
        popup.see("row", &row(item));
        popup.within("row", &row(item)).click("button", "Copy client secret");
        see_clipboard(stage, &item.client_secret);
        popup.close();
    }
}

fn the_systems_lock_locks(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    tab.see("combobox", "Search");
    stage.browser().in_background("(chrome.idle.onStateChanged.dispatch('locked'), 'told')");
    tab.see("heading", "Unlock MySafe");
    tab.see_text("Locked with your system.");
    tab.close();
}
