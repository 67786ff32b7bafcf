//! The server was put back from a backup while a browser had more.

use mysafe::model::ApiSecretForm;
use mysafe_tests::browser::View;
use mysafe_tests::client::Device;

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::{Look, Stage};
use crate::steps::{EMAIL, PASSWORD, PERSON, act, add, row, see_after_hashing, sign_in, unlock};

const LIST: &str = "popup/index.html#/api-secrets";
const RESTORED: &str = "The server was behind this browser.";
const ENDED: &str = "Your sign-in here has ended. Everything is kept.";
const FORKED: &str = "The server has another history of “Marmot";
/// How often a day a browser unites both by itself.
const UNITED_A_DAY: usize = 3;
const OTHER_NAME: &str = "Marmot as the server has it";

/// One item is edited and one is added after the backup was made.
pub fn what_a_backup_lost_comes_back(stage: &mut Stage, look: Look) {
    let [kestrel, marmot, tapir] = ["Kestrel", "Marmot", "Tapir"].map(ApiSecret::of);
    let popup = stage.popup_at_list();
    add(&popup, &kestrel);
    add(&popup, &marmot);
    sent(stage, &popup);
    back_up(stage);
    let popup = stage.popup_at_list();
    edit(&popup, &kestrel, "Newer than the backup");
    popup.within("article", "API secret details").click("button", "Back");
    add(&popup, &tapir);
    sent(stage, &popup);

    stage.stop_server();
    stage.put_back();
    stage.start_server();
    let popup = stage.popup_at_list();
    sign_in_again(stage, &popup, &tapir);
    let popup = stage.popup_at_list();
    popup.see_text(RESTORED);
    popup.gone("img", "Not on the server yet");
    look(stage, &popup, "popup: restored");
    popup.close();
    let tab = stage.browser().open_tab(LIST);
    tab.see_text(RESTORED);
    look(stage, &tab, "tab: restored");
    tab.within("alert", "").click("button", "Close");
    tab.text_gone(RESTORED);
    for item in [&kestrel, &marmot, &tapir] {
        tab.see("row", &row(item));
    }
    tab.close();
}

/// A browser that knows nothing has it all from the server, and nothing twice.
pub fn another_browser_has_all_of_it_once(stage: &Stage, other: &Computer) {
    let [kestrel, marmot, tapir] = ["Kestrel", "Marmot", "Tapir"].map(ApiSecret::of);
    let tab = other.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(stage, &tab);
    for item in [&marmot, &tapir] {
        see_notes(&tab, item, item.notes.lines().next().expect("a line"));
    }
    see_notes(&tab, &kestrel, "Newer than the backup");
    assert_eq!(tab.row_count("API secrets"), 4, "three items and the head:\n{}", tab.dump());
    tab.click("button", "Lock");
    tab.see("heading", "Unlock MySafe");
    tab.close();
}

/// The other browser signed in after the backup, which does not know its session: everything stays
/// readable, also after a lock, a change waits, and goes out once one has signed in again.
pub fn a_session_newer_than_the_backup_has_ended(stage: &mut Stage, other: &Computer) {
    let tapir = ApiSecret::of("Tapir");
    stage.stop_server();
    stage.put_back();
    stage.start_server();
    let popup = other.popup();
    unlock(&popup);
    popup.see_text(ENDED);
    edit(&popup, &tapir, "Changed without a sign-in");
    popup.within("article", "API secret details").click("button", "Back");
    popup.within("row", &row(&tapir)).see("img", "Not on the server yet");
    popup.click("button", "Lock");
    unlock(&popup);
    popup.see_text(ENDED);
    see_notes(&popup, &tapir, "Changed without a sign-in");
    // Signing out says what it would cost, and what to do instead.
    popup.click("link", "Settings");
    popup.click("button", "Sign out");
    popup.within("alertdialog", "Sign out of this browser?").click("button", "Sign out");
    let question = popup.within("alertdialog", "1 change is not on the server yet.");
    question.see_text("Your sign-in here has ended: sign in again to send them.");
    question.see("button", "Sign in again");
    question.click("button", "Cancel");
    popup.gone("alertdialog", "*");
    sign_in_again(other, &popup, &tapir);
    let here = stage.popup_at_list();
    sign_in_again(stage, &here, &tapir);
    let here = stage.popup_at_list();
    see_notes(&here, &tapir, "Changed without a sign-in");
    here.gone("img", "Not on the server yet");
    let rows = here.names("row");
    for name in ["Kestrel", "Marmot", "Tapir"] {
        let same = rows.iter().filter(|row| row.starts_with(name)).count();
        assert_eq!(same, 1, "{name}: {rows:?}");
    }
    here.close();
}

