//! The keys that work anywhere in the browser, pressed on its window.

use super::{ONE, see_badge};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{see_clipboard, unlock};

/// The best match is selected when the popup opens: two keys, and the client secret is copied.
pub fn open_the_popup_and_enter_copies(stage: &Stage, item: &ApiSecret) {
    stage.display.set_clipboard("of another program");
    stage.browser().open_page(&stage.site.url(ONE, "/docs/start"));
    stage.display.press(&["alt+shift+m"]);
    let popup = stage.browser().wait_for_popup();
    popup.see_text("Matches this page");
    stage.display.press(&["Return"]);
    see_clipboard(stage, &item.client_secret);
    popup.wait_closed();
}

/// Without any view of ours.
pub fn copy_and_lock(stage: &Stage, item: &ApiSecret) {
    stage.display.set_clipboard("of another program");
    stage.browser().open_page(&stage.site.url(ONE, "/docs/start"));
    stage.display.press(&["alt+shift+k"]);
    see_badge(stage, "✓");
    see_clipboard(stage, &item.client_secret);
    stage.display.press(&["alt+shift+l"]);
    let popup = stage.popup();
    popup.see_text("You locked MySafe.");
    unlock(&popup);
    popup.close();
}

/// As the browser has them.
pub fn stand_in_settings(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    for text in ["Open MySafe", "Alt+Shift+M", "Alt+Shift+K", "Alt+Shift+L"] {
        tab.see_text(text);
    }
    stage.sight("settings: shortcuts", &tab);
    tab.see("button", "Change shortcuts");
    tab.close();
}
