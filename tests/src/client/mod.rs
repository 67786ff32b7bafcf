//! A person's client without a browser: the core over real connections to the real server, and what
//! the extension would send.

mod account;
mod connection;
mod device;
pub mod many;
mod now;

pub use account::{Person, Proof, prove, sign_in, sign_up};
pub use connection::{Connection, SignedIn, refused_as};
pub use device::Device;
pub use now::unix_millis;

pub use crate::memory::{Memory, finish};

/// Why something did not work out, for people.
pub type Failure = Box<dyn std::error::Error>;
