//! Which items belong to an address: exact path prefix, then host and port, then registrable
//! domain (Public Suffix List, private suffixes are sites of their own).

mod rank;
mod site;

pub use rank::{Match, Reason, matching};
pub use site::{Site, registrable};
