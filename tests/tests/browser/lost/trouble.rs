//! Trouble with the browser's storage: each kind is told, and nothing is destroyed.

use std::time::Duration;

use mysafe_tests::browser::Which;

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, add, edit_notes, fill_form, row, see_form, sign_in};

/// How long Chromium trusts what it last knew of the space left.
const KNOWN_SPACE: Duration = Duration::from_secs(31);

/// What one of the stores holds is overwritten.
fn damage(stage: &Stage, store: &str) {
    let script = "new Promise((done, failed) => {
  const opening = indexedDB.open('mysafe');
  opening.onerror = () => failed(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    const transaction = database.transaction(['STORE'], 'readwrite');
    const store = transaction.objectStore('STORE');
    const keys = store.getAllKeys();
    keys.onsuccess = () => { for (const key of keys.result) store.put(new Uint8Array([1, 2, 3]), key); };
    transaction.oncomplete = () => { database.close(); done('damaged ' + keys.result.length); };
  };
})";
    let done = stage.browser().as_extension(&script.replace("STORE", store));
    assert!(done.starts_with("damaged ") && done != "damaged 0", "{done}");
}

/// The browser, or somebody, removes what MySafe stores.
const REMOVAL: &str = "new Promise((done, failed) => {
  const removing = indexedDB.deleteDatabase('mysafe');
  removing.onerror = () => failed(removing.error);
  removing.onsuccess = () => done('removed');
})";

/// A later version of MySafe was here.
const NEWER: &str = "new Promise((done, failed) => {
  const opening = indexedDB.open('mysafe', 99);
  opening.onerror = () => failed(opening.error);
  opening.onsuccess = () => { opening.result.close(); done('newer'); };
})";

/// What is stored from now on comes to nothing, for want of space: the script stands in for the
/// browser's own limit. `globalThis.space()` gives it back.
const NO_SPACE: &str = "(() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function () {
    this.transaction.abort();
    throw new DOMException('no space', 'QuotaExceededError');
  };
  globalThis.space = () => { IDBObjectStore.prototype.put = put; };
  return 'set';
})()";
const SPACE: &str = "(() => { globalThis.space(); return 'set'; })()";
const FULL: &str = "This browser has no space left for MySafe.";

/// No space left: what was typed stays in the form, and is saved when there is space again. Chromium's
/// storage can be filled; in Firefox a script stands in for it.
pub fn a_full_storage_keeps_the_form(stage: &Stage, which: Which) {
    let item = ApiSecret::of("Osprey");
    let popup = stage.popup_at_list();
    popup.click("button", "Add");
    popup.see("textbox", "Name");
    let run = |script| {
        let set = popup.evaluate_as_extension(script).unwrap_or_else(|gone| panic!("{}", gone.0));
        assert_eq!(set, "set");
    };
    let full = (which == Which::Chromium).then(|| stage.browser().fill_storage());
    fill_form(&popup, &item);
    match which {
        Which::Chromium => std::thread::sleep(KNOWN_SPACE),
        Which::Firefox => run(NO_SPACE),
    }
    popup.click("button", "Save");
    popup.see_text(FULL);
    stage.sight("popup: storage full", &popup);
    see_form(&popup, &item);
    drop(full);
    if which == Which::Firefox {
        run(SPACE);
    }
    popup.click("button", "Save");
    popup.see("row", &row(&item));
    popup.close();
}

/// No space while the background syncs: a banner says so, until the next sync that has space.
pub fn a_full_storage_during_a_sync_is_told(stage: &mut Stage) {
    let item = ApiSecret::of("Osprey");
    stage.stop_server();
    let popup = stage.popup_at_list();
    edit_notes(&popup, &item, "Waits for space");
    assert_eq!(stage.browser().in_background(NO_SPACE), "set");
    popup.close();
    stage.start_server();
    let popup = stage.popup_at_list();
    popup.see_text(FULL);
    popup.within("row", &row(&item)).see("img", "Not on the server yet");
    stage.sight("popup: no space for a sync", &popup);
    popup.close();
    assert_eq!(stage.browser().in_background(SPACE), "set");
    let popup = stage.popup_at_list();
    popup.gone("img", "Not on the server yet");
    popup.text_gone(FULL);
    popup.close();
}

