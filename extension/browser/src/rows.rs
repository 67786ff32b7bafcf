//! The opened overviews as a screen lists them.

use mysafe::matching::{Reason, Site, matching};
use mysafe::model::{Field, Method};
use mysafe::protocol::ItemId;
use mysafe::protocol::bodies::Status;
use mysafe::search::search;
use mysafe::vault::{Entry, SecretPresence, Vault};

/// A row of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The item.
    pub id: ItemId,
    /// Name.
    pub name: String,
    /// Address.
    pub url: String,
    /// Host, with the port if it is not the scheme's own.
    pub host: String,
    /// What the tile's colour is made of: the registrable domain, or the host.
    pub registrable: String,
    /// Client ID.
    pub client_id: String,
    /// HTTP method.
    pub method: Option<Method>,
    /// Tags.
    pub tags: Vec<String>,
    /// A change of it is not on the server yet.
    pub waiting: bool,
    /// Why it failed its check, or the server refused it: a stable code.
    pub trouble: Option<String>,
    /// It was disabled.
    pub inactive: bool,
    /// Whether it has a client secret, as far as is known.
    pub secret: SecretPresence,
    /// Last use, Unix milliseconds.
    pub last_use: Option<u64>,
    /// Last change, Unix milliseconds.
    pub changed: u64,
}

impl Row {
    fn of(entry: &Entry) -> Self {
        let overview = &entry.overview;
        let site = Site::of(&overview.url);
        let host = site.as_ref().map_or_else(|| overview.url.clone(), Site::authority);
        Self {
            id: entry.id,
            name: overview.name.clone(),
            url: overview.url.clone(),
            registrable: site.and_then(|site| site.registrable).unwrap_or_else(|| host.clone()),
            host,
            client_id: overview.client_id.clone(),
            method: overview.method,
            tags: overview.tags.clone(),
            waiting: entry.waiting,
            trouble: entry.trouble.clone(),
            inactive: entry.status == Status::Inactive,
            secret: entry.secret,
            last_use: Some(entry.last_use).filter(|time| *time > 0),
            changed: overview.changed.map_or(0, |stamp| stamp.time),
        }
    }
}

/// A row that belongs to an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    /// Its place in the rows.
    pub row: usize,
    /// Why.
    pub reason: Reason,
    /// The item is https, the page is not.
    pub not_secure: bool,
}

/// A row that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its place in the rows.
    pub row: usize,
    /// The field it was found by.
    pub field: Field,
}

/// The items by name, the inactive ones last.
pub(crate) fn rows(vault: &Vault) -> Vec<Row> {
    let there = vault.entries().filter(|entry| entry.status != Status::Deleted);
    let mut rows: Vec<Row> = there.map(Row::of).collect();
    rows.sort_by_cached_key(|row| (row.inactive, row.name.to_lowercase(), row.id));
    rows
}

fn place(rows: &[Row], item: &ItemId) -> Option<usize> {
    rows.iter().position(|row| row.id == *item)
}

pub(crate) fn matches(vault: &Vault, rows: &[Row], address: &str) -> Vec<Match> {
    matching(vault.entries(), address)
        .into_iter()
        .filter_map(|found| {
            let row = place(rows, &found.item)?;
            Some(Match { row, reason: found.reason, not_secure: found.not_secure })
        })
        .collect()
}

pub(crate) fn found(vault: &Vault, rows: &[Row], query: &str) -> Vec<Found> {
    let places: std::collections::BTreeMap<ItemId, usize> =
        rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
    search(vault.entries(), query)
        .into_iter()
        .filter_map(|found| Some(Found { row: *places.get(&found.item)?, field: found.field }))
        .collect()
}
