//! Reminders to rotate a client secret at its provider: set by the owner, gone by themselves once the item
//! has another client secret.

use mysafe_protocol::{ItemId, Status};

use super::host::{Local, Remote};
use super::people::ContactError;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::model::{AccountRecordBody, Reminder, mark};
use crate::vault::Right;

/// Why there is no reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReminderError {
    /// Only its owner is reminded.
    #[error("not the owner")]
    NotOwner,
    /// It is not here.
    #[error("no such item")]
    Gone,
    /// The account record could not be changed.
    #[error(transparent)]
    Record(#[from] ContactError),
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Reminds the owner, on all their devices, to rotate a client secret: at this time, Unix
    /// milliseconds, or not any more.
    pub async fn remind(
        &mut self,
        item: &ItemId,
        due: Option<u64>,
    ) -> Result<Result<(), ReminderError>, SyncError<L::Error>> {
        self.reload().await?;
        match self.vault.entry(item).map(|entry| entry.access.right) {
            None => return Ok(Err(ReminderError::Gone)),
            Some(Right::Own) => {}
            Some(_) => return Ok(Err(ReminderError::NotOwner)),
        }
        let reminder = match due {
            Some(due) => Some(Reminder { item: *item, due, mark: self.mark(item).await? }),
            None => None,
        };
        let change = |record: &mut AccountRecordBody| {
            match &reminder {
                Some(reminder) => record.remind(reminder),
                None => record.remind_not(item),
            }
            Ok(())
        };
        Ok(self.change_record(change).await?.map_err(ReminderError::from))
    }

    /// Takes back what is done: the item has another client secret on the server, or is deleted.
    pub(super) async fn remind_no_more(&mut self) -> Result<(), SyncError<L::Error>> {
        let Some((_, record)) = self.record_here().await? else { return Ok(()) };
        let mut done = Vec::new();
        for Reminder { item, mark, .. } in record.reminders() {
            match self.vault.entry(&item) {
                Some(entry) if entry.status == Status::Deleted => done.push(item),
                Some(entry) if entry.waiting || entry.trouble.is_some() => {}
                // An item that does not open now may open later.
                Some(_)
                    if unless_damaged(self.mark(&item).await)?.is_some_and(|now| now != mark) =>
                {
                    done.push(item);
                }
                // What did not come yet may come.
                Some(_) | None => {}
            }
        }
        if done.is_empty() {
            return Ok(());
        }
        let change = |record: &mut AccountRecordBody| {
            done.iter().for_each(|item| record.remind_not(item));
            Ok(())
        };
        // What cannot be done now is done by the next sync.
        let _ = self.change_record(change).await?;
        Ok(())
    }

    async fn mark(&self, item: &ItemId) -> Result<[u8; 32], SyncError<L::Error>> {
        let form = self.vault.form(item, &self.local_item(item).await?)?;
        Ok(mark(item, &form.client_secret))
    }
}
