//! How many tries there are for signing up and signing in, by the client's IP address and by mail
//! address, whether the address has an account or not; and how many searches for people. Counted in memory, by each replica.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use mysafe_protocol::bytes::UserId;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Tries of one client before it has to wait; many people may share an IP address.
const CLIENT_BURST: u32 = 300;
/// One more try of a client after so long.
const CLIENT_PERIOD: Duration = Duration::from_millis(100);
/// Tries for one mail address before one has to wait.
pub const ADDRESS_BURST: u32 = 10;
/// One more try for a mail address after so long.
pub const ADDRESS_PERIOD: Duration = Duration::from_secs(30);

/// Searches of one person before they have to wait: more than anybody types.
pub const SEARCH_BURST: u32 = 60;
/// One more search after so long.
const SEARCH_PERIOD: Duration = Duration::from_secs(1);

/// What is tried with a mail address; each is counted by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Try {
    /// The first request of a sign-up.
    JoinStart,
    /// The second.
    JoinFinish,
    /// The first request of a sign-in; the second is good for one first.
    SignIn,
    /// The first request of a recovery.
    RecoveryStart,
    /// The second.
    RecoveryFinish,
}

/// Counts tries.
pub struct Rates {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    /// By a hash of the address, so that long ones take no more room.
    addresses: DefaultKeyedRateLimiter<(Try, [u8; 32])>,
    searches: DefaultKeyedRateLimiter<UserId>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            clients: RateLimiter::keyed(quota(CLIENT_PERIOD, CLIENT_BURST)),
            addresses: RateLimiter::keyed(quota(ADDRESS_PERIOD, ADDRESS_BURST)),
            searches: RateLimiter::keyed(quota(SEARCH_PERIOD, SEARCH_BURST)),
        }
    }
}

fn quota(period: Duration, burst: u32) -> Quota {
    let burst = NonZeroU32::new(burst).expect("a burst of at least one");
    Quota::with_period(period).expect("a period longer than zero").allow_burst(burst)
}

impl Rates {
    /// Counts a request of a client.
    pub fn client(&self, peer: IpAddr) -> Result<(), Error> {
        let checked = self.clients.check_key(&network(peer));
        checked.map_err(|not_until| wait(not_until.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts a try with a mail address.
    pub fn address(&self, what: Try, address: &str) -> Result<(), Error> {
        let checked = self.addresses.check_key(&(what, Sha256::digest(address).into()));
        checked.map_err(|not_until| wait(not_until.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts a search for people.
    pub fn search(&self, user: &UserId) -> Result<(), Error> {
        let checked = self.searches.check_key(user);
        checked.map_err(|not_until| wait(not_until.wait_time_from(DefaultClock::default().now())))
    }

    /// Forgets whoever may try freely again.
    pub fn sweep(&self) {
        self.clients.retain_recent();
        self.addresses.retain_recent();
        self.searches.retain_recent();
    }
}

fn wait(time: Duration) -> Error {
    metrics::counter!("mysafe_too_many_tries_total").increment(1);
    Error::TooManyTries(time)
}

/// One customer of a network has a whole /64 of IPv6 addresses: they count as one.
fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_ten_tries_of_each_kind() {
        let rates = Rates::default();
        for _ in 0..ADDRESS_BURST {
            rates.address(Try::SignIn, "ana@example.com").unwrap();
        }
        let refused = rates.address(Try::SignIn, "ana@example.com").unwrap_err();
        assert!(matches!(refused, Error::TooManyTries(wait) if wait <= ADDRESS_PERIOD));
        rates.address(Try::JoinStart, "ana@example.com").unwrap();
        rates.address(Try::SignIn, "bea@example.com").unwrap();
    }

    #[test]
    fn a_client_is_stopped_whatever_the_addresses() {
        let rates = Rates::default();
        let peer: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        let stranger: IpAddr = "2001:db8:0:1::1".parse().unwrap();
        let passed = (0..2 * CLIENT_BURST).filter(|_| rates.client(peer).is_ok()).count();
        assert!(passed >= CLIENT_BURST as usize && passed < 2 * CLIENT_BURST as usize);
        assert!(rates.client(neighbour).is_err());
        assert!(rates.client(stranger).is_ok());
    }
}
