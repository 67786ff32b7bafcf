//! The index of all items by where their addresses point, made once per change of the vault. A
//! query parses the page's address and looks up what it could equal: nothing is scanned, and no
//! item's address is parsed again.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;
use rustc_hash::FxHashMap;

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
    /// The page names an address on its host.
    FoundOnPage,
}

/// An item that belongs to an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    /// The item.
    pub item: ItemId,
    /// Its place among the entries the index was made of.
    pub place: usize,
    /// Why.
    pub reason: Reason,
    /// The item is https, the page is http: shown last, never filled.
    pub not_secure: bool,
}

/// Active items by site, by host and port, and by these and a path.
#[derive(Default)]
pub struct Index {
    /// By last use; an item's number in the lists below is its place here.
    items: Vec<(ItemId, usize)>,
    /// Registrable domains (`example.com`), hosts with ports (`api.example.com:443`), and both with a
    /// path (`api.example.com:443/v1/`).
    lists: FxHashMap<Box<str>, Schemes>,
    /// The length of the longest key.
    longest: usize,
}

/// The items of a key, ascending: by http addresses and by https addresses.
#[derive(Default)]
struct Schemes {
    http: Vec<u32>,
    https: Vec<u32>,
}

impl Schemes {
    fn of(&self, secure: bool) -> &[u32] {
        if secure { &self.https } else { &self.http }
    }
}

/// Those of `entries` that can belong to one of some addresses, for an index of who asks for these alone:
/// of ten thousand, all but a few are put aside by their host.
pub fn near<'e>(
    entries: impl Iterator<Item = &'e Entry>,
    addresses: &[&str],
) -> impl Iterator<Item = &'e Entry> {
    let pages: Vec<Site> = addresses.iter().filter_map(|address| Site::of(address)).collect();
    entries.filter(move |entry| {
        let mut own = entry.overview.at();
        own.any(|address| pages.iter().any(|page| page.may_share(address)))
    })
}

