//! What does not work out says so: the value is there to copy by hand, the badge says "!" and the popup
//! why.

use mysafe_tests::browser::{View, Which};

use super::{ONE, SECRET, choose};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, evaluate, refuse_writing, row, see_badge, see_clipboard, unlock};

const FAILED: &str = "Could not copy. The value is selected: press Ctrl+C.";
const VALUE: (&str, &str) = ("textbox", "Value to copy");

/// The browser does not let the popup write: it shows the value selected, until it locks.
pub fn a_failed_write_shows_the_value(stage: &Stage, item: &ApiSecret) {
    stage.display.set_clipboard("of another program");
    stage.browser().open_page(&stage.site.url(ONE, "/docs/start"));
    let popup = stage.popup_at_list();
    refuse_writing(&popup);
    popup.within("row", &row(item)).click("button", "Copy client secret");
    see_value(&popup, item);
    stage.sight("popup: could not copy", &popup);
    assert_eq!(stage.display.clipboard(), "of another program");
    // Nothing of ours is there that would be cleared over that.
    let kept = "chrome.storage.local.get('clear-clipboard-at').then(({ 'clear-clipboard-at': at }) => String(at))";
    assert_eq!(evaluate(&popup, kept), "undefined");
    stage.display.press(&["ctrl+c"]);
    see_clipboard(stage, &item.client_secret);
    popup.click("button", "Lock");
    popup.see("heading", "Unlock MySafe");
    popup.gone(VALUE.0, VALUE.1);
    popup.text_gone(FAILED);
    popup.close();

    // Asked for by the menu while locked, the popup does it.
    stage.display.set_clipboard("of another program");
    choose(stage, ONE, SECRET);
    let popup = stage.browser().wait_for_popup();
    refuse_writing(&popup);
    unlock(&popup);
    see_value(&popup, item);
    popup.click("button", "Lock");
    popup.gone(VALUE.0, VALUE.1);
    unlock(&popup);
    popup.close();
    assert_eq!(stage.display.clipboard(), "of another program");
    the_background_cannot_write(stage, item);
}

#[track_caller]
fn see_value(view: &View, item: &ApiSecret) {
    view.see_text(FAILED);
    view.see_value(VALUE.0, VALUE.1, &item.client_secret);
    view.wait_until("it has the focus", |view| view.state(VALUE.0, VALUE.1).focused);
}

/// Then the popup does, and the badge says that there was trouble.
fn the_background_cannot_write(stage: &Stage, item: &ApiSecret) {
    let refuse = match stage.browser().which() {
        Which::Chromium => "chrome.offscreen.createDocument",
        Which::Firefox => "navigator.clipboard.writeText",
    };
    let popup = stage.popup();
    popup.see("row", &row(item));
    popup.close();
    let refuse = format!("({refuse} = () => Promise.reject(new Error('no')), 'refused')");
    assert_eq!(stage.browser().in_background(&refuse), "refused");
    choose(stage, ONE, SECRET);
    see_badge(stage, "!");
    let popup = stage.browser().wait_for_popup();
    see_clipboard(stage, &item.client_secret);
    popup.wait_closed();
    see_badge(stage, "");
    // Another one can write again.
    stage.browser().kill_background();
}

/// Nothing is copied of it.
pub fn an_item_without_a_client_secret_and_an_inactive_one_say_so(
    stage: &Stage,
    (without, without_host): (&ApiSecret, &str),
    (inactive, inactive_host): (&ApiSecret, &str),
) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    act(&tab, inactive, "Disable");
    tab.click("button", "Yes");
    tab.see_text(&format!("“{}” disabled.", inactive.name));
    tab.close();
    let says = [
        (without_host, format!("“{}” has no client secret.", without.name)),
        (inactive_host, format!("Nothing for {inactive_host}")),
    ];
    stage.display.set_clipboard("of another program");
    for (host, why) in says {
        choose(stage, host, SECRET);
        see_badge(stage, "!");
        let popup = stage.browser().wait_for_popup();
        popup.see_text(&why);
        popup.close();
        see_badge(stage, "");
    }
    assert_ne!(stage.display.clipboard(), inactive.client_secret);
}
