//! The server was put back from a backup while a browser had more.

use mysafe_tests::browser::View;
use mysafe_tests::client::Device;

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::{Look, Stage};
use crate::steps::{EMAIL, PASSWORD, PERSON, act, add, row, see_after_hashing, sign_in, unlock};

const LIST: &str = "popup/index.html#/api-secrets";
const RESTORED: &str = "The server was restored from a backup.";
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
    const ENDED: &str = "Your sign-in here has ended. Everything is kept.";
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
    popup.click("link", "Sign in again");
    let tab = other.browser().wait_for_tab("popup/index.html#/welcome");
    tab.see_value("textbox", "Email", EMAIL);
    tab.fill("textbox", "Master password", PASSWORD);
    tab.click("button", "Sign in");
    see_after_hashing(&tab, "row", &row(&tapir));
    tab.gone("img", "Not on the server yet");
    tab.text_gone(ENDED);
    tab.close();
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

/// Another device edits an item on the restored server before the browser that had a newer version of
/// it comes back. The server's is accepted; what was here is a draft, and is saved over it.
pub fn the_servers_state_is_accepted(stage: &mut Stage, look: Look) {
    let marmot = ApiSecret::of("Marmot");
    let theirs = ApiSecret { name: OTHER_NAME.into(), ..marmot.clone() };
    back_up(stage);
    let popup = stage.popup_at_list();
    edit(&popup, &marmot, "As it was here");
    sent(stage, &popup);

    stage.recorder.stop();
    stage.stop_server();
    stage.put_back();
    stage.start_server();
    let server = stage.recorder.upstream().to_string();
    let mut device = Device::new(&server, &PERSON);
    device.sync(&server);
    let item = device.item(&marmot.name);
    device.rename(&item, OTHER_NAME);
    device.sync(&server);
    stage.recorder.resume();

    let popup = stage.popup_at_list();
    popup.see_text("what the server sent was refused (forked)");
    popup.see("row", &row(&marmot));
    look(stage, &popup, "popup: forked");
    act(&popup, &marmot, "View API secret");
    let details = popup.within("article", "API secret details");
    details.see("button", "Accept the server's state");
    look(stage, &popup, "popup: forked, details");
    popup.close();
    let tab = stage.browser().open_tab(LIST);
    tab.see_text("what the server sent was refused (forked)");
    look(stage, &tab, "tab: forked");
    act(&tab, &marmot, "View API secret");
    let details = tab.within("article", "API secret details");
    details.see_text("As it was here");
    details.click("button", "Accept the server's state");
    let question = tab.within("alertdialog", "Accept the server's state of*");
    question.see_text("What is here is kept as a draft.");
    look(stage, &tab, "tab: accept");
    question.click("button", "No");
    tab.gone("alertdialog", "*");
    details.see_text("As it was here");
    details.click("button", "Accept the server's state");
    question.click("button", "Yes");
    tab.see_text("What was here is its draft: Edit shows it.");
    tab.text_gone("was refused (forked)");
    details.see("heading", OTHER_NAME);
    look(stage, &tab, "tab: accepted");
    tab.gone("row", &row(&marmot));
    details.click("button", "Edit");
    tab.see_text("Draft restored.");
    tab.see_value("textbox", "Name", &marmot.name);
    tab.see_value("textbox", "Notes", "As it was here");
    look(stage, &tab, "tab: accepted, draft");
    tab.click("button", "Cancel");
    tab.close();

    // The server has nothing of it until it is saved.
    device.sync(&server);
    assert_eq!(device.form(&item).name, OTHER_NAME);
    let popup = stage.popup_at_list();
    act(&popup, &theirs, "Edit");
    popup.see_value("textbox", "Notes", "As it was here");
    popup.click("button", "Save");
    popup.within("article", "API secret details").see_text("As it was here");
    sent(stage, &popup);
    device.sync(&server);
    let now = device.form(&item);
    assert_eq!((&*now.name, &*now.notes), (&*marmot.name, "As it was here"));
    assert_eq!(device.vault.entries().len(), 3, "none twice");
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
