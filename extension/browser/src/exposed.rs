//! Who could have read the client secret of an own item, and the reminder to rotate it at its provider.
//! Both are the owner's alone.

use mysafe::protocol::{ItemId, UserId};
use mysafe::sync::{Exposed, ExposedError, ReminderError};

use crate::open::Open;
use crate::people::PersonView;
use crate::sharing::SharingError;

/// Somebody who could have read a client secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposedView {
    /// Who.
    pub person: PersonView,
    /// Since when, Unix milliseconds.
    pub since: u64,
    /// Until when, Unix milliseconds; absent if they still can.
    pub until: Option<u64>,
    /// The client secret is another one now than any that they could read.
    pub rotated: bool,
    /// False if they may have had access earlier: the server does not have all access lists.
    pub complete: bool,
}

impl Open {
    /// Who could have read the client secret of an own item: of these people, as after a revoke, or of
    /// everybody who ever could if none are named. Asks the server.
    pub async fn exposed(
        &self,
        id: ItemId,
        users: &[UserId],
    ) -> Result<Vec<ExposedView>, SharingError> {
        let mut online = self.online().await?;
        let exposed = online.sync(self).exposed(&id, users).await;
        let exposed = match exposed? {
            Ok(exposed) => exposed,
            Err(error) => {
                // A refusal left a notice.
                self.done().await?;
                return Err(error.into());
            }
        };
        let named: Vec<UserId> = exposed.iter().map(|one| one.user).collect();
        online.sync(self).know_all(&named).await?;
        let contacts = online.sync(self).contacts().await?;
        let view = |Exposed { user, since, until, rotated, complete }| ExposedView {
            person: PersonView::of(&online.vault, &contacts, &user),
            since,
            until,
            rotated,
            complete,
        };
        let mut views: Vec<ExposedView> = exposed.into_iter().map(view).collect();
        views.sort_by(|one, other| one.person.address.cmp(&other.person.address));
        Ok(views)
    }

    /// Reminds the owner, on all their browsers, to rotate the client secret at its provider: at this
    /// time, Unix milliseconds, or not any more. It goes by itself once the client secret is changed.
    pub async fn set_rotation_reminder(
        &self,
        id: ItemId,
        due_ms: Option<u64>,
    ) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).remind(&id, due_ms).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }
}

impl From<ExposedError> for SharingError {
    fn from(error: ExposedError) -> Self {
        match error {
            ExposedError::NotOwner => Self::NotOwner,
            ExposedError::Gone => Self::Gone,
            ExposedError::Refused(refusal) => Self::Refused(refusal.code()),
        }
    }
}

impl From<ReminderError> for SharingError {
    fn from(error: ReminderError) -> Self {
        match error {
            ReminderError::NotOwner => Self::NotOwner,
            ReminderError::Gone => Self::Gone,
            ReminderError::Record(error) => error.into(),
        }
    }
}
