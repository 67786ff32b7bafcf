//! The keys that work anywhere in the browser, pressed on its window.

use mysafe_tests::browser::Which;

use super::ONE;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{evaluate, see_badge, see_clipboard, unlock};

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

/// A time that is set in hours is told in hours.
pub fn the_lock_tells_its_time_as_it_was_set(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    tab.choose("combobox", "Lock after", "4 hours");
    let kept =
        "chrome.storage.local.get('settings').then(({ settings }) => String(settings.lock_after))";
    tab.wait_until("it is kept", |tab| evaluate(tab, kept) == "240");
    // It counts from now: what came before that would be undone.
    let moved = "chrome.storage.session.get('deadline').then(({ deadline }) => String(deadline - Date.now() > 14_000_000))";
    tab.wait_until("the deadline has moved", |tab| evaluate(tab, moved) == "true");
    let past = "chrome.storage.session.set({ deadline: 1 }).then(() => 'past')";
    assert_eq!(evaluate(&tab, past), "past");
    tab.see("heading", "Unlock MySafe");
    tab.see_text("Locked after 4 hours without input.");
    tab.close();
}

/// As the browser has them, also once it has others.
pub fn stand_in_settings(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    for text in ["Open MySafe", "Alt+Shift+M", "Alt+Shift+K", "Alt+Shift+U", "Alt+Shift+L"] {
        tab.see_text(text);
    }
    stage.sight("settings: shortcuts", &tab);
    tab.click("button", "Change shortcuts");
    let (page, change) = match stage.browser().which() {
        Which::Chromium => ("chrome://extensions/shortcuts", None),
        // Chrome lets nobody but its user change them.
        Which::Firefox => ("about:addons", Some("Alt+Shift+J")),
    };
    let page = stage.browser().wait_for_address(page);
    if let Some(key) = change {
        let change = format!(
            "chrome.commands.update({{ name: 'copy-secret', shortcut: '{key}' }}).then(() => 'changed')"
        );
        assert_eq!(evaluate(&tab, &change), "changed");
    }
    page.close();
    // Back at the tab, it shows what they are now.
    tab.activate();
    if let Some(key) = change {
        tab.see_text(key);
        tab.text_gone("Alt+Shift+K");
    }
    tab.close();
}
