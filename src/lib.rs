//! The core of MySafe: all vault logic and cryptography. Portable Rust without I/O, clock or
//! DOM: a host performs requests and storage, passes the time in, and feeds answers back.

pub mod crypto;
pub mod fill;
pub mod matching;
pub mod model;
pub mod search;
pub mod sync;
pub mod vault;

pub use mysafe_protocol as protocol;
