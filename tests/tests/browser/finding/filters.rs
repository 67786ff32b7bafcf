//! Filters: what passes, the chips, what is told when nothing does.

use mysafe_tests::browser::View;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, row, unlock};

/// Exactly these items are listed.
#[track_caller]
pub fn listed(view: &View, all: &[ApiSecret], expected: &[usize]) {
    for (number, item) in all.iter().enumerate() {
        if expected.contains(&number) {
            view.see("row", &row(item));
        } else {
            view.gone("row", &row(item));
        }
    }
}

/// Actions > Disable > Yes; Status = Inactive > Filter > Actions > Enable > Yes. In the tab the filters
/// are always open.
pub fn disabled_and_enabled_by_the_guides_steps(stage: &Stage, tab: &View, items: &[ApiSecret]) {
    let osprey = &items[2];
    act(tab, osprey, "Disable");
    tab.within("alertdialog", "Disable*").click("button", "Yes");
    tab.within("row", &row(osprey)).see_text("Inactive");

    tab.gone("button", "Filters*");
    tab.choose("combobox", "Status", "Inactive");
    tab.click("button", "Filter");
    listed(tab, items, &[2]);
    tab.see("button", "Remove filter Status: Inactive");
    stage.sight("tab: filters", tab);
    act(tab, osprey, "Enable");
    tab.within("alertdialog", "Enable*").click("button", "Yes");

    listed(tab, items, &[]);
    tab.see_text("4 hidden by filters");
    stage.sight("tab: all hidden", tab);
    tab.within("group", "4 hidden by filters").click("button", "Clear filters");
    listed(tab, items, &[0, 1, 2, 3]);
    tab.gone("button", "Remove filter*");
    tab.see_value("combobox", "Status", "All");
}

/// Status, Tags, Url and Last use, one after the other and together.
pub fn each_narrows_and_its_chip_takes_it_away(tab: &View, items: &[ApiSecret]) {
    tab.fill("combobox", "Tags", "marmot-TAG-qx78");
    tab.click("button", "Filter");
    listed(tab, items, &[1]);
    tab.fill("textbox", "Url", "osprey");
    tab.press("Enter");
    listed(tab, items, &[]);
    tab.see_text("4 hidden by filters");
    tab.click("button", "Remove filter Tags: marmot-TAG-qx78");
    listed(tab, items, &[2]);
    tab.see_text("3 hidden by filters");
    tab.see_value("textbox", "Url", "osprey");
    tab.choose("combobox", "Last use", "In the last 7 days");
    tab.see("row", &row(&items[2]));
    tab.click("button", "Filter");
    listed(tab, items, &[]);
    tab.click("button", "Remove filter Last use: In the last 7 days");
    listed(tab, items, &[2]);
    tab.click("button", "Remove filter Url: osprey");
    listed(tab, items, &[0, 1, 2, 3]);

    // Nothing was used yet. "Clear" takes everything back that was chosen.
    tab.choose("combobox", "Last use", "Never");
    tab.choose("combobox", "Status", "Inactive");
    tab.click("button", "Filter");
    listed(tab, items, &[]);
    tab.within("form", "Filters").click("button", "Clear");
    listed(tab, items, &[0, 1, 2, 3]);
    tab.see_value("combobox", "Last use", "Any time");
}

/// When the popup was closed, 121 seconds before it was.
const MINUTES_PASS: &str = "(async () => {
    const { place } = await chrome.storage.session.get('place');
    const [time, ...rest] = place.split('\\n');
    await chrome.storage.session.set({ place: [time - 121_000, ...rest].join('\\n') });
    return '';
})()";

/// Notes every row that is ever drawn, and whether the frame stood there before the module ran.
const EACH_ROW: &str = "globalThis.rowsSeen = new Set();
    globalThis.frameSeen = false;
    new MutationObserver(() => {
        const frame = document.getElementById('first-frame');
        if (frame && !frame.hidden) frameSeen = true;
        for (const name of document.querySelectorAll('.row .name')) rowsSeen.add(name.textContent);
    }).observe(document, { childList: true, subtree: true, attributes: true });";

