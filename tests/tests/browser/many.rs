//! Ten thousand items: all of them are there, and the popup draws those that can be seen. How fast
//! that is, `cargo xtask bench` tells: times say little where other tests run.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use mysafe_tests::browser::{Background, View, Which};
use mysafe_tests::client::{Connection, many, sign_up};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::wait::wait_for;

use crate::stage::Stage;
use crate::steps::{PERSON, sign_in};

const ITEMS: usize = 10_000;
/// No window shows as many rows.
const MANY_ROWS: u64 = 60;
/// Each of them is checked and stored, on two cores that do other things too.
const FIRST_SYNC: Duration = Duration::from_secs(180);

#[test]
fn ten_thousand_items_chromium() {
    ten_thousand_items(Which::Chromium);
}

#[test]
fn ten_thousand_items_firefox() {
    ten_thousand_items(Which::Firefox);
}

fn ten_thousand_items(which: Which) {
    let mut stage = Stage::with_data(which, &account());
    let tab = stage.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(&stage, &tab);
    let all = || (tab.row_count("API secrets") == ITEMS + 1).then_some(());
    assert!(wait_for(FIRST_SYNC, all).is_some(), "{} rows", tab.row_count("API secrets"));
    tab.gone("progressbar", "*");
    few_are_drawn(&tab);
    tab.close();

    // From here on the popup has nothing but this browser's own store.
    stage.recorder.hang();
    stage.browser().kill_background();
    assert_eq!(stage.browser().background(), Background::Stopped);
    let popup = stage.popup();
    if which == Which::Chromium {
        little_is_decrypted_before_the_list_is_there(&popup);
    }
    popup.click("link", "API secrets");
    popup.wait_until("all rows", |popup| popup.row_count("API secrets") == ITEMS + 1);
    popup.see("row", &row(0));
    few_are_drawn(&popup);
    the_last_row_is_reached_by_keys(&popup);
    each_is_found(&popup);
    a_damaged_piece_is_made_again(&popup);
    popup.close();

    stage.recorder.resume();
    stage.close_browser();
    stage.no_complaints();
}

/// Of ten thousand items: the head of their cache and its first piece. The other pieces come after it.
fn little_is_decrypted_before_the_list_is_there(popup: &View) {
    popup.see("combobox", "Search");
    popup.run_first(
        "globalThis.decrypted = [];
        const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
        crypto.subtle.decrypt = (how, key, data) => {
            decrypted.push(data.byteLength);
            return decrypt(how, key, data);
        };
        globalThis.first = null;
        const look = () => {
            const rows = document.getElementById('rows');
            if (first !== null || !rows?.querySelector('[id^=\"row-\"]')) return;
            const looks = () => `${rows.getAttribute('aria-rowcount')} ${rows.scrollHeight}`;
            first = { looks, then: looks(), decrypted: decrypted.length };
        };
        new MutationObserver(look).observe(document, { childList: true, subtree: true });",
    );
    // The page goes while it answers.
    let _ = popup.evaluate_as_extension("(location.reload(), '')");
    let sizes = || popup.evaluate_as_extension("JSON.stringify(decrypted)").ok();
    popup.wait_until("it is opened again", |popup| {
        sizes().is_some() && popup.row_count("API secrets") > ITEMS
    });
    // The last row is there once all are decoded. The list was as long before.
    popup.press("Control+End");
    selected(popup, ITEMS - 1);
    popup.press("Control+Home");
    selected(popup, 0);
    let both = popup.evaluate_as_extension("first.then + ' / ' + first.looks()");
    let both = both.expect("it was seen");
    let (then, now) = both.split_once(" / ").expect("both");
    assert_eq!(then, now);
    assert!(then.starts_with(&format!("{} ", ITEMS + 1)), "{then}");
    let sizes: Vec<usize> = serde_json::from_str(&sizes().expect("it is open")).expect("numbers");
    let first = popup.evaluate_as_extension("String(first.decrypted)").expect("it was seen");
    assert_eq!((first.as_str(), sizes.len()), ("2", 33), "{sizes:?}");
    assert!(sizes[..2].iter().sum::<usize>() < ITEMS * 30, "{sizes:?}");
    assert!(sizes.iter().sum::<usize>() > ITEMS * 100, "{sizes:?}");
}

/// The list is there by the first piece; the one that does not open is made from the items, with the others.
fn a_damaged_piece_is_made_again(popup: &View) {
    let damage = "(async () => {
        const asked = indexedDB.open('mysafe');
        await new Promise((done) => { asked.onsuccess = done; });
        const change = asked.result.transaction('cache', 'readwrite').objectStore('cache');
        const read = change.get('overviews/9');
        await new Promise((done) => { read.onsuccess = done; });
        read.result[1000] ^= 1;
        const written = change.put(read.result, 'overviews/9');
        await new Promise((done) => { written.onsuccess = done; });
        asked.result.close();
        return 'damaged';
    })()";
    assert_eq!(popup.evaluate_as_extension(damage).ok().as_deref(), Some("damaged"));
    popup.fill("combobox", "Search", "");
    let _ = popup.evaluate_as_extension("(location.reload(), '')");
    popup.see("row", &row(0));
    // All are there once the rest is: until then End leads to the last of those that are.
    let last = row(ITEMS - 1);
    let all = || {
        popup.press("Control+End");
        (popup.count("row", &last) == Some(1)).then_some(())
    };
    assert!(wait_for(FIRST_SYNC, all).is_some(), "the last is not there");
    selected(popup, ITEMS - 1);
    let middle = 3_000;
    popup.fill("combobox", "Search", &many::name(middle));
    selected(popup, middle);
}

fn the_last_row_is_reached_by_keys(popup: &View) {
    popup.press("/");
    popup.press("Control+End");
    selected(popup, ITEMS - 1);
    few_are_drawn(popup);
    popup.press("ArrowUp");
    selected(popup, ITEMS - 2);
    popup.press("PageDown");
    selected(popup, ITEMS - 1);
    popup.press("Control+Home");
    selected(popup, 0);
    popup.press("PageDown");
    selected(popup, 8);
    assert_eq!(popup.row_count("API secrets"), ITEMS + 1);
}

fn each_is_found(popup: &View) {
    for number in [0, ITEMS / 2, ITEMS - 1] {
        popup.fill("combobox", "Search", &many::name(number));
        // Others have the same letters somewhere; the best one is first.
        selected(popup, number);
    }
    // By a part that all have.
    popup.fill("combobox", "Search", "number");
    popup.see_text("10000 found");
    few_are_drawn(popup);
}

/// Waits until an item's row is drawn and is the one that keys act on.
#[track_caller]
fn selected(view: &View, number: usize) {
    view.see("row", &row(number));
    view.wait_until(&format!("number {number} is selected"), |view| {
        view.state("row", &row(number)).selected == Some(true)
    });
}

#[track_caller]
fn few_are_drawn(view: &View) {
    let drawn = view.count("row", "*").expect("the page is there");
    assert!((5..MANY_ROWS).contains(&drawn), "{drawn} rows are drawn");
}

fn row(number: usize) -> String {
    format!("{}*", many::name(number))
}

/// The data of a server with the account, made once for both browsers.
fn account() -> PathBuf {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let server = ServerProcess::start(&folder.path().join("data"));
        let address = server.address().to_string();
        sign_up(&mut Connection::open(&address).expect("the server accepts"), &PERSON)
            .expect("signs up");
        many::fill(&address, &PERSON, ITEMS);
        server.stop();
        folder
    });
    made.path().join("data")
}
