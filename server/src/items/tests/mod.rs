//! Writing items, what is refused, and the log of changes.

mod again;
mod ending;
mod epochs;
mod log;
mod refused;
mod sharing;
mod write;
