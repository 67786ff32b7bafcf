//! Which items belong to an address: exact path prefix, then host and port, then registrable
//! domain (Public Suffix List, private suffixes are sites of their own).

mod index;
mod site;

pub use index::{Index, Match, Matches, Reason};
pub use site::{Site, registrable};

#[cfg(test)]
mod tests;
