//! Deleting for good, and restoring what was deleted.

use mysafe::crypto::SystemRandom;
use mysafe::protocol::ItemId;
use mysafe::protocol::wire::ItemVersion;
use mysafe::sync::{Remote, RemoteError};
use mysafe::vault::SaveError as CoreSave;

use crate::item::{OpenError, SaveError, Saved, Target};
use crate::now;
use crate::open::Open;

/// A deleted item that can be restored still.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeletedView {
    /// The item.
    pub id: ItemId,
    /// The name it had; empty if neither this browser nor the server could tell.
    pub name: String,
    /// When it was deleted, Unix milliseconds.
    pub at: u64,
}

/// Why a deleted item is not restored.
#[derive(Debug, Clone, PartialEq)]
pub enum UndeleteError {
    /// What it was is on the server, which does not answer, or the sign-in here has ended.
    Offline,
    /// It cannot be saved; its Identifier may be another's now.
    Save(SaveError),
}

impl Open {
    /// Deletes an item that was disabled.
    pub async fn delete(&self, id: ItemId) -> Result<Saved, SaveError> {
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.delete(&id, local, now(), &mut SystemRandom)
        })
        .await
    }

    /// The deleted items that can be restored, the last deleted first.
    pub async fn deleted(&self) -> Result<Vec<DeletedView>, OpenError> {
        self.awake().await?;
        let mut list = self.with_vault(|vault| {
            let view =
                |(id, name, at): (ItemId, &str, u64)| DeletedView { id, name: name.to_owned(), at };
            vault.deleted(now()).into_iter().map(view).collect::<Vec<_>>()
        });
        // A browser that signed in after the deletion has to ask what it was.
        for gone in list.iter_mut().filter(|gone| gone.name.is_empty()) {
            let Ok(version) = self.before_deletion(&gone.id).await else { break };
            let local = self.local(&gone.id).await?;
            let name = version.and_then(|version| {
                self.with_vault(|vault| vault.deleted_name(&gone.id, &local, &version))
            });
            gone.name = name.unwrap_or_default();
        }
        Ok(list)
    }

    /// Restores a deleted item, disabled as it was.
    pub async fn undelete(&self, id: ItemId) -> Result<Saved, UndeleteError> {
        let version = self.before_deletion(&id).await?;
        let past = self.past(&id).await.map_err(failed)?;
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.undelete(&id, local, version.as_ref(), past, now(), &mut SystemRandom)
        })
        .await
        .map_err(UndeleteError::Save)
    }

    /// The version before the deletion, as the server says; none if the item was never there.
    async fn before_deletion(&self, id: &ItemId) -> Result<Option<ItemVersion>, UndeleteError> {
        self.awake().await.map_err(failed)?;
        let local = self.local(id).await.map_err(failed)?;
        let newest = self.with_vault(|vault| vault.newest_on_server(&local));
        // A deletion that waits must arrive first.
        let newest = newest.filter(|_| local.pending.is_none()).ok_or(UndeleteError::Offline)?;
        let remote = self.signed_in().await.ok_or(UndeleteError::Offline)?;
        match remote.history(id, newest).await {
            Ok(page) => Ok(page.versions.into_iter().next()),
            Err(RemoteError::Refused(_) | RemoteError::Malformed) => {
                Err(UndeleteError::Save(SaveError::Damaged))
            }
            Err(_) => Err(UndeleteError::Offline),
        }
    }
}

fn failed(error: OpenError) -> UndeleteError {
    UndeleteError::Save(match error {
        OpenError::Gone => SaveError::Gone,
        OpenError::Damaged => SaveError::Damaged,
        OpenError::Locked => SaveError::Locked,
        OpenError::Store(error) => SaveError::Store(error),
    })
}
