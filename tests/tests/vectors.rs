//! The vectors, natively.

use mysafe_tests::vectors;
use mysafe_tests::workspace::root;

#[test]
fn every_vector_holds() {
    let held = vectors::run().unwrap_or_else(|error| panic!("{error}"));
    println!("{held} vectors");
}

#[test]
fn every_context_of_the_document_has_a_vector() {
    let document = std::fs::read_to_string(root().join("docs/protocol.md")).unwrap();
    let rows = document.lines().filter_map(|line| line.split('|').nth(2)?.trim().strip_prefix('`'));
    let mut rows: Vec<&str> = rows.filter_map(|purpose| purpose.strip_suffix('`')).collect();
    assert!(rows.len() >= 25, "{rows:?}");
    for file in std::fs::read_dir(root().join("tests/vectors")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".json") {
            continue;
        }
        let vector: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(vector["shows"].is_string(), "{name} does not say what it shows");
        // A refusal shows no context.
        if !name.starts_with("refuse-") {
            rows.retain(|row| vector["purpose"] != *row);
        }
    }
    assert_eq!(rows, [""; 0], "contexts without a vector");
}

/// Run by hand after making an empty file for a new vector, or computing a new value of an old one. A
/// stored value is never written otherwise.
#[test]
#[ignore = "makes files"]
fn missing_vectors_are_made() {
    for (name, content) in vectors::make_missing().unwrap_or_else(|error| panic!("{error}")) {
        let file = format!("{}/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(file, content).unwrap();
    }
}
