//! The address bar: what is typed after `ms` is found, and chosen as other entries are.

use mysafe_tests::browser::{View, Which};
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{add, row, type_into_address_bar, unlock};

use super::HERE;

/// Enter opens the best one; others are chosen below; locked it asks to unlock.
pub fn finds_and_opens(stage: &Stage, items: &[ApiSecret; 3]) {
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    add(&tab, &items[2]);
    tab.close();
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    type_into_address_bar(stage, "kest");
    stage.display.press(&["Return"]);
    is_opened(stage, &items[0]).close();
    another_entry_opens_too(stage, items);

    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    tab.click("button", "Lock");
    tab.see("heading", "Unlock MySafe");
    tab.close();
    stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    type_into_address_bar(stage, "kest");
    stage.display.press(&["Return"]);
    let tab = stage.browser().wait_for_tab("popup/index.html#/api-secrets");
    tab.see("heading", "Unlock MySafe");
    unlock(&tab);
    tab.see_value("combobox", "Search", "kest");
    tab.see("row", &row(&items[0]));
    tab.close();
    // Last: whatever is typed after it would overwrite that, too.
    what_an_older_version_left_is_overwritten(stage, &items[0]);
}

/// The second of those found, whose name is markup to who reads it as such.
fn another_entry_opens_too(stage: &Stage, items: &[ApiSecret; 3]) {
    let page = stage.browser().open_page(&stage.site.url(HERE, "/docs"));
    type_into_address_bar(stage, "kestrel");
    entries_are_there(stage, &page, &items[2].name);
    stage.display.press(&["Down", "Down", "Return"]);
    is_opened(stage, &items[2]).close();
}

/// Waits until the entries of ours are below the address bar.
#[track_caller]
fn entries_are_there(stage: &Stage, page: &View, name: &str) {
    match stage.browser().which() {
        // It shows them to nobody: time for the search, by the page's clock.
        Which::Chromium => page.pass(std::time::Duration::from_millis(1_500)),
        Which::Firefox => {
            let mut last = Vec::new();
            let there = wait_for(PATIENCE, || {
                last = stage.browser().address_bar_entries();
                last.iter().any(|entry| entry.contains(name)).then_some(())
            });
            assert!(there.is_some(), "{last:?}");
        }
    }
}

/// Names once stood in the first entry, which Chromium keeps on its disk.
fn what_an_older_version_left_is_overwritten(stage: &Stage, item: &ApiSecret) {
    if stage.browser().which() == Which::Firefox {
        return;
    }
    let left = format!(
        "Promise.resolve(chrome.omnibox.setDefaultSuggestion({{ description: {:?} }}))\
         .then(() => chrome.alarms.clear('sync')).then(() => (chrome.runtime.onStartup.dispatch(), 'started'))",
        item.name
    );
    assert_eq!(stage.browser().in_background(&left), "started");
    // This is made after it.
    let made = "chrome.alarms.get('sync').then((alarm) => String(Boolean(alarm)))";
    let made = wait_for(PATIENCE, || (stage.browser().in_background(made) == "true").then_some(()));
    assert!(made.is_some(), "the start is over");
}

#[track_caller]
fn is_opened(stage: &Stage, item: &ApiSecret) -> View {
    let tab = stage.browser().wait_for_tab("popup/index.html#/item/");
    tab.within("article", "API secret details").see_text(&item.name);
    tab
}
