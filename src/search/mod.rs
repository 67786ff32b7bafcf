//! Finding items as one types, over every field but the client secret; filters and orders of
//! lists.

mod filter;
mod fold;
mod index;
mod place;

pub use filter::{Filters, LastUse, Order, StatusFilter};
pub use index::{Found, Search};

#[cfg(test)]
mod tests;
