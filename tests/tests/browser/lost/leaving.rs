//! Signing out while something is only in this browser: nothing goes without an answer.

use mysafe_tests::browser::View;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, edit_notes, evaluate, row, sign_in};

const SETTINGS: &str = "popup/index.html#/settings";

/// A change waits and a form is not saved. Cancel and Esc leave everything as it is, "Send first" sends,
/// and then asks for the form.
pub fn what_is_only_here_is_asked_for(stage: &mut Stage) {
    let wombat = ApiSecret::of("Wombat");
    let popup = stage.popup_at_list();
    add(&popup, &wombat);
    popup.gone("img", "Not on the server yet");
    popup.close();
    stage.stop_server();
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    edit_notes_offline(&tab, &wombat, "Sent before leaving");
    tab.click("button", "Add");
    tab.fill("textbox", "Name", "Half a form");
    tab.click("button", "Cancel");
    tab.see_text("Draft kept.");
    tab.close();

    let tab = stage.browser().open_tab(SETTINGS);
    let asked = "1 change is not on the server yet.";
    // The banner moves what is above it.
    tab.see_text("Offline. 1 change waits here.");
    leave(&tab);
    let question = tab.within("alertdialog", asked);
    question.see_text("1 draft is only in this browser. If you sign out anyway they are lost.");
    stage.sight("settings: unsent", &tab);
    question.click("button", "Cancel");
    tab.gone("alertdialog", "*");
    leave(&tab);
    tab.see("alertdialog", asked);
    tab.press("Escape");
    tab.gone("alertdialog", "*");
    leave(&tab);
    question.click("button", "Send first");
    tab.see_text("You are still signed in, and nothing is lost.");
    tab.click("button", "Close");
    leave(&tab);
    tab.see("alertdialog", asked);
    stage.start_server();
    question.click("button", "Send first");
    let question = tab.within("alertdialog", "1 draft is only in this browser.");
    question.click("button", "Cancel");
    tab.gone("alertdialog", "*");
    leave(&tab);
    question.click("button", "Sign out anyway");
    tab.see("heading", "Where is your MySafe server?");
    sign_in(stage, &tab);
    act(&tab, &wombat, "View API secret");
    tab.within("article", "API secret details").see_text("Sent before leaving");
    tab.close();
}

/// "Sign out anyway" is what it says.
pub fn whoever_goes_anyway_was_told(stage: &mut Stage) {
    let wombat = ApiSecret::of("Wombat");
    stage.stop_server();
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    edit_notes_offline(&tab, &wombat, "Never sent");
    tab.click("link", "Settings");
    tab.see_text("Offline. 1 change waits here.");
    leave(&tab);
    let question = tab.within("alertdialog", "1 change is not on the server yet.");
    question.see_text("If you sign out anyway they are lost.");
    question.click("button", "Sign out anyway");
    tab.see("heading", "Where is your MySafe server?");
    stage.start_server();
    sign_in(stage, &tab);
    tab.within("row", &row(&wombat)).gone("img", "Not on the server yet");
    act(&tab, &wombat, "View API secret");
    tab.within("article", "API secret details").see_text("Sent before leaving");
    tab.close();
}

/// The key of the vault stays in the session until this is let go: other tabs do not hear of the sign-out yet.
const HOLD: &str = "(() => {
    const { session } = chrome.storage;
    const set = session.set.bind(session);
    session.set = (values) => 'reason' in values
        ? new Promise((done) => {
            globalThis.letGo = () => { session.set = set; done(set(values)); return 'let go'; };
        })
        : set(values);
    return 'held';
})()";

/// The keys of all that is stored.
const STORED: &str = "new Promise((done, failed) => {
    const opening = indexedDB.open('mysafe');
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = ({ target: { result: database } }) => {
        const names = [...database.objectStoreNames];
        const transaction = database.transaction(names, 'readonly');
        const counts = names.map((name) => {
            const keys = transaction.objectStore(name).getAllKeys();
            return () => keys.result.map((key) => `${name}/${key}`);
        });
        transaction.oncomplete = () => {
            database.close();
            done(counts.flatMap((keys) => keys()).join(' '));
        };
    };
})";

/// Typed into a form of another tab that does not know yet that the user signed out: nothing of it is stored.
pub fn a_form_in_another_tab_leaves_nothing(stage: &Stage) {
    let form = stage.browser().open_tab("popup/index.html#/add");
    form.see("textbox", "Name");
    let tab = stage.browser().open_tab(SETTINGS);
    tab.see("button", "Sign out");
    assert_eq!(evaluate(&tab, HOLD), "held");
    leave(&tab);
    tab.wait_until("the stores are empty", |tab| evaluate(tab, STORED).is_empty());
    form.fill("textbox", "Name", "Typed after the sign-out");
    form.see_value("textbox", "Name", "Typed after the sign-out");
    form.fill("textbox", "Client secret", "late-secret");
    // Transactions of one store come one after the other: what the form wrote would be there.
    assert_eq!(evaluate(&form, STORED), "");
    assert_eq!(evaluate(&tab, "globalThis.letGo()"), "let go");
    tab.see("heading", "Where is your MySafe server?");
    form.gone("textbox", "Client secret");
    assert_eq!(evaluate(&tab, STORED), "");
    form.close();
    sign_in(stage, &tab);
    tab.click("button", "Add");
    tab.see_value("textbox", "Name", "");
    tab.close();
}

/// The first question, answered.
#[track_caller]
fn leave(tab: &View) {
    tab.click("button", "Sign out");
    tab.within("alertdialog", "Sign out of this browser?").click("button", "Sign out");
}

/// It waits.
#[track_caller]
fn edit_notes_offline(view: &View, item: &ApiSecret, notes: &str) {
    edit_notes(view, item, notes);
    view.within("row", &row(item)).see("img", "Not on the server yet");
}