/// What waits of one item cannot be read any more: that is told, and the others go on.
pub fn a_damaged_change_keeps_only_itself_from_syncing(stage: &mut Stage) {
    let [wombat, osprey] = ["Wombat", "Osprey"].map(ApiSecret::of);
    let popup = stage.popup_at_list();
    add(&popup, &wombat);
    popup.gone("img", "Not on the server yet");
    popup.close();
    stage.stop_server();
    let popup = stage.popup_at_list();
    edit_notes(&popup, &wombat, "Cannot be read any more");
    popup.close();
    damage(stage, "outbox");
    let popup = stage.popup_at_list();
    edit_notes(&popup, &osprey, "Goes out all the same");
    popup.close();
    stage.start_server();
    let popup = stage.popup_at_list();
    popup.see_text("what this browser stored of it cannot be read.");
    popup.within("row", &row(&osprey)).gone("img", "Not on the server yet");
    popup.within("row", &row(&wombat)).see_text("Failed its check, not opened.");
    stage.sight("popup: damaged change", &popup);
    popup.close();
}

/// One item's record is damaged: it stays in the list and is not opened.
pub fn a_damaged_item_stays_and_is_not_opened(stage: &Stage) {
    let item = ApiSecret::of("Tapir");
    let popup = stage.popup_at_list();
    add(&popup, &item);
    popup.within("row", &row(&item)).gone("img", "Not on the server yet");
    popup.close();
    damage(stage, "items");
    let popup = stage.popup_at_list();
    act(&popup, &item, "View API secret");
    popup.see_text("Failed its check, not opened.");
    stage.sight("popup: damaged item", &popup);
    popup.close();
}

/// What says whose account it is cannot be read: nothing is opened, nothing removed.
pub fn a_damaged_account_is_told(stage: &Stage) {
    damage(stage, "device");
    let popup = stage.popup();
    popup.see("heading", "MySafe cannot open its storage");
    popup.see_text("What MySafe stored here cannot be read. Nothing was removed.");
    stage.sight("popup: damaged storage", &popup);
    popup.click("button", "Try again");
    popup.see_text("Nothing was removed.");
    popup.close();
}

/// The stores are gone: that is told, and signing in again has everything back.
pub fn a_removed_storage_is_told_and_filled_again(stage: &Stage) {
    assert_eq!(stage.browser().as_extension(REMOVAL), "removed");
    let popup = stage.popup();
    popup.see("heading", "MySafe's storage here is empty");
    popup.see_text("Everything on the server is safe");
    stage.sight("popup: removed storage", &popup);
    popup.click("button", "Sign in again");
    popup.click("button", "Set up MySafe");
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(stage, &tab);
    tab.see("row", &row(&ApiSecret::of("Tapir")));
    tab.close();
}

/// A newer version's storage is left alone. A form that was open says why it is not saved.
pub fn a_newer_storage_is_not_touched(stage: &Stage) {
    let tab = stage.browser().open_tab("popup/index.html#/add");
    tab.see("textbox", "Name");
    fill_form(&tab, &ApiSecret::of("Marmot"));
    assert_eq!(stage.browser().as_extension(NEWER), "newer");
    tab.click("button", "Save");
    tab.see_text("This browser was used with a newer MySafe.");
    tab.close();
    let popup = stage.popup();
    popup.see("heading", "MySafe cannot open its storage");
    popup.see_text("This browser was used with a newer MySafe.");
    popup.see("button", "Try again");
    stage.sight("popup: newer storage", &popup);
    popup.close();
}
