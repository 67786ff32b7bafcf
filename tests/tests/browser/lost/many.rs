//! More than comes in one answer: of items, of versions. What came is there while the rest is on its
//! way, and the wire tap decides how long that is.

use mysafe_tests::client::{Connection, Device, sign_up};

use crate::stage::{Look, Stage};
use crate::steps::{PERSON, sign_in};

const LIST: &str = "popup/index.html#/api-secrets";
const ITEMS: usize = 620;
/// The first answer brings 100 places of the log. The account's record, written at sign-up, has the
/// first.
const IN_FIRST: usize = 99;
/// One answer brings 20.
const VERSIONS: usize = 45;
/// Among the first that come.
const WITH_NOTES: usize = 30;

/// The account is there, with more items than one answer brings; a browser that knows nothing signs in.
pub fn a_first_sync_shows_how_far_it_is(stage: &Stage, look: Look) {
    let server = stage.recorder.upstream().to_string();
    sign_up(&mut Connection::open(&server).expect("the server accepts"), &PERSON)
        .expect("signs up");
    let mut device = Device::new(&server, &PERSON);
    for number in 0..ITEMS {
        device.add(&format!("Number {number:03}"));
    }
    assert_eq!(device.sync(&server), Vec::<String>::new());

    // The first answer goes through: its request names no place in the log.
    stage.recorder.hold("GET /v1/changes?epoch=");
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(stage, &tab);
    tab.see("progressbar", "Getting your API secrets");
    let so_far = format!("{IN_FIRST} of {ITEMS} API secrets");
    tab.see_text(&so_far);
    tab.wait_until("their rows and the head", |tab| tab.row_count("API secrets") == IN_FIRST + 1);
    look(stage, &tab, "tab: getting many");
    let popup = stage.popup_at_list();
    popup.see_text(&so_far);
    look(stage, &popup, "popup: getting many");
    popup.close();
    stage.recorder.let_go();
    tab.gone("progressbar", "*");
    tab.wait_until("all rows and the head", |tab| tab.row_count("API secrets") == ITEMS + 1);
    tab.text_gone(&so_far);
    for number in [0, ITEMS - 1] {
        let name = format!("Number {number:03}");
        tab.fill("combobox", "Search", &name);
        tab.see("row", &format!("{name}*"));
    }
    tab.close();
}

/// One item with many versions: those that show stay while older ones are on their way.
pub fn older_versions_come_below_the_newer(stage: &Stage, look: Look) {
    let server = stage.recorder.upstream().to_string();
    let mut device = Device::new(&server, &PERSON);
    device.sync(&server);
    let item = device.item("Number 007");
    for version in 2..=VERSIONS {
        device.edit(&item, |form| {
            form.name = format!("Version {version:02}");
            if version == WITH_NOTES {
                "Kept".clone_into(&mut form.notes);
            }
        });
        device.sync(&server);
    }
    let tab = stage.browser().open_tab(LIST);
    tab.fill("combobox", "Search", &format!("Version {VERSIONS}"));
    let row = tab.within("row", &format!("Version {VERSIONS}*"));
    row.click("button", "Actions");
    row.click("menuitem", "History");
    let history = tab.within("article", "History");
    history.see("button", "Older versions");
    // What it has, and one answer.
    assert_eq!(history.count("listitem", "*"), Some(21));
    history.click("button", "*Notes");
    tab.see("group", "Name");

    stage.recorder.hold("GET /v1/items/");
    history.click("button", "Older versions");
    tab.wait_until("it is asked for", |tab| tab.is_busy("button", "Older versions"));
    assert_eq!(history.count("listitem", "*"), Some(21), "what shows stays");
    tab.see("group", "Name");
    stage.recorder.let_go();
    tab.wait_until("older ones", |_| history.count("listitem", "*") == Some(41));
    tab.see("group", "Name");
    tab.see("button", "Older versions");
    history.click("button", "Older versions");
    history.see_text("Added");
    look(stage, &tab, "tab: history, many");
    assert_eq!(history.count("listitem", "*"), Some(VERSIONS as u64));
    history.gone("button", "Older versions");
    tab.close();
}
