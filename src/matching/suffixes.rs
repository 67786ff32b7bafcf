//! The Public Suffix List: `suffixes.txt`, its rules as `cargo xtask suffixes` takes them from the
//! list, with names as they stand in addresses.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

const LIST: &str = include_str!("suffixes.txt");

/// What the rules say of a name.
#[derive(Clone, Copy, Default)]
struct Rules {
    /// `co.uk`: a suffix.
    suffix: bool,
    /// `*.ck`: every label before it makes one.
    wildcard: bool,
    /// `!www.ck`: none, whatever the wildcard says.
    exception: bool,
}

/// By name. Read at the first question, in about a millisecond: a list of many items asks ten
/// thousand times.
static RULES: LazyLock<FxHashMap<&str, Rules>> = LazyLock::new(|| {
    let mut rules: FxHashMap<&str, Rules> = FxHashMap::default();
    rules.reserve(LIST.len() / 14);
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("*.") {
            rules.entry(name).or_default().wildcard = true;
        } else if let Some(name) = line.strip_prefix('!') {
            rules.entry(name).or_default().exception = true;
        } else {
            rules.entry(line).or_default().suffix = true;
        }
    }
    rules
});

/// The registrable domain of a host in ASCII and lower case: `example.co.uk` of
/// `api.example.co.uk`. The rules of the Public Suffix List with its private part; a name that no
/// rule knows (`api.internal`) has a suffix of one label (publicsuffix.org, "Algorithm"). A name that has a
/// wildcard below it (`kobe.jp`) is a suffix itself: the list leaves that open, and browsers have it so.
pub fn registrable(host: &str) -> Option<String> {
    // With an empty label it is no name.
    if host.split('.').any(str::is_empty) {
        return None;
    }
    // Where the last label begins, the last two, and so on.
    let dots = host.bytes().enumerate().rev().filter(|(_, byte)| *byte == b'.');
    let starts: Vec<usize> = dots.map(|(dot, _)| dot + 1).chain([0]).collect();
    let mut suffix = 1;
    for (labels, start) in (1..).zip(&starts) {
        let rules = RULES.get(&host[*start..]).copied().unwrap_or_default();
        if rules.exception {
            suffix = labels - 1;
            break;
        }
        if rules.suffix {
            suffix = labels;
        }
        if rules.wildcard {
            suffix = labels + 1;
        }
    }
    starts.get(suffix).map(|start| host[*start..].to_owned())
}
