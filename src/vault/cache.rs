//! The plaintexts of `device/cache`: a head, which says what a first screen needs, and the entries in
//! pieces. A context may read, open and decode the pieces that it shows, and the others after it has painted.
//!
//! Entries stand by name, the inactive ones behind the active ones and the deleted ones last; the place of
//! an entry is its number in this order. Numbers within byte strings are little-endian.
//!
//! The head, a map: 1 the stamp of this cache, 16 random bytes; 2 how many entries there are; 3 how many of
//! them are listed, which are not deleted; 4 the places of those under "New items" (`u32`), ascending;
//! 5 where the addresses of active ones are (`u64` of [`matching::house`], `u32` place), ascending.
//!
//! A piece, a map: 1 the stamp; 2 where each of its entries ends in 3 (`u32`); 3 its entries, one after the
//! other.

use std::ops::Range;

use minicbor::{Decoder, Encoder};
use mysafe_protocol::bodies::Status;
use mysafe_protocol::cbor::{self, Malformed};
use zeroize::Zeroizing;

use super::entry::Entry;
use crate::crypto::{Opened, Random};
use crate::matching;
use crate::search::Order;

/// Into how many pieces the entries go at most.
pub(super) const PIECES: usize = 32;
/// More entries than a first screen shows, so that one piece does for it; fewer pieces hold more.
const LEAST: usize = 128;

const STAMP: usize = 16;
const PLACE: usize = size_of::<u32>();
const HOUSE: usize = size_of::<u64>() + PLACE;

/// The plaintexts of a cache.
pub(super) struct Plain {
    pub(super) head: Zeroizing<Vec<u8>>,
    pub(super) pieces: Vec<Zeroizing<Vec<u8>>>,
}

/// The plaintexts of these entries.
pub(super) fn encode<'e>(
    entries: impl Iterator<Item = &'e Entry>,
    random: &mut impl Random,
) -> Plain {
    let (here, deleted): (Vec<&Entry>, Vec<&Entry>) =
        entries.partition(|entry| entry.status != Status::Deleted);
    let order = Order::Name.of(here.iter().copied());
    let all = order.into_iter().map(|at| here[at]).chain(deleted).collect::<Vec<_>>();
    let (count, listed) = (all.len(), here.len());
    let stamp = random.array::<STAMP>();
    let mut new = Vec::new();
    let mut houses: Vec<(u64, u32)> = Vec::with_capacity(listed);
    for (place, entry) in all[..listed].iter().enumerate() {
        let place = number(place);
        if entry.access.is_new() {
            new.extend(place.to_le_bytes());
        }
        if entry.status == Status::Active {
            let there = entry.overview.at().filter_map(|address| matching::house(address));
            houses.extend(there.map(|house| (house, place)));
        }
    }
    houses.sort_unstable();
    houses.dedup();
    let mut sites = Vec::with_capacity(houses.len() * HOUSE);
    for (house, place) in houses {
        sites.extend(house.to_le_bytes());
        sites.extend(place.to_le_bytes());
    }
    let mut head = Encoder::new(Vec::with_capacity(sites.len() + new.len() + 64));
    head.map(5)
        .and_then(|to| to.u8(1)?.bytes(&stamp)?.u8(2)?.u32(number(count)))
        .and_then(|to| to.u8(3)?.u32(number(listed))?.u8(4)?.bytes(&new)?.u8(5)?.bytes(&sites))
        .expect("writing to memory cannot fail");
    let pieces = all.chunks(each(count)).map(|entries| piece(&stamp, entries)).collect();
    Plain { head: Zeroizing::new(head.into_writer()), pieces }
}

fn piece(stamp: &[u8], entries: &[&Entry]) -> Zeroizing<Vec<u8>> {
    let (mut ends, mut encoded) = (Vec::new(), Zeroizing::new(Vec::new()));
    for entry in entries {
        encoded.extend_from_slice(&entry.encode());
        ends.extend(number(encoded.len()).to_le_bytes());
    }
    let mut to = Encoder::new(Vec::with_capacity(encoded.len() + ends.len() + 64));
    to.map(3)
        .and_then(|to| to.u8(1)?.bytes(stamp)?.u8(2)?.bytes(&ends)?.u8(3)?.bytes(&encoded))
        .expect("writing to memory cannot fail");
    Zeroizing::new(to.into_writer())
}

/// How many entries a piece has where there are so many; the last one may have fewer.
fn each(count: usize) -> usize {
    count.div_ceil(PIECES).max(LEAST)
}

/// The opened head.
pub(super) struct Head {
    opened: Opened,
    stamp: [u8; STAMP],
    count: usize,
    listed: usize,
    new: Range<usize>,
    houses: Range<usize>,
}

