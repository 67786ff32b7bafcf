//! The plaintext of `device/cache`: the entries, and before them a head that says which of them a first
//! screen needs. A context may decode these alone, and the rest after it has painted.
//!
//! A map of byte strings, numbers little-endian: 1 the places of the entries that are not deleted, by
//! name (`u32`); 2 the places of those under "New items" (`u32`); 3 where the addresses of active ones
//! are (`u64` of [`matching::house`], `u32` place), ascending; 4 where each entry ends in 5 (`u32`); 5 the
//! entries, one after the other.

use std::ops::Range;

use minicbor::{Decoder, Encoder};
use mysafe_protocol::bodies::Status;
use mysafe_protocol::cbor::{self, Malformed};
use zeroize::Zeroizing;

use super::entry::Entry;
use crate::crypto::Opened;
use crate::matching;
use crate::search::Order;

const PLACE: usize = size_of::<u32>();
const HOUSE: usize = size_of::<u64>() + PLACE;

/// The opened cache, not decoded yet but for its head.
pub(super) struct Cache {
    opened: Opened,
    order: Range<usize>,
    new: Range<usize>,
    houses: Range<usize>,
    ends: Range<usize>,
    entries: Range<usize>,
}

/// The plaintext of these entries.
pub(super) fn encode<'e>(entries: impl ExactSizeIterator<Item = &'e Entry>) -> Zeroizing<Vec<u8>> {
    let all: Vec<&Entry> = entries.collect();
    let place = |place: usize| u32::try_from(place).expect("a vault has fewer items");
    let here: Vec<usize> = (0..all.len()).filter(|at| all[*at].status != Status::Deleted).collect();
    let order = Order::Name.of(here.iter().map(|at| all[*at]));
    let order = order.into_iter().flat_map(|at| place(here[at]).to_le_bytes());
    let new = here.iter().filter(|at| all[**at].access.is_new());
    let new = new.flat_map(|at| place(*at).to_le_bytes());
    let mut houses: Vec<(u64, u32)> = Vec::with_capacity(here.len());
    for at in here.iter().filter(|at| all[**at].status == Status::Active) {
        let there = all[*at].overview.at().filter_map(|address| matching::house(address));
        houses.extend(there.map(|house| (house, place(*at))));
    }
    houses.sort_unstable();
    houses.dedup();
    let (mut ends, mut encoded) = (Vec::new(), Zeroizing::new(Vec::new()));
    for entry in &all {
        encoded.extend_from_slice(&entry.encode());
        ends.extend(place(encoded.len()).to_le_bytes());
    }
    let (order, new): (Vec<u8>, Vec<u8>) = (order.collect(), new.collect());
    let mut sites = Vec::with_capacity(houses.len() * HOUSE);
    for (house, at) in houses {
        sites.extend(house.to_le_bytes());
        sites.extend(at.to_le_bytes());
    }
    let parts: [&[u8]; 5] = [&order, &new, &sites, &ends, &encoded];
    let mut to =
        Encoder::new(Vec::with_capacity(parts.map(<[u8]>::len).iter().sum::<usize>() + 64));
    to.map(5).expect("writing to memory cannot fail");
    for (key, part) in (1u8..).zip(parts) {
        to.u8(key).and_then(|to| to.bytes(part)).expect("writing to memory cannot fail");
    }
    Zeroizing::new(to.into_writer())
}

impl Cache {
    /// Reads the head. Whether an entry is one shows when it is decoded.
    pub(super) fn of(opened: Opened) -> Result<Self, Malformed> {
        cbor::check(&opened)?;
        let mut from = Decoder::new(&opened);
        if from.map()? != Some(5) {
            return Err(Malformed);
        }
        let mut part = |key: u64, each: usize| -> Result<Range<usize>, Malformed> {
            if from.u64()? != key {
                return Err(Malformed);
            }
            let length = from.bytes()?.len();
            let end = from.position();
            if length % each == 0 { Ok(end - length..end) } else { Err(Malformed) }
        };
        let (order, new) = (part(1, PLACE)?, part(2, PLACE)?);
        let (houses, ends, entries) = (part(3, HOUSE)?, part(4, PLACE)?, part(5, 1)?);
        let cache = Self { opened, order, new, houses, ends, entries };
        cache.check()?;
        Ok(cache)
    }

    fn check(&self) -> Result<(), Malformed> {
        let count = self.len();
        let there = |place: usize| place < count;
        let mut seen = vec![false; count];
        let once = self
            .numbers(&self.order)
            .all(|place| there(place) && !std::mem::replace(&mut seen[place], true));
        let new = self.numbers(&self.new).all(|place| there(place) && seen[place]);
        let houses = (0..self.houses.len() / HOUSE).map(|at| self.house(at));
        let houses = houses.clone().all(|(_, place)| there(place)) && houses.is_sorted();
        let ends = std::iter::once(0).chain(self.numbers(&self.ends));
        let ends = ends.clone().is_sorted_by(|end, next| end < next)
            && ends.last() == Some(self.entries.len());
        if once && new && houses && ends { Ok(()) } else { Err(Malformed) }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len() / PLACE
    }

    /// The places of those that are not deleted, by name, the inactive ones last.
    pub(super) fn order(&self) -> impl ExactSizeIterator<Item = usize> {
        self.numbers(&self.order)
    }

    /// The places of those that stood under "New items" when it was sealed.
    pub(super) fn new_items(&self) -> impl ExactSizeIterator<Item = usize> {
        self.numbers(&self.new)
    }

    /// The places of the active ones that may belong to an address, among them all that do.
    pub(super) fn near(&self, address: &str) -> impl Iterator<Item = usize> {
        let house = matching::house(address);
        let (mut from, mut end) = (0, self.houses.len() / HOUSE);
        while from < end {
            let middle = from.midpoint(end);
            if house.is_none_or(|house| self.house(middle).0 < house) {
                from = middle + 1;
            } else {
                end = middle;
            }
        }
        let rest = (from..self.houses.len() / HOUSE).map(|at| self.house(at));
        rest.take_while(move |(there, _)| Some(*there) == house).map(|(_, place)| place)
    }

    /// Decodes an entry.
    pub(super) fn entry(&self, place: usize) -> Result<Entry, Malformed> {
        let ends = &self.opened[self.ends.clone()];
        let end = |place: usize| number(&ends[place * PLACE..]);
        let start = if place == 0 { 0 } else { end(place - 1) };
        Entry::decode(&self.opened[self.entries.clone()][start..end(place)])
    }

    fn numbers(&self, part: &Range<usize>) -> impl ExactSizeIterator<Item = usize> + Clone {
        self.opened[part.clone()].chunks_exact(PLACE).map(number)
    }

    fn house(&self, at: usize) -> (u64, usize) {
        let (house, place) = self.opened[self.houses.clone()][at * HOUSE..][..HOUSE].split_at(8);
        (u64::from_le_bytes(house.try_into().expect("eight bytes")), number(place))
    }
}

/// The number that bytes begin with.
fn number(bytes: &[u8]) -> usize {
    let bytes = bytes[..PLACE].try_into().expect("as long as a place");
    u32::from_le_bytes(bytes) as usize
}
