//! Deleting for good, and restoring what was deleted.

use mysafe::crypto::SystemRandom;
use mysafe::model::line;
use mysafe::protocol::wire::{HistoryResponse, ItemVersion};
use mysafe::protocol::{ItemId, Revision, limits};
use mysafe::sync::{Remote, RemoteError};
use mysafe::vault::{SaveError as CoreSave, Vault};

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
            let view = |(id, name, at): (ItemId, &str, u64)| {
                let name = line(name, limits::NAME);
                DeletedView { id, name, at }
            };
            vault.deleted(now()).into_iter().map(view).collect::<Vec<_>>()
        });
        // A browser that signed in after the deletion has to ask what it was.
        for gone in list.iter_mut().filter(|gone| gone.name.is_empty()) {
            let Ok(before) = self.before_deletion(&gone.id).await else { break };
            let local = self.local(&gone.id).await?;
            let name =
                self.with_vault(|vault| vault.deleted_name(&gone.id, &local, &before.versions));
            gone.name = line(&name.unwrap_or_default(), limits::NAME);
        }
        Ok(list)
    }

    /// Restores a deleted item, disabled as it was.
    pub async fn undelete(&self, id: ItemId) -> Result<Saved, UndeleteError> {
        let before = self.before_deletion(&id).await?;
        let past = self.past(&id).await.map_err(failed)?;
        if past.is_empty() && !before.answered {
            return Err(UndeleteError::Save(SaveError::Damaged));
        }
        self.change(Target::Item(id), |vault, local| {
            let local = local.ok_or(CoreSave::Gone)?;
            vault.undelete(&id, local, &before.versions, past, now(), &mut SystemRandom)
        })
        .await
        .map_err(UndeleteError::Save)
    }

    /// The versions before a deletion, as the server says, down to one that opens; none if the item was never
    /// there.
    async fn before_deletion(&self, id: &ItemId) -> Result<Before, UndeleteError> {
        self.awake().await.map_err(failed)?;
        let local = self.local(id).await.map_err(failed)?;
        let newest = self.with_vault(|vault| vault.newest_on_server(&local));
        // A deletion that waits must arrive first.
        let newest = newest.filter(|_| local.pending.is_none()).ok_or(UndeleteError::Offline)?;
        let remote = self.signed_in().await.ok_or(UndeleteError::Offline)?;
        let versions =
            HistoryResponse { versions: Vec::new(), keys: Vec::new(), more: false, rest: false };
        let mut before = Before { versions, answered: true };
        let mut above = newest;
        loop {
            let page = match remote.history(id, above).await {
                Ok(page) => page,
                // The versions that this browser kept may do.
                Err(RemoteError::Refused(_) | RemoteError::Malformed) => {
                    before.answered = false;
                    return Ok(before);
                }
                Err(_) => return Err(UndeleteError::Offline),
            };
            self.know_authors(&page.versions).await.map_err(failed)?;
            let lowest = page.versions.last().and_then(|last| Revision::read(&last.revision).ok());
            let lowest = lowest.map(|lowest| lowest.revision).filter(|lowest| *lowest < above);
            before.versions.versions.extend(page.versions);
            (before.versions.keys, before.versions.more) = (page.keys, page.more);
            let found =
                self.with_vault(|vault| vault.deleted_name(id, &local, &before.versions)).is_some();
            match lowest.filter(|_| page.more && !found) {
                Some(lowest) => above = lowest,
                None if found => return Ok(before),
                None => break,
            }
        }
        // Of some versions the server may have the bodies alone.
        before.versions.versions.extend(self.bodies(id, &remote).await?);
        Ok(before)
    }

    /// All bodies of an item, each as a version without its parts; none if the server denies them.
    async fn bodies(
        &self,
        id: &ItemId,
        remote: &impl Remote,
    ) -> Result<Vec<ItemVersion>, UndeleteError> {
        let (mut bodies, mut after) = (Vec::new(), 0);
        loop {
            let page: Vec<ItemVersion> = match remote.revisions(id, after).await {
                Ok(page) => page.revisions.into_iter().map(Vault::without_parts).collect(),
                Err(RemoteError::Refused(_) | RemoteError::Malformed) => return Ok(bodies),
                Err(_) => return Err(UndeleteError::Offline),
            };
            self.know_authors(&page).await.map_err(failed)?;
            let last = page.last().and_then(|last| Revision::read(&last.revision).ok());
            bodies.extend(page);
            match last.filter(|last| last.revision > after) {
                Some(last) => after = last.revision,
                None => return Ok(bodies),
            }
        }
    }
}

/// The versions before a deletion.
struct Before {
    versions: HistoryResponse,
    /// The server answered with all that was asked for.
    answered: bool,
}

fn failed(error: OpenError) -> UndeleteError {
    UndeleteError::Save(match error {
        OpenError::Gone => SaveError::Gone,
        OpenError::Damaged => SaveError::Damaged,
        OpenError::Locked => SaveError::Locked,
        OpenError::Store(error) => SaveError::Store(error),
    })
}
