//! "Accept the server's state": the user's way out of `forked`. The server's history of the item is
//! taken in place of the one held here; what is here becomes a draft, so that nothing is lost.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{ItemId, limits};

use super::host::{Local, Remote, RemoteError};
use super::report::BOTH_CHANGED;
use super::take::nothing_waits;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{LocalItem, Put, Refusal, Store, keys};

/// Where what was here is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It said the same as the server's.
    Nowhere,
    /// In the draft of the item.
    ItemDraft,
    /// In the draft of a new item: the item had a draft.
    NewDraft,
}

/// Why the server's state of an item is not accepted. What is here stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// It fails another check than the one that the user may set aside.
    #[error("refused")]
    Refused(Refusal),
    /// There are drafts already where this device's version would be kept.
    #[error("draft in the way")]
    DraftInTheWay,
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Takes what the server has of an item although it does not lead back to what is held here.
    /// Every other check stands, and no older number is taken.
    pub async fn accept_server(
        &mut self,
        item: &ItemId,
    ) -> Result<Result<Kept, NotAccepted>, SyncError<L::Error>> {
        let refused = |refusal| Ok(Err(NotAccepted::Refused(refusal)));
        let state = match self.remote.item(item).await {
            Ok(state) => state,
            Err(RemoteError::Refused(_)) => return refused(Refusal::Incomplete),
            Err(error) => return Err(error.into()),
        };
        self.know_signers(&state).await?;
        self.reload().await?;
        let accepted = match self.vault.accept(item, None, &state, &[]) {
            Ok(accepted) => accepted,
            Err(refusal) => return refused(refusal),
        };
        let _guard = self.local.lock().await.map_err(SyncError::Store)?;
        self.reload().await?;
        match self.held(item).await? {
            // What others wrote was written on their devices, which may have lost some of it.
            Some(held) if held.owner.is_some() && held.owner == accepted.held.owner => {}
            Some(held) if held.owner != accepted.held.owner => return refused(Refusal::Forged),
            Some(held) if accepted.held.revision < held.revision => {
                return refused(Refusal::WentBack);
            }
            Some(held) if held.deleted || accepted.held.revision - held.revision > limits::GAP => {
                return refused(Refusal::Forged);
            }
            _ => {}
        }
        let local = self.local_item(item).await?;
        let Some((kept, draft)) = self.draft_of(item, &local, &state).await? else {
            return Ok(Err(NotAccepted::DraftInTheWay));
        };
        let mut puts = Vec::from_iter(draft);
        let nothing = LocalItem { state: None, pending: None };
        puts.extend(self.item_puts(&nothing, &state, &accepted.held, &[]).await?);
        if accepted.revision.status == Status::Deleted {
            puts.push(Put::remove(Store::Items, keys::item(item)));
        }
        // The bodies kept lead to another revision.
        puts.push(Put::remove(Store::State, keys::bodies(item)));
        puts.extend(nothing_waits(item));
        puts.push(self.without_reports(item).await?);
        self.vault.confirm(accepted);
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        Ok(Ok(kept))
    }

    /// What is here as a draft of the item, or as one of a new item where there is a draft of it; if
    /// it says anything else than the server's. `None` if both places are taken.
    async fn draft_of(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        state: &ItemState,
    ) -> Result<Option<(Kept, Option<Put>)>, SyncError<L::Error>> {
        let theirs = LocalItem { state: Some(state.clone()), pending: None };
        // What cannot be opened cannot be kept either.
        let Ok(form) = self.vault.form(item, local) else {
            return Ok(Some((Kept::Nowhere, None)));
        };
        // The user saw both and may save this one over the other.
        let mut draft = self.vault.draft(item, &theirs).unwrap_or_default();
        if draft.base.as_ref().is_some_and(|base| base.form == form) {
            return Ok(Some((Kept::Nowhere, None)));
        }
        draft.form = form;
        let places = [
            (keys::item(item), Some(item), Kept::ItemDraft),
            (keys::DRAFT_NEW.to_owned(), None, Kept::NewDraft),
        ];
        for (key, place, kept) in places {
            let taken = self.local.get(Store::Drafts, &key).await.map_err(SyncError::Store)?;
            if taken.is_none() {
                let put = self.vault.seal_draft(place, &draft, self.random);
                return Ok(Some((kept, Some(put))));
            }
        }
        Ok(None)
    }

    /// The notices not closed yet without those by which an item was refused, to store.
    async fn without_reports(&mut self, item: &ItemId) -> Result<Put, SyncError<L::Error>> {
        let mut reports = self.reports().await?;
        reports
            .0
            .retain(|notice| notice.item.as_ref() != Some(item) || notice.code == BOTH_CHANGED);
        Ok(self.vault.seal_reports(&reports, self.random))
    }
}
