//! What of the package is where.

use std::fs::File;
use std::io::Read;

use mysafe_tests::browser::Extension;
use zip::ZipArchive;

/// A popup that opens does not wait for what rates master passwords.
#[test]
fn one_module_has_the_word_lists_and_no_other() {
    let mut zip = ZipArchive::new(File::open(Extension::built().chrome).expect("it is packed"))
        .expect("a zip file");
    let mut with = Vec::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).expect("a file of it");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("it can be read");
        if bytes.windows(9).any(|word| word == b"liverpool") {
            with.push(file.name().to_owned());
        }
    }
    assert_eq!(with, ["popup/strength/mysafe_strength_bg.wasm"]);
}
