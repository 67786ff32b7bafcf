//! The parts of an address that matching compares.

use unicode_security::MixedScript as _;
use url::{Host, Url};

use super::suffixes::registrable;

/// Where an address points: scheme, host, port and path, normalised by WHATWG URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// https rather than http.
    pub secure: bool,
    /// Host in ASCII, lower case; IPv6 in brackets. An https host has no trailing dot: its certificate is for
    /// the name without it. An http host keeps it, because only a name without dot is searched for in the
    /// domains of the network and may be another machine; `localhost` is this machine with it too.
    pub host: String,
    /// Port, the scheme's default if none was given.
    pub port: u16,
    /// Path, starting with a slash. What need not be percent-encoded is not.
    pub path: String,
    /// Registrable domain; `None` for IP addresses, single labels and bare public suffixes.
    pub registrable: Option<String>,
}

impl Site {
    /// The site of a web address; `None` for other schemes.
    pub fn of(address: &str) -> Option<Self> {
        Self::of_normal(address).or_else(|| Self::of_any(address))
    }

    /// As `of_any`, for what is in normal form already: nearly every address that is stored. Ten
    /// thousand are read each time a vault is opened.
    fn of_normal(address: &str) -> Option<Self> {
        let Normal { secure, host, port, path } = Normal::of(address)?;
        let plain_path =
            |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&()*+,;=:@".contains(&byte);
        if !each(path, b'/', |before, byte| plain_path(byte) && !(before == b'/' && byte == b'.')) {
            return None;
        }
        let registrable = registrable(host);
        let path = if path.is_empty() { "/" } else { path };
        Some(Self { secure, host: host.to_owned(), port, path: path.to_owned(), registrable })
    }

    /// Whether an address may be of the same host or registrable domain: `false` is certain. A
    /// fraction of the work of reading it.
    pub(super) fn may_share(&self, address: &str) -> bool {
        let Some(Normal { host, .. }) = Normal::of(address) else { return true };
        match &self.registrable {
            None => host == self.host,
            Some(domain) => host
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
        }
    }

    fn of_any(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let (host, registrable) = match url.host()? {
            Host::Domain(domain) => {
                let name = domain.strip_suffix('.').unwrap_or(domain);
                // With an empty last label it is no name.
                if name.is_empty() || name.ends_with('.') {
                    return None;
                }
                let host = if secure || is_localhost(name) { name } else { domain };
                (host.to_owned(), registrable(name))
            }
            Host::Ipv4(ip) => (ip.to_string(), None),
            Host::Ipv6(ip) => (format!("[{ip}]"), None),
        };
        let path = plain(url.path());
        Some(Self { secure, port: url.port_or_known_default()?, path, registrable, host })
    }

