//! Every view that is open, at once: two tabs and the side panel, which is open already.

use mysafe_tests::browser::View;
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, evaluate, row, unlock};

/// Writes down, by the view's own clock, how long after the key has left the session it asks to unlock.
const CLOCK: &str = "(() => {\
    let gone; const body = document.body;\
    const look = () => {\
        if (gone !== undefined && body.textContent.includes('Unlock MySafe')) body.dataset.blank ??= Math.round(performance.now() - gone); };\
    chrome.storage.onChanged.addListener(({ key }, area) => {\
        if (area === 'session' && key && key.newValue === undefined) { gone = performance.now(); look(); } });\
    new MutationObserver(look).observe(body, { childList: true, subtree: true });\
    return 'set'; })()";

/// What the background last set the icon to.
const ICON: &str = "(() => {\
    const set = chrome.action.setIcon.bind(chrome.action);\
    chrome.action.setIcon = (icon) => { globalThis.shownIcon = JSON.stringify(icon); return set(icon); };\
    return 'set'; })()";

/// By the shortcut, within a second; unlocked in one of them, all are open again.
pub fn all_blank_and_all_open(stage: &Stage, item: &ApiSecret) {
    let panel = stage.browser().wait_for_panel();
    panel.see("row", &row(item));
    let form = stage.browser().open_tab("popup/index.html#/add");
    form.fill("textbox", "Name", "typed and not saved");
    let shown = stage.browser().open_tab("popup/index.html#/api-secrets");
    act(&shown, item, "View API secret");
    let secret = shown.within("group", "Client secret");
    secret.click("button", "Show");
    let line = item.client_secret.lines().nth(1).unwrap_or_default().trim();
    secret.see_text(line);
    for view in [&panel, &form, &shown] {
        assert_eq!(evaluate(view, CLOCK), "set");
    }
    assert_eq!(stage.browser().in_background(ICON), "set");

    stage.display.press(&["alt+shift+l"]);
    for (name, view) in [("panel", &panel), ("form", &form), ("secret", &shown)] {
        let blank = within(view);
        println!("the {name} is blank after {blank} ms");
        assert!(blank <= 1_000, "{name}: {blank} ms");
        assert!(!view.text().contains(&item.name) && !view.text().contains(line), "{name}");
        assert!(!view.has("textbox", "Name"), "{name}");
    }
    see_icon(stage, true);

    unlock(&panel);
    shown.see("heading", "API secret details");
    form.see_value("textbox", "Name", "typed and not saved");
    see_icon(stage, false);
    form.click("button", "Discard");
    form.see_value("textbox", "Name", "");
    form.close();
    shown.close();
}

#[track_caller]
fn within(view: &View) -> u64 {
    let told = wait_for(PATIENCE, || {
        evaluate(view, "document.body.dataset.blank ?? 'not yet'").parse().ok()
    });
    told.unwrap_or_else(|| panic!("it does not blank:\n{}", view.dump()))
}

#[track_caller]
fn see_icon(stage: &Stage, locked: bool) {
    let mut last = String::new();
    let seen = wait_for(PATIENCE, || {
        last = stage.browser().in_background("globalThis.shownIcon ?? ''");
        (!last.is_empty() && last.contains("-locked") == locked).then_some(())
    });
    assert!(seen.is_some(), "the icon is {last:?}");
}