impl Index {
    /// The index of `entries`. Equal matches stand by whose they are, one's own first, then by last
    /// use, then as the entries do.
    pub fn of<'e>(entries: impl Iterator<Item = &'e Entry>) -> Self {
        let entries = entries
            .enumerate()
            .filter(|(_, entry)| entry.status == Status::Active && entry.access.is_usable());
        let mut entries: Vec<(usize, &Entry)> = entries.collect();
        // What others share does not come before what is one's own.
        entries.sort_by_key(|(_, entry)| {
            (entry.access.owner.is_some(), std::cmp::Reverse(entry.last_use))
        });
        let mut index = Self::default();
        for (place, entry) in entries {
            let number = u32::try_from(index.items.len()).expect("a vault has fewer items");
            index.items.push((entry.id, place));
            for address in entry.overview.at() {
                if let Some(site) = Site::of(address) {
                    index.add(number, &site);
                }
            }
        }
        index
    }

    fn add(&mut self, number: u32, site: &Site) {
        let mut put = |key: &str| {
            let schemes = match self.lists.get_mut(key) {
                Some(schemes) => schemes,
                None => {
                    self.longest = self.longest.max(key.len());
                    self.lists.entry(key.into()).or_default()
                }
            };
            let list = if site.secure { &mut schemes.https } else { &mut schemes.http };
            // Two addresses of one item may have the same key.
            if list.last() != Some(&number) {
                list.push(number);
            }
        };
        if let Some(domain) = &site.registrable {
            put(domain);
        }
        let mut key = authority(site);
        put(&key);
        key.push_str(site.path.trim_end_matches('/'));
        key.push('/');
        put(&key);
    }

    /// The active items at the host of an address, the ones with its path first.
    pub(super) fn at_host(&self, address: &str) -> impl Iterator<Item = Match> {
        self.matching(address)
            .take_while(|found| found.reason <= Reason::SameHost && !found.not_secure)
    }

    /// The active items that belong to `address`, best first, found as they are asked for.
    pub fn matching(&self, address: &str) -> Matches<'_> {
        let mut ways = Vec::new();
        if let Some(page) = Site::of(address) {
            let forgiving = page.secure || page.is_loopback();
            let safe: &[bool] = if forgiving { &[false, true] } else { &[false] };
            self.ways(&page, safe, false, &mut ways);
            if !forgiving {
                self.ways(&page, &[true], true, &mut ways);
            }
        }
        ways.reverse();
        let seen = if ways.is_empty() { 0 } else { self.items.len().div_ceil(64) };
        Matches { index: self, ways, seen: vec![0; seen] }
    }

    /// The lists in which items with these schemes match, best first.
    fn ways<'i>(&'i self, page: &Site, secure: &[bool], not_secure: bool, to: &mut Vec<Way<'i>>) {
        let mut hosts: Vec<(String, bool)> = Vec::with_capacity(3);
        for secure in secure {
            hosts.push((format!("{}:{}", page.host, page.port), *secure));
            // http and https on their default ports are one service.
            if page.is_default_port() && *secure != page.secure {
                let other = if *secure { 443 } else { 80 };
                hosts.push((format!("{}:{other}", page.host), *secure));
            }
        }
        let mut push = |reason, keys: &[(String, bool)]| {
            let found = keys
                .iter()
                .filter_map(|(key, secure)| Some(self.lists.get(key.as_str())?.of(*secure)));
            let lists: Vec<&[u32]> = found.filter(|list| !list.is_empty()).collect();
            if !lists.is_empty() {
                to.push(Way { reason, not_secure, lists });
            }
        };
        let path = format!("{}/", page.path.trim_end_matches('/'));
        // No item has a longer path.
        let longest = self.longest.saturating_sub(page.host.len());
        for end in path.rmatch_indices('/').map(|(at, _)| at + 1).filter(|end| *end <= longest) {
            let with_path =
                |(host, secure): &(String, bool)| (host.clone() + &path[..end], *secure);
            push(Reason::ExactAddress, &hosts.iter().map(with_path).collect::<Vec<_>>());
        }
        push(Reason::SameHost, &hosts);
        if let Some(domain) = &page.registrable {
            let domains = secure.iter().map(|secure| (domain.clone(), *secure));
            push(Reason::SameDomain, &domains.collect::<Vec<_>>());
        }
    }
}

/// Host and port. Nearly every port is a default one, and ten thousand are written at a time.
fn authority(site: &Site) -> String {
    let mut key = String::with_capacity(site.host.len() + site.path.len() + 8);
    key.push_str(&site.host);
    match site.port {
        443 => key.push_str(":443"),
        80 => key.push_str(":80"),
        port => key.push_str(&format!(":{port}")),
    }
    key
}

/// A reason, and the items it holds for.
struct Way<'i> {
    reason: Reason,
    not_secure: bool,
    lists: Vec<&'i [u32]>,
}

impl Way<'_> {
    /// The lowest number that is left.
    fn next(&mut self) -> Option<u32> {
        let list = match &mut self.lists[..] {
            [list] => list,
            lists => {
                let left = lists.iter_mut().filter(|list| !list.is_empty());
                left.min_by_key(|list| list[0])?
            }
        };
        let (number, rest) = list.split_first()?;
        *list = rest;
        Some(*number)
    }
}

/// What matches, best first.
pub struct Matches<'i> {
    index: &'i Index,
    /// The best is last.
    ways: Vec<Way<'i>>,
    /// A bit for each item that was given out.
    seen: Vec<u64>,
}

impl Iterator for Matches<'_> {
    type Item = Match;

    fn next(&mut self) -> Option<Match> {
        loop {
            let way = self.ways.last_mut()?;
            let (reason, not_secure) = (way.reason, way.not_secure);
            let Some(number) = way.next() else {
                self.ways.pop();
                continue;
            };
            let (word, bit) = (number as usize / 64, 1 << (number % 64));
            if self.seen[word] & bit == 0 {
                self.seen[word] |= bit;
                let (item, place) = self.index.items[number as usize];
                return Some(Match { item, place, reason, not_secure });
            }
        }
    }
}
