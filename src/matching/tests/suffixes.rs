//! The Public Suffix List's own test vectors.

use crate::matching::{Site, registrable};

const VECTORS: &str = include_str!("../../../tests/fixtures/test_psl.txt");

/// An argument of a `checkPublicSuffix` line; `None` is its `null`.
fn argument(text: &str) -> Option<&str> {
    (text != "null").then(|| text.trim_matches('\''))
}

/// As a browser writes a host.
fn ascii(host: &str) -> String {
    idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_owned())
}

#[test]
fn the_lists_own_vectors_hold() {
    let mut held = 0;
    for line in VECTORS.lines().filter(|line| !line.starts_with("//") && !line.is_empty()) {
        let vector = line.strip_prefix("checkPublicSuffix(").unwrap().strip_suffix(");").unwrap();
        let (host, domain) = vector.split_once(", ").unwrap();
        let domain = argument(domain).map(ascii);
        let found = argument(host).and_then(|host| registrable(&ascii(host)));
        assert_eq!(found, domain, "{line}");
        // And by the way every address takes. A host that begins with a dot is none.
        if let Some(host) = argument(host).filter(|host| !host.starts_with('.')) {
            let site = Site::of(&format!("https://{host}/x")).unwrap();
            assert_eq!(site.registrable, domain, "{line}");
        }
        held += 1;
    }
    assert_eq!(held, 78);
}
