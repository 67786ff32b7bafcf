//! "Accept the server's state": the user's way out of `forked`. On an own item both histories are united, and
//! the user chooses the content. On an item of somebody else the server's history is taken, and nothing is
//! written here until a version leads back to all that was held. What is here stays in local history.

use mysafe_protocol::ItemId;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;

use super::host::{Local, Remote};
use super::report::Outcome;
use super::settle::{Gaps, Settled, Side};
use super::take::nothing_waits;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Held, Put, Readable, Refusal};

/// Why the server's state of an item is not accepted. What is here stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// It fails another check than the one that the user may set aside.
    #[error("refused")]
    Refused(Refusal),
    /// The server refuses the revision that unites both, with this code.
    #[error("{0}")]
    Code(&'static str),
}

type Answer<T, L> = Result<Result<T, NotAccepted>, SyncError<<L as Local>::Error>>;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Settles an item whose histories went apart, with the content of this side. Of an item of somebody
    /// else it is the server's. Every other check stands.
    pub async fn accept_server(&mut self, item: &ItemId, side: Side) -> Answer<(), L> {
        let (state, held) = match self.ask(item).await? {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(NotAccepted::Refused(refusal))),
        };
        match held {
            #[cfg(test)]
            held if crate::vault::planted::Planted::HeldLowered.is_here() => {
                self.accept_others(item, held, state).await
            }
            Some(held) if held.owner.is_none() => self.accept_own(item, held, state, side).await,
            held => self.accept_others(item, held, state).await,
        }
    }

    /// One more revision above both: held numbers never go down.
    async fn accept_own(
        &mut self,
        item: &ItemId,
        held: Held,
        state: ItemState,
        side: Side,
    ) -> Answer<(), L> {
        let mut outcome = Outcome::default();
        match self.take_item(item, Some(held.clone()), &state, &mut outcome).await? {
            Ok(_) => return self.accepted(item).await,
            // Bodies that are missing may stand below a revision of the owner's.
            Err(Refusal::WentBack | Refusal::Forked | Refusal::KeyUnfit | Refusal::Incomplete) => {}
            Err(refusal) => return Ok(Err(NotAccepted::Refused(refusal))),
        }
        let local = self.local_item(item).await?;
        let beside = match self.beside(item, (held, local), state, Gaps::ByOwner).await? {
            Ok(beside) => beside,
            Err(refusal) => return Ok(Err(NotAccepted::Refused(refusal))),
        };
        match self.settle_beside(item, &beside, Some(side), &mut outcome).await? {
            Settled::Done => self.accepted(item).await,
            Settled::Again => Ok(Err(NotAccepted::Refused(Refusal::Forked))),
            Settled::Refused(code) => Ok(Err(NotAccepted::Code(code))),
        }
    }

    /// The one exception to "held never goes down": all that was held before stays stored.
    async fn accept_others(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        state: ItemState,
    ) -> Answer<(), L> {
        let refused = |refusal| Ok(Err(NotAccepted::Refused(refusal)));
        let mut outcome = Outcome::default();
        match self.take_item(item, held.clone(), &state, &mut outcome).await? {
            Ok(_) => return self.accepted(item).await,
            Err(Refusal::WentBack | Refusal::Forked) => {}
            Err(refusal) => return refused(refusal),
        }
        let here = self.local_item(item).await?;
        let mut accepted = match self.vault.accept(item, None, &state, &[]) {
            Ok(accepted) => accepted,
            Err(refusal) => return refused(refusal),
        };
        let readable = match accepted.overview {
            Some(_) => Readable::Newest,
            None => self.find_readable(&state, &accepted, &here, &[]).await?.readable,
        };
        let newest = state.revision.hash();
        let bodies = self.bodies_after(item, 0, &newest).await?.unwrap_or_default();
        let _guard = self.lock().await?;
        self.reload().await?;
        let now = self.held(item).await?;
        let Some(now) = now.filter(|now| Some(now) == held.as_ref()) else {
            return refused(Refusal::Forked);
        };
        let mut apart = now.apart.clone();
        if !now.remembers(&now.head()) {
            apart.push(now.head());
        }
        let before = self.local_item(item).await?;
        let kept = self.kept(item).await?;
        let here = before.state.as_ref().filter(|here| here.revision.hash() == now.hash);
        let chain = here.map(|here| kept.chain(&here.revision, &state.owner));
        let known = |hash: &Hash| chain.as_ref()?.held(hash);
        accepted.held.apart = match self.vault.led_back(&state, &apart, &bodies, known) {
            Ok(apart) => apart,
            Err(refusal) => return refused(refusal),
        };
        let mut puts =
            match self.hold_item(&before, Some(&now), &state, &accepted, &readable).await? {
                Ok(puts) => puts,
                Err(refusal) => return refused(refusal),
            };
        // The held version and an unsent edit are lines of local history from now on.
        puts.extend(self.vault.seal_line(item, &before, self.random));
        puts.extend(self.vault.seal_unsent(item, &before, self.random));
        puts.extend(nothing_waits(item));
        puts.push(self.without_reports(item).await?);
        self.vault.confirm(accepted, &readable);
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        Ok(Ok(()))
    }

    /// Nothing is refused of the item any more.
    async fn accepted(&mut self, item: &ItemId) -> Answer<(), L> {
        let _guard = self.lock().await?;
        self.reload().await?;
        self.vault.cleared(item);
        let mut puts = vec![self.without_reports(item).await?];
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        Ok(Ok(()))
    }

    /// The notices not closed yet without those that say what this act settles, to store.
    async fn without_reports(&mut self, item: &ItemId) -> Result<Put, SyncError<L::Error>> {
        let mut reports = self.reports().await?;
        let settled = [Refusal::WentBack, Refusal::Forked, Refusal::Incomplete].map(Refusal::code);
        reports.0.retain(|notice| {
            notice.item.as_ref() != Some(item) || !settled.contains(&notice.code.as_str())
        });
        Ok(self.vault.seal_reports(&reports, self.random))
    }
}