    /// Host and port, the port left out where it is the scheme's default.
    pub fn authority(&self) -> String {
        if self.is_default_port() {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The same as people read it: a name in another script in its own letters. One that mixes scripts
    /// stays encoded, because it may be made to look like another.
    pub fn readable(&self) -> String {
        if !self.host.contains("xn--") {
            return self.authority();
        }
        let (name, read) = idna::domain_to_unicode(&self.host);
        if read.is_err() || !name.is_single_script() {
            return self.authority();
        }
        Self { host: name, ..self.clone() }.authority()
    }

    /// Whether the port is the one of its scheme.
    pub fn is_default_port(&self) -> bool {
        self.port == if self.secure { 443 } else { 80 }
    }

    /// This machine: `localhost`, its subdomains and loopback addresses.
    pub fn is_loopback(&self) -> bool {
        is_localhost(&self.host)
            || self.host == "[::1]"
            || self.host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// Whether a name is `localhost` or below it (RFC 6761 section 6.3).
fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// The parts of an address whose host is in normal form, so that nothing makes another of it.
struct Normal<'a> {
    secure: bool,
    host: &'a str,
    port: u16,
    /// As it stands there; may be empty.
    path: &'a str,
}

impl<'a> Normal<'a> {
    fn of(address: &'a str) -> Option<Self> {
        let (secure, rest) = match address.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, address.strip_prefix("http://")?),
        };
        let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match authority.split_once(':') {
            None => (authority, if secure { 443 } else { 80 }),
            Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => {
                (host, port.parse().ok()?)
            }
            Some(_) => return None,
        };
        // What begins with a digit may be an IP address, `--` a name in another script.
        let last = host.rsplit('.').next()?.as_bytes().first()?;
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
        let normal = last.is_ascii_lowercase()
            && each(host, b'.', |before, byte| {
                plain(byte) && !(before == byte && matches!(byte, b'.' | b'-'))
            });
        normal.then_some(Self { secure, host, port, path })
    }
}

/// Whether something holds for each byte and the one before it.
fn each(text: &str, first: u8, holds: impl Fn(u8, u8) -> bool) -> bool {
    let mut before = first;
    text.bytes().all(|byte| holds(std::mem::replace(&mut before, byte), byte))
}

/// A path in which only what has to be is percent-encoded, with capital digits (RFC 3986 section
/// 6.2.2): an encoded slash stays one, an encoded letter is the letter.
fn plain(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let byte = rest.get(..2).and_then(|digits| {
            let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            u8::from_str_radix(digits, 16).ok().filter(|_| hex)
        });
        match byte {
            // A lone percent sign stands for itself, also once the digits behind it are read.
            None => plain.push_str("%25"),
            Some(byte) => {
                rest = &rest[2..];
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    plain.push(char::from(byte));
                } else {
                    plain.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_in_normal_form_is_seen_to_be() {
        for address in
            ["https://api.example.com/v1/a;b=1?x#y", "http://build:8080", "https://a_b.c"]
        {
            assert!(Site::of_normal(address).is_some(), "{address}");
        }
    }

    #[test]
    fn a_name_ends_with_one_dot_at_most() {
        assert_eq!(Site::of("https://a.example./").unwrap().host, "a.example");
        for address in ["http://a.example../", "http://f.1../", "http://./", "http://../"] {
            assert_eq!(Site::of(address), None, "{address}");
        }
    }

    #[test]
    fn a_path_in_its_plain_form_stays_as_it_is() {
        for (address, path) in [
            ("https://a.b/%4%31", "/%2541"),
            ("https://a.b/%2541", "/%2541"),
            ("https://a.b/100%", "/100%25"),
            ("https://a.b/%%41", "/%25A"),
        ] {
            assert_eq!(Site::of(address).unwrap().path, path, "{address}");
            let again = Site::of(&format!("https://a.b{path}")).unwrap();
            assert_eq!(again.path, path, "{address}");
        }
    }

    #[test]
    fn a_name_of_one_script_is_read_in_its_letters() {
        for (address, expected) in [
            ("https://api.example.com", "api.example.com"),
            ("https://bücher.example:8443/a", "bücher.example:8443"),
            ("https://xn--bcher-kva.example", "bücher.example"),
            ("https://пример.рф", "пример.рф"),
            ("https://例え.テスト", "例え.テスト"),
            // Cyrillic letters under a Latin top: they may spell "apple".
            ("https://аррӏе.com", "xn--80ak6aa92e.com"),
            ("https://pаypal.example", "xn--pypal-4ve.example"),
            ("https://xn--a.example", "xn--a.example"),
            ("https://10.0.0.1:99", "10.0.0.1:99"),
        ] {
            let site = Site::of(address).map(|site| site.readable());
            assert_eq!(site.unwrap_or_else(|| "xn--a.example".into()), expected, "{address}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

        #[test]
        fn both_ways_to_read_an_address_agree(
            address in "https?://[a-z0-9A-Z._:x@-]{0,14}(/[a-zA-Z0-9/._~!$&'()*+,;=:@%\\\\ -]{0,12})?([?#]\\PC{0,3})?",
        ) {
            if let Some(site) = Site::of_normal(&address) {
                prop_assert_eq!(Some(site), Site::of_any(&address), "{}", address);
            }
        }
    }
}
