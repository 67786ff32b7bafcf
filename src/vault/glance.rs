//! A vault of which only some entries are decoded: what a first screen shows of thousands. The rest
//! comes after it is painted. Until then such a vault is for looking at only, and is never stored.

use std::collections::BTreeMap;

use mysafe_protocol::ItemId;

use super::cache::Cache;
use super::entry::Entry;
use super::open::{OpenError, Vault};
use super::stored::{LoadError, Stored};
use crate::crypto::Opened;

/// The opened cache while it is being decoded.
pub struct Glance {
    cache: Cache,
    /// The entries by their places, as far as they are decoded.
    decoded: Vec<Entry>,
}

impl Glance {
    fn of(opened: Opened) -> Result<Self, OpenError> {
        let cache = Cache::of(opened).map_err(|_| OpenError::Damaged)?;
        Ok(Self { cache, decoded: Vec::new() })
    }

    /// How many entries there are, the deleted ones with them.
    pub fn count(&self) -> usize {
        self.cache.len()
    }

    /// How many of them are listed: all that are not deleted, also of people not accepted.
    pub fn listed(&self) -> usize {
        self.cache.order().len()
    }

    /// The places of what a first screen shows: so many in the order of names, all that may belong to
    /// an address, and all under "New items". Each once.
    pub fn first(&self, count: usize, address: Option<&str>) -> Vec<usize> {
        let new = self.cache.new_items();
        // Of people not accepted nothing is listed; all of that is new.
        let named = self.cache.order().take(count + new.len());
        let near = address.into_iter().flat_map(|address| self.cache.near(address));
        let mut places: Vec<usize> = named.chain(new).chain(near).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Decodes at most so many more; whether that were all.
    pub fn decode(&mut self, most: usize) -> Result<bool, OpenError> {
        let from = self.decoded.len();
        let end = from.saturating_add(most).min(self.cache.len());
        for place in from..end {
            let entry = self.cache.entry(place).map_err(|_| OpenError::Damaged)?;
            self.decoded.push(entry);
        }
        Ok(end == self.cache.len())
    }
}

/// Decodes all of an opened cache.
pub(super) fn entries_of(opened: Opened) -> Result<BTreeMap<ItemId, Entry>, OpenError> {
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
        opened: Result<Option<Opened>, LoadError>,
    ) -> Result<Option<Glance>, LoadError> {
        let contacts = self.take_people(stored)?;
        self.entries.clear();
        if let Some(contacts) = contacts {
            self.meet(&contacts);
        }
        let glance = opened?.map(Glance::of).transpose().map_err(|_| LoadError::Cache)?;
        self.partial = glance.is_some();
        Ok(glance)
    }

    /// Decodes the entries at some places, which ascend. Those of them that are not deleted, by name, the
    /// inactive ones last.
    pub fn show(&mut self, glance: &Glance, places: &[usize]) -> Result<Vec<ItemId>, OpenError> {
        let mut ids = Vec::with_capacity(places.len());
        for place in places {
            let entry = glance.cache.entry(*place).map_err(|_| OpenError::Damaged)?;
            ids.push(entry.id);
            self.entries.insert(entry.id, entry);
        }
        self.meet_owners();
        let shown = |place| Some(ids[places.binary_search(&place).ok()?]);
        Ok(glance.cache.order().filter_map(shown).collect())
    }

    /// Takes over all entries, decoding what is left: the vault is whole. The items that are not deleted,
    /// by name, the inactive ones last.
    pub fn complete(&mut self, mut glance: Glance) -> Result<Vec<ItemId>, OpenError> {
        glance.decode(usize::MAX)?;
        let order = glance.cache.order().map(|place| glance.decoded[place].id).collect();
        self.entries.clear();
        for entry in glance.decoded {
            self.entries.insert(entry.id, entry);
        }
        self.partial = false;
        self.meet_owners();
        Ok(order)
    }

    /// Whether only some entries are decoded.
    pub fn is_partial(&self) -> bool {
        self.partial
    }
}
