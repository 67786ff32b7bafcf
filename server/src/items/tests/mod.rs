//! Writing items, what is refused, and the log of changes.

mod again;
mod attack;
mod ending;
mod epochs;
mod grantees;
mod history;
mod log;
mod refused;
mod restored;
mod sharing;
mod stale;
mod write;
