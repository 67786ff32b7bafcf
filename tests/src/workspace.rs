//! Where things lie in this workspace.

use std::path::{Path, PathBuf};

/// The top folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

/// A program that cargo built, in the profile of this very test.
pub fn built_program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a file");
    // target/debug/deps/browser-HASH: the programs lie two levels up.
    let folder = test.ancestors().nth(2).expect("cargo puts tests in target/PROFILE/deps");
    let program = folder.join(name);
    assert!(
        program.is_file(),
        "{} is missing: build it first (`cargo build -p {name}`)",
        program.display()
    );
    program
}

/// A file of an npm package of this crate (`tests/package-lock.json`), as text.
pub fn npm_file(path: &str) -> String {
    let file = root().join("tests/node_modules").join(path);
    std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}: run `npm ci` in tests/ first", file.display()))
}

/// Copies a folder with all that is in it: a backup, or one put back.
#[track_caller]
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for file in std::fs::read_dir(from).expect("a folder").flatten() {
        let place = to.join(file.file_name());
        if file.file_type().expect("it has one").is_dir() {
            copy_folder(&file.path(), &place);
        } else {
            std::fs::copy(file.path(), place).expect("copied");
        }
    }
}
