//! Showing and copying; what other programs read is asked of another program.

use std::time::{Duration, Instant};

use mysafe_tests::wait::wait_for;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, row, see_clipboard};

/// Twelve dots, until "Show".
pub fn the_secret_is_shown_on_demand(stage: &Stage, item: &ApiSecret) {
    let popup = stage.popup();
    act(&popup, item, "View API secret");
    popup.see("heading", "API secret details");
    for value in [&item.name, &item.url, &item.client_id, &item.identifier, &item.tags[0]] {
        popup.see_text(value);
    }
    popup.see_text(item.method);
    popup.see_text("Ana Souza (ana@example.com)");
    let line = item.client_secret.lines().next().unwrap_or_default();
    popup.text_gone(line);
    stage.sight("popup: details", &popup);
    let secret = popup.within("group", "Client secret");
    secret.click("button", "Show");
    for line in item.client_secret.lines() {
        secret.see_text(&line.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    secret.see_text("Make sure nobody else sees your screen.");
    stage.sight("popup: details, shown", &popup);
    secret.click("button", "Hide");
    popup.text_gone(line);
    popup.close();
    a_page_that_is_not_seen_shows_nothing(stage, item);
}

/// Another tab comes to the front.
fn a_page_that_is_not_seen_shows_nothing(stage: &Stage, item: &ApiSecret) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    act(&tab, item, "View API secret");
    let secret = tab.within("group", "Client secret");
    secret.click("button", "Show");
    secret.see("button", "Hide");
    let other = stage.browser().open_tab("popup/index.html#/settings");
    other.see("button", "Lock now");
    other.close();
    tab.activate();
    assert!(tab.has("button", "Show"), "{}", tab.dump());
    tab.close();
}

/// From the details, with 10 seconds set, while the background is dead.
pub fn copied_values_reach_other_programs_and_are_cleared(stage: &Stage, item: &ApiSecret) {
    let popup = stage.popup();
    popup.click("link", "Settings");
    stage.sight("popup: settings", &popup);
    popup.choose("combobox", "Clear the clipboard after", "10 seconds");
    popup.close();

    let popup = stage.popup_at_list();
    act(&popup, item, "View API secret");
    popup.within("group", "Client ID").click("button", "Copy");
    popup.see_text(&notice("Client ID", item));
    see_clipboard(stage, &item.client_id);
    popup.within("group", "Client secret").click("button", "Copy");
    let start = Instant::now();
    popup.see_text(&notice("Client secret", item));
    see_clipboard(stage, &item.client_secret);
    stage.sight("popup: copied", &popup);
    stage.browser().kill_background();
    popup.close();
    is_cleared(stage, item, start);
}

/// The key button of the row, and Enter, after which the popup closes by itself.
pub fn one_click_or_enter_copies_from_the_list(stage: &Stage, item: &ApiSecret) {
    stage.display.set_clipboard("of another program");
    let popup = stage.popup_at_list();
    popup.within("row", &row(item)).click("button", "Copy client secret");
    popup.see_text(&notice("Client secret", item));
    see_clipboard(stage, &item.client_secret);
    stage.display.set_clipboard("of another program");
    popup.fill("combobox", "Search", &item.name);
    popup.see_text("1 found");
    popup.press("Shift+Enter");
    see_clipboard(stage, &item.client_id);
    popup.wait_closed();

    let popup = stage.popup_at_list();
    popup.fill("combobox", "Search", &item.name);
    popup.see_text("1 found");
    popup.press("Enter");
    let start = Instant::now();
    popup.see_text(&notice("Client secret", item));
    see_clipboard(stage, &item.client_secret);
    popup.wait_closed();
    stage.browser().kill_background();
    is_cleared(stage, item, start);
}

/// As the last thing before the browser is closed.
pub fn from_the_list(stage: &Stage, item: &ApiSecret) {
    let popup = stage.popup_at_list();
    popup.fill("combobox", "Search", &item.name);
    popup.see_text("1 found");
    popup.within("row", &row(item)).click("button", "Copy client secret");
    see_clipboard(stage, &item.client_secret);
    popup.close();
}

fn notice(what: &str, item: &ApiSecret) -> String {
    let name = &item.name;
    format!("{what} of “{name}” copied. Cleared in 10 s; until then other programs can read it.")
}

#[track_caller]
fn is_cleared(stage: &Stage, item: &ApiSecret, start: Instant) {
    assert_eq!(stage.display.clipboard(), item.client_secret, "it is cleared too early");
    let cleared = wait_for(Duration::from_secs(25), || {
        stage.display.clipboard().trim().is_empty().then_some(())
    });
    let seconds = start.elapsed().as_secs();
    assert!(cleared.is_some(), "the clipboard still holds {:?}", stage.display.clipboard());
    assert!(seconds >= 9, "cleared after {seconds} s");
}
