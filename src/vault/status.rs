//! Active and inactive: a disabled item is kept, listed apart, and gives nothing out.

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::item::{Change, SaveError};
use super::local::LocalItem;
use super::open::Vault;
use super::right::Right;
use crate::crypto::Random;

impl Vault {
    /// Disables or enables an item. `local` is the item as stored now.
    pub fn set_active(
        &mut self,
        item: &ItemId,
        active: bool,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.may(local, Right::Edit)?;
        let mut open = self.open_item(item, local)?;
        open.revision.status = if active { Status::Active } else { Status::Inactive };
        let write = self.rewrite(local, &mut open, now, random)?;
        let mut change = self.keep(&open, &write, random);
        change.puts.extend(self.seal_past(item, local, random));
        Ok(change)
    }
}
