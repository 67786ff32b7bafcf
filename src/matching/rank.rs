//! Ranking items for an address. Deterministic: equal matches stand by last use, then name.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::site::Site;
use crate::vault::Entry;

/// Why an item matches, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// Its address is a path prefix of the page's.
    ExactAddress,
    /// Same host and port.
    SameHost,
    /// Same registrable domain.
    SameDomain,
}

/// An item that belongs to an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// The item.
    pub item: ItemId,
    /// Why.
    pub reason: Reason,
    /// The item is https, the page is http: shown last, never filled.
    pub not_secure: bool,
    /// How long the matching path is: longer is closer.
    path: usize,
}

/// The active items that belong to `address`, best first.
pub fn matching<'e>(entries: impl Iterator<Item = &'e Entry>, address: &str) -> Vec<Match> {
    let Some(page) = Site::of(address) else { return Vec::new() };
    let mut found: Vec<(Match, &Entry)> = entries
        .filter(|entry| entry.status == Status::Active)
        .filter_map(|entry| Some((best(entry, &page)?, entry)))
        .collect();
    found.sort_by(|(a, x), (b, y)| {
        (a.not_secure, a.reason)
            .cmp(&(b.not_secure, b.reason))
            .then(b.path.cmp(&a.path))
            .then(y.last_use.cmp(&x.last_use))
            .then_with(|| x.overview.name.to_lowercase().cmp(&y.overview.name.to_lowercase()))
            .then(x.id.cmp(&y.id))
    });
    found.into_iter().map(|(found, _)| found).collect()
}

/// The best of an item's addresses.
fn best(entry: &Entry, page: &Site) -> Option<Match> {
    let addresses = std::iter::once(&entry.overview.url).chain(&entry.overview.addresses);
    addresses
        .filter_map(|address| compare(&Site::of(address)?, page))
        .min_by_key(|(not_secure, reason, path)| (*not_secure, *reason, usize::MAX - path))
        .map(|(not_secure, reason, path)| Match { item: entry.id, reason, not_secure, path })
}

fn compare(item: &Site, page: &Site) -> Option<(bool, Reason, usize)> {
    let not_secure = item.secure && !page.secure && !page.is_loopback();
    let same_scheme_port = item.port == page.port
        // http and https on their default ports are one service.
        || (is_default(item) && is_default(page));
    if item.host == page.host && same_scheme_port {
        return Some(match prefix(&item.path, &page.path) {
            Some(length) => (not_secure, Reason::ExactAddress, length),
            None => (not_secure, Reason::SameHost, 0),
        });
    }
    let domain = item.registrable.as_ref()?;
    (Some(domain) == page.registrable.as_ref()).then_some((not_secure, Reason::SameDomain, 0))
}

fn is_default(site: &Site) -> bool {
    site.port == if site.secure { 443 } else { 80 }
}

/// The length of `prefix` if it is `path` or whole leading segments of it.
fn prefix(prefix: &str, path: &str) -> Option<usize> {
    let prefix = prefix.trim_end_matches('/');
    let rest = path.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(prefix.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Overview;
    use crate::vault::SecretPresence;

    fn entry(number: u8, url: &str) -> Entry {
        Entry {
            id: ItemId([number; 16]),
            revision: 1,
            status: Status::Active,
            overview: Overview { name: url.into(), url: url.into(), ..Default::default() },
            waiting: false,
            last_use: 0,
            secret: SecretPresence::Unknown,
            trouble: None,
        }
    }

    fn check(page: &str, items: &[&str], expected: &[&str]) {
        let entries: Vec<Entry> =
            items.iter().enumerate().map(|(at, url)| entry(at as u8, url)).collect();
        let found: Vec<String> = matching(entries.iter(), page)
            .into_iter()
            .map(|found| {
                let url = items[usize::from(found.item.0[0])];
                let mark = if found.not_secure { " not secure" } else { "" };
                format!("{:?} {url}{mark}", found.reason)
            })
            .collect();
        assert_eq!(found, expected, "{page}");
    }

    #[test]
    fn the_closest_address_comes_first() {
        check(
            "https://api.example.com/v1/users?x=1",
            &[
                "https://example.com",
                "https://api.example.com/v2",
                "https://api.example.com/v1",
                "https://api.example.com",
                "https://api.example.com/v1/use",
                "https://other.org",
            ],
            &[
                "ExactAddress https://api.example.com/v1",
                "ExactAddress https://api.example.com",
                "SameHost https://api.example.com/v1/use",
                "SameHost https://api.example.com/v2",
                "SameDomain https://example.com",
            ],
        );
    }

    #[test]
    fn sites_do_not_reach_each_other() {
        check("https://a.github.io", &["https://b.github.io", "https://github.io"], &[]);
        check("https://example.co.uk", &["https://other.co.uk", "https://co.uk"], &[]);
        check("https://10.0.0.1", &["https://10.0.0.2", "https://1.0.0.1"], &[]);
        check("http://build", &["http://wiki", "http://build.example"], &[]);
        check("https://example.com.evil.net", &["https://example.com"], &[]);
        check("https://evil.net/?https://example.com", &["https://example.com"], &[]);
        check("https://example.com@evil.net", &["https://example.com"], &[]);
        check("about:blank", &["https://example.com"], &[]);
    }

    #[test]
    fn ports_are_services_and_domains_hold_them_together() {
        check(
            "http://localhost:8080/docs",
            &["http://localhost:8080", "http://localhost:9090", "https://localhost:8080"],
            &["ExactAddress http://localhost:8080", "ExactAddress https://localhost:8080"],
        );
        check(
            "https://example.com:8443",
            &["https://example.com"],
            &["SameDomain https://example.com"],
        );
        check(
            "http://example.com",
            &["https://example.com", "http://www.example.com"],
            &["SameDomain http://www.example.com", "ExactAddress https://example.com not secure"],
        );
    }

    #[test]
    fn names_are_compared_in_ascii() {
        check(
            "https://BÜCHER.example./x",
            &["https://xn--bcher-kva.example"],
            &["ExactAddress https://xn--bcher-kva.example"],
        );
        check("http://[::1]:9/", &["http://[::1]:9"], &["ExactAddress http://[::1]:9"]);
    }

    #[test]
    fn equal_matches_stand_by_last_use_then_name() {
        let mut entries =
            [entry(1, "https://a.b"), entry(2, "https://a.b"), entry(3, "https://a.b")];
        entries[1].last_use = 5;
        entries[0].overview.name = "z".into();
        let order: Vec<u8> =
            matching(entries.iter(), "https://a.b").iter().map(|found| found.item.0[0]).collect();
        assert_eq!(order, [2, 3, 1]);
        entries[1].status = Status::Inactive;
        assert_eq!(matching(entries.iter(), "https://a.b").len(), 2);
    }
}
