//! Which items belong to an address: exact path prefix, then host and port, then registrable
//! domain (Public Suffix List, private suffixes are sites of their own).

mod found;
mod house;
mod index;
mod site;
mod suffixes;

pub use found::{MOST_FOUND, OnPage};
pub(crate) use house::house;
pub use index::{Index, Match, Matches, Reason, near};
pub use site::Site;
pub use suffixes::registrable;

#[cfg(test)]
mod tests;
