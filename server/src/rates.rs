//! How many tries there are for signing up and signing in, by the client's IP address and by mail
//! address, whether the address has an account or not; how many searches and writes of one person.
//! Counted in memory, by each replica.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use mysafe_protocol::bytes::UserId;

use crate::error::Error;
use crate::metrics;
use crate::settings::Limits;

/// Searches of one person before they have to wait: more than anybody types.
pub const SEARCH_BURST: u32 = 60;
/// One more search after so long.
const SEARCH_PERIOD: Duration = Duration::from_secs(1);
/// Counters of each table. Keys share them once there are many: no stranger can choose with whom.
const COUNTERS: u64 = 1 << 18;
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Networks of IPv6 by the bits that they have in common, and how many times the tries of one client each
/// has: whoever has many of one kind has few of the next.
const IPV6: [(u32, u32); 3] = [(64, 1), (56, 4), (48, 16)];

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

/// The two kinds of writes, each counted by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Writes {
    /// Items, uses, the account record.
    Content,
    /// Access to items, counted by itself: a removal never waits behind edits.
    Access,
}

/// Counts tries.
pub struct Rates {
    clients: [Table; IPV6.len()],
    addresses: Table,
    addresses_all: Table,
    searches: Table,
    writes: Table,
    changes_of_access: Table,
}

impl Rates {
    /// Counts by these limits.
    pub fn new(limits: &Limits) -> Self {
        let client = |times: u32| {
            let (most, burst) = (limits.client_per_minute, limits.client_burst);
            quota(MINUTE / (most * times), burst * times)
        };
        let writes = quota(MINUTE / limits.writes_per_minute, limits.write_burst);
        let one = quota(HOUR / limits.address_per_hour, limits.address_burst);
        let all = quota(HOUR / limits.address_per_hour_all, limits.address_burst_all);
        Self {
            clients: IPV6.map(|(_, times)| Table::new("client", client(times))),
            addresses: Table::new("address", one),
            addresses_all: Table::new("address_all", all),
            searches: Table::new("search", quota(SEARCH_PERIOD, SEARCH_BURST)),
            writes: Table::new("writes", writes),
            changes_of_access: Table::new("access_writes", writes),
        }
    }

    /// Counts a request of a client. Those of a web page count apart: they use up no try of its reader.
    pub fn client(&self, peer: IpAddr, of_page: bool) -> Result<(), Error> {
        match peer {
            IpAddr::V4(_) => self.clients[0].count((of_page, peer)),
            // The narrowest first: what it refuses does not count for its neighbours.
            IpAddr::V6(_) => {
                let networks = self.clients.iter().zip(IPV6);
                networks.into_iter().try_for_each(|(table, (bits, _))| {
                    table.count((of_page, network(peer, 32, bits)))
                })
            }
        }
    }

    /// Counts a try with a mail address. Those of one network are counted first: a stranger elsewhere does
    /// not lock the user out.
    pub fn address(&self, what: Try, address: &str, peer: IpAddr) -> Result<(), Error> {
        self.addresses.count((what, address, network(peer, 24, 48)))?;
        self.addresses_all.count((what, address))
    }

    /// Counts a search for people.
    pub fn search(&self, user: &UserId) -> Result<(), Error> {
        self.searches.count(user)
    }

    /// Counts a write.
    pub fn write(&self, user: &UserId, writes: Writes) -> Result<(), Error> {
        match writes {
            Writes::Content => self.writes.count(user),
            Writes::Access => self.changes_of_access.count(user),
        }
    }

    /// Returns how many clients are known.
    #[cfg(test)]
    pub fn clients(&self) -> usize {
        self.clients[0].limiter.len()
    }

    /// Forgets whoever may try freely again.
    pub fn sweep(&self) {
        let named = [
            &self.addresses,
            &self.addresses_all,
            &self.searches,
            &self.writes,
            &self.changes_of_access,
        ];
        for table in self.clients.iter().chain(named) {
            table.limiter.retain_recent();
            table.limiter.shrink_to_fit();
        }
    }
}

/// Counts by keys, with at most [`COUNTERS`] counters.
struct Table {
    /// The name of the limit, for the metrics.
    name: &'static str,
    limiter: DefaultKeyedRateLimiter<u64>,
    /// Drawn anew by each process, so that nobody finds keys that share a counter.
    hashing: RandomState,
}

impl Table {
    fn new(name: &'static str, quota: Quota) -> Self {
        Self { name, limiter: RateLimiter::keyed(quota), hashing: RandomState::new() }
    }

    fn count(&self, key: impl Hash) -> Result<(), Error> {
        let counter = self.hashing.hash_one(key) % COUNTERS;
        self.limiter.check_key(&counter).map_err(|not_until| {
            metrics::limit_reached(self.name);
            Error::TooManyTries(not_until.wait_time_from(DefaultClock::default().now()))
        })
    }
}

fn quota(period: Duration, burst: u32) -> Quota {
    let burst = NonZeroU32::new(burst).expect("a burst of at least one");
    // Faster than one in a nanosecond is as good as without a limit.
    let period = period.max(Duration::from_nanos(1));
    Quota::with_period(period).expect("a period longer than zero").allow_burst(burst)
}

