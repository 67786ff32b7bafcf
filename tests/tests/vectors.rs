//! The vectors, natively.

use mysafe_tests::vectors;

#[test]
fn every_vector_holds() {
    let held = vectors::run().unwrap_or_else(|error| panic!("{error}"));
    println!("{held} vectors");
}

/// Run by hand after making an empty file for a new vector. What exists is never written again.
#[test]
#[ignore = "makes files"]
fn missing_vectors_are_made() {
    for (name, content) in vectors::make_missing().unwrap_or_else(|error| panic!("{error}")) {
        let file = format!("{}/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "", "{file} exists");
        std::fs::write(file, content).unwrap();
    }
}
