//! The harness proves itself on a tiny extension (`fixtures/harness-extension`): what it says of a
//! page is what is there, and what it does is what a person does.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use mysafe_tests::browser::{Background, Browser, Extension, View, Which};
use mysafe_tests::display::Display;
use mysafe_tests::scan::{Haystack, Planted, find_planted};
use mysafe_tests::website::Website;
use mysafe_tests::workspace;

#[test]
fn the_harness_works_in_chromium() {
    the_harness_works(Which::Chromium);
}

#[test]
fn the_harness_works_in_firefox() {
    the_harness_works(Which::Firefox);
}

fn the_harness_works(which: Which) {
    println!("browser: {which}");
    let folder = tempfile::tempdir().expect("a folder");
    let zip = pack(&workspace::root().join("tests/fixtures/harness-extension"), folder.path());
    let extension = Extension { chrome: zip.clone(), firefox: zip };
    let profile = folder.path().join("profile");
    let display = Display::start();
    let site = Website::start();

    let browser = Browser::start(which, &display, &profile, &extension);
    let welcome = browser.wait_for_tab("popup/index.html#/welcome");
    welcome.see("heading", "Harness");
    let page = browser.open_page(&site.url("api.example.com", "/docs"));
    page.see_text("Get your key here.");

    let popup = browser.open_popup();
    // Only activeTab tells the address, and only a click on the toolbar button grants it.
    popup.see_text("Page: http://api.example.com:");
    // The popup has the keyboard before anything in it was clicked.
    popup.press("Control+k");
    popup.see_text("Control+k pressed");
    fields_are_filled_and_read(&popup);
    names_are_found_in_their_group(&popup, &display);
    a_dialog_hides_what_is_behind(&popup);
    the_background_dies_and_wakes(&browser, &popup);
    assert_eq!(popup.axe(), [""; 0]);
    looks_are_kept(&browser, &popup, folder.path());
    the_popup_closes(&browser, popup);
    all_storage_is_read(&browser);
    what_is_wrong_is_told(&browser);
    browser.close();

    let browser = Browser::start(which, &display, &profile, &extension);
    let tab = browser.open_tab("popup/index.html#/again");
    tab.see_value("textbox", "Name", "Stripe ü live");
    assert_eq!(size_of(&tab, folder.path()), (1280, 800));
    browser.close();
}

fn fields_are_filled_and_read(popup: &View) {
    popup.click("button", "Save");
    popup.see_description("textbox", "Name", "As people call it. Name is missing.");
    assert!(popup.state("textbox", "Name").invalid);
    popup.fill("textbox", "Name", "to be replaced");
    popup.fill("textbox", "Name", "Stripe ü live");
    popup.fill("textbox", "Master password", "Correct-Horse 7!");
    assert_eq!(popup.value("textbox", "Master password"), "Correct-Horse 7!");
    let long = format!("two lines,\nthe second {}", "long ".repeat(100));
    popup.fill("textbox", "Notes", &long);
    assert_eq!(popup.value("textbox", "Notes"), long);
    popup.choose("combobox", "Method", "POST");
    popup.choose("combobox", "Method", "GET");
    popup.click("checkbox", "Agree");
    assert_eq!(popup.state("checkbox", "Agree").checked, Some(true));
    assert!(popup.state("button", "Never").disabled);
    popup.click("button", "Save");
    popup.see_text("Saved Stripe ü live, all events trusted");
}

fn names_are_found_in_their_group(popup: &View, display: &Display) {
    display.set_clipboard("from another program");
    assert_eq!(display.clipboard(), "from another program");
    assert_eq!(popup.count("button", "Copy"), Some(2));
    popup.within("group", "Client secret").click("button", "Copy");
    popup.see_text("Copied");
    assert_eq!(display.clipboard(), "secret-1 üñ");
    assert_eq!(popup.within("group", "Client *").names("button"), ["Copy", "Copy"]);
    assert_eq!(popup.state("button", "Actions").expanded, Some(false));
    popup.click("button", "Actions");
    popup.wait_until("it is expanded", |popup| {
        popup.state("button", "Actions").expanded == Some(true)
    });
}

