//! The files of the project: those that git knows or would take in.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the workspace")
}

/// Every file with its path in the workspace and its text, but those that are not text.
pub(crate) fn texts() -> Vec<(String, String)> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(listing.status.success(), "{}", String::from_utf8_lossy(&listing.stderr));
    let paths = String::from_utf8(listing.stdout).expect("paths are UTF-8");
    let files: Vec<(String, String)> = paths
        .split_terminator('\0')
        .filter_map(|path| {
            // A file that was deleted and not committed yet is gone all the same.
            let text = std::fs::read_to_string(root().join(path)).ok()?;
            Some((path.to_owned(), text))
        })
        .collect();
    assert!(files.iter().any(|(path, _)| path == "src/lib.rs"), "the core is in the listing");
    files
}

/// Rust sources below a folder.
pub(crate) fn rust(below: &str) -> Vec<(String, String)> {
    let mut files = texts();
    files.retain(|(path, _)| path.starts_with(below) && path.ends_with(".rs"));
    assert!(!files.is_empty(), "{below}");
    files
}

/// Written by a tool, not by people.
fn generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    ["Cargo.lock", "package-lock.json", "suffixes.txt"].contains(&name)
        || path.starts_with("tests/vectors/")
        || path.starts_with("tests/fixtures/")
        || path.starts_with("fuzz/corpus/")
        || name == "LICENSE"
}

#[test]
fn a_file_is_one_idea_of_at_most_500_lines() {
    let long: Vec<String> = texts()
        .into_iter()
        .filter(|(path, _)| !generated(path))
        .filter_map(|(path, text)| {
            let lines = text.lines().count();
            (lines > 500).then(|| format!("{path}: {lines}"))
        })
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn the_architecture_fits_on_200_lines() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is there");
    let lines = text.lines().count();
    assert!((1..=200).contains(&lines), "{lines} lines");
}

#[test]
fn the_project_stands_alone() {
    // Written so that this file does not hold them either.
    let foreign =
        [concat!("..", "/shared"), concat!("/work", "/shared"), concat!("arti", "factory")];
    for (path, text) in texts() {
        for word in foreign {
            assert!(!text.contains(word), "{path} mentions {word}");
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let manifests: Vec<_> =
        texts().into_iter().filter(|(path, _)| path.ends_with("Cargo.toml")).collect();
    assert!(manifests.len() >= 7, "{} crates", manifests.len());
    for (path, text) in manifests {
        assert!(text.contains("[lints]\nworkspace = true"), "{path}");
    }
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).expect("it is there");
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}