/// The server loses the same version again and again, and another device writes each time before this browser
/// comes back. Three times a day the browser unites both by itself; then the user decides.
pub fn the_servers_state_is_accepted(stage: &mut Stage, look: Look) {
    let marmot = ApiSecret::of("Marmot");
    let theirs = ApiSecret { name: OTHER_NAME.into(), ..marmot.clone() };
    back_up(stage);
    let popup = stage.popup_at_list();
    edit(&popup, &marmot, "As it was here");
    sent(stage, &popup);
    // Each time another field: of one that both changed, the value held here stays.
    let changes: [fn(&mut ApiSecretForm, String); UNITED_A_DAY] = [
        |form, text| form.identifier = text,
        |form, text| form.client_id = text,
        |form, text| form.url = format!("https://{text}.example.net"),
    ];
    for (round, change) in changes.into_iter().enumerate() {
        write_elsewhere(stage, &marmot, |form| change(form, format!("round-{round}")));
        let popup = stage.popup_at_list();
        act(&popup, &marmot, "View API secret");
        popup.within("article", "API secret details").see_text(&format!("round-{round}"));
        popup.see_text("As it was here");
        popup.click("button", "Back");
        sent(stage, &popup);
    }
    write_elsewhere(stage, &marmot, |form| form.name = OTHER_NAME.into());

    let popup = stage.popup_at_list();
    popup.see_text(FORKED);
    popup.see("row", &row(&marmot));
    look(stage, &popup, "popup: forked");
    act(&popup, &marmot, "View API secret");
    let details = popup.within("article", "API secret details");
    details.see("button", "Accept the server's state");
    look(stage, &popup, "popup: forked, details");
    details.click("button", "Accept the server's state");
    popup.within("alertdialog", "Accept the server's state of*").see("button", "Keep my version");
    look(stage, &popup, "popup: accept");
    popup.close();
    let tab = stage.browser().open_tab(LIST);
    tab.see_text(FORKED);
    look(stage, &tab, "tab: forked");
    act(&tab, &marmot, "View API secret");
    let details = tab.within("article", "API secret details");
    details.see_text("As it was here");
    details.click("button", "Accept the server's state");
    let question = tab.within("alertdialog", "Accept the server's state of*");
    question.see_text("Ana Souza (ana@example.com) wrote it");
    question.see_text("Nobody but you.");
    question.see_text("The other version stays in History.");
    look(stage, &tab, "tab: accept");
    question.click("button", "Cancel");
    tab.gone("alertdialog", "*");
    details.see_text("As it was here");
    details.click("button", "Accept the server's state");
    question.click("button", "Take the server's version");
    tab.text_gone(FORKED);
    details.see("heading", OTHER_NAME);
    look(stage, &tab, "tab: accepted");
    tab.gone("row", &row(&marmot));
    // The other version is in the history, and can be restored.
    details.click("button", "Actions");
    tab.click("menuitem", "History");
    tab.see_text("Only in this browser");
    look(stage, &tab, "tab: accepted, history");
    tab.close();

    let server = stage.recorder.upstream().to_string();
    let mut device = Device::new(&server, &PERSON);
    device.sync(&server);
    let item = device.item(OTHER_NAME);
    assert_eq!(device.form(&item).name, theirs.name);
    assert_eq!(device.vault.entries().len(), 3, "none twice");
}

/// The server fails over to what it had, and a device that knows nothing else writes first.
#[track_caller]
fn write_elsewhere(stage: &mut Stage, item: &ApiSecret, change: impl FnOnce(&mut ApiSecretForm)) {
    stage.recorder.stop();
    stage.stop_server();
    stage.fail_over();
    stage.start_server();
    let server = stage.recorder.upstream().to_string();
    let mut device = Device::new(&server, &PERSON);
    device.sync(&server);
    let item = device.item(&item.name);
    device.edit(&item, change);
    device.sync(&server);
    // Its log has to come to a position that the browser has not read yet.
    for turn in 0..10 {
        device.edit(&item, |form| form.tags = vec![format!("turn-{turn}")]);
        device.sync(&server);
    }
    stage.recorder.resume();
}

/// The server that was put back has ended the sign-in. One signs in again, from the popup.
#[track_caller]
pub fn sign_in_again(computer: &Computer, popup: &View, item: &ApiSecret) {
    popup.see_text(ENDED);
    popup.click("link", "Sign in again");
    let tab = computer.browser().wait_for_tab("popup/index.html#/welcome");
    tab.see_value("textbox", "Email", EMAIL);
    tab.fill("textbox", "Master password", PASSWORD);
    tab.click("button", "Sign in");
    see_after_hashing(&tab, "row", &row(item));
    tab.gone("img", "Not on the server yet");
    tab.text_gone(ENDED);
    tab.close();
}

#[track_caller]
fn back_up(stage: &mut Stage) {
    stage.stop_server();
    stage.back_up();
    stage.start_server();
}

/// All of it is on the server; the popup is closed.
#[track_caller]
fn sent(stage: &Stage, popup: &View) {
    popup.close();
    let popup = stage.popup_at_list();
    popup.gone("img", "Not on the server yet");
    popup.close();
}

#[track_caller]
fn edit(view: &View, item: &ApiSecret, notes: &str) {
    act(view, item, "Edit");
    view.see_value("textbox", "Client ID", &item.client_id);
    view.fill("textbox", "Notes", notes);
    view.click("button", "Save");
    view.within("article", "API secret details").see_text(notes);
}

#[track_caller]
fn see_notes(view: &View, item: &ApiSecret, notes: &str) {
    act(view, item, "View API secret");
    let details = view.within("article", "API secret details");
    details.see_text(notes);
    details.click("button", "Back");
}
