//! A look at the server's state of an item, before the user decides about it. The look changes nothing of the
//! item.

use mysafe_protocol::bodies::Grant;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{ItemId, Revision, Status, UserId};

use super::accept::NotAccepted;
use super::host::{Local, Remote};
use super::readable::answered;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Held, Known, Refusal};

/// A version by its author and time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// The author.
    pub by: UserId,
    /// Unix milliseconds, by the author's clock.
    pub at: u64,
    /// The version deletes the item.
    pub deleted: bool,
}

/// The server's state of an item, beside the held version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerState {
    /// The owner of the item.
    pub owner: UserId,
    /// The server's newest version.
    pub newest: Written,
    /// The version that this device holds.
    pub held: Option<Written>,
    /// The grants in the server's list.
    pub grants: Vec<Grant>,
    /// The server's list is the held one.
    pub same_list: bool,
    /// The server's key opens the item. If not, the owner may write over the server's state.
    pub key_fits: bool,
}

type Look<L> = Result<Result<ServerState, NotAccepted>, SyncError<<L as Local>::Error>>;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Returns the server's state of an item, once its signed bodies pass all steps that compare nothing.
    pub async fn server_state(&mut self, item: &ItemId) -> Look<L> {
        let refused = |refusal| Ok(Err(NotAccepted::Refused(refusal)));
        let (state, held) = match self.ask(item).await? {
            Ok(asked) => asked,
            Err(refusal) => return refused(refusal),
        };
        let local = self.local_item(item).await?;
        let judged = match self.vault.judge(item, &state) {
            Ok(judged) => judged,
            Err(refusal) => return refused(refusal),
        };
        let written = |revision: &Revision| Written {
            by: revision.author,
            at: revision.time,
            deleted: revision.status == Status::Deleted,
        };
        let here = local.state.as_ref().and_then(|state| Revision::read(&state.revision).ok());
        let grants = judged.list.as_ref().map(|list| list.grants.clone()).unwrap_or_default();
        let same_list = held
            .as_ref()
            .is_some_and(|held| (held.epoch, held.list) == (judged.held.epoch, judged.held.list));
        let newest = written(&judged.revision);
        let known = held.as_ref().map(|held| Known { held, key: local.held_key() });
        let key_fits = match self.vault.open_judged(judged, known, &state) {
            Ok(_) => true,
            Err(Refusal::KeyUnfit) => false,
            Err(refusal) => return refused(refusal),
        };
        let (owner, held) = (state.owner, here.as_ref().map(written));
        Ok(Ok(ServerState { owner, newest, held, grants, same_list, key_fits }))
    }

    /// Asks for the server's state of an item. Returns it with the held one.
    pub(super) async fn ask(
        &mut self,
        item: &ItemId,
    ) -> Result<Result<(ItemState, Option<Held>), Refusal>, SyncError<L::Error>> {
        let Some(state) = answered(self.asked(item).await?)? else {
            return Ok(Err(Refusal::Incomplete));
        };
        self.know_signers(&state).await?;
        self.reload().await?;
        let held = unless_damaged(self.held(item).await)?;
        Ok(held.map(|held| (state, held)).ok_or(Refusal::Damaged))
    }
}
