//! Addresses that a page names: what its API console calls. A page says what it likes, so they are
//! counted, measured and read as strictly as what a person types, and they only rank items: nothing
//! is filled because a page names an address.

use super::index::{Index, Match, Reason};
use super::site::Site;
use crate::model::complete;
use crate::protocol::limits;

/// The most addresses taken from one page.
pub const MOST_FOUND: usize = 50;

/// The https addresses that a page names, in its order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OnPage(Vec<String>);

impl OnPage {
    /// Reads what a page gave.
    pub fn read(texts: impl IntoIterator<Item = String>) -> Self {
        let mut found: Vec<String> = Vec::new();
        for text in texts.into_iter().take(MOST_FOUND) {
            if text.len() > limits::URL || !text.starts_with("https://") {
                continue;
            }
            if let Ok(address) = complete(&text)
                && !found.contains(&address.url)
            {
                found.push(address.url);
            }
        }
        Self(found)
    }

    /// Nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The addresses.
    pub fn addresses(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// The active items at the hosts of these addresses, in their order; none of them twice. Not
    /// those of the page's own host, which match it anyway.
    pub fn matching(&self, index: &Index, page: &str) -> Vec<Match> {
        let own = Site::of(page).map(|site| site.authority());
        let mut all: Vec<Match> = Vec::new();
        for address in &self.0 {
            if Site::of(address).map(|site| site.authority()) == own {
                continue;
            }
            for found in index.at_host(address) {
                if !all.iter().any(|known| known.item == found.item) {
                    all.push(Match { reason: Reason::FoundOnPage, ..found });
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::entry;
    use super::*;

    fn read(texts: &[&str]) -> Vec<String> {
        OnPage::read(texts.iter().map(|text| (*text).to_owned())).0
    }

    #[test]
    fn what_a_page_names_is_read_strictly() {
        assert_eq!(
            read(&[
                "https://api.a.com/v1",
                "https://API.a.com/v1?x#y",
                "http://api.a.com",
                "api.a.com",
                "//api.a.com",
                "https://user:pw@api.a.com",
                "https://api.a.com@evil.test",
                "javascript:alert(1)",
                "data:text/html,x",
                "https://",
                "https:///",
                " https://b.com",
                "https://b.com:99999",
                "https://bücher.example",
                "https://[::1",
            ]),
            ["https://api.a.com/v1", "https://xn--bcher-kva.example"]
        );
        let long = format!("https://a.b/{}", "x".repeat(limits::URL));
        assert_eq!(read(&[&long]), [""; 0]);
        let many: Vec<String> = (0..10_000).map(|n| format!("https://a.b/{n}")).collect();
        assert_eq!(OnPage::read(many).0.len(), MOST_FOUND);
    }

    #[test]
    fn items_at_the_hosts_that_a_page_names_are_found() {
        let entries = [
            entry(1, &["https://api.a.com/v1"]),
            entry(2, &["https://api.a.com/v2"]),
            entry(3, &["https://auth.a.com"]),
            entry(4, &["https://docs.b.com"]),
            entry(5, &["http://plain.a.com"]),
        ];
        let index = Index::of(entries.iter());
        let found = |texts: &[&str]| -> Vec<usize> {
            let found = OnPage::read(texts.iter().map(|text| (*text).to_owned()));
            let matches = found.matching(&index, "https://docs.b.com/swagger");
            assert!(matches.iter().all(|found| found.reason == Reason::FoundOnPage));
            matches.into_iter().map(|found| found.place + 1).collect()
        };
        assert_eq!(found(&["https://api.a.com/v2/pets"]), [2, 1], "the path first, then the host");
        assert_eq!(found(&["https://auth.a.com", "https://api.a.com/v1"]), [3, 1, 2]);
        assert_eq!(found(&["https://other.a.com"]), [0; 0], "a domain is too much");
        assert_eq!(found(&["https://docs.b.com/openapi.json"]), [0; 0], "the page's own host");
        assert_eq!(found(&["https://plain.a.com"]), [5]);
    }
}
