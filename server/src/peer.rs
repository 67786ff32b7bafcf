//! The client at the other end of the connection, for counting tries.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

/// The client's IP address. If the connection comes from this machine, a reverse proxy may stand
/// between: then it is the last address in `X-Forwarded-For`, the one the proxy itself wrote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers))
    }
}

impl Peer {
    /// The client of a request.
    pub fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        let connected = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip().to_canonical());
        let forwarded = connected.is_loopback().then(|| last_forwarded(headers)).flatten();
        Self(forwarded.unwrap_or(connected))
    }
}

/// Whether a request says that it came through a reverse proxy.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED)
}

const FORWARDED: &str = "x-forwarded-for";

fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all(FORWARDED).iter().next_back()?.to_str().ok()?;
    let client = value.rsplit(',').next()?.trim();
    // Some proxies write the port too, and an IPv6 address in brackets.
    let with_port = || client.parse().ok().map(|client: SocketAddr| client.ip());
    let bare = client.strip_prefix('[').and_then(|client| client.strip_suffix(']'));
    let address = bare.unwrap_or(client).parse().ok().or_else(with_port)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn peer(connected: &str, forwarded: Option<&str>) -> String {
        let mut request = axum::http::Request::builder();
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let address = SocketAddr::new(connected.parse().unwrap(), 1);
        parts.extensions.insert(ConnectInfo(address));
        Peer::from_request_parts(&mut parts, &()).await.unwrap().0.to_string()
    }

    #[tokio::test]
    async fn only_a_proxy_on_this_machine_is_believed() {
        assert_eq!(peer("192.0.2.1", None).await, "192.0.2.1");
        assert_eq!(peer("192.0.2.1", Some("198.51.100.1")).await, "192.0.2.1");
        assert_eq!(peer("127.0.0.1", Some("198.51.100.1, 203.0.113.9")).await, "203.0.113.9");
        assert_eq!(peer("::ffff:127.0.0.1", Some("2001:db8::1")).await, "2001:db8::1");
        assert_eq!(peer("127.0.0.1", Some("unknown")).await, "127.0.0.1");
        assert_eq!(peer("127.0.0.1", Some("::ffff:192.0.2.7")).await, "192.0.2.7");
        assert_eq!(peer("127.0.0.1", Some("192.0.2.9, 192.0.2.7:443")).await, "192.0.2.7");
        assert_eq!(peer("127.0.0.1", Some("[2001:db8::1]:443")).await, "2001:db8::1");
        assert_eq!(peer("127.0.0.1", Some("[2001:db8::1]")).await, "2001:db8::1");
    }
}
