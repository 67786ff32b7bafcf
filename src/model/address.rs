//! The address of an API: http or https, no user information, no query, no fragment
//! (WHATWG URL). A bare host gets `https://`.

use mysafe_protocol::limits;
use url::{Host, Url};

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a URL with a host.
    #[error("not a URL")]
    NotAUrl,
    /// Another scheme than http or https.
    #[error("not http or https")]
    NotHttp,
    /// It carries a user name or password.
    #[error("user information")]
    UserInformation,
    /// Longer than allowed.
    #[error("too long")]
    TooLong,
}

/// An address as it will be stored, and what was done to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Normalised by WHATWG URL; a lone `/` path is left out.
    pub url: String,
    /// `https://` was added.
    pub added_scheme: bool,
    /// A query or fragment was dropped.
    pub dropped_query: bool,
}

/// Reads what a person typed or pasted.
pub fn complete(text: &str) -> Result<Address, AddressError> {
    let text = text.trim();
    if text.chars().count() > limits::URL {
        return Err(AddressError::TooLong);
    }
    let added_scheme = !has_scheme(text);
    let full = if added_scheme { format!("https://{text}") } else { text.to_owned() };
    let mut url = Url::parse(&full).map_err(|_| AddressError::NotAUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::NotHttp);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::UserInformation);
    }
    match url.host() {
        None => return Err(AddressError::NotAUrl),
        // With an empty last label it is no name.
        Some(Host::Domain(domain)) if matches!(domain, "" | ".") || domain.ends_with("..") => {
            return Err(AddressError::NotAUrl);
        }
        Some(_) => {}
    }
    let dropped_query = url.query().is_some() || url.fragment().is_some();
    url.set_query(None);
    url.set_fragment(None);
    let mut normal: String = url.into();
    if normal.matches('/').count() == 3 && normal.ends_with('/') {
        normal.pop();
    }
    if normal.chars().count() > limits::URL {
        return Err(AddressError::TooLong);
    }
    Ok(Address { url: normal, added_scheme, dropped_query })
}

/// The address of a link, if a text is an http or https address as a form would store it. Any
/// other address of an item is shown as text.
pub fn link(text: &str) -> Option<&str> {
    let address = complete(text).ok()?;
    (!address.added_scheme && address.url == text).then_some(text)
}

/// Whether it starts with a scheme (RFC 3986 section 3.1). `localhost:8080` and `host:443/x` do
/// not: what follows the colon is a port.
fn has_scheme(text: &str) -> bool {
    let Some((before, after)) = text.split_once(':') else { return false };
    let scheme = before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let port: String = after.chars().take_while(char::is_ascii_digit).collect();
    let port_ends = after[port.len()..].chars().next().is_none_or(|c| "/?#".contains(c));
    scheme && (port.is_empty() || !port_ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_completed_and_normalised() {
        for (text, url, added, dropped) in [
            ("api.example.com", "https://api.example.com", true, false),
            (" https://API.Example.com/ ", "https://api.example.com", false, false),
            ("http://localhost:8080/v1/", "http://localhost:8080/v1/", false, false),
            ("localhost:8080", "https://localhost:8080", true, false),
            ("api.example.com:443/v2", "https://api.example.com/v2", true, false),
            ("https://a.b/x?key=1#y", "https://a.b/x", false, true),
            ("bücher.example", "https://xn--bcher-kva.example", true, false),
            ("[::1]:9", "https://[::1]:9", true, false),
            ("10.0.0.1/api", "https://10.0.0.1/api", true, false),
            ("//a.b", "https://a.b", true, false),
        ] {
            let address = complete(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(address.url, url, "{text}");
            assert_eq!((address.added_scheme, address.dropped_query), (added, dropped), "{text}");
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        for address in
            ["https://api.example.com/v1", "http://10.0.0.1:8080", "https://xn--a-1ga.eu"]
        {
            assert_eq!(link(address), Some(address));
        }
        for text in [
            "javascript:alert(1)",
            "JavaScript:alert(1)//https://a.b",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://a.b/1-2",
            "about:blank",
            "chrome://settings",
            "chrome-extension://abc/popup.html",
            "moz-extension://abc/popup.html",
            "view-source:https://a.b",
            "ftp://a.b",
            "ws://a.b",
            "mailto:a@b.c",
            "tel:123",
            "ms-word:ofe|u|https://a.b",
            "intent://a.b#Intent;end",
            "https://bank.example@evil.example",
            "https:evil.example",
            "https:\\\\evil.example",
            "https://a.b/\u{202e}x",
            "//a.b",
            "a.b",
            "#/settings",
            "",
        ] {
            assert_eq!(link(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        use AddressError::*;
        for (text, error) in [
            ("", NotAUrl),
            ("https://", NotAUrl),
            ("a b", NotAUrl),
            ("https://.", NotAUrl),
            ("https://..", NotAUrl),
            ("https://a.example..", NotAUrl),
            ("ftp://a.b", NotHttp),
            ("javascript:alert(1)", NotHttp),
            ("https://user:pw@a.b", UserInformation),
            ("user@a.b", UserInformation),
        ] {
            assert_eq!(complete(text), Err(error), "{text}");
        }
        let long = format!("a.b/{}", "x".repeat(limits::URL));
        assert_eq!(complete(&long), Err(TooLong));
    }
}
