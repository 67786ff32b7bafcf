//! The parts of an address that matching compares.

use url::{Host, Url};

/// Where an address points: scheme, host, port and path, normalised by WHATWG URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// https rather than http.
    pub secure: bool,
    /// Host in ASCII, lower case, without trailing dots; IPv6 in brackets.
    pub host: String,
    /// Port, the scheme's default if none was given.
    pub port: u16,
    /// Path, starting with a slash.
    pub path: String,
    /// Registrable domain; `None` for IP addresses, single labels and bare public suffixes.
    pub registrable: Option<String>,
}

impl Site {
    /// The site of a web address; `None` for other schemes.
    pub fn of(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let host = match url.host()? {
            Host::Domain(domain) => domain.trim_end_matches('.').to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => format!("[{ip}]"),
        };
        if host.is_empty() {
            return None;
        }
        let registrable = match url.host()? {
            Host::Domain(_) => registrable(&host),
            _ => None,
        };
        Some(Self {
            secure,
            port: url.port_or_known_default()?,
            path: url.path().to_owned(),
            registrable,
            host,
        })
    }

    /// Host and port, the port left out where it is the scheme's default.
    pub fn authority(&self) -> String {
        match (self.secure, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// This machine: `localhost`, its subdomains and loopback addresses.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host == "[::1]"
            || self.host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// The registrable domain of a host in ASCII: `example.co.uk` of `api.example.co.uk`.
pub fn registrable(host: &str) -> Option<String> {
    psl::domain_str(host)
        // A name no rule knows (`api.internal`) is a domain of its own, not "known".
        .map(str::to_owned)
}
