//! In which order a list shows items.

use std::cmp::Reverse;

use mysafe_protocol::bodies::Status;

use super::fold::fold;
use crate::vault::Entry;

/// In which order items stand. Those that are inactive come last in each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// By name.
    #[default]
    Name,
    /// The last used first.
    LastUse,
    /// The last changed first.
    Changed,
}

impl Order {
    /// The places of the entries in this order. Equal ones stand by name, then as they did.
    pub fn of<'e>(self, entries: impl Iterator<Item = &'e Entry>) -> Vec<usize> {
        let mut keys: Vec<_> = entries
            .enumerate()
            .map(|(place, entry)| {
                let time = match self {
                    Self::Name => 0,
                    Self::LastUse => entry.last_use,
                    Self::Changed => entry.overview.changed.map_or(0, |stamp| stamp.time),
                };
                let name = fold(&entry.overview.name);
                (entry.status != Status::Active, Reverse(time), name, place)
            })
            .collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, _, _, place)| place).collect()
    }
}
