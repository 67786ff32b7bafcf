//! Finding items as one types, over every field but the client secret; filters and orders of
//! lists.

mod filter;
mod fold;
mod index;
mod order;
mod place;
mod remembered;

pub use filter::{Filters, LastUse, OwnerFilter, SharedFilter, StatusFilter};
pub use index::{Found, Making, Search};
pub use order::Order;
pub use remembered::{recall, remember};

#[cfg(test)]
mod tests;
