//! Past the deadline, with nobody awake, every context refuses at once.

use std::time::Duration;

use mysafe_tests::browser::View;
use mysafe_tests::wait::wait_for;

use super::HERE;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, evaluate, row, type_into_address_bar, unlock};

const IDLE: &str = "Locked after 10 minutes without input.";
const OTHERS: &str = "of another program";

/// The deadline, and the time until then, are over: as after ten minutes in which nothing was awake.
const PAST: &str = "chrome.storage.session.set({ deadline: 1 }).then(() => 'past')";

/// A view whose own clock stands still, so that it is the click that is refused.
const STILL: &str = "(() => { for (let clock = 1; clock < 10_000; clock += 1) clearInterval(clock); return 'still'; })()";

/// Whether a view has moved the deadline, as each does once it is open: what came before that would be undone.
const MOVED: &str = "chrome.storage.session.get('deadline').then(({ deadline }) => \
    String(deadline >= performance.timeOrigin + 600_000))";

/// Seen by a view, whose write may wake the background.
#[track_caller]
fn past(stage: &Stage, view: &View) {
    view.wait_until("the deadline has moved", |view| evaluate(view, MOVED) == "true");
    assert_eq!(evaluate(view, PAST), "past");
    stage.browser().kill_background();
}

/// The same without a view of ours.
#[track_caller]
fn past_unseen(stage: &Stage) {
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    assert_eq!(stage.browser().as_extension(PAST), "past");
    stage.browser().kill_background();
}

/// A tab by its own clock, another whose clock stands still by the click in it, and the side panel.
pub fn open_views_blank_and_give_nothing(stage: &Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    act(&tab, item, "View API secret");
    tab.within("article", "API secret details").see_text(&item.client_id);
    past(stage, &tab);
    is_locked(&tab, item);
    unlock(&tab);
    tab.close();

    for (group, button) in
        [("Client ID", "Copy"), ("Client secret", "Copy"), ("Client secret", "Show")]
    {
        let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
        act(&tab, item, "View API secret");
        tab.see("group", group);
        stage.display.set_clipboard(OTHERS);
        assert_eq!(evaluate(&tab, STILL), "still");
        past(stage, &tab);
        tab.within("group", group).click("button", button);
        if button == "Show" {
            tab.see_text("MySafe is locked.");
            assert!(!tab.text().contains(item.client_secret.lines().next().unwrap_or_default()));
        } else {
            is_locked(&tab, item);
        }
        assert_eq!(stage.display.clipboard(), OTHERS, "{group}: {button}");
        tab.close();
        let popup = stage.popup();
        unlock(&popup);
        popup.close();
    }

    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    let popup = stage.popup();
    popup.click("button", "Open side panel");
    popup.wait_closed();
    let panel = stage.browser().wait_for_panel();
    panel.see("row", &row(item));
    past(stage, &panel);
    is_locked(&panel, item);
    unlock(&panel);
}

#[track_caller]
fn is_locked(view: &View, item: &ApiSecret) {
    view.see("heading", "Unlock MySafe");
    view.see_text(IDLE);
    view.text_gone(&item.name);
}

/// Each opens the popup, which asks to unlock.
pub fn a_new_view_the_menu_and_the_keys_refuse(stage: &Stage, item: &ApiSecret) {
    type Way = fn(&Stage) -> View;
    let ways: [(&str, Way); 3] = [
        ("the icon", |stage| stage.popup()),
        ("the menu", |stage| {
            let page = stage.browser().open_page(&stage.site.url(HERE, "/docs"));
            let target = ("heading", "A portal");
            stage.browser().choose_in_menu(&stage.display, &page, target, "Copy client secret");
            stage.browser().wait_for_popup()
        }),
        ("the keys", |stage| {
            stage.display.press(&["alt+shift+k"]);
            stage.browser().wait_for_popup()
        }),
    ];
    for (name, way) in ways {
        println!("past the deadline: {name}");
        past_unseen(stage);
        stage.display.set_clipboard(OTHERS);
        stage.browser().open_page(&stage.site.url(HERE, "/docs"));
        let popup = way(stage);
        popup.see("heading", "Unlock MySafe");
        popup.see_text(IDLE);
        // What an earlier way copied may be cleared by this lock.
        assert_ne!(stage.display.clipboard(), item.client_secret, "{name}");
        let key = "chrome.storage.session.get('key').then(({ key }) => String(key))";
        let gone = wait_for(Duration::from_secs(5), || {
            (evaluate(&popup, key) == "undefined").then_some(())
        });
        assert!(gone.is_some(), "{name}: the key has left the session");
        unlock(&popup);
        if name == "the icon" {
            popup.close();
        } else {
            // What was asked for is finished, and the popup leaves.
            popup.wait_closed();
        }
    }
}

/// What is typed waits for the unlock.
pub fn the_address_bar_finds_nothing(stage: &Stage) {
    past_unseen(stage);
    type_into_address_bar(stage, "kest");
    stage.display.press(&["Return"]);
    let tab = stage.browser().wait_for_tab("popup/index.html#/api-secrets");
    tab.see("heading", "Unlock MySafe");
    tab.see_text(IDLE);
    unlock(&tab);
    tab.close();
}
