//! Mail: letters are written into the outbox in the transaction of what they tell of, and delivered
//! after it, tried again while that fails. Without an SMTP server they become files in the data
//! folder.

mod delivery;
mod letters;
pub mod notices;
mod outbox;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use delivery::deliver;
pub use delivery::{Post, deliver_regularly};
pub use letters::Letter;
pub use outbox::{send, sweep};
