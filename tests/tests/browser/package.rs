//! What of the package is where.

use std::fs::File;
use std::io::Read;

use mysafe_tests::browser::Extension;
use zip::ZipArchive;

fn package() -> ZipArchive<File> {
    let file = File::open(Extension::built().chrome).expect("it is packed");
    ZipArchive::new(file).expect("a zip file")
}

/// A browser compiles all of a module before it runs any: what draws the first picture is small.
#[test]
fn the_first_part_of_the_popup_is_the_smaller_one() {
    let mut zip = package();
    let mut size = |name: &str| zip.by_name(name).expect("it is there").size();
    let (first, application) =
        (size("popup/mysafe_popup_bg.wasm"), size("popup/split_application.wasm"));
    assert!(2 * first < application, "{first} and {application}");
}

/// A popup that opens does not wait for what rates master passwords.
#[test]
fn one_module_has_the_word_lists_and_no_other() {
    let mut zip = package();
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
