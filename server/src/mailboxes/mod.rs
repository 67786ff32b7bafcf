//! Whether someone reads the mail of their address: eight digits that were mailed there and typed
//! into MySafe. Others find and share with confirmed mailboxes only.

pub mod codes;
mod queries;
mod routes;
#[cfg(test)]
mod tests;

pub use queries::{confirm, is_confirmed};
pub use routes::{mail_code, routes};
