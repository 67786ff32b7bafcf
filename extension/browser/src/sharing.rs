//! Who has access to an item, and the changes of it. Each is done with the server at once.

use mysafe::crypto::SystemRandom;
use mysafe::protocol::bodies::{AccessList, Grantee, Permission};
use mysafe::protocol::{ItemId, UserId};
use mysafe::sync::{LeaveError, Local, SyncError};
use mysafe::vault::{Right, SaveError as CoreSave, Share};

use crate::events::announce_change;
use crate::invited::PendingView;
use crate::item::{SaveError, Saved, Target};
use crate::now;
use crate::open::Open;
use crate::people::{PersonTrust, PersonView};
use crate::rows::Row;
use crate::store::StoreError;

/// Why something of sharing is not done. Nothing was.
#[derive(Debug, Clone, PartialEq)]
pub enum SharingError {
    /// Sharing needs the server, which does not answer.
    Offline,
    /// The sign-in here has ended: sign in again.
    SignInEnded,
    /// Only the owner may.
    NotOwner,
    /// The owner cannot leave.
    Owner,
    /// A change of the item is not on the server yet; it goes there first.
    Unsent,
    /// The item is inactive: access can only be taken away.
    Inactive,
    /// The owner has access always.
    Yourself,
    /// This person is met for the first time: accept them first.
    NotMet(UserId),
    /// The address of this person is pinned to other keys: compare the safety number first.
    KeyChanged(UserId),
    /// The server knows nobody of this id with a confirmed mailbox.
    Nobody,
    /// The user's own mailbox is not confirmed: the server adds nobody before it is.
    NotConfirmed,
    /// More have access than may.
    TooMany,
    /// It is so already.
    NoChange,
    /// What the server says is refused, with this stable code; a notice tells it too.
    Refused(&'static str),
    /// Other browsers wrote each time; try again.
    Busy,
    /// The server takes no more for so many seconds.
    Wait(u64),
    /// This user's account is full.
    Full,
    /// The item is not here.
    Gone,
    /// This is no mail address.
    AddressInvalid,
    /// Nothing waits for this address any more.
    NotPending,
    /// The time until which access was to be given is over.
    Over,
    /// The vault locked meanwhile.
    Locked,
    /// The store failed, or what is stored cannot be opened.
    Store(StoreError),
}

/// Somebody with access to an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantView {
    /// Who.
    pub person: PersonView,
    /// Can view or Can edit.
    pub permission: Permission,
    /// Until when, Unix seconds; for ever if absent.
    pub until: Option<u64>,
}

/// Who has access to an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessView {
    /// Whose it is.
    pub owner: PersonView,
    /// What the user may do with it.
    pub right: Right,
    /// Everybody else, by address.
    pub people: Vec<GrantView>,
    /// Who was invited; known to the owner only.
    pub pending: Vec<PendingView>,
}

impl Open {
    /// Who has access to an item, and who was invited. Works without the server; with it whoever another
    /// browser shared with has an address.
    pub async fn access(&self, id: ItemId) -> Result<AccessView, SharingError> {
        self.learn_who(&id).await?;
        let local = self.local(&id).await?;
        let contacts = self.contacts().await?;
        let (right, list, owner) = {
            let vault = self.vault.borrow();
            let entry = vault.entry(&id).ok_or(SharingError::Gone)?;
            let damaged = |_| SharingError::Store(StoreError::Damaged);
            let list = vault.access(&local).map_err(damaged)?;
            (entry.access.right, list, entry.access.owner.unwrap_or(vault.user()))
        };
        let pending = if right == Right::Own { self.pending(&id).await? } else { Vec::new() };
        let vault = self.vault.borrow();
        let grants = list.map(|list| list.grants).unwrap_or_default();
        let mut people: Vec<GrantView> = grants
            .into_iter()
            .filter_map(|grant| match grant.to {
                Grantee::User(user) => {
                    let person = PersonView::of(&vault, &contacts, &user);
                    Some(GrantView { person, permission: grant.permission, until: grant.until })
                }
                Grantee::Group { .. } => None,
            })
            .collect();
        people.sort_by(|one, other| one.person.address.cmp(&other.person.address));
        let mut owner = PersonView::of(&vault, &contacts, &owner);
        for person in people.iter_mut().map(|grant| &mut grant.person).chain([&mut owner]) {
            if person.trust == PersonTrust::Me {
                person.name = Some(self.record().name.clone());
            }
        }
        Ok(AccessView { owner, right, people, pending })
    }

