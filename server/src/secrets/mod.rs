//! What opens an account: a new master password or recovery code by whoever knows the password,
//! and both anew by whoever has the code.

mod queries;
mod routes;
#[cfg(test)]
mod tests;

pub use routes::routes;
