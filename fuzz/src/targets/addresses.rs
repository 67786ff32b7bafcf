//! Addresses as people type them and pages have them, against the `url` crate; registrable domains,
//! against the `publicsuffix` crate with the same list.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mysafe::matching::{self, OnPage, Site};
use mysafe::model::{AddressError, complete};
use mysafe_protocol::limits;
use publicsuffix::{List, Psl};
use url::{Host, Url};

/// Addresses to begin with.
pub(super) const TEXTS: &[&str] = &[
    "https://api.example.com/v1/a;b=1?x#y",
    "http://build:8080",
    "https://bücher.example:8443/a",
    "https://xn--bcher-kva.example",
    "https://user:pw@a.co.uk/%41%2f%zz",
    "https://[::1]:99/",
    "http://0x7f.1/..%2f./a",
    "HTTPS://EXAMPLE.COM./a b",
    "api.example.com:443/v2",
    "https://аррӏе.com",
    "https://例え.テスト",
    "ftp://a.b",
    "https://one.github.io",
];

/// Hosts to begin with.
pub(super) const HOSTS: &[&str] = &[
    "api.example.com",
    "a.example.co.uk",
    "www.ck",
    "a.b.ck",
    "ck",
    "a.city.kawasaki.jp",
    "x.kawasaki.jp",
    "one.github.io",
    "github.io",
    "api.internal",
    "build",
    "a.xn--55qx5d.cn",
];

const RULES: &str = include_str!("../../../src/matching/suffixes.txt");

static LIST: LazyLock<List> = LazyLock::new(|| {
    let rules: String = RULES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .fold(String::from("// ===BEGIN ICANN DOMAINS===\n"), |all, rule| all + rule + "\n");
    rules.parse().expect("the rules are a list")
});

/// The names below which every name is a suffix.
static WILDCARDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| RULES.lines().filter_map(|rule| rule.strip_prefix("*.")).collect());

/// The registrable domain of a host agrees with an independent reader of the same list.
pub(super) fn registrable(bytes: &[u8]) -> bool {
    let Ok(host) = std::str::from_utf8(bytes) else { return false };
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let found = matching::registrable(host);
    if let Some(domain) = &found {
        let rest = host.strip_suffix(domain.as_str()).expect("a domain is the end of its host");
        assert!(rest.is_empty() || rest.ends_with('.'), "a domain begins with a label");
        assert_eq!(matching::registrable(domain).as_ref(), Some(domain), "a domain is its own");
    }
    if bytes.iter().all(|byte| plain(*byte)) && !host.split('.').any(str::is_empty) {
        // A name that has a wildcard below it is a suffix itself, as for Chromium and libpsl.
        let expected = by_the_list(host).filter(|_| !WILDCARDS.contains(host));
        assert_eq!(found.as_deref(), expected, "both readers agree");
    }
    found.is_some()
}

fn by_the_list(host: &str) -> Option<&str> {
    let domain = LIST.domain(host.as_bytes())?;
    std::str::from_utf8(domain.as_bytes()).ok()
}

/// A site agrees with the `url` crate, and every address that is made of one leads to it again.
pub(super) fn sites(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let site = Site::of(text);
    assert_eq!(
        site.is_some(),
        Url::parse(text).is_ok_and(|url| is_web(&url)),
        "both readers agree"
    );
    typed(text, site.as_ref());
    let Some(site) = site else { return false };
    agrees(&site, &Url::parse(text).expect("an address"));
    let scheme = if site.secure { "https" } else { "http" };
    let again = format!("{scheme}://{}{}", site.authority(), site.path);
    assert_eq!(Site::of(&again).as_ref(), Some(&site), "{again}");
    // A person reads a name that leads to the same host.
    let read = format!("{scheme}://{}", site.readable());
    assert_eq!(Site::of(&read).map(|site| site.host), Some(site.host), "{read}");
    true
}

fn is_web(url: &Url) -> bool {
    let host = match url.host() {
        Some(Host::Domain(domain)) => !matches!(domain, "" | ".") && !domain.ends_with(".."),
        host => host.is_some(),
    };
    matches!(url.scheme(), "http" | "https") && host
}

fn agrees(site: &Site, url: &Url) {
    assert_eq!(site.secure, url.scheme() == "https");
    assert_eq!(Some(site.port), url.port_or_known_default());
    let host = url.host_str().expect("a host");
    // Of an http host in a network with a search domain, the name with a dot is another machine.
    let loopback = |name: &str| name == "localhost" || name.ends_with(".localhost");
    let bare = host.strip_suffix('.').filter(|name| site.secure || loopback(name));
    assert_eq!(site.host, bare.unwrap_or(host));
    let domain = match url.host() {
        Some(Host::Domain(name)) => matching::registrable(name.strip_suffix('.').unwrap_or(name)),
        _ => None,
    };
    assert_eq!(site.registrable, domain);
    assert!(site.path.starts_with('/'));
    assert_eq!(decoded(&site.path), decoded(url.path()), "a path says the same");
}

/// The bytes that a path stands for.
fn decoded(path: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(path).collect()
}

/// Completes what a person types to an address that is complete, and of the same site.
fn typed(text: &str, site: Option<&Site>) {
    let address = match complete(text) {
        Ok(address) => address,
        Err(why) => {
            let trimmed = Url::parse(text.trim());
            let plain = |url: &Url| url.username().is_empty() && url.password().is_none();
            let good = trimmed.is_ok_and(|url| is_web(&url) && plain(&url));
            // `url` passes over control characters, and `http:80` is a host with its port to people.
            let typed = text.trim().to_ascii_lowercase();
            let typed = ["http://", "https://"].iter().any(|scheme| typed.starts_with(scheme))
                && !typed.contains(char::is_control);
            assert!(!good || !typed || why == AddressError::TooLong, "{text} is refused: {why}");
            return;
        }
    };
    assert!(address.url.chars().count() <= limits::URL);
    let again = complete(&address.url).expect("a complete address is complete");
    assert_eq!(again.url, address.url);
    assert!(!again.added_scheme && !again.dropped_query);
    let completed = Site::of(&address.url).expect("an address has a site");
    if let Some(site) = site.filter(|_| !address.added_scheme) {
        assert_eq!(*site, completed, "{text}");
    }
    let found = OnPage::read([address.url.clone()]);
    assert!(found.addresses().iter().all(|found| *found == address.url), "a page is read as typed");
}
