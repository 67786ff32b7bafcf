//! What was copied does not stay; what another program copied meanwhile does, where MySafe may look.

use std::time::{Duration, Instant};

use mysafe_tests::browser::View;
use mysafe_tests::wait::wait_for;

use super::{ONE, SECRET, choose};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{evaluate, row, see_clipboard, see_clipboard_empty, unlock};

/// The set time is ten seconds.
pub fn after_the_set_time_with_the_background_dead(stage: &Stage, item: &ApiSecret) {
    choose(stage, ONE, SECRET);
    let start = Instant::now();
    see_clipboard(stage, &item.client_secret);
    stage.browser().kill_background();
    see_clipboard_empty(stage);
    let seconds = start.elapsed().as_secs();
    assert!(seconds >= 8, "cleared after {seconds} s");
    at_once_on_lock(stage, item);
}

fn at_once_on_lock(stage: &Stage, item: &ApiSecret) {
    choose(stage, ONE, SECRET);
    see_clipboard(stage, &item.client_secret);
    let start = Instant::now();
    let popup = stage.popup();
    // The lock wakes it.
    stage.browser().kill_background();
    popup.click("button", "Lock");
    see_clipboard_empty(stage);
    let seconds = start.elapsed().as_secs();
    assert!(seconds < 8, "cleared after {seconds} s: by the set time, not by the lock");
    unlock(&popup);
    popup.close();
}

/// The optional permission: given in Settings, used, taken back.
pub fn only_what_mysafe_copied_if_it_may_look(stage: &Stage, item: &ApiSecret) {
    const SWITCH: &str = "Clear only what MySafe copied";
    let switch = |on: bool| {
        let tab = stage.browser().open_tab("popup/index.html#/settings");
        tab.wait_until("it is as it was", |tab| tab.state("checkbox", SWITCH).checked == Some(!on));
        tab.click("checkbox", SWITCH);
        let given = "chrome.permissions.contains({ permissions: ['clipboardRead'] }).then(String)";
        tab.wait_until("it is as wanted", |tab| {
            tab.state("checkbox", SWITCH).checked == Some(on)
                && evaluate(tab, given) == on.to_string()
        });
        if on {
            stage.sight("settings: clear only what MySafe copied", &tab);
        }
        tab.close();
    };
    switch(true);
    // When its time is over.
    choose(stage, ONE, SECRET);
    see_clipboard(stage, &item.client_secret);
    stage.display.set_clipboard("of another program");
    stage.browser().kill_background();
    let popup = stage.popup_at_list();
    nothing_is_to_be_cleared(&popup);
    assert_eq!(stage.display.clipboard(), "of another program");
    // On lock, what is its own and what is not.
    popup.within("row", &row(item)).click("button", "Copy client secret");
    see_clipboard(stage, &item.client_secret);
    popup.click("button", "Lock");
    see_clipboard_empty(stage);
    unlock(&popup);
    popup.close();
    lock_over_another_programs_text(stage, item);
    assert_eq!(stage.display.clipboard(), "of another program");

    switch(false);
    lock_over_another_programs_text(stage, item);
    see_clipboard_empty(stage);
}

fn lock_over_another_programs_text(stage: &Stage, item: &ApiSecret) {
    choose(stage, ONE, SECRET);
    see_clipboard(stage, &item.client_secret);
    stage.display.set_clipboard("of another program");
    let popup = stage.popup();
    popup.click("button", "Lock");
    nothing_is_to_be_cleared(&popup);
    unlock(&popup);
    popup.close();
}

/// It has been looked after.
#[track_caller]
fn nothing_is_to_be_cleared(view: &View) {
    let kept = "chrome.storage.local.get('clear-clipboard-at').then((kept) => String(Object.keys(kept).length))";
    let done = wait_for(Duration::from_secs(25), || (evaluate(view, kept) == "0").then_some(()));
    assert!(done.is_some(), "something is to be cleared still");
}
