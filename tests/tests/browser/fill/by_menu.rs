//! Filling without a view of ours: by the menu over a field, and by the shortcut.

use mysafe_tests::browser::View;

use super::{HOME, Site, in_page};
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::see_badge;

const FIELD: (&str, &str) = ("textbox", "Secret");
const SECRET: &str = "Fill client secret";
const ID: &str = "Fill client ID";
const KEYS: &str = "alt+shift+u";

/// At once on the item's host; on another one of its domain only after the question.
pub fn a_field_is_filled(stage: &Stage, site: &Site, item: &ApiSecret) {
    let home = site.site.url(HOME, "/hostile/plain");
    for (entry, value) in [(ID, &item.client_id), (SECRET, &item.client_secret)] {
        let page = stage.browser().open_page(&home);
        stage.browser().choose_in_menu(&stage.display, &page, FIELD, entry);
        see_badge(stage, "✓");
        page.see_value(FIELD.0, FIELD.1, value);
        see_badge(stage, "");
    }
    // The click wakes a background that has ended.
    stage.browser().kill_background();
    let page = stage.browser().open_page(&home);
    stage.browser().choose_in_menu(&stage.display, &page, FIELD, SECRET);
    page.see_value(FIELD.0, FIELD.1, &item.client_secret);
    see_badge(stage, "");

    let page = stage.browser().open_page(&home);
    page.click(FIELD.0, FIELD.1);
    stage.display.press(&[KEYS]);
    see_badge(stage, "✓");
    page.see_value(FIELD.0, FIELD.1, &item.client_secret);
    see_badge(stage, "");
    another_host_is_asked_about(stage, site, item);
    a_frame_is_refused(stage, site);
}

fn another_host_is_asked_about(stage: &Stage, site: &Site, item: &ApiSecret) {
    let host = format!("docs.{HOME}");
    let foreign = site.site.url(&host, "/hostile/plain");
    let ask = |way: &dyn Fn(&View)| {
        let page = stage.browser().open_page(&foreign);
        way(&page);
        let popup = stage.browser().wait_for_popup();
        popup.see("alertdialog", &format!("Fill on {host}:*"));
        assert_eq!(page.value(FIELD.0, FIELD.1), "", "not before the answer");
        (page, popup)
    };
    let answers = [("Fill client ID", &item.client_id), (SECRET, &item.client_secret)];
    for (entry, value) in answers {
        let (page, popup) = ask(&|page| {
            stage.browser().choose_in_menu(&stage.display, page, FIELD, entry);
        });
        popup.within("alertdialog", "Fill on*").click("button", "Fill once");
        popup.see_text("filled.");
        popup.close();
        page.see_value(FIELD.0, FIELD.1, value);
    }
    let (page, popup) = ask(&|page| {
        page.click(FIELD.0, FIELD.1);
        stage.display.press(&[KEYS]);
    });
    popup.within("alertdialog", "Fill on*").click("button", "No");
    popup.gone("alertdialog", "*");
    popup.close();
    assert_eq!(page.value(FIELD.0, FIELD.1), "");
}

/// The browser tells that the click was in a frame, though it is one of the page's own origin.
fn a_frame_is_refused(stage: &Stage, site: &Site) {
    let page = stage.browser().open_page(&site.site.url(HOME, "/hostile/own-frame"));
    let frame = ("group", "Frame");
    page.see(frame.0, frame.1);
    stage.browser().choose_in_frame(&stage.display, &page, frame, SECRET);
    see_badge(stage, "!");
    let popup = stage.browser().wait_for_popup();
    popup.see_text("The field is in a frame within the page.");
    popup.close();
    let inner = "document.querySelector('iframe').contentDocument.querySelector('input').value";
    assert_eq!(in_page(&page, inner), "");
    assert_eq!(page.value(FIELD.0, FIELD.1), "", "the page's own field was not asked for");
    see_badge(stage, "");
}
