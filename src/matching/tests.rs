//! Matching against a table, against every public API there is a description of, and against the
//! rules written down once more in the simplest way.

mod cases;
mod everything;
mod plainly;
mod suffixes;

use mysafe_protocol::ItemId;
use mysafe_protocol::bodies::Status;

use super::{Index, Match, Reason, near};
use crate::model::Overview;
use crate::vault::{Entry, SecretPresence};

/// What matches, without its place.
fn bare(found: impl Iterator<Item = Match>) -> Vec<(ItemId, Reason, bool)> {
    found.map(|found| (found.item, found.reason, found.not_secure)).collect()
}

/// What matches by an index made for this page alone.
fn alone(entries: &[Entry], page: &str) -> Vec<(ItemId, Reason, bool)> {
    bare(Index::of(near(entries.iter(), &[page])).matching(page))
}

/// An item with these addresses.
pub(super) fn entry(number: usize, urls: &[&str]) -> Entry {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(number as u64).to_be_bytes());
    let mut urls = urls.iter().map(|url| (*url).to_owned());
    let url = urls.next().unwrap_or_default();
    Entry {
        id: ItemId(id),
        revision: 1,
        status: Status::Active,
        overview: Overview {
            name: url.clone(),
            url,
            addresses: urls.collect(),
            ..Default::default()
        },
        waiting: false,
        last_use: 0,
        later_use: Default::default(),
        secret: SecretPresence::Unknown,
        trouble: None,
        access: Default::default(),
    }
}
