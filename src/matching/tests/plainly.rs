//! The rules once more, by looking at every address of every item: what the index must give.

use proptest::prelude::*;

use super::{alone, bare, entry};
use crate::matching::{Index, Match, Reason, Site};
use crate::vault::Entry;

/// Where the addresses of each item point.
pub fn sites(entries: &[Entry]) -> Vec<Vec<Site>> {
    let addresses =
        |entry: &Entry| [vec![entry.overview.url.clone()], entry.overview.addresses.clone()];
    let sites = |entry| addresses(entry).concat().iter().filter_map(|a| Site::of(a)).collect();
    entries.iter().map(sites).collect()
}

/// What matches, best first.
pub fn matching(entries: &[Entry], sites: &[Vec<Site>], address: &str) -> Vec<Match> {
    let Some(page) = Site::of(address) else { return Vec::new() };
    let mut found: Vec<((bool, Reason, usize), u64, Match)> = Vec::new();
    for (place, (entry, sites)) in entries.iter().zip(sites).enumerate() {
        if let Some(best) = sites.iter().filter_map(|site| compare(site, &page)).min() {
            let (not_secure, reason, _) = best;
            let one = Match { item: entry.id, place, reason, not_secure };
            found.push((best, u64::MAX - entry.last_use, one));
        }
    }
    found.sort_by_key(|(best, used, found)| (*best, *used, found.place));
    found.into_iter().map(|(_, _, found)| found).collect()
}

/// How an address stands to a page; the lower, the better.
fn compare(item: &Site, page: &Site) -> Option<(bool, Reason, usize)> {
    let not_secure = item.secure && !page.secure && !page.is_loopback();
    let same_port = item.port == page.port || item.is_default_port() && page.is_default_port();
    if item.host == page.host && same_port {
        return Some(match prefix(&item.path, &page.path) {
            Some(length) => (not_secure, Reason::ExactAddress, usize::MAX - length),
            None => (not_secure, Reason::SameHost, 0),
        });
    }
    let domain = item.registrable.as_ref()?;
    (Some(domain) == page.registrable.as_ref()).then_some((not_secure, Reason::SameDomain, 0))
}

/// The length of `prefix` if it is `path` or whole leading segments of it.
fn prefix(prefix: &str, path: &str) -> Option<usize> {
    let prefix = prefix.trim_end_matches('/');
    let rest = path.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(prefix.len())
}

fn address() -> impl Strategy<Value = String> {
    let schemes = prop::sample::select(vec!["https", "http"]);
    let hosts = prop::sample::select(vec![
        "example.com",
        "api.example.com",
        "a.b.example.com.",
        "example.co.uk",
        "a.github.io",
        "b.github.io",
        "github.io",
        "localhost",
        "app.localhost",
        "127.0.0.1",
        "10.0.0.1",
        "[::1]",
        "build",
    ]);
    let ports = prop::sample::select(vec!["", ":80", ":443", ":8080"]);
    let paths = prop::sample::select(vec!["", "/", "/v1", "/v1/", "/v1/a", "/v1//a", "/V1", "/v"]);
    (schemes, hosts, ports, paths)
        .prop_map(|(scheme, host, port, path)| format!("{scheme}://{host}{port}{path}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_index_gives_what_the_rules_give(
        items in prop::collection::vec((prop::collection::vec(address(), 1..4), 0..3u64), 0..24),
        pages in prop::collection::vec(address(), 8),
    ) {
        let entries: Vec<Entry> = items
            .iter()
            .enumerate()
            .map(|(number, (urls, last_use))| {
                let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
                Entry { last_use: *last_use, ..entry(number, &urls) }
            })
            .collect();
        let (index, sites) = (Index::of(entries.iter()), sites(&entries));
        for page in pages {
            let found: Vec<Match> = index.matching(&page).collect();
            prop_assert_eq!(alone(&entries, &page), bare(found.iter().copied()), "{}", page);
            prop_assert_eq!(found, matching(&entries, &sites, &page), "{}", page);
        }
    }
}
