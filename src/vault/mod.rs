//! What an unlocked vault can do. It reads sealed values it is given and produces changes to
//! store; it never performs them. A host loads, applies and sends.

mod accept;
mod access;
mod account;
mod addresses;
mod cache;
mod clock;
mod deleted;
mod device;
mod entry;
mod epochs;
mod exposed;
mod glance;
mod held;
mod history;
mod item;
mod local;
mod merge;
mod open;
mod past;
mod people;
#[cfg(test)]
pub(crate) mod planted;
mod rebuild;
mod refusal;
mod right;
mod saving;
mod status;
mod stored;
mod unite;
mod use_record;
mod writing;

pub(crate) use accept::may_stand;
pub use accept::{Accepted, Judged, Known, Reader, accept, judge};
pub use access::{Share, ShareError};
pub use account::{
    Created, DeviceRecord, EnterError, Token, TokenError, UnlockError, create, enter,
    password_secret, recover, recovery_secret,
};
pub use clock::Clock;
pub use deleted::RESTORABLE;
pub use entry::{Entry, SecretPresence};
pub use exposed::EpochReaders;
pub use glance::Glance;
pub use held::{Head, Held};
pub use history::{History, Version};
pub use item::{Change, RevealError, SaveError};
pub(crate) use local::state_of;
pub use local::{LocalItem, Put, Readable, Store, Value, keys};
#[cfg(test)]
pub(crate) use merge::THEIRS_WIN;
pub use merge::{Merged, merge};
pub use open::{OpenError, Vault};
pub use people::People;
pub use refusal::Refusal;
pub use right::{Access, Met, Right};
pub use stored::{LoadError, OpenedCache, SealedCache, Stored, opened, pieces};
pub(crate) use unite::{Base, Content, Union, common, may_merge};
pub(crate) use use_record::UseNews;

#[cfg(test)]
mod tests;
