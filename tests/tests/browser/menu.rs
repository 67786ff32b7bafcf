//! The context menu and the shortcuts: the browser's real menu over a page, real keys, and what another
//! program then reads from the clipboard.

mod clearing;
mod failing;
mod several;
mod shortcuts;

use mysafe_tests::browser::{View, Which};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{add, see_badge, see_clipboard, sign_up, unlock};

const SECRET: &str = "Copy client secret";
const ID: &str = "Copy client ID";
const ADD: &str = "Add an API secret for this site";

/// A portal of one item, and one of two that suit it equally.
const ONE: &str = "one.example.com";
const TWO: &str = "two.example.com";
/// One whose item has no client secret, and one whose item is inactive.
const WITHOUT: &str = "without.example.net";
const INACTIVE: &str = "inactive.example.edu";

#[test]
fn the_menu_and_the_keys_chromium() {
    the_menu_and_the_keys(Which::Chromium);
}

#[test]
fn the_menu_and_the_keys_firefox() {
    the_menu_and_the_keys(Which::Firefox);
}

fn the_menu_and_the_keys(which: Which) {
    let mut stage = Stage::new(which);
    sign_up(&stage);
    let mut items = ["Kestrel", "Marmot", "Osprey", "Tapir", "Wombat"].map(ApiSecret::of);
    let hosts = [ONE, TWO, TWO, WITHOUT, INACTIVE];
    items[3].client_secret.clear();
    for (item, host) in items.iter_mut().zip(hosts) {
        item.url = stage.site.url(host, "/docs");
    }
    let tab = stage.browser().open_tab("popup/index.html#/settings");
    tab.choose("combobox", "Clear the clipboard after", "10 seconds");
    for item in &items {
        tab.click("link", "API secrets");
        add(&tab, item);
    }
    tab.close();

    one_best_match_is_copied_at_once(&stage, &items[0]);
    several::are_there_to_choose_from(&stage, &items);
    several::none_says_so(&stage);
    several::one_is_added_for_the_site(&stage);
    clearing::after_the_set_time_with_the_background_dead(&stage, &items[0]);
    clearing::only_what_mysafe_copied_if_it_may_look(&stage, &items[0]);
    failing::a_failed_write_shows_the_value(&stage, &items[0]);
    failing::an_item_without_a_client_secret_and_an_inactive_one_say_so(
        &stage,
        (&items[3], WITHOUT),
        (&items[4], INACTIVE),
    );
    locked_it_unlocks_and_then_finishes(&stage, &items[0]);
    shortcuts::open_the_popup_and_enter_copies(&stage, &items[0]);
    shortcuts::copy_and_lock(&stage, &items[0]);
    shortcuts::stand_in_settings(&stage);
    shortcuts::the_lock_tells_its_time_as_it_was_set(&stage);
    stage.close_browser();
    stage.no_complaints();
}

/// Goes to a page and chooses in the menu over it.
#[track_caller]
fn choose(stage: &Stage, host: &str, entry: &str) -> View {
    let page = stage.browser().open_page(&stage.site.url(host, "/docs/start"));
    stage.browser().choose_in_menu(&stage.display, &page, ("heading", "A portal"), entry);
    page
}

fn one_best_match_is_copied_at_once(stage: &Stage, item: &ApiSecret) {
    stage.display.set_clipboard("of another program");
    let soon = "chrome.storage.session.set({ deadline: Date.now() + 60_000 }).then(() => 'soon')";
    assert_eq!(stage.browser().as_extension(soon), "soon");
    choose(stage, ONE, SECRET);
    see_badge(stage, "✓");
    see_clipboard(stage, &item.client_secret);
    // Using it is input: the lock waits ten minutes again.
    let left = "chrome.storage.session.get('deadline').then(({ deadline }) => String(deadline - Date.now() > 300_000))";
    assert_eq!(stage.browser().in_background(left), "true");
    // The check goes from a tab that is not in front any more, too.
    let beside = stage.browser().open_page_beside(&stage.site.url("elsewhere.example.org", "/"));
    see_badge(stage, "");
    let signs = "chrome.tabs.query({}).then((tabs) => Promise.all(tabs.map(({ id: tabId }) =>\
        chrome.action.getBadgeText({ tabId })))).then((signs) => `${signs.length}${signs.join('')}`)";
    assert_eq!(stage.browser().in_background(signs), "2");
    beside.close();
    // The click wakes a background that has ended.
    stage.browser().kill_background();
    choose(stage, ONE, ID);
    see_clipboard(stage, &item.client_id);
}

fn locked_it_unlocks_and_then_finishes(stage: &Stage, item: &ApiSecret) {
    let popup = stage.popup();
    popup.click("button", "Lock");
    popup.see("heading", "Unlock MySafe");
    popup.close();
    stage.display.set_clipboard("of another program");
    choose(stage, ONE, SECRET);
    let popup = stage.browser().wait_for_popup();
    unlock(&popup);
    see_clipboard(stage, &item.client_secret);
    popup.wait_closed();
    // It was asked for once.
    stage.display.set_clipboard("of another program");
    let popup = stage.popup();
    popup.see("combobox", "Search");
    popup.pass(std::time::Duration::from_millis(1_500));
    assert!(popup.is_open(), "nothing is copied again");
    assert_eq!(stage.display.clipboard(), "of another program");
    popup.close();
}