    /// Asks for the keys, and so the addresses, of whoever has access: another browser of the owner may
    /// have given it. Without the server whoever is not known here has no address.
    async fn learn_who(&self, id: &ItemId) -> Result<(), SharingError> {
        let local = self.local(id).await?;
        let unknown: Vec<UserId> = self.with_vault(|vault| {
            let list = vault.access(&local).ok().flatten();
            let known = |user: &UserId| *user == vault.user() || vault.person(user).is_some();
            let users = list.iter().flat_map(AccessList::users);
            users.filter(|user| !known(user)).collect()
        });
        if unknown.is_empty() {
            return Ok(());
        }
        let mut online = match self.online().await {
            Ok(online) => online,
            Err(SharingError::SignInEnded) => return Ok(()),
            Err(error) => return Err(error),
        };
        match online.sync(self).know_all(&unknown).await {
            Ok(()) | Err(SyncError::Remote(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.refresh().await.map_err(SharingError::Store)
    }

    /// Gives these people access and takes it from those, in one change with one new key and one mail
    /// to each who is added. Whoever is not accepted yet is told by [`SharingError::NotMet`].
    pub async fn change_access(
        &self,
        id: ItemId,
        with: &[Share],
        from: &[UserId],
    ) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).change_access(&id, with, from).await;
        self.done().await?;
        done?.map_err(SharingError::from)
    }

    /// Gives people access, or other access than they have.
    pub async fn share(&self, id: ItemId, with: &[Share]) -> Result<(), SharingError> {
        self.change_access(id, with, &[]).await
    }

    /// Takes people's access away.
    pub async fn revoke(&self, id: ItemId, from: &[UserId]) -> Result<(), SharingError> {
        self.change_access(id, &[], from).await
    }

    /// Gives up the access to an item of somebody else. What was not sent becomes a line of local
    /// history.
    pub async fn leave(&self, id: ItemId) -> Result<(), SharingError> {
        let mut online = self.online().await?;
        let done = online.sync(self).leave(&id).await;
        self.done().await?;
        match done? {
            Ok(()) => Ok(()),
            Err(LeaveError::Own) => Err(SharingError::Owner),
            Err(LeaveError::Gone) => Err(SharingError::Gone),
        }
    }

    /// Makes an item of one's own of somebody else's: with an id, key and list of its own. The old one
    /// is deleted by its owner only. Works without the server.
    pub async fn make_own_copy(&self, id: ItemId) -> Result<Saved, SaveError> {
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.copy(&id, local, now(), &mut SystemRandom)
        })
        .await
    }

    /// What stands under "New items", the newest first: items of others not viewed, copied or dismissed
    /// yet, and all of people not accepted yet, which stand nowhere else.
    pub fn new_items(&self) -> Vec<Row> {
        self.lists.borrow().fresh.clone()
    }

    /// An item was viewed or dismissed: it is new no more, on all browsers of the user.
    pub async fn dismiss_new(&self, id: ItemId) -> Result<(), StoreError> {
        self.see(&[id]).await
    }

    /// Dismisses everything under "New items".
    pub async fn dismiss_all_new(&self) -> Result<(), StoreError> {
        let all: Vec<ItemId> = self.new_items().iter().map(|row| row.id).collect();
        self.see(&all).await
    }

    async fn see(&self, items: &[ItemId]) -> Result<(), StoreError> {
        let guard = self.lock().await?;
        self.reload().await?;
        let mut puts = Vec::new();
        for id in items {
            puts.extend(self.vault.borrow_mut().see(id, &mut SystemRandom));
        }
        if puts.is_empty() {
            return Ok(());
        }
        self.device.apply(puts).await?;
        self.list_again();
        drop(guard);
        announce_change();
        Ok(())
    }
}
