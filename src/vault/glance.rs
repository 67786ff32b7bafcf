//! A vault of which only some entries are decoded: what a first screen shows of thousands. The rest
//! comes after it is painted. Until then such a vault is for looking at only, and is never stored.

use std::collections::BTreeMap;

use mysafe_protocol::ItemId;

use super::cache::{Head, Piece};
use super::entry::Entry;
use super::open::{OpenError, Vault};
use super::stored::{LoadError, OpenedCache, Stored};
use crate::crypto::Opened;

/// The opened cache while it is being decoded.
pub struct Glance {
    head: Head,
    /// The pieces by their numbers, as far as they are here.
    pieces: Vec<Option<Piece>>,
    /// The entries by their places, as far as they are decoded.
    decoded: Vec<Entry>,
}

impl Glance {
    fn of(opened: OpenedCache) -> Result<Self, OpenError> {
        let head = Head::of(opened.head).map_err(|_| OpenError::Damaged)?;
        let pieces = (0..head.pieces()).map(|_| None).collect();
        let mut glance = Self { head, pieces, decoded: Vec::new() };
        glance.add(opened.pieces)?;
        Ok(glance)
    }

    /// How many entries there are, the deleted ones with them.
    pub fn count(&self) -> usize {
        self.head.count()
    }

    /// How many of them are listed: all that are not deleted, also of people not accepted.
    pub fn listed(&self) -> usize {
        self.head.listed()
    }

    /// The places of what a first screen shows: so many in the order of names, all that may belong to
    /// an address, and all under "New items". Each once, ascending.
    pub fn first(&self, count: usize, address: Option<&str>) -> Vec<usize> {
        let new = self.head.new_items();
        // Of people not accepted nothing is listed; all of that is new.
        let named = 0..self.listed().min(count + new.len());
        let near = address.into_iter().flat_map(|address| self.head.near(address));
        let mut places: Vec<usize> = named.chain(new).chain(near).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The numbers of the pieces that have these places, which ascend, and are not here yet.
    pub fn missing(&self, places: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut numbers: Vec<usize> =
            places.into_iter().map(|place| self.head.find(place).0).collect();
        numbers.dedup();
        numbers.retain(|number| self.pieces[*number].is_none());
        numbers
    }

    /// Takes pieces that were missing; one of another cache, which was stored since, is refused.
    pub fn add(&mut self, pieces: Vec<(usize, Opened)>) -> Result<(), OpenError> {
        for (number, opened) in pieces {
            let piece = Piece::of(opened, &self.head, number).map_err(|_| OpenError::Damaged)?;
            *self.pieces.get_mut(number).ok_or(OpenError::Damaged)? = Some(piece);
        }
        Ok(())
    }

    /// The places of at most so many that are decoded next.
    pub fn next(&self, most: usize) -> std::ops::Range<usize> {
        let from = self.decoded.len();
        from..from.saturating_add(most).min(self.count())
    }

    /// Decodes at most so many more; whether that were all.
    pub fn decode(&mut self, most: usize) -> Result<bool, OpenError> {
        for place in self.next(most) {
            let entry = self.entry(place)?;
            self.decoded.push(entry);
        }
        Ok(self.decoded.len() == self.count())
    }

    fn entry(&self, place: usize) -> Result<Entry, OpenError> {
        let (number, at) = self.head.find(place);
        let piece = self.pieces.get(number).and_then(Option::as_ref).ok_or(OpenError::Damaged)?;
        piece.entry(at).map_err(|_| OpenError::Damaged)
    }
}

/// Decodes all of an opened cache.
pub(super) fn entries_of(opened: OpenedCache) -> Result<BTreeMap<ItemId, Entry>, OpenError> {
    let mut glance = Glance::of(opened)?;
    glance.decode(usize::MAX)?;
    Ok(glance.decoded.into_iter().map(|entry| (entry.id, entry)).collect())
}

impl Vault {
    /// As [`Self::take`], but with no entry decoded yet; nothing if there is no cache, and the vault is
    /// whole as it is.
    pub fn glance(
        &mut self,
        stored: &Stored,
        opened: Result<Option<OpenedCache>, LoadError>,
    ) -> Result<Option<Glance>, LoadError> {
        let contacts = self.take_people(stored)?;
        self.empty();
        if let Some(contacts) = contacts {
            self.meet(&contacts);
        }
        let glance = opened?.map(Glance::of).transpose().map_err(|_| LoadError::Cache)?;
        self.partial = glance.is_some();
        Ok(glance)
    }

    /// Decodes the entries at some places, which ascend and whose pieces are here. Those of them that are
    /// not deleted, by name, the inactive ones last.
    pub fn show(&mut self, glance: &Glance, places: &[usize]) -> Result<Vec<ItemId>, OpenError> {
        let mut ids = Vec::with_capacity(places.len());
        for place in places {
            let entry = glance.entry(*place)?;
            if *place < glance.listed() {
                ids.push(entry.id);
            }
            self.entries.insert(entry.id, entry);
        }
        self.meet_owners();
        Ok(ids)
    }

    /// Takes over all entries, decoding what is left: the vault is whole. The items that are not deleted,
    /// by name, the inactive ones last.
    pub fn complete(&mut self, mut glance: Glance) -> Result<Vec<ItemId>, OpenError> {
        glance.decode(usize::MAX)?;
        let order = glance.decoded[..glance.listed()].iter().map(|entry| entry.id).collect();
        self.empty();
        for entry in glance.decoded {
            self.entries.insert(entry.id, entry);
        }
        self.meet_owners();
        Ok(order)
    }

    /// Whether only some entries are decoded.
    pub fn is_partial(&self) -> bool {
        self.partial
    }
}
