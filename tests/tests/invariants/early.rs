//! What the page of the screens reads early is what the screens then ask for.

use std::fs;

use mysafe::vault::{Store, Stored, keys};

use mysafe_tests::workspace::root;

#[test]
fn the_page_reads_what_the_screens_ask_for_first() {
    let script = fs::read_to_string(root().join("popup/boot.js")).expect("the page has a script");
    let keys: Vec<String> = [(Store::Device, keys::DEVICE.to_owned())]
        .into_iter()
        .chain(Stored::keys())
        .map(|(store, key)| format!("[\"{}\", \"{key}\"]", store.name()))
        .collect();
    let expected = format!("keys: [{}],", keys.join(", "));
    assert!(script.contains(&expected), "boot.js does not have {expected}");
}
