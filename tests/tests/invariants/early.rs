//! What the page of the screens reads early is what the screens then ask for.

use std::fs;

use mysafe::vault::{Store, Stored, keys};

use mysafe_tests::workspace::root;

#[test]
fn the_page_reads_what_the_screens_ask_for_first() {
    let script = fs::read_to_string(root().join("popup/boot.js")).expect("the page has a script");
    let keys: Vec<String> = [(Store::Device, keys::DEVICE.to_owned())]
        .into_iter()
        .chain(Stored::first_keys())
        .map(|(store, key)| format!("[\"{}\", \"{key}\"]", store.name()))
        .collect();
    let expected = format!("keys: [{}],", keys.join(", "));
    assert!(script.contains(&expected), "boot.js does not have {expected}");
}

#[test]
fn the_page_asks_for_what_the_screens_ask_for_first() {
    let script = fs::read_to_string(root().join("popup/boot.js")).expect("the page has a script");
    let session = fs::read_to_string(root().join("extension/browser/src/session.rs"))
        .expect("the session has a source");
    // Its constants by their names, and names themselves.
    let keys = session.split("pub(crate) const KEYS").nth(1).expect("it names them");
    let keys = keys.split_once("= [").and_then(|(_, keys)| keys.split_once(']')).expect("a list").0;
    let text = |key: &str| match key.strip_prefix('"') {
        Some(_) => key.to_owned(),
        None => {
            let named = format!("const {key}: &str = ");
            let value = session.split(&named).nth(1).expect("a constant of that name");
            value.split(';').next().expect("it ends").to_owned()
        }
    };
    let keys: Vec<String> = keys.split(',').map(|key| text(key.trim())).collect();
    let expected = format!("session: chrome.storage.session.get([{}]),", keys.join(", "));
    assert!(script.contains(&expected), "boot.js does not have {expected}");
}
