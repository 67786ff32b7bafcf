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

/// Each rule holds, or a suffix of the list would be a site of all its customers.
#[test]
fn every_rule_of_the_list_holds() {
    let rules = include_str!("../suffixes.txt").lines().filter(|line| !line.starts_with('#'));
    let mut held = 0;
    for rule in rules {
        let (site, below) = if let Some(name) = rule.strip_prefix('!') {
            (name.to_owned(), format!("customer.site.{name}"))
        } else {
            let site = format!("my-site.{}", rule.replace('*', "any"));
            (site.clone(), format!("customer.{site}"))
        };
        assert_eq!(registrable(&below), Some(site), "{rule}");
        held += 1;
    }
    assert!(held > 10_000, "{held}");
}

#[test]
fn a_name_with_a_wildcard_below_it_is_a_suffix() {
    assert_eq!(registrable("kobe.jp"), None);
    assert_eq!(registrable("a.kobe.jp"), None);
    assert_eq!(registrable("b.a.kobe.jp").as_deref(), Some("b.a.kobe.jp"));
}
