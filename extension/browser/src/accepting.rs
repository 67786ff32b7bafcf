//! "Accept the server's state" of an item, as a screen asks for it.

use mysafe::protocol::bodies::Grantee;
use mysafe::protocol::{ItemId, UserId};
use mysafe::sync::{NotAccepted, RemoteError, Side, SyncError, Written};

use crate::open::Open;
use crate::people::PersonView;
use crate::sharing::{GrantView, SharingError};
use crate::store::StoreError;

/// Why the server's state of an item is not accepted. What is here stays.
#[derive(Debug, Clone, PartialEq)]
pub enum AcceptError {
    /// The server does not answer, or the sign-in here has ended.
    Offline,
    /// It fails another check, with this stable code.
    Refused(&'static str),
    /// The vault locked meanwhile.
    Locked,
    /// The store failed.
    Store(StoreError),
}

/// A version by its author and time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrote {
    /// The author.
    pub by: PersonView,
    /// Unix milliseconds, by the author's clock.
    pub at: u64,
    /// The version deletes the item.
    pub deleted: bool,
}

/// The server's state of an item, beside the version here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// The owner, if it is somebody else.
    pub owner: Option<PersonView>,
    /// The server's newest version.
    pub theirs: Wrote,
    /// The version on this device.
    pub here: Option<Wrote>,
    /// The people with access in the server's state, by address; the owner is not among them.
    pub people: Vec<GrantView>,
    /// The server's state and the one here give access to the same people.
    pub same_access: bool,
    /// The server's key opens the item. If not, the owner may write over the server's state.
    pub key_fits: bool,
}

impl Open {
    /// Asks the server for its state of an item, for the user to decide about it. Stores nothing of it.
    pub async fn server_state(&self, id: ItemId) -> Result<Beside, AcceptError> {
        let mut online = self.online().await?;
        let state = match online.sync(self).server_state(&id).await? {
            Ok(state) => state,
            Err(refusal) => return Err(refusal.into()),
        };
        let user = |to: &Grantee| match to {
            Grantee::User(user) => Some(*user),
            Grantee::Group { .. } => None,
        };
        let mut named: Vec<_> = state.grants.iter().filter_map(|grant| user(&grant.to)).collect();
        named.extend(state.held.map(|held| held.by));
        named.extend([state.newest.by, state.owner]);
        online.sync(self).know_all(&named).await?;
        let contacts = online.sync(self).contacts().await?;
        let person = |user: UserId| {
            let person = PersonView::of(&online.vault, &contacts, &user);
            let me = user == online.vault.user();
            let name = if me { Some(self.name().to_owned()) } else { person.name.clone() };
            PersonView { name, ..person }
        };
        let wrote = |Written { by, at, deleted }| Wrote { by: person(by), at, deleted };
        let mut people: Vec<GrantView> = Vec::new();
        for grant in &state.grants {
            let Some(user) = user(&grant.to) else { continue };
            let (permission, until) = (grant.permission, grant.until);
            people.push(GrantView { person: person(user), permission, until });
        }
        people.sort_by(|one, other| one.person.address.cmp(&other.person.address));
        let others = Some(state.owner).filter(|owner| *owner != online.vault.user());
        Ok(Beside {
            owner: others.map(person),
            theirs: wrote(state.newest),
            here: state.held.map(wrote),
            people,
            same_access: state.same_list,
            key_fits: state.key_fits,
        })
    }

    /// Settles an item of which the server has another history, with the content of this side. Of an item
    /// of somebody else it is the server's. The other content is a version in the history.
    pub async fn accept_server(&self, id: ItemId, side: Side) -> Result<(), AcceptError> {
        let mut online = self.online().await?;
        let accepted = online.sync(self).accept_server(&id, side).await;
        self.done().await?;
        accepted?.map_err(AcceptError::from)
    }
}

impl From<NotAccepted> for AcceptError {
    fn from(error: NotAccepted) -> Self {
        match error {
            NotAccepted::Refused(refusal) => Self::Refused(refusal.code()),
            NotAccepted::Code(code) => Self::Refused(code),
        }
    }
}

impl From<SyncError<StoreError>> for AcceptError {
    fn from(error: SyncError<StoreError>) -> Self {
        match error {
            SyncError::Remote(RemoteError::Malformed) => Self::Refused("forged"),
            SyncError::Remote(_) => Self::Offline,
            SyncError::Store(error) => Self::Store(error),
            SyncError::Damaged => Self::Store(StoreError::Damaged),
            SyncError::Locked | SyncError::SignedOut => Self::Locked,
        }
    }
}

impl From<SharingError> for AcceptError {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Locked => Self::Locked,
            SharingError::Store(error) => Self::Store(error),
            _ => Self::Offline,
        }
    }
}
