//! What the background copied does not stay.

use std::time::{Duration, Instant};

use mysafe_tests::wait::wait_for;

use super::{ONE, SECRET, choose};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{see_clipboard, unlock};

/// The set time is ten seconds.
pub fn after_the_set_time_with_the_background_dead(stage: &Stage, item: &ApiSecret) {
    choose(stage, ONE, SECRET);
    let start = Instant::now();
    see_clipboard(stage, &item.client_secret);
    stage.browser().kill_background();
    see_empty(stage);
    let seconds = start.elapsed().as_secs();
    assert!(seconds >= 8, "cleared after {seconds} s");
    at_once_on_lock(stage, item);
}

fn at_once_on_lock(stage: &Stage, item: &ApiSecret) {
    choose(stage, ONE, SECRET);
    see_clipboard(stage, &item.client_secret);
    let start = Instant::now();
    let popup = stage.popup();
    popup.click("button", "Lock");
    see_empty(stage);
    let seconds = start.elapsed().as_secs();
    assert!(seconds < 8, "cleared after {seconds} s: by the set time, not by the lock");
    unlock(&popup);
    popup.close();
}

#[track_caller]
fn see_empty(stage: &Stage) {
    let cleared = wait_for(Duration::from_secs(25), || {
        stage.display.clipboard().trim().is_empty().then_some(())
    });
    assert!(cleared.is_some(), "the clipboard still holds {:?}", stage.display.clipboard());
}
