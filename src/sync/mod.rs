//! Sync: sends the writes that wait, takes what changed. It decides; a host stores and sends,
//! through [`Local`] and [`Remote`]. Nothing compares clocks: the server counts positions, items
//! count revisions.

mod accept;
mod again;
mod chain;
mod drafts;
mod events;
mod exposed;
mod finding;
mod host;
mod joined;
mod left;
mod looking;
mod people;
mod pull;
mod push;
mod readable;
mod reading;
mod record;
mod reminders;
mod report;
mod resend;
mod settle;
mod shared;
mod sharing;
mod take;
mod union;
mod uses;

pub use accept::NotAccepted;
pub use events::Events;
pub use exposed::{Exposed, ExposedError};
pub use host::{Local, Progress, Remote, RemoteError};
pub use joined::{CompleteError, InviteError, joined};
pub use looking::{ServerState, Written};
pub use people::ContactError;
pub use pull::position;
pub use reminders::ReminderError;
pub use report::{
    ACCESS_ENDED, ACCOUNT_FULL, BOTH_CHANGED, CHANGED_TOO_OFTEN, DELETED, FELL_OFF, LACKS_PARTS,
    LATE, NOT_DELETED, Notice, OWNER_FULL, Outcome, RESTORED, Reports, TOO_MANY_ITEMS,
    UNSENT_DELETED, VIEW_ONLY,
};
pub use settle::Side;
pub use shared::{LeaveError, strangers};

use crate::crypto::Random;
use crate::vault::Vault;

/// What a sync works with: one vault, one device, one server.
pub struct Sync<'s, L, R, G> {
    /// The unlocked vault; kept equal to the sealed cache on the device.
    pub vault: &'s mut Vault,
    /// The device's stores.
    pub local: &'s L,
    /// The server.
    pub remote: &'s R,
    /// Randomness.
    pub random: &'s mut G,
    /// Now, Unix milliseconds; only written into what is shown.
    pub now: u64,
}

/// The device or the server gave up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncError<E> {
    /// The device's store failed.
    #[error("store")]
    Store(E),
    /// The server was not reached, or did not do it.
    #[error("remote")]
    Remote(#[from] RemoteError),
    /// Something on the device cannot be opened.
    #[error("damaged")]
    Damaged,
}

impl<E> From<crate::vault::OpenError> for SyncError<E> {
    fn from(_: crate::vault::OpenError) -> Self {
        Self::Damaged
    }
}

/// `None` of what is stored and cannot be read.
fn unless_damaged<T, E>(read: Result<T, SyncError<E>>) -> Result<Option<T>, SyncError<E>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(SyncError::Damaged) => Ok(None),
        Err(error) => Err(error),
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// One whole sync: the log is read to its end; then the server gets again what it lost, items get new
    /// keys, and edits go out. What was stored before an error stays stored. Where the server asks to wait,
    /// the sync ends and says so: all that was not sent waits for a later one.
    pub async fn run(&mut self) -> Result<Outcome, SyncError<L::Error>> {
        let mut outcome = Outcome::default();
        let done = self.in_and_out(&mut outcome).await;
        if done.is_err() {
            // Memory must not show what is not stored. If reading fails too, the first error says
            // enough.
            let _ = self.reload().await;
        }
        match done {
            Err(SyncError::Remote(RemoteError::Busy(seconds))) => {
                outcome.wait = Some(seconds);
                Ok(outcome)
            }
            done => done.map(|()| outcome),
        }
    }

    async fn in_and_out(&mut self, outcome: &mut Outcome) -> Result<(), SyncError<L::Error>> {
        self.reload().await?;
        self.pull(outcome).await?;
        self.send_record_again(outcome).await?;
        self.take_aside(outcome).await?;
        self.end_over(outcome).await?;
        self.settle_all(outcome).await?;
        self.take_off(outcome).await?;
        self.push(outcome).await?;
        self.learn_owners().await?;
        self.remind_no_more().await?;
        self.ask_who_joined().await
    }

    /// Brings the vault in memory to what the device has: other contexts write too.
    async fn reload(&mut self) -> Result<(), SyncError<L::Error>> {
        let stored = crate::vault::Stored::read(self.local).await.map_err(SyncError::Store)?;
        self.vault.load(self.local, &stored).await.map_err(|_| SyncError::Damaged)
    }

    /// A sealed value of [`Store::State`](crate::vault::Store::State).
    async fn state(&self, key: &str) -> Result<Option<Vec<u8>>, SyncError<L::Error>> {
        use crate::vault::Store;
        match self.local.get(Store::State, key).await.map_err(SyncError::Store)? {
            Some(blob) => Ok(Some(self.vault.open_state(key, &blob)?.to_vec())),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
