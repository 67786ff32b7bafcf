//! A server that lost revisions of an item gets them again as they were signed, or, where it does not know
//! everybody with access any more, under a new key without these people.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ErrorCode, WriteAgainRequest};
use mysafe_protocol::{ItemId, Signed, UserId};

use super::host::{Local, Remote, RemoteError};
use super::people::ContactError;
use super::push::{full_code, mailbox_code, server_code};
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
        if held.owner.is_none() && held.list.is_some() && epoch != Some(held.epoch) {
            // Their keys may have come to this device never: a list alone was enough.
            if let Err(refusal) = self.know_named(local, outcome).await? {
                return Ok(Settled::Refused(refusal.code()));
            }
            if let Some(settled) = self.without_unknown(item, local, at, &between, outcome).await? {
                return Ok(settled);
            }
        }
        let made = self.vault.write_again(local, base, epoch, self.random);
        let Ok(write) = made else { return Ok(Settled::Refused(Refusal::Damaged.code())) };
        let mut request = self.request(local, write, between.clone());
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
                let users = self.named_in(local)?;
                self.note_unknown(&users, outcome).await?;
                let settled = self.without_unknown(item, local, at, &between, outcome).await?;
                Ok(settled.unwrap_or(Settled::Refused(server_code(ErrorCode::NotFound))))
            }
            // It goes once the owner's mailbox is confirmed.
            Err(RemoteError::NotConfirmed) => {
                Ok(Settled::Refused(mailbox_code(held.owner.is_some())))
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

    /// Sends the bodies that lead to the newest revision of an own item, where a restored server has the
    /// newest alone: a device that does not know them sent it. Other devices find no way without them.
    pub(super) async fn send_beginning(
        &mut self,
        item: &ItemId,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let (local, kept) = (self.local_item(item).await?, self.kept(item).await?);
        let (Some(state), Some(held)) = (&local.state, self.held(item).await?) else {
            return Ok(Settled::Done);
        };
        if held.owner.is_some() || kept.0.is_empty() || !outcome.sent_again.insert(*item) {
            return Ok(Settled::Done);
        }
        let Some(there) = self.bodies_after(item, 0, &held.hash).await? else {
            return Ok(Settled::Done);
        };
        let there: BTreeSet<Hash> = there.iter().map(Signed::hash).chain([held.hash]).collect();
        let chain = kept.chain(&state.revision, &state.owner);
        if chain.without(&there).is_empty() {
            return Ok(Settled::Done);
        }
        let (base, epoch) = (held.revision, Some(held.epoch));
        let Ok(write) = self.vault.write_again(&local, base, epoch, self.random) else {
            return Ok(Settled::Done);
        };
        // The whole way: the server follows it from the newest.
        let between = chain.without(&[held.hash].into());
        let mut request = self.request(&local, write, between);
        match self.send_again(item, &mut request, outcome).await? {
            Ok(()) => Ok(Settled::Done),
            Err(RemoteError::Stale(_)) => {
                outcome.sent_again.remove(item);
                Ok(Settled::Again)
            }
            // The item itself is there as it is held.
            Err(RemoteError::Refused(_) | RemoteError::Full(_) | RemoteError::NotConfirmed) => {
                Ok(Settled::Done)
            }
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

    /// Returns the people whom the held list names.
    fn named_in(&self, local: &LocalItem) -> Result<Vec<UserId>, SyncError<L::Error>> {
        Ok(self.vault.access(local)?.iter().flat_map(AccessList::users).collect())
    }

    /// Asks for the keys of whom the held list names, and notes whom the server does not know.
    async fn know_named(
        &mut self,
        local: &LocalItem,
        outcome: &mut Outcome,
    ) -> Result<Result<(), Refusal>, SyncError<L::Error>> {
        for user in self.named_in(local)? {
            match self.know(&user).await? {
                Ok(()) => {}
                Err(ContactError::Refused(refusal)) => return Ok(Err(refusal)),
                Err(_) => {
                    outcome.unknown.insert(user);
                }
            }
        }
        Ok(Ok(()))
    }

    /// Gives the item a new key without whom the server does not know, where the held list names any.
    async fn without_unknown(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        at: Option<&Beside>,
        between: &[Signed],
        outcome: &mut Outcome,
    ) -> Result<Option<Settled>, SyncError<L::Error>> {
        let mut gone = self.named_in(local)?;
        gone.retain(|user| outcome.unknown.contains(user));
        if gone.is_empty() {
            return Ok(None);
        }
        let settled = match at {
            Some(at) => self.unite(item, at, true, None, outcome).await?,
            None => self.send_without_gone(item, local, gone, between, outcome).await?,
        };
        if matches!(settled, Settled::Again) {
            outcome.sent_again.remove(item);
        }
        Ok(Some(settled))
    }

    /// Gives an item that the server lost a new key without the people that it does not know any more.
    async fn send_without_gone(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        gone: Vec<UserId>,
        between: &[Signed],
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let (contacts, clock) = (self.contacts().await?, self.clock().await?);
        let confirmed = local.without_pending();
        // Nor does anybody get the new key whose access had ended before.
        let list = self.vault.access(&confirmed)?;
        let off = [&gone[..], &self.ended_of(item, list.as_ref()).await?].concat();
        let random = &mut *self.random;
        let made = self.vault.set_access(item, &confirmed, &[], &off, &contacts, clock, random);
        let mut write = match made {
            Ok(write) => write,
            Err(error) => return Ok(Settled::Refused(share_code(error))),
        };
        write.base = 0;
        let mut between = between.to_vec();
        between.extend(confirmed.state.as_ref().map(|state| state.revision.clone()));
        let mut request = self.request(&confirmed, write, between);
        let notice = Notice { people: gone, ..Notice::of(FELL_OFF, *item) };
        let new = self.announce(&notice).await?;
        let sent = self.send_again(item, &mut request, outcome).await?;
        match &sent {
            Ok(()) => outcome.notices.push(notice),
            Err(RemoteError::Offline) => {}
            Err(_) if new => self.withdraw(&notice).await?,
            Err(_) => {}
        }
        match sent {
            Ok(()) => {}
            Err(RemoteError::Stale(_)) => return Ok(Settled::Again),
            Err(RemoteError::NotConfirmed) => return Ok(Settled::Refused(mailbox_code(false))),
            // Somebody else whom the list names is not known either.
            Err(RemoteError::Refused(ErrorCode::NotFound)) => {
                if self.note_unknown_of(&request, outcome).await? {
                    return Ok(Settled::Again);
                }
                return Ok(Settled::Refused(server_code(ErrorCode::NotFound)));
            }
            Err(RemoteError::Refused(code)) => return Ok(Settled::Refused(server_code(code))),
            Err(RemoteError::Full(of)) => return Ok(Settled::Refused(full_code(of, false))),
            Err(error) => return Err(error.into()),
        }
        let state = state_of(item, self.vault.user(), &confirmed, &request.write);
        let (state, held) = (state.ok_or(SyncError::Damaged)?, self.held(item).await?);
        let settled = Settled::of(self.take_item(item, held, &state, outcome).await?);
        if matches!(settled, Settled::Done) {
            self.vault.cleared(item);
        }
        Ok(settled)
    }
}
