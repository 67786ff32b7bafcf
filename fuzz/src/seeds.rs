//! The first inputs of a target: those that fuzzing found and `corpus/` keeps, whatever it accepts of the
//! frozen vectors, and its texts.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::Target;

/// Returns a folder of the workspace.
pub fn workspace(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(below)
}

/// Returns the inputs that `corpus/` keeps for a target: a file with one in base64 (RFC 4648 section 4) a
/// line.
pub fn kept(target: &Target) -> Vec<Vec<u8>> {
    let path = workspace("fuzz/corpus").join(target.name).with_extension("txt");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let input =
        |line| STANDARD.decode(line).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    text.lines().map(input).collect()
}

/// Returns what a target accepts of the frozen vectors and its texts.
pub fn accepted(target: &Target) -> Vec<Vec<u8>> {
    let vectors = vectors();
    let texts = target.texts.iter().map(|text| text.as_bytes().to_vec());
    let contents: Vec<Vec<u8>> = vectors.into_iter().chain(texts).collect();
    let mut seeds: Vec<Vec<u8>> = match target.kinds {
        0 => contents,
        kinds => (0..kinds)
            .flat_map(|kind| contents.iter().map(move |content| [&[kind], &content[..]].concat()))
            .collect(),
    };
    seeds.retain(|seed| (target.run)(seed));
    seeds.sort_unstable();
    seeds.dedup();
    seeds
}

/// Returns every value of the frozen vectors: hexadecimal digits as bytes, any other text as it is.
fn vectors() -> Vec<Vec<u8>> {
    let folder = std::fs::read_dir(workspace("tests/vectors")).expect("there are frozen vectors");
    let mut found = Vec::new();
    for file in folder {
        let path = file.expect("the folder is readable").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(path).expect("a vector is text");
            collect(&serde_json::from_str(&text).expect("a vector is JSON"), &mut found);
        }
    }
    // The head of a cache and its one piece are an input together.
    let parts: Vec<Vec<u8>> = found.iter().filter(|value| value.len() < 1024).cloned().collect();
    for head in parts.iter().filter(|value| value.starts_with(&[0xa5, 1, 0x50])) {
        for piece in parts.iter().filter(|value| value.starts_with(&[0xa3, 1, 0x50])) {
            let length = u16::try_from(head.len()).expect("it is short");
            found.push([&length.to_le_bytes()[..], head, piece].concat());
        }
    }
    found
}

fn collect(value: &Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => found.push(bytes(text)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(values) => values.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn bytes(text: &str) -> Vec<u8> {
    let pair = |at: usize| {
        let digits = text.get(at..at + 2).filter(|digits| !digits.starts_with('+'))?;
        u8::from_str_radix(digits, 16).ok()
    };
    let read: Option<Vec<u8>> = (0..text.len()).step_by(2).map(pair).collect();
    read.unwrap_or_else(|| text.as_bytes().to_vec())
}
