//! Writing items, what is refused, and the log of changes.

mod log;
mod refused;
mod write;
