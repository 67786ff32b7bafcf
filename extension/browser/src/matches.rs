//! What of the rows belongs to an address, and what was found.

use mysafe::matching::{self, Reason};
use mysafe::model::Field;

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

impl Match {
    pub(crate) fn of(found: matching::Match, rows: &[usize]) -> Self {
        let matching::Match { place, reason, not_secure, .. } = found;
        Self { row: rows[place], reason, not_secure }
    }
}

/// A row that was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its place in the rows.
    pub row: usize,
    /// The field it was found by.
    pub field: Field,
}
