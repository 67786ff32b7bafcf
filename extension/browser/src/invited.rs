//! Shares with people who were invited: asked for, completed once they have joined, taken back.

use mysafe::model::{Pending, line};
use mysafe::protocol::bodies::Permission;
use mysafe::protocol::{ItemId, UserId, limits};
use mysafe::sync::{CompleteError, InviteError, Local, joined};
use mysafe::vault::{Store, keys};

use crate::account::mail_address;
use crate::open::Open;
use crate::people::PersonView;
use crate::sharing::SharingError;
use crate::store::StoreError;

/// A share that waits until an address has an account with a confirmed mailbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingView {
    /// Mail address.
    pub address: String,
    /// Can view or Can edit.
    pub permission: Permission,
    /// Until when, Unix seconds; for ever if absent.
    pub until: Option<u64>,
    /// Who has the address now: the owner may complete it.
    pub joined: Option<PersonView>,
}

/// Somebody for whom a share waited has joined: the owner is asked, as at any first contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JoinedView {
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// What waited; `joined` is the person.
    pub pending: PendingView,
    /// Who has joined.
    pub person: PersonView,
}

impl Open {
    /// Who has joined of those for whom shares of own items wait, as the syncs found out. Works without
    /// the server.
    pub async fn joined(&self) -> Result<Vec<JoinedView>, SharingError> {
        let contacts = self.contacts().await?;
        let stored = self.device.get(Store::State, keys::JOINED).await;
        let stored = stored.map_err(SharingError::Store)?;
        let vault = self.vault.borrow();
        let damaged = |_| SharingError::Store(StoreError::Damaged);
        let joined = joined(&vault, &contacts, stored.as_deref()).map_err(damaged)?;
        let view = |(pending, user): (Pending, UserId)| {
            let Pending { item, address, permission, until } = pending;
            let name = line(&vault.entry(&item)?.overview.name, limits::NAME);
            let person = PersonView::at(&vault, &contacts, &user, address.clone());
            let joined = Some(person.clone());
            let pending = PendingView { address, permission, until, joined };
            Some(JoinedView { item, name, pending, person })
        };
        Ok(joined.into_iter().filter_map(view).collect())
    }

    /// The shares of an item that wait.
    pub(crate) async fn pending(&self, id: &ItemId) -> Result<Vec<PendingView>, SharingError> {
        let joined = self.joined().await?;
        let contacts = self.contacts().await?;
        let waiting = contacts.pending().into_iter().filter(|pending| pending.item == *id);
        let view = |Pending { address, permission, until, .. }: Pending| {
            let here = joined.iter().find(|one| one.item == *id && one.pending.address == address);
            let joined = here.map(|one| one.person.clone());
            PendingView { address, permission, until, joined }
        };
        Ok(waiting.map(view).collect())
    }

    /// A share with an address that has no account yet waits until it has one.
    pub async fn invite(
        &self,
        id: ItemId,
        address: &str,
        permission: Permission,
        until: Option<u64>,
    ) -> Result<(), SharingError> {
        let address = mail_address(address).ok_or(SharingError::AddressInvalid)?;
        let pending = Pending { item: id, address, permission, until };
        let mut online = self.online().await?;
        let done = online.sync(self).invite(&pending).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }

    /// A share waits no more.
    pub async fn uninvite(&self, id: ItemId, address: &str) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).uninvite(&id, address).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }

    /// The owner completes a share that waited, with whoever has the address now, as the screen shows
    /// them: accepts the person and shares. Done again after an answer was lost, it goes on.
    pub async fn complete(
        &self,
        id: ItemId,
        address: &str,
        user: UserId,
    ) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).complete(&id, address, &user).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }
}

impl From<InviteError> for SharingError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NotOwner => Self::NotOwner,
            InviteError::Gone => Self::Gone,
            InviteError::Inactive => Self::Inactive,
            InviteError::Yourself => Self::Yourself,
            InviteError::Record(error) => error.into(),
        }
    }
}

impl From<CompleteError> for SharingError {
    fn from(error: CompleteError) -> Self {
        match error {
            CompleteError::NotPending => Self::NotPending,
            CompleteError::Over => Self::Over,
            CompleteError::Contact(error) => error.into(),
            CompleteError::Share(error) => error.into(),
        }
    }
}
