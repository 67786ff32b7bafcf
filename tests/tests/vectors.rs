//! The vectors, natively.

use mysafe_tests::vectors;

#[test]
fn every_vector_holds() {
    let held = vectors::run().unwrap_or_else(|error| panic!("{error}"));
    println!("{held} vectors");
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
