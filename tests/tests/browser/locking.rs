//! When the vault locks, and when it must not: the background dies again and again, the deadline passes
//! with nobody awake, the system locks its screen.

use mysafe_tests::browser::{View, Which};
use mysafe_tests::wait::wait_for;
use std::time::Duration;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, row, see_clipboard, sign_up, unlock};

const HERE: &str = "here.example.com";
const KILLS: usize = 50;
const IDLE: &str = "Locked after 10 minutes without input.";

/// The deadline, and the time until then, are over: as after ten minutes in which nothing was awake.
const PAST: &str = "chrome.storage.session.set({ deadline: 1 }).then(() => 'past')";

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
    past_the_deadline_open_views_blank(&stage, &item);
    past_the_deadline_a_new_view_and_a_shortcut_refuse(&stage);
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

/// The views themselves see it: the background is dead.
fn past_the_deadline_open_views_blank(stage: &Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    act(&tab, item, "View API secret");
    tab.within("article", "API secret details").see_text(&item.client_id);
    stage.browser().kill_background();
    past(&tab);
    tab.see("heading", "Unlock MySafe");
    tab.see_text(IDLE);
    tab.text_gone(&item.name);
    unlock(&tab);
    tab.close();
}

fn past_the_deadline_a_new_view_and_a_shortcut_refuse(stage: &Stage) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    assert_eq!(stage.browser().as_extension(PAST), "past");
    stage.browser().kill_background();
    let popup = stage.popup();
    popup.see("heading", "Unlock MySafe");
    popup.see_text(IDLE);
    unlock(&popup);
    popup.close();

    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    assert_eq!(stage.browser().as_extension(PAST), "past");
    stage.browser().kill_background();
    stage.display.set_clipboard("of another program");
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    stage.display.press(&["alt+shift+k"]);
    let popup = stage.browser().wait_for_popup();
    popup.see("heading", "Unlock MySafe");
    assert_eq!(stage.display.clipboard(), "of another program");
    let key = "chrome.storage.session.get('key').then(({ key }) => String(key))";
    let gone = wait_for(Duration::from_secs(5), || {
        popup.evaluate_as_extension(key).is_ok_and(|key| key == "undefined").then_some(())
    });
    assert!(gone.is_some(), "the key has left the session");
    popup.close();
}

fn the_systems_lock_locks(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    unlock(&tab);
    stage.browser().in_background("(chrome.idle.onStateChanged.dispatch('locked'), 'told')");
    tab.see("heading", "Unlock MySafe");
    tab.see_text("Locked with your system.");
    tab.close();
}

#[track_caller]
fn past(view: &View) {
    let told = view.evaluate_as_extension(PAST).unwrap_or_else(|gone| panic!("{}", gone.0));
    assert_eq!(told, "past");
}
