//! A server that lost revisions of an item gets them again as they were signed, or, where it does not know
//! everybody with access any more, under a new key without these people.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::Grantee;
use mysafe_protocol::wire::{ErrorCode, WriteAgainRequest};
use mysafe_protocol::{ItemId, UserId};

use super::host::{Local, Remote, RemoteError};
use super::push::{full_code, server_code};
use super::report::{FELL_OFF, Notice, Outcome};
use super::settle::{Beside, Settled};
use super::union::share_code;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Held, LocalItem, Refusal, state_of};

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Sends again, as it was signed, what the server lost: all of the chain held that its newest, `at`, does
    /// not lead to. Once in a sync.
    pub(super) async fn send_as_signed(
        &mut self,
        item: &ItemId,
        held: &Held,
        local: &LocalItem,
        at: Option<&Beside>,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let Some(state) = &local.state else {
            return Ok(Settled::Refused(Refusal::Incomplete.code()));
        };
        if !outcome.sent_again.insert(*item) {
            return Ok(Settled::Refused(Refusal::WentBack.code()));
        }
        let base = at.map_or(0, |at| at.judged.revision.revision);
        let epoch = at.map(|at| at.judged.revision.epoch);
        let mut between = match at {
            Some(at) => at.chain.without(&at.reached),
            None => {
                let chain = self.kept(item).await?.chain(&state.revision, &state.owner);
                chain.without(&BTreeSet::new())
            }
        };
        between.retain(|signed| signed.hash() != held.hash);
        let made = self.vault.write_again(local, base, epoch, self.random);
        let Ok(write) = made else { return Ok(Settled::Refused(Refusal::Damaged.code())) };
        let mut request = self.request(local, write, between);
        match self.send_again(item, &mut request, outcome).await? {
            Ok(()) => Ok(Settled::Done),
            Err(RemoteError::Stale(_)) => {
                outcome.sent_again.remove(item);
                Ok(Settled::Again)
            }
            // The server may know some of them no more: without them it is another list.
            Err(RemoteError::Refused(ErrorCode::NotFound))
                if held.owner.is_none() && held.list.is_some() =>
            {
                let gone = self.gone(local).await?;
                match at {
                    _ if gone.is_empty() => Ok(Settled::Refused(server_code(ErrorCode::NotFound))),
                    Some(at) => self.unite(item, at, true, None, outcome).await,
                    None => self.send_without_gone(item, local, gone, &request, outcome).await,
                }
            }
            // An editor whose bodies lead nowhere there waits for the owner.
            Err(RemoteError::Refused(_)) if held.owner.is_some() => {
                Ok(Settled::Refused(Refusal::WentBack.code()))
            }
            Err(RemoteError::Refused(code)) => Ok(Settled::Refused(server_code(code))),
            Err(RemoteError::Full(of)) => Ok(Settled::Refused(full_code(of, held.owner.is_some()))),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends a write that the server lost, or that unites two. Where another item has its Identifier there,
    /// it goes without: the next write of this item says so.
    pub(super) async fn send_again(
        &mut self,
        item: &ItemId,
        request: &mut WriteAgainRequest,
        outcome: &mut Outcome,
    ) -> Result<Result<(), RemoteError>, SyncError<L::Error>> {
        let mut sent = self.server().await?.write_again(item, request).await;
        if matches!(sent, Err(RemoteError::Refused(ErrorCode::IdentifierTaken))) {
            request.write.identifier = None;
            sent = self.server().await?.write_again(item, request).await;
        }
        if let Err(error) = sent {
            return Ok(Err(error));
        }
        outcome.sent += 1;
        self.tell_restored(outcome).await?;
        Ok(Ok(()))
    }

    /// Returns the people in the held list whom the server does not know any more.
    async fn gone(&mut self, local: &LocalItem) -> Result<Vec<UserId>, SyncError<L::Error>> {
        let list = self.vault.access(local)?;
        let mut gone = Vec::new();
        for grant in list.iter().flat_map(|list| &list.grants) {
            if let Grantee::User(user) = grant.to
                && self.is_gone(&user).await?
            {
                gone.push(user);
            }
        }
        Ok(gone)
    }

    /// Gives an item that the server lost a new key without the people that it does not know any more.
    async fn send_without_gone(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        gone: Vec<UserId>,
        lost: &WriteAgainRequest,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let (contacts, clock) = (self.contacts().await?, self.clock().await?);
        let (confirmed, random) = (local.without_pending(), &mut *self.random);
        let made = self.vault.set_access(item, &confirmed, &[], &gone, &contacts, clock, random);
        let mut write = match made {
            Ok(write) => write,
            Err(error) => return Ok(Settled::Refused(share_code(error))),
        };
        write.base = 0;
        let mut between = lost.between.clone();
        between.push(lost.write.revision.clone());
        let mut request = self.request(&confirmed, write, between);
        match self.send_again(item, &mut request, outcome).await? {
            Ok(()) => {}
            Err(RemoteError::Stale(_)) => return Ok(Settled::Again),
            Err(RemoteError::Refused(code)) => return Ok(Settled::Refused(server_code(code))),
            Err(RemoteError::Full(of)) => return Ok(Settled::Refused(full_code(of, false))),
            Err(error) => return Err(error.into()),
        }
        let state = state_of(item, self.vault.user(), &confirmed, &request.write);
        let (state, held) = (state.ok_or(SyncError::Damaged)?, self.held(item).await?);
        let settled = Settled::of(self.take_item(item, held, &state, outcome).await?);
        if matches!(settled, Settled::Done) {
            let notice = Notice { people: gone, ..Notice::of(FELL_OFF, *item) };
            self.report(notice, outcome).await?;
            self.vault.cleared(item);
        }
        Ok(settled)
    }
}
