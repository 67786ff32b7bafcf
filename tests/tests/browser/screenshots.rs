//! Pictures of every screen, popup and tab, light and dark, for people to look at. Ignored in other
//! runs: `cargo xtask screenshots` takes them.

use std::path::PathBuf;

use mysafe_tests::browser::{View, Which};

use crate::stage::Stage;
use crate::steps::{self, PASSWORD, see_after_hashing};

/// Names and addresses of real APIs.
const APIS: &str = include_str!("../../fixtures/public-apis.jsonl");

/// Where pictures go, and the stage they are taken of.
struct Album {
    stage: Stage,
    folder: PathBuf,
}

impl Album {
    /// One picture light, one dark.
    #[track_caller]
    fn take(&self, view: &View, kind: &str, name: &str) {
        for (dark, look) in [(true, "dark"), (false, "light")] {
            let picture = self.folder.join(format!("{kind}-{look}-{name}.png"));
            self.stage.browser().set_dark(dark);
            // An open page of Chromium takes the colours over with its first picture.
            view.screenshot(&picture);
            view.wait_until(look, |view| view.is_dark() == dark);
            view.screenshot(&picture);
        }
    }
}

#[test]
#[ignore = "takes pictures for people; run by `cargo xtask screenshots`"]
fn screenshots() {
    let folder = std::env::var_os("MYSAFE_SCREENSHOTS").expect("MYSAFE_SCREENSHOTS is a folder");
    let album = Album { stage: Stage::new(Which::Chromium), folder: PathBuf::from(folder) };
    first_run(&album);
    let tab = album.stage.browser().open_tab("popup/index.html#/api-secrets");
    tab.see("button", "Add API secret");
    album.take(&tab, "tab", "empty");
    fill(&tab);
    in_tab(&album, &tab);
    in_popup(&album);
}

fn first_run(album: &Album) {
    let tab = album.stage.browser().wait_for_tab("popup/index.html");
    tab.see("textbox", "Server address");
    album.take(&tab, "tab", "1-server");
    let popup = album.stage.popup();
    popup.see("button", "Set up MySafe");
    album.take(&popup, "popup", "1-set-up");
    popup.close();
    tab.activate();
    tab.fill("textbox", "Server address", "http://127.0.0.1:9");
    tab.click("button", "Continue");
    tab.see_text("No answer from");
    album.take(&tab, "tab", "2-no-answer");
    steps::give_server(&tab, &album.stage.recorder.url());
    album.take(&tab, "tab", "3-way");
    tab.click("button", "Create account");
    tab.fill("textbox", "Your name", steps::NAME);
    album.take(&tab, "tab", "4-name");
    tab.click("button", "Continue");
    tab.fill("textbox", "Email", steps::EMAIL);
    tab.click("button", "Continue");
    tab.fill("textbox", "Master password", "summer2026");
    album.take(&tab, "tab", "5-weak");
    tab.fill("textbox", "Master password", PASSWORD);
    album.take(&tab, "tab", "6-strong");
    tab.click("button", "Create account");
    see_after_hashing(&tab, "heading", "You are ready");
    album.take(&tab, "tab", "7-ready");
}

/// A vault of real APIs, one every hundred and twenty lines, with names of every kind.
fn fill(tab: &View) {
    for (number, line) in APIS.lines().step_by(120).enumerate() {
        let api: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| api[key].as_str().expect("a text").to_owned();
        let mark = [" live", " – integração 🔑", " sandbox"][number % 3];
        tab.click("button", "Add");
        tab.fill("textbox", "Name", &format!("{}{mark}", text("name")));
        tab.fill("textbox", "Url", &text("url"));
        tab.fill(
            "textbox",
            "Client ID",
            &format!("{}-{number}@apps.example.com", text("provider")),
        );
        if number % 5 != 4 {
            tab.fill("textbox", "Client secret", &format!("sk_{number}_0OlI1+/=9aZ_f3c8e1b7d2"));
        }
        tab.click("button", "Save");
        tab.see_text("saved.");
    }
}

fn in_tab(album: &Album, tab: &View) {
    let take = |name| album.take(tab, "tab", name);
    take("list");
    tab.press("ArrowDown");
    tab.press("Control+Enter");
    tab.see("button", "Show");
    take("details");
    tab.click("button", "Show");
    tab.see("button", "Hide");
    take("details-shown");
    tab.within("article", "API secret details").click("button", "Edit");
    tab.see("button", "Save");
    take("edit");
    tab.click("button", "Cancel");
    tab.click("button", "Add");
    tab.click("button", "Save");
    tab.see_text("3 fields need attention");
    take("add-errors");
    tab.click("button", "Cancel");
    tab.fill("combobox", "Search", "nothing like this");
    tab.see_text("Nothing matches");
    take("no-result");
    tab.fill("combobox", "Search", "api");
    take("search");
    tab.click("link", "Settings");
    tab.see("combobox", "Theme");
    take("settings");
    tab.click("button", "Sign out");
    tab.see_text("Sign out of this browser?");
    take("sign-out");
    tab.click("button", "Cancel");
    tab.within("navigation", "MySafe").click("button", "Lock");
    tab.see("heading", "Unlock MySafe");
    take("unlock");
    steps::unlock(tab);
}

fn in_popup(album: &Album) {
    let first: serde_json::Value =
        serde_json::from_str(APIS.lines().next().expect("a line")).expect("a line of JSON");
    let host = first["provider"].as_str().expect("a text");
    album.stage.browser().open_page(&album.stage.site.url(host, "docs"));
    let popup = album.stage.popup();
    let take = |name| album.take(&popup, "popup", name);
    popup.see("combobox", "Search");
    take("2-this-page");
    popup.press("Control+k");
    popup.see("menuitem", "Edit");
    take("3-menu");
    popup.click("menuitem", "View API secret");
    popup.see("button", "Show");
    take("4-details");
    popup.click("button", "Show");
    popup.see("button", "Hide");
    take("5-details-shown");
    popup.click("link", "API secrets");
    popup.see("combobox", "Search");
    popup.click("button", "Add");
    popup.click("button", "Save");
    popup.see_text("3 fields need attention");
    take("6-add-errors");
    popup.fill("textbox", "Name", "Ledger");
    popup.click("button", "Cancel");
    popup.see_text("Draft kept.");
    popup.click("button", "Add");
    popup.see_text("Draft restored.");
    take("7-draft");
    popup.click("link", "Settings");
    popup.see("combobox", "Theme");
    take("8-settings");
    popup.click("button", "Lock");
    popup.see("heading", "Unlock MySafe");
    popup.fill("textbox", "Master password", "wrong");
    popup.press("Enter");
    see_after_hashing(&popup, "button", "Unlock");
    popup.see_text("Wrong master password.");
    take("9-unlock-wrong");
}
