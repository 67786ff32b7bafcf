//! Sync: sends the writes that wait, takes what changed. It decides; a host stores and sends,
//! through [`Local`] and [`Remote`]. Nothing compares clocks: the server counts positions, items
//! count revisions.

mod accept;
mod again;
mod bundles;
mod capped;
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
mod ways;

pub use accept::NotAccepted;
pub use events::Events;
pub use exposed::{Exposed, ExposedError};
pub use host::{Local, Progress, Remote, RemoteError, whole_history};
pub use joined::{CompleteError, InviteError, joined};
pub use looking::{ServerState, Written};
pub use people::ContactError;
pub use pull::position;
pub use reminders::ReminderError;
pub use report::{
    ACCESS_ENDED, ACCOUNT_FULL, BOTH_CHANGED, CHANGED_TOO_OFTEN, DELETED, FELL_OFF, LACKS_PARTS,
    LATE, MAILBOX_FIRST, NOT_DELETED, Notice, OWNER_FULL, OWNER_MAILBOX_FIRST, Outcome,
    REMOVED_AGAIN, RESTORED, Reports, TOO_MANY_ITEMS, UNSENT_DELETED, VIEW_ONLY,
};
pub use settle::Side;
pub use shared::{LeaveError, strangers};

use mysafe_protocol::UserId;

use crate::crypto::Random;
use crate::vault::{DeviceRecord, Store, Vault, keys};

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
    /// The vault was locked meanwhile.
    #[error("locked")]
    Locked,
    /// The account was signed out of this device meanwhile, or another one signed in.
    #[error("signed out")]
    SignedOut,
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

impl<'s, L: Local, R: Remote, G: Random> Sync<'s, L, R, G> {
    /// Returns the server for one request: every request begins here. After a lock or a sign-out there is
    /// none, so that no token goes out and the keys of this vault end with the sync.
    async fn server(&self) -> Result<&'s R, SyncError<L::Error>> {
        if !self.local.is_unlocked().await.map_err(SyncError::Store)? {
            return Err(SyncError::Locked);
        }
        self.expect_account().await?;
        Ok(self.remote)
    }

    /// Takes the lock of the stores: every change begins here. Fails if they are no more those of this
    /// vault's account, so that nothing is written into emptied stores or those of another account.
    async fn lock(&self) -> Result<L::Guard, SyncError<L::Error>> {
        let guard = self.local.lock().await.map_err(SyncError::Store)?;
        self.expect_account().await?;
        Ok(guard)
    }

    async fn expect_account(&self) -> Result<(), SyncError<L::Error>> {
        let here = has_account(self.local, &self.vault.user()).await.map_err(SyncError::Store)?;
        if here { Ok(()) } else { Err(SyncError::SignedOut) }
    }
}

/// Whether the stores are those of this user's account.
pub async fn has_account<L: Local>(local: &L, user: &UserId) -> Result<bool, L::Error> {
    let record = local.get(Store::Device, keys::DEVICE).await?;
    let record = record.and_then(|record| DeviceRecord::decode(&record).ok());
    Ok(record.is_some_and(|record| record.user == *user))
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// One whole sync: the log is read to its end; then the server gets again what it lost, items get new
    /// keys, and edits go out. What was stored before an error stays stored. Where the server asks to wait,
    /// the sync ends and says so: all that was not sent waits for a later one.
    pub async fn run(&mut self) -> Result<Outcome, SyncError<L::Error>> {
        let mut outcome = Outcome::default();
        let done = self.in_and_out(&mut outcome).await;
        let ended = matches!(done, Err(SyncError::Locked | SyncError::SignedOut));
        if done.is_err() && !ended {
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
        self.replace_damaged_notes().await?;
        self.reload().await?;
        self.mend_people(outcome).await?;
        self.weigh_left(outcome).await?;
        self.pull(outcome).await?;
        self.weigh_left(outcome).await?;
        self.send_record_again(outcome).await?;
        self.take_aside(outcome).await?;
        self.end_over(outcome).await?;
        self.settle_all(outcome).await?;
        self.take_off(outcome).await?;
        self.push(outcome).await?;
        self.learn_owners().await?;
        self.remind_no_more().await?;
        self.ask_who_joined().await?;
        self.ask_for_ways(outcome).await?;
        self.drop_bundles().await
    }

    /// Brings the vault in memory to what the device has: other contexts write too.
    async fn reload(&mut self) -> Result<(), SyncError<L::Error>> {
        let stored = crate::vault::Stored::read(self.local).await.map_err(SyncError::Store)?;
        self.vault.load(self.local, &stored).await.map_err(|_| SyncError::Damaged)
    }

    /// A sealed value of [`Store::State`].
    async fn state(&self, key: &str) -> Result<Option<Vec<u8>>, SyncError<L::Error>> {
        match self.local.get(Store::State, key).await.map_err(SyncError::Store)? {
            Some(blob) => Ok(Some(self.vault.open_state(key, &blob)?.to_vec())),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
