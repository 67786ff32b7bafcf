//! Every public API of the fixture as an item, each address as a page: all against all.

use super::{alone, bare, entry, plainly};
use crate::matching::{Index, Match, Reason, Site};
use crate::vault::Entry;

const APIS: &str = include_str!("../../../tests/fixtures/public-apis.jsonl");

fn apis() -> Vec<String> {
    let url = |line: &str| {
        let (_, after) = line.split_once("\"url\": \"").expect("each API has an address");
        after.split('"').next().expect("a string ends").to_owned()
    };
    APIS.lines().map(url).collect()
}

/// What makes two hosts belong together: the registrable domain, else the host.
fn house(site: &Site) -> &str {
    site.registrable.as_deref().unwrap_or(&site.host)
}

#[test]
fn each_api_is_among_the_best_on_its_own_address_and_never_on_another_domain() {
    let urls = apis();
    assert_eq!(urls.len(), 2_095);
    let entries: Vec<Entry> =
        urls.iter().enumerate().map(|(number, url)| entry(number, &[url.as_str()])).collect();
    let index = Index::of(entries.iter());
    let sites: Vec<Site> = urls.iter().map(|url| Site::of(url).expect("an address")).collect();
    let mut pairs = 0;
    for (own, page) in urls.iter().enumerate() {
        let found: Vec<Match> = index.matching(page).collect();
        let place = found.iter().position(|found| found.place == own).expect("it matches itself");
        // What stands before it is as good: exact, and with the same path.
        for better in &found[..=place] {
            assert_eq!((better.reason, better.not_secure), (Reason::ExactAddress, false), "{page}");
            let path = |at: usize| sites[at].path.trim_end_matches('/');
            assert_eq!(path(better.place), path(own), "{page}");
        }
        for found in &found {
            assert_eq!(house(&sites[found.place]), house(&sites[own]), "{page}");
        }
        // Nothing of the same domain is left out either, but for hosts without one.
        let domain = sites[own].registrable.as_ref();
        if domain.is_some() {
            let there = sites.iter().filter(|site| site.registrable.as_ref() == domain).count();
            assert_eq!(found.len(), there, "{page}");
        }
        pairs += found.len();
    }
    assert!(pairs > urls.len(), "some APIs share a domain");
}

#[test]
fn the_index_gives_what_the_rules_give_for_every_api() {
    let urls = apis();
    let entries: Vec<Entry> =
        urls.iter().enumerate().map(|(number, url)| entry(number, &[url.as_str()])).collect();
    let index = Index::of(entries.iter());
    let sites = plainly::sites(&entries);
    for (number, page) in urls.iter().enumerate() {
        let page = format!("{page}/deeper?query#part");
        let found: Vec<Match> = index.matching(&page).collect();
        assert_eq!(found, plainly::matching(&entries, &sites, &page), "{page}");
        if number.is_multiple_of(16) {
            assert_eq!(alone(&entries, &page), bare(found.into_iter()), "{page}");
        }
    }
}
