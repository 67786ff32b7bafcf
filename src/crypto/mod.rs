//! Suite 1: sealing, keys, identity, passwords. Callers hold keys as values they cannot read;
//! the only way out is [`AccountKey::to_session`]. What is signed and how it is encoded lives in
//! `mysafe-protocol`, which the server has too; nothing here is there.

mod envelope;
mod identity;
mod keys;
mod opaque;
mod password;
mod random;
mod recovery;
mod safety;
mod seal;

pub use identity::Identity;
pub use keys::{AccountKey, ExportKey, ItemKey, NotAKey};
pub use opaque::{OpaqueError, SignIn, SignUp};
pub use password::{
    DeviceKey, PASSWORD_MIN_CHARS, Strength, Suggestion, Warning, normalized, strength,
};
#[cfg(test)]
pub(crate) use random::ForOpaque;
pub use random::{Random, SystemRandom};
pub use recovery::{NotACode, RecoveryCode, symbols};
pub use safety::safety_number;
pub use seal::{AesGcm, Opened, Opening, Padding, SealError, Sealing};