/// Returns the network of a client: the first bits of its address.
fn network(peer: IpAddr, v4: u32, v6: u32) -> IpAddr {
    match peer {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - v4).unwrap_or_default();
            IpAddr::V4(Ipv4Addr::from(u32::from(address) & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - v6).unwrap_or_default();
            IpAddr::V6(Ipv6Addr::from(u128::from(address) & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits::of(|_| None).unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Counts until it is refused, and returns how often it was not.
    fn passes(mut count: impl FnMut() -> Result<(), Error>) -> u32 {
        let mut passed = 0;
        while count().is_ok() {
            passed += 1;
        }
        passed
    }

    #[test]
    fn a_network_has_ten_tries_of_each_kind_with_an_address() {
        let rates = Rates::new(&limits());
        let one = ip("192.0.2.1");
        for _ in 0..10 {
            rates.address(Try::SignIn, "ana@example.com", one).unwrap();
        }
        let refused = rates.address(Try::SignIn, "ana@example.com", one).unwrap_err();
        let most = Duration::from_secs(30);
        assert!(matches!(refused, Error::TooManyTries(wait) if wait <= most));
        rates.address(Try::JoinStart, "ana@example.com", one).unwrap();
        rates.address(Try::SignIn, "bea@example.com", one).unwrap();
        assert!(rates.address(Try::SignIn, "ana@example.com", ip("192.0.2.99")).is_err());
    }

    #[test]
    fn strangers_in_fifty_networks_do_not_lock_a_user_out() {
        let rates = Rates::new(&limits());
        for stranger in 0..50_u8 {
            for host in 0..=255 {
                let v4 = IpAddr::V4(Ipv4Addr::new(198, 51, stranger, host));
                let _ = rates.address(Try::SignIn, "ana@example.com", v4);
            }
        }
        // All of a site of IPv6.
        for subnet in 0..5_000_u16 {
            let v6 = Ipv6Addr::new(0x2001, 0xdb8, 1, subnet, 0, 0, 0, 1);
            let _ = rates.address(Try::SignIn, "ana@example.com", IpAddr::V6(v6));
        }
        for _ in 0..10 {
            rates.address(Try::SignIn, "ana@example.com", ip("203.0.113.9")).unwrap();
        }
    }

    #[test]
    fn an_address_is_guessed_from_all_networks_together_so_often() {
        let rates = Rates::new(&limits());
        let mut host = 0_u32;
        let passed = passes(|| {
            host += 1 << 8;
            rates.address(Try::SignIn, "ana@example.com", IpAddr::V4(Ipv4Addr::from(host)))
        });
        assert!((1_000..1_010).contains(&passed), "{passed}");
    }

    #[test]
    fn a_client_is_stopped_whatever_the_addresses() {
        let rates = Rates::new(&Limits { client_per_minute: 1, ..limits() });
        assert_eq!(passes(|| rates.client(ip("2001:db8::1"), false)), 300);
        assert!(rates.client(ip("2001:db8::2"), false).is_err(), "a neighbour in its /64");
        rates.client(ip("2001:db8:0:1::1"), false).unwrap();
        assert_eq!(passes(|| rates.client(ip("192.0.2.1"), false)), 300);
        rates.client(ip("192.0.2.2"), false).unwrap();
    }

    #[test]
    fn whoever_has_many_small_networks_has_few_large_ones() {
        let rates = Rates::new(&Limits { client_per_minute: 1, ..limits() });
        let mut host = 0_u16;
        let in_56 = passes(|| {
            host += 1;
            let subnet = 0x0700 | (host % 256);
            rates.client(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 7, subnet, 0, 0, 0, 1)), false)
        });
        assert_eq!(in_56, 4 * 300);
        let mut host = 0_u16;
        let in_48 = passes(|| {
            host = host.wrapping_add(257);
            rates.client(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 8, host, 0, 0, 0, 1)), false)
        });
        assert_eq!(in_48, 16 * 300);
        rates.client(ip("2001:db8:9::1"), false).unwrap();
    }

    #[test]
    fn no_number_of_keys_makes_a_table_larger_and_idle_ones_are_forgotten() {
        let table = Table::new("test", quota(Duration::from_nanos(1), 1));
        for key in 0..COUNTERS + COUNTERS / 2 {
            let _ = table.count(key);
        }
        assert!(table.limiter.len() as u64 <= COUNTERS);
        let rates = Rates::new(&Limits { client_per_minute: u32::MAX >> 8, ..limits() });
        for host in 0..1_000_u32 {
            rates.client(IpAddr::V4(Ipv4Addr::from(host)), false).unwrap();
        }
        rates.sweep();
        assert!(rates.clients[0].limiter.len() < 1_000);
    }

    #[test]
    fn edits_in_a_row_stop_and_a_removal_does_not_wait_for_them() {
        let limits = Limits { write_burst: 100, writes_per_minute: 1, ..limits() };
        let rates = Rates::new(&limits);
        let (ana, bea) = (UserId([1; 32]), UserId([2; 32]));
        assert_eq!(passes(|| rates.write(&ana, Writes::Content)), 100);
        rates.write(&ana, Writes::Access).unwrap();
        rates.write(&bea, Writes::Content).unwrap();
        assert_eq!(passes(|| rates.write(&ana, Writes::Access)), 99);
    }
}
