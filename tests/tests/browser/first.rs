//! What the popup shows before the application is there: a picture of the list, which looks as the list
//! will, and what is clicked and typed meanwhile is done then.

use std::collections::BTreeSet;

use mysafe_tests::browser::{View, Which};
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{add, sign_up, unlock};

/// Keeps the application away as long as the test says, and tells what a part of the page looks like.
const SCRIPT: &str = include_str!("first.js");
const PICTURE: &str = "document.querySelector('#first-frame .row')";

#[test]
fn first_chromium() {
    first(Which::Chromium);
}

#[test]
fn first_firefox() {
    first(Which::Firefox);
}

fn first(which: Which) {
    let mut stage = Stage::with_script(which, SCRIPT);
    sign_up(&stage);
    let mut items = ["Kestrel", "Marmot", "Osprey", "Wombat"].map(ApiSecret::of);
    items[0].name = "Ação 🔑 with a name that is much too long for a row of the popup".to_owned();
    items[1].url = stage.site.url("portal.example.com", "/docs");
    items[2].client_secret.clear();
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    for item in &items {
        add(&tab, item);
        tab.click("link", "API secrets");
    }
    tab.close();
    stage.browser().open_page(&items[1].url);
    for list in ["This page", "API secrets"] {
        let popup = opened_held(&stage, list);
        let picture = tell(&popup, "looks('#first-frame')");
        let_in(&popup);
        popup.see("combobox", "Search");
        let list = wait_for(PATIENCE, || {
            let list = tell(&popup, "looks('.frame')");
            (list == picture).then_some(())
        });
        if list.is_none() {
            let list = tell(&popup, "looks('.frame')");
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
            let (picture, list) = (lines(&picture), lines(&list));
            let differences: Vec<_> = picture.symmetric_difference(&list).collect();
            panic!("the list does not look as its picture did: {differences:#?}");
        }
        assert_eq!(tell(&popup, "String(blankFrames)"), "0", "rows are seen from the first on");
        popup.close();
    }
    what_is_typed_is_searched(&stage, &items);
    what_is_clicked_is_done(&stage, &items);
    stage.close_browser();
    stage.no_complaints();
    // The browser complains of that, and rightly.
    stage.start_browser();
    an_application_that_does_not_come_is_told(&stage);
    stage.close_browser();
}

/// Opens the popup on a list; nothing but the picture comes.
fn opened_held(stage: &Stage, list: &str) -> View {
    let popup = stage.popup_at_list();
    popup.click("link", list);
    tell(&popup, "(localStorage.setItem('hold', '1'), '')");
    // The page goes while it answers.
    let _ = popup.evaluate_as_extension("(location.reload(), '')");
    popup.wait_until("the picture is there", |popup| {
        let there = format!("String({PICTURE} !== null && globalThis.isHeld === true)");
        popup.evaluate_as_extension(&there).is_ok_and(|there| there == "true")
    });
    assert!(!popup.has("combobox", "Search"), "the picture has no controls");
    popup
}

fn let_in(popup: &View) {
    tell(popup, "(localStorage.removeItem('hold'), letIn(), '')");
}

fn tell(popup: &View, expression: &str) -> String {
    popup.evaluate_as_extension(expression).unwrap_or_else(|gone| panic!("{}", gone.0))
}

fn what_is_typed_is_searched(stage: &Stage, items: &[ApiSecret]) {
    let popup = opened_held(stage, "This page");
    popup.type_text("kestx");
    popup.press("Backspace");
    let_in(&popup);
    popup.see_value("combobox", "Search", "kest");
    popup.gone("gridcell", &items[3].name);
    popup.fill("combobox", "Search", "");
    popup.close();
    // The row below the one that belongs to the page is copied by keys alone.
    let popup = opened_held(stage, "This page");
    popup.press("ArrowDown");
    popup.press("Shift+Enter");
    let_in(&popup);
    popup.wait_until("the client ID is on the clipboard", |_| {
        stage.display.clipboard() == items[0].client_id
    });
    popup.wait_closed();
}

/// The row that belongs to the page is the first.
fn what_is_clicked_is_done(stage: &Stage, items: &[ApiSecret]) {
    let popup = opened_held(stage, "This page");
    let middle = "(() => {
        const button = document.querySelector('#first-frame .row .icon-button:nth-child(2)');
        const { x, y, width, height } = button.getBoundingClientRect();
        return [x + width / 2, y + height / 2].join();
    })()";
    let at = tell(&popup, middle);
    let (x, y) = at.split_once(',').expect("two numbers");
    stage.display.set_clipboard("from another program");
    popup.click_at(x.parse().expect("a number"), y.parse().expect("a number"));
    let_in(&popup);
    popup.wait_until("the client secret is on the clipboard", |_| {
        stage.display.clipboard() == items[1].client_secret
    });
    popup.close();
}

/// A damaged installation, or an update that took half of it away.
fn an_application_that_does_not_come_is_told(stage: &Stage) {
    let popup = stage.popup();
    unlock(&popup);
    popup.close();
    let popup = opened_held(stage, "This page");
    tell(&popup, "(localStorage.setItem('hold', 'for good'), letIn(), '')");
    popup.see("heading", "MySafe is incomplete");
    stage.sight("popup: incomplete", &popup);
    let told = popup.within("alert", "*");
    told.see_text("Restart the browser");
    assert!(!popup.text().contains("Kestrel"), "the picture is gone");
    tell(&popup, "(localStorage.removeItem('hold'), '')");
    popup.close();
}
