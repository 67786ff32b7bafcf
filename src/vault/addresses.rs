//! Further addresses of an item: where else its values may be filled, and where it matches.

use mysafe_protocol::ItemId;

use super::item::{Change, SaveError};
use super::local::LocalItem;
use super::open::Vault;
use crate::crypto::Random;
use crate::model::complete;

/// The most that fit: the oldest make room.
const MOST: usize = 20;

impl Vault {
    /// Adds a further address to an item. One that is no address is left out.
    pub fn add_address(
        &mut self,
        item: &ItemId,
        address: &str,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.readdress(item, local, now, random, |addresses| {
            if let Ok(address) = complete(address)
                && !addresses.contains(&address.url)
            {
                let over = (addresses.len() + 1).saturating_sub(MOST);
                addresses.drain(..over);
                addresses.push(address.url);
            }
        })
    }

    /// Takes a further address away.
    pub fn remove_address(
        &mut self,
        item: &ItemId,
        address: &str,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        let kept = |addresses: &mut Vec<String>| addresses.retain(|known| known != address);
        self.readdress(item, local, now, random, kept)
    }

    fn readdress(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
        change: impl FnOnce(&mut Vec<String>),
    ) -> Result<Change, SaveError> {
        let mut open = self.open_item(item, local)?;
        change(&mut open.overview.addresses);
        let write = self.rewrite(local, &mut open, now, random)?;
        let mut change = self.keep(&open, &write, random);
        change.puts.extend(self.seal_past(item, local, random));
        Ok(change)
    }
}
