//! Sessions: signing in (OPAQUE's key exchange) and what a token stands for. A session is one app
//! of a user.

mod queries;
mod routes;
mod signed_in;
#[cfg(test)]
mod tests;

pub use queries::{is_valid, revoke, sweep};
pub use routes::{prove, routes};
pub use signed_in::SignedIn;

/// Seconds that a session lives after it was last used.
const LIFE: i64 = 30 * 24 * 60 * 60;
/// Its life is renewed at most this often, in seconds: not every request should write.
const RENEWAL: i64 = 60 * 60;
/// Seconds between the two requests of a sign-in.
const ATTEMPT_LIFE: i64 = 2 * 60;
