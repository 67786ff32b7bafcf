//! Accounts: who may make one, making one (OPAQUE registration), the bundles people find each
//! other by.

mod admission;
pub mod invitations;
mod people;
mod queries;
mod record;
mod release;
mod routes;
#[cfg(test)]
mod tests;

pub use queries::{NEAREST, address, keep_bundle, sign_pk};
pub use routes::routes;
