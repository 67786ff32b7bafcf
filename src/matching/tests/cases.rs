//! The table: a page, the items that must match in their order with the reason, and items that
//! must not.

use super::{alone, bare, entry};
use crate::matching::{Index, Reason};
use crate::vault::Entry;

const TABLE: [&str; 2] = [include_str!("cases/sites.txt"), include_str!("cases/names.txt")];

/// A line of the table: `PAGE => REASON ADDRESS [+ ADDRESS]... [@LAST USE]; ...`.
struct Case<'t> {
    page: &'t str,
    /// In the order expected; `-` is no match.
    items: Vec<Item<'t>>,
}

struct Item<'t> {
    reason: &'t str,
    addresses: Vec<&'t str>,
    last_use: u64,
}

fn cases() -> Vec<Case<'static>> {
    let lines = TABLE
        .iter()
        .flat_map(|table| table.lines())
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (page, items) = line.split_once(" =>").unwrap_or_else(|| panic!("{line}"));
            let items = items.split(';').map(str::trim).filter(|item| !item.is_empty());
            Case { page, items: items.map(item).collect() }
        })
        .collect()
}

fn item(text: &'static str) -> Item<'static> {
    let (text, last_use) = match text.rsplit_once(" @") {
        Some((text, time)) => (text, time.parse().expect("a number")),
        None => (text, 0),
    };
    let (reason, addresses) = text.split_once(' ').unwrap_or_else(|| panic!("{text}"));
    Item { reason, addresses: addresses.split(" + ").collect(), last_use }
}

fn word(reason: Reason, not_secure: bool) -> &'static str {
    match (reason, not_secure) {
        (Reason::ExactAddress, false) => "exact",
        (Reason::SameHost, false) => "host",
        (Reason::SameDomain, false) => "domain",
        (Reason::ExactAddress, true) => "exact!",
        (Reason::SameHost, true) => "host!",
        (Reason::SameDomain, true) => "domain!",
        (Reason::FoundOnPage, _) => "page",
    }
}

#[test]
fn the_table_holds() {
    let cases = cases();
    assert!(cases.len() >= 200, "{}", cases.len());
    let mut wrong = Vec::new();
    for Case { page, items } in cases {
        // By name, which is the first address here, as a vault lists them.
        let mut entries: Vec<Entry> = items
            .iter()
            .enumerate()
            .map(|(number, item)| Entry {
                last_use: item.last_use,
                ..entry(number, &item.addresses)
            })
            .collect();
        entries.sort_by(|a, b| a.overview.name.cmp(&b.overview.name));
        let found: Vec<(&str, &str)> = Index::of(entries.iter())
            .matching(page)
            .map(|found| {
                let entry = &entries[found.place];
                assert_eq!(entry.id, found.item);
                (word(found.reason, found.not_secure), entry.overview.url.as_str())
            })
            .collect();
        assert_eq!(alone(&entries, page), bare(Index::of(entries.iter()).matching(page)), "{page}");
        let expected: Vec<(&str, &str)> = items
            .iter()
            .filter(|item| item.reason != "-")
            .map(|item| (item.reason, item.addresses[0]))
            .collect();
        if found != expected {
            wrong.push(format!("{page}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_inactive_item_is_never_suggested() {
    let mut entries = [entry(1, &["https://a.b"]), entry(2, &["https://a.b"])];
    entries[0].status = mysafe_protocol::bodies::Status::Inactive;
    let index = Index::of(entries.iter());
    assert_eq!(index.matching("https://a.b").map(|found| found.place).collect::<Vec<_>>(), [1]);
}
