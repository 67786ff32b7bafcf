//! After the journey: none of what was typed is anywhere but sealed.

use std::path::Path;

use mysafe_tests::scan::{Haystack, Hit, Planted, find_planted, find_planted_in_folder};

use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{EMAIL, PASSWORD};

/// Forty values of the five API secrets, with all their lines, and the master password.
pub fn values(all: &[ApiSecret]) -> Vec<Planted> {
    let mut values: Vec<_> = all.iter().flat_map(ApiSecret::values).collect();
    let names: std::collections::HashSet<_> = values.iter().map(|value| &value.name).collect();
    assert!(names.len() >= 40, "{} values", names.len());
    values.push(Planted::new("master password", PASSWORD));
    values
}

/// Nothing in what the extension stored, as the extension itself reads it. While locked.
#[track_caller]
pub fn nothing_in_storage(stage: &Stage, values: &[Planted]) {
    nothing_in_dump(stage.browser().storage_dump(), EMAIL, values);
}

/// The same for what somebody's extension read of itself.
#[track_caller]
pub fn nothing_in_dump(bytes: Vec<u8>, email: &str, values: &[Planted]) {
    let known = find(&[Planted::new("email", email)], "storage", bytes.clone());
    assert!(!known.is_empty(), "the account's email is stored in clear: this dump has no account");
    nothing(find(values, "storage", bytes));
}

/// Nothing in the files of the closed browser.
#[track_caller]
pub fn nothing_in_profile(stage: &Stage, values: &[Planted]) {
    nothing(find_planted_in_folder(values, &stage.profile()));
}

/// Nothing on the server or on the way to it.
#[track_caller]
pub fn nothing_on_the_server(stage: &Stage, values: &[Planted]) {
    let folder = stage.server_folder();
    assert!(folder.join("server.log").is_file(), "the log lies there");
    let known = [Planted::new("email", EMAIL), Planted::new("path", "/v1/items")];
    let streams = stage.recorder.streams();
    let places = |folder: &Path, name: &str| {
        find_planted_in_folder(&known, folder).iter().filter(|hit| hit.name == name).count()
    };
    assert!(places(&folder.join("data"), "email") > 0, "the search finds what is there");
    nothing(find_planted_in_folder(values, &folder));
    let mut seen = 0;
    for (index, bytes) in streams.into_iter().enumerate() {
        seen += find(&known, "traffic", bytes.clone()).len();
        nothing(find(values, &format!("traffic {index}"), bytes));
    }
    assert!(seen > 0, "the traffic is that of the journey");
}

fn find(values: &[Planted], place: &str, bytes: Vec<u8>) -> Vec<Hit> {
    find_planted(values, &[Haystack { place: place.to_owned(), bytes }])
}

#[track_caller]
fn nothing(hits: Vec<Hit>) {
    let lines: Vec<_> = hits
        .iter()
        .map(|hit| format!("{} as {:?} in {} at {}", hit.name, hit.form, hit.place, hit.offset))
        .collect();
    assert!(lines.is_empty(), "what was typed is readable:\n{}", lines.join("\n"));
}

#[test]
fn one_value_left_in_one_file_is_found() {
    let all = ApiSecret::planted("http://api.example.com:8080");
    let values = values(&all);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("deep")).expect("a folder");
    let file = |index: usize| folder.path().join(format!("deep/{index}.log"));
    for (index, planted) in values.iter().enumerate() {
        let text = if index % 2 == 0 { planted.value.clone() } else { hex(&planted.value) };
        std::fs::write(file(index), format!("x{text}x")).expect("a file");
    }
    let hits = find_planted_in_folder(&values, folder.path());
    for (index, planted) in values.iter().enumerate() {
        let place = file(index).display().to_string();
        let found = hits.iter().any(|hit| hit.name == planted.name && hit.place == place);
        assert!(found, "{planted:?}");
        std::fs::write(file(index), "nothing of it").expect("a file");
    }
    assert_eq!(find_planted_in_folder(&values, folder.path()), []);
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}
