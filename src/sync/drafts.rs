//! What becomes of unsent changes and unsaved forms of an item that leaves: drafts of new items, so that
//! nothing typed is lost.

use mysafe_protocol::ItemId;

use super::host::{Local, Remote};
use super::take::{is_deletion, nothing_waits};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{LocalItem, Put, Store, keys};

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// The item is deleted elsewhere, or not to be written any more: what was not sent becomes the draft
    /// of a new item. Where there is one, it waits its turn behind that.
    pub(super) async fn keep_as_draft(
        &mut self,
        item: &ItemId,
        before: &LocalItem,
    ) -> Result<Vec<Put>, SyncError<L::Error>> {
        let Some(pending) = &before.pending else { return Ok(Vec::new()) };
        if is_deletion(pending) {
            return Ok(nothing_waits(item).to_vec());
        }
        let draft = self.vault.form(item, before)?.into();
        let taken = self.local.get(Store::Drafts, keys::DRAFT_NEW).await;
        let mut puts = nothing_waits(item).to_vec();
        puts.push(match taken.map_err(SyncError::Store)? {
            None => self.vault.seal_draft(None, &draft, self.random),
            Some(_) => self.vault.seal_kept_draft(&pending.operation, &draft, self.random),
        });
        Ok(puts)
    }

    /// Unsent edits that are lines of local history become drafts of new items, each behind the others.
    pub(super) async fn keep_unsent_lines(
        &mut self,
        item: &ItemId,
        before: &LocalItem,
    ) -> Result<Vec<Put>, SyncError<L::Error>> {
        let mut puts = Vec::new();
        for key in self.state_keys(&keys::unsent_of(item)).await? {
            let blob = self.local.get(Store::State, &key).await.map_err(SyncError::Store)?;
            let write = blob.and_then(|blob| self.vault.open_past(&key, &blob).ok());
            let Some(write) = write.filter(|write| !is_deletion(write)) else { continue };
            let operation = write.operation;
            let line = LocalItem { pending: Some(write), ..before.clone() };
            let Ok(form) = self.vault.form(item, &line) else { continue };
            puts.push(self.vault.seal_kept_draft(&operation, &form.into(), self.random));
            puts.push(Put::remove(Store::State, key));
        }
        Ok(puts)
    }

    /// Returns the keys of [`Store::State`] that begin with this.
    pub(super) async fn state_keys(&self, with: &str) -> Result<Vec<String>, SyncError<L::Error>> {
        let mut stored = self.local.keys(Store::State).await.map_err(SyncError::Store)?;
        stored.retain(|key| key.starts_with(with));
        Ok(stored)
    }

    /// A form of an item that leaves, not saved yet, is from now on one of a new item; where there is
    /// one already, or is about to be, it waits its turn behind that.
    pub(super) async fn move_draft(
        &mut self,
        item: &ItemId,
        taken: bool,
    ) -> Result<Vec<Put>, SyncError<L::Error>> {
        let get = |key| self.local.get(Store::Drafts, key);
        let key = keys::item(item);
        let draft = get(&key).await.map_err(SyncError::Store)?;
        let taken = taken || get(keys::DRAFT_NEW).await.map_err(SyncError::Store)?.is_some();
        let Some(draft) = draft else { return Ok(Vec::new()) };
        let Ok(draft) = self.vault.open_draft(Some(item), &draft) else { return Ok(Vec::new()) };
        let moved = match taken {
            false => self.vault.seal_draft(None, &draft, self.random),
            true => self.vault.seal_kept_draft(item, &draft, self.random),
        };
        Ok(vec![Put::remove(Store::Drafts, key), moved])
    }
}
