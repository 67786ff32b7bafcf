//! What the core's sources say and do not say.

use super::tree::rust;

/// A line without its comment. A text that holds two slashes is cut too, which hides nothing that
/// is looked for here.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or(line)
}

/// Whether `word` stands in `line` by itself.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part) && (word.ends_with('!') || !after.is_some_and(part))
    })
}

#[test]
fn the_core_has_no_clock_no_output_and_no_files() {
    for (path, text) in rust("src/") {
        for (number, line) in text.lines().enumerate() {
            let line = code(line).replace("std::net::Ipv4Addr", "");
            for word in [
                "web_sys",
                "js_sys",
                "gloo",
                "wasm_bindgen",
                "std::time",
                "Instant",
                "SystemTime",
                "println!",
                "print!",
                "eprintln!",
                "eprint!",
                "dbg!",
                "std::fs",
                "std::io",
                "std::net",
                "std::env",
                "std::thread",
                "std::process",
            ] {
                // Random histories tell the seed that makes them again, the hostile cases how many, and
                // what is recorded is printed once.
                let tells = [
                    "src/sync/tests/seeds.rs",
                    "src/sync/tests/hostile.rs",
                    "src/sync/tests/life.rs",
                    "src/sync/tests/recorded.rs",
                ];
                let told = word == "println!" && tells.contains(&path.as_str());
                // A world that ends by a failure does not look for another one.
                let ends = word == "std::thread" && path == "src/sync/tests/life/world.rs";
                assert!(told || ends || !has_word(&line, word), "{path}:{}: {word}", number + 1);
            }
        }
    }
}

/// A lock or a sign-out ends a sync: each request and each change of the stores begins at the place that asks.
#[test]
fn a_sync_reaches_server_and_lock_in_one_place_each() {
    for (path, text) in rust("src/sync/") {
        if path.starts_with("src/sync/tests/") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for word in ["self.remote", "local.lock()"] {
                let here = code(line).contains(word);
                let known = path == "src/sync/mod.rs";
                assert!(known || !here, "{path}:{}: {word}", number + 1);
            }
        }
    }
}

/// No text of others becomes a link by itself: `mysafe::model::link` decides.
#[test]
fn links_lead_to_screens_and_to_checked_addresses() {
    let mut checked = 0;
    for (path, text) in rust("popup/src/") {
        for (number, line) in text.lines().enumerate() {
            let Some((_, target)) = code(line).split_once("href=") else { continue };
            let known = target.contains(".hash()") || target.starts_with("'#/");
            checked += u32::from(target.starts_with("link "));
            assert!(known || target.starts_with("link "), "{path}:{}: {line}", number + 1);
        }
    }
    assert_eq!(checked, 1, "the address in the details");
}

#[test]
fn randomness_comes_from_one_place() {
    for (path, text) in rust("src/") {
        for (number, line) in text.lines().enumerate() {
            let known = path == "src/crypto/random.rs";
            for word in ["getrandom", "OsRng", "thread_rng", "SysRng"] {
                let here = has_word(code(line), word);
                assert!(known || !here, "{path}:{}: {word}", number + 1);
            }
        }
    }
}

/// The signatures of functions that may be called from outside their module.
fn public_functions(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(code).collect();
    let text = lines.join(" ");
    let starts = ["pub fn ", "pub(crate) fn "].into_iter();
    let found = starts.flat_map(|start| text.match_indices(start).collect::<Vec<_>>());
    found
        .map(|(at, _)| {
            let signature = text[at..].split('{').next().unwrap_or_default();
            signature.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

/// The name in a signature.
fn name(signature: &str) -> &str {
    let after = signature.split_once("fn ").map_or("", |(_, after)| after);
    after.split(['(', '<']).next().unwrap_or_default()
}

#[test]
fn raw_keys_do_not_leave_the_cryptography() {
    // A public key, what was typed in the form it is hashed or compared in, the one way into session
    // storage, the key of one message for the browser's own AES, and a recovery code as its owner is
    // shown it.
    let allowed = ["sign_pk", "normalized", "symbols", "to_session", "groups", "message_key"];
    let (mut seen, mut functions) = (Vec::new(), 0);
    for (path, text) in rust("src/crypto/") {
        for signature in public_functions(&text) {
            functions += 1;
            let Some((_, returned)) = signature.rsplit_once("->") else { continue };
            if returned.contains("[u8; 32]") || returned.contains("Zeroizing<") {
                assert!(allowed.contains(&name(&signature)), "{path}: {signature}");
                seen.push(name(&signature).to_owned());
            }
        }
        for line in text.lines().map(code) {
            let public = line.trim_start().starts_with("pub ") || line.contains("(pub ");
            let field = public && !line.contains("fn ") && !line.contains("struct ");
            assert!(!field || !line.contains("[u8; 32]"), "{path}: {line}");
            let open = line.contains("struct ") && line.contains("(pub ");
            assert!(!open || !line.contains("u8"), "{path}: {line}");
        }
    }
    assert!(functions > 30, "only {functions} functions read");
    seen.sort();
    seen.dedup();
    assert_eq!(
        seen,
        ["groups", "message_key", "normalized", "sign_pk", "symbols", "to_session"],
        "the sources are read right"
    );
}

#[test]
fn signatures_are_read_over_several_lines() {
    let text =
        "pub fn a(\n    &self,\n) -> Result<[u8; 32], E> { x }\npub(crate) fn b() {}\nfn c() {}";
    assert_eq!(
        public_functions(text),
        ["pub fn a( &self, ) -> Result<[u8; 32], E>", "pub(crate) fn b()"]
    );
    assert_eq!(name("pub fn a<T>(t: T)"), "a");
}