fn a_dialog_hides_what_is_behind(popup: &View) {
    popup.click("button", "Remove");
    let dialog = popup.within("alertdialog", "Remove it?");
    dialog.see("button", "Yes");
    popup.gone("button", "Save");
    dialog.click("button", "Yes");
    popup.gone("alertdialog", "Remove it?");
    popup.gone("button", "Remove");
    popup.see("button", "Save");
}

fn the_background_dies_and_wakes(browser: &Browser, popup: &View) {
    let ask = || {
        popup.click("button", "Background");
        popup.wait_until("the background answers", |popup| {
            popup.value("status", "").starts_with("Background 0.")
        });
        popup.value("status", "")
    };
    let before = ask();
    browser.kill_background();
    assert_eq!(browser.background(), Background::Stopped);
    popup.click("button", "Background");
    popup.wait_until("another one answers", |popup| {
        let now = popup.value("status", "");
        now.starts_with("Background 0.") && now != before
    });
    assert_eq!(browser.background(), Background::Running);
}

fn looks_are_kept(browser: &Browser, popup: &View, folder: &Path) {
    assert_eq!(size_of(popup, folder), (400, 600));
    let [light, dark] = [folder.join("light.png"), folder.join("dark.png")];
    popup.screenshot(&light);
    browser.set_dark(true);
    popup.screenshot(&dark);
    browser.set_dark(false);
    assert_ne!(std::fs::read(light).expect("a picture"), std::fs::read(dark).expect("a picture"));
}

fn the_popup_closes(browser: &Browser, popup: View) {
    popup.fill("textbox", "Notes", "in the middle of something");
    popup.close();
    assert!(!popup.is_open());
    let popup = browser.open_popup();
    popup.see_value("textbox", "Name", "Stripe ü live");
    assert_eq!(popup.value("textbox", "Notes"), "");
    popup.click("button", "Close");
    popup.wait_closed();
}

fn what_is_wrong_is_told(browser: &Browser) {
    assert_eq!(browser.console(), [""; 0]);
    let bad = browser.open_tab("popup/index.html#/bad");
    bad.see_text("pale");
    let problems = bad.axe().join("\n");
    assert!(problems.contains("color-contrast") && problems.contains("label"), "{problems}");
    bad.wait_until("the error is told", |_| {
        browser.console().iter().any(|line| line.contains("left uncaught"))
    });
}

fn all_storage_is_read(browser: &Browser) {
    let bytes = browser.storage_dump();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for value in ["in IndexedDB", "in session", "in localStorage"] {
        assert!(text.contains(&format!("{value}: Stripe ü live")), "{text}");
    }
    assert!(text.contains("storage.local.draft = Stripe ü live"), "{text}");
    let planted =
        [Planted::new("name", "Stripe ü live"), Planted::new("password", "Correct-Horse 7!")];
    let hits = find_planted(&planted, &[Haystack { place: "storage".into(), bytes }]);
    assert_eq!(hits.iter().map(|hit| hit.name.as_str()).collect::<Vec<_>>(), ["name"]);
}

/// The size of a screenshot of the view: width and height stand in the head of a PNG.
fn size_of(view: &View, folder: &Path) -> (u32, u32) {
    let file = folder.join("size.png");
    view.screenshot(&file);
    let png = std::fs::read(file).expect("a picture");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

fn pack(folder: &Path, into: &Path) -> PathBuf {
    let file = into.join("harness.zip");
    let mut zip = zip::ZipWriter::new(File::create(&file).expect("a file"));
    for path in [
        "manifest.json",
        "popup/index.html",
        "popup/index.css",
        "popup/index.js",
        "extension/background.js",
    ] {
        zip.start_file(path, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(&std::fs::read(folder.join(path)).expect("a fixture"))
            .expect("an entry's bytes");
    }
    zip.finish().expect("a zip");
    file
}