/// Opened again with a filter, the popup does not show what that keeps away, not for a moment. The frame of
/// an open vault stands there before the module runs; of a locked one nothing does.
pub fn what_one_sees_first_stays(stage: &Stage, items: &[ApiSecret]) {
    let popup = stage.popup_at_list();
    popup.click("button", "Filters");
    popup.fill("textbox", "Url", "tapir");
    popup.click("button", "Filter");
    listed(&popup, items, &[3]);
    popup.see("button", "Filters 1");
    popup.run_first(EACH_ROW);
    // The page goes while it answers.
    let _ = popup.evaluate_as_extension("(location.reload(), '')");
    popup.wait_until("it is opened again", |popup| {
        popup.evaluate_as_extension("[...rowsSeen].join()").is_ok_and(|seen| !seen.is_empty())
    });
    popup.see("button", "Filters 1");
    let tell = |expression: &str| popup.evaluate_as_extension(expression).expect("it is open");
    assert_eq!(tell("[...rowsSeen].join()"), items[3].name);
    let frame = "frameSeen + ' ' + (document.getElementById('first-frame') !== null)";
    assert_eq!(tell(frame), "true false", "it was there, and is no more");
    popup.click("button", "Remove filter Url: tapir");
    popup.click("button", "Lock");
    popup.see("heading", "Unlock MySafe");
    let _ = popup.evaluate_as_extension("(location.reload(), '')");
    popup.wait_until("it is opened again", |popup| {
        popup.evaluate_as_extension(frame).is_ok_and(|seen| seen == "false false")
    });
    unlock(&popup);
    popup.close();
}

/// With a count; with a search; and there again when the popup is opened again on the same page.
pub fn in_the_popup_they_are_behind_an_opener_and_remembered(stage: &Stage, items: &[ApiSecret]) {
    stage.browser().open_page(&stage.site.url("unrelated.example.org", "/"));
    let popup = stage.popup_at_list();
    popup.gone("combobox", "Status");
    popup.click("button", "Filters");
    popup.fill("textbox", "Url", "tapir");
    stage.sight("popup: filters", &popup);
    popup.click("button", "Filter");
    popup.gone("combobox", "Status");
    popup.see("button", "Filters 1");
    listed(&popup, items, &[3]);
    stage.sight("popup: filtered", &popup);
    popup.fill("combobox", "Search", "kestrel");
    popup.see_text("Nothing matches “kestrel”.");
    popup.see_text("1 hidden by filters");
    stage.sight("popup: found but hidden", &popup);
    popup.close();

    let popup = stage.popup();
    popup.see_value("combobox", "Search", "kestrel");
    popup.see("button", "Filters 1");
    popup.within("group", "Nothing matches*").click("button", "Clear filters");
    listed(&popup, items, &[0]);
    popup.see("button", "Filters");
    popup.click("button", "Clear search");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.choose("combobox", "Sort", "Changed");
    popup.fill("combobox", "Search", "kestrel");
    popup.see_value("combobox", "Sort", "Best match");
    popup.close();

    let popup = stage.popup();
    popup.see_value("combobox", "Search", "kestrel");
    popup.click("button", "Clear search");
    popup.see_value("combobox", "Sort", "Changed");
    popup.close();

    // After more than two minutes it begins anew.
    stage.browser().as_extension(MINUTES_PASS);
    let popup = stage.popup();
    popup.see_value("combobox", "Sort", "Name");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.fill("combobox", "Search", "kestrel");
    popup.close();

    // On another page, too.
    stage.browser().open_page(&stage.site.url("elsewhere.example.org", "/"));
    let popup = stage.popup();
    popup.see_value("combobox", "Search", "");
    listed(&popup, items, &[0, 1, 2, 3]);
    popup.close();
}
