//! Items: sealed parts with signed revisions, when they were last used, and the log by which a
//! client learns what changed.

mod access;
mod changes;
mod ending;
mod epochs;
mod grants;
mod queries;
mod quota;
mod returning;
mod revisions;
mod routes;
#[cfg(test)]
mod tests;
mod writes;

pub use changes::last_position;
pub use ending::end_expired;
#[cfg(test)]
pub use epochs::RESTORABLE;
pub use epochs::erase;
pub use queries::next_position;
pub use routes::routes;
pub use writes::sweep;

/// Seconds that an operation is remembered, so that a request sent again is answered again.
const OPERATION_LIFE: i64 = 30 * 24 * 60 * 60;
/// Bodies in one answer of an item's revisions: two megabytes at most.
const REVISIONS: i64 = 1_000;
/// The same in an answer that brings their lists.
const LISTED: i64 = 100;
/// Bytes of sealed parts in one page of changes, or of an item's history.
const PAGE_BYTES: i64 = 4 * 1024 * 1024;