impl Head {
    pub(super) fn of(opened: Opened) -> Result<Self, Malformed> {
        let mut from = Map::of(&opened, 5)?;
        let stamp = opened[from.bytes(STAMP)?].try_into().map_err(|_| Malformed)?;
        let (count, listed) = (from.count()?, from.count()?);
        let (new, houses) = (from.bytes(PLACE)?, from.bytes(HOUSE)?);
        let head = Self { opened, stamp, count, listed, new, houses };
        head.check()?;
        Ok(head)
    }

    fn check(&self) -> Result<(), Malformed> {
        let there = |place: usize| place < self.listed;
        let new = self.new_items().all(there) && self.new_items().is_sorted_by(|a, b| a < b);
        let houses = (0..self.houses.len() / HOUSE).map(|at| self.house(at));
        let houses =
            houses.clone().all(|(_, place)| there(place)) && houses.is_sorted_by(|a, b| a < b);
        if new && houses && self.listed <= self.count { Ok(()) } else { Err(Malformed) }
    }

    /// How many entries there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// How many of them are not deleted. They stand first.
    pub(super) fn listed(&self) -> usize {
        self.listed
    }

    /// The places of those that stood under "New items" when it was sealed.
    pub(super) fn new_items(&self) -> impl ExactSizeIterator<Item = usize> + Clone {
        self.opened[self.new.clone()].chunks_exact(PLACE).map(read)
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

    /// In how many pieces the entries are.
    pub(super) fn pieces(&self) -> usize {
        self.count.div_ceil(each(self.count))
    }

    /// In which piece an entry is, and as which of it.
    pub(super) fn find(&self, place: usize) -> (usize, usize) {
        (place / each(self.count), place % each(self.count))
    }

    fn house(&self, at: usize) -> (u64, usize) {
        let (house, place) = self.opened[self.houses.clone()][at * HOUSE..][..HOUSE].split_at(8);
        (u64::from_le_bytes(house.try_into().expect("eight bytes")), read(place))
    }
}

/// An opened piece.
pub(super) struct Piece {
    opened: Opened,
    ends: Range<usize>,
    entries: Range<usize>,
}

impl Piece {
    /// The piece of a head that has this number. Whether an entry is one shows when it is decoded.
    pub(super) fn of(opened: Opened, head: &Head, number: usize) -> Result<Self, Malformed> {
        let mut from = Map::of(&opened, 3)?;
        let same = opened[from.bytes(1)?] == head.stamp;
        let (ends, entries) = (from.bytes(PLACE)?, from.bytes(1)?);
        let each = each(head.count);
        let count = head.count.checked_sub(number * each).ok_or(Malformed)?.min(each);
        let all = std::iter::once(0).chain(opened[ends.clone()].chunks_exact(PLACE).map(read));
        let fit = all.clone().is_sorted_by(|end, next| end < next)
            && ends.len() == count * PLACE
            && all.last() == Some(entries.len());
        if same && fit { Ok(Self { opened, ends, entries }) } else { Err(Malformed) }
    }

    /// Decodes one of its entries.
    pub(super) fn entry(&self, at: usize) -> Result<Entry, Malformed> {
        let ends = &self.opened[self.ends.clone()];
        let end = |at: usize| read(&ends[at * PLACE..]);
        let start = if at == 0 { 0 } else { end(at - 1) };
        Entry::decode(&self.opened[self.entries.clone()][start..end(at)])
    }
}

/// A map that is read value by value, its keys counted from 1.
struct Map<'b> {
    from: Decoder<'b>,
    key: u8,
}

impl<'b> Map<'b> {
    fn of(plaintext: &'b [u8], count: u64) -> Result<Self, Malformed> {
        cbor::check(plaintext)?;
        let mut from = Decoder::new(plaintext);
        if from.map()? == Some(count) { Ok(Self { from, key: 0 }) } else { Err(Malformed) }
    }

    fn next(&mut self) -> Result<&mut Decoder<'b>, Malformed> {
        self.key += 1;
        if self.from.u8()? == self.key { Ok(&mut self.from) } else { Err(Malformed) }
    }

    /// Where the bytes of the next value are, which are parts of such a length.
    fn bytes(&mut self, part: usize) -> Result<Range<usize>, Malformed> {
        let length = self.next()?.bytes()?.len();
        let end = self.from.position();
        if length % part == 0 { Ok(end - length..end) } else { Err(Malformed) }
    }

    fn count(&mut self) -> Result<usize, Malformed> {
        Ok(self.next()?.u32()? as usize)
    }
}

/// A place or a length, as it is stored.
fn number(number: usize) -> u32 {
    u32::try_from(number).expect("a vault has fewer items")
}

/// The number that bytes begin with.
fn read(bytes: &[u8]) -> usize {
    let bytes = bytes[..PLACE].try_into().expect("as long as a place");
    u32::from_le_bytes(bytes) as usize
}
