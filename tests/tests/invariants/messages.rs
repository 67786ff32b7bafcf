//! Messages between our own contexts: what is listened to is what the browser tests forge.

use std::collections::BTreeSet;

use super::tree::texts;

fn text(path: &str) -> String {
    let mut all = texts();
    all.retain(|(known, _)| known == path);
    all.pop().unwrap_or_else(|| panic!("{path}")).1
}

/// What stands in quotes there.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let after = text.split_once(start).unwrap_or_else(|| panic!("{start:?}")).1;
    after.split_once(end).unwrap_or_else(|| panic!("{end:?}")).0
}

#[test]
fn every_kind_that_is_listened_to_is_forged_and_every_kind_sent_is_listened_to() {
    let background = text("extension/src/lib.rs");
    let arms = between(&background, "pub async fn on_message", "_ => return false");
    let heard: BTreeSet<String> = arms
        .lines()
        .filter_map(|line| line.split_once("\" =>"))
        .flat_map(|(kind, _)| quoted(&format!("{kind}\"")))
        .collect();
    assert!(heard.len() >= 4, "{heard:?}");

    let forging = text("tests/tests/browser/fill/messages.rs");
    assert_eq!(quoted(between(&forging, "const KINDS: ", ";\n")), heard);
    let offscreen = text("extension/offscreen.js");
    let written = quoted(between(&offscreen, "message?.kind !== ", ")"));
    assert_eq!(quoted(between(&forging, "const WRITE: ", ";\n")), written);

    // By Rust, and by the scripts beside it.
    let mut sent = BTreeSet::new();
    for (path, text) in texts() {
        let ours = path.starts_with("extension/") || path.starts_with("popup/src/");
        let starts: &[&str] = match path.rsplit('.').next() {
            Some("rs") if ours => &[" message(\"", " tell(\""],
            Some("js") if ours => &["sendMessage({ kind: \""],
            _ => continue,
        };
        for start in starts {
            sent.extend(
                text.split(start)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next().map(str::to_owned)),
            );
        }
    }
    assert!(sent.len() >= 4, "{sent:?}");
    let known: BTreeSet<String> = heard.union(&written).cloned().collect();
    assert!(sent.is_subset(&known), "{sent:?} of {known:?}");

    // A page forges all of them too.
    let pages = text("tests/tests/browser/fill/hostile_pages.rs");
    let forged = between(&pages, "const FORGED: ", "</script>");
    for kind in &known {
        assert!(forged.contains(&format!("'{kind}'")), "{kind} is not forged by a page");
    }
    let channel =
        between(&text("extension/browser/src/events.rs"), "const CHANNEL: &str = \"", "\"")
            .to_owned();
    assert!(forged.contains(&format!("BroadcastChannel('{channel}')")), "{channel}");
}
