//! What the page of the screens reads early is what the screens then ask for.

use std::fs;

use mysafe::vault::{Store, Stored, keys};

use mysafe_tests::workspace::root;

#[test]
fn the_page_reads_what_the_screens_ask_for_first() {
    let keys: Vec<String> = [(Store::Device, keys::DEVICE.to_owned())]
        .into_iter()
        .chain(Stored::first_keys())
        .map(|(store, key)| format!("[\"{}\", \"{key}\"]", store.name()))
        .collect();
    boot_has(&format!("keys: [{}],", keys.join(", ")));
}

#[test]
fn the_page_asks_for_what_the_screens_ask_for_first() {
    let session = source("session.rs");
    // Its constants by their names, and names themselves.
    let keys = session.split("pub(crate) const KEYS").nth(1).expect("it names them");
    let keys = keys.split_once("= [").and_then(|(_, keys)| keys.split_once(']')).expect("a list").0;
    let text = |key: &str| match key.strip_prefix('"') {
        Some(_) => key.to_owned(),
        None => constant(&session, key),
    };
    let keys: Vec<String> = keys.split(',').map(|key| text(key.trim())).collect();
    boot_has(&format!("session: chrome.storage.session.get([{}]),", keys.join(", ")));
}

#[test]
fn the_page_opens_the_store_and_the_channel_of_the_screens() {
    let store = source("store.rs");
    let (name, version) = (constant(&store, "NAME"), constant(&store, "VERSION"));
    boot_has(&format!("indexedDB.open({name}, {version})"));
    boot_has(&format!("new BroadcastChannel({})", constant(&source("events.rs"), "CHANNEL")));
}

fn boot_has(expected: &str) {
    let script = fs::read_to_string(root().join("popup/boot.js")).expect("the page has a script");
    assert!(script.contains(expected), "boot.js does not have {expected}");
}

fn source(name: &str) -> String {
    let file = root().join("extension/browser/src").join(name);
    fs::read_to_string(file).expect("the crate for the browser has this source")
}

/// What a source says that a constant is.
fn constant(source: &str, name: &str) -> String {
    let named = source.split(&format!("const {name}: ")).nth(1).expect("a constant of that name");
    let value = named.split_once(" = ").and_then(|(_, value)| value.split_once(';'));
    value.expect("it has a value").0.to_owned()
}
