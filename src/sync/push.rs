//! Out: every write that waits is sent until the server has it, exactly once. A write carries
//! its operation id, so sending it again after a lost answer changes nothing.

use mysafe_protocol::ItemId;
use mysafe_protocol::wire::{ErrorCode, ItemState, ItemWriteRequest, Reason, UseRequest};

use super::host::{Local, Remote, RemoteError};
use super::report::{
    ACCOUNT_FULL, CHANGED_TOO_OFTEN, MAILBOX_FIRST, OWNER_FULL, OWNER_MAILBOX_FIRST, Outcome,
    TOO_MANY_ITEMS,
};
use super::take::nothing_waits;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Held, LocalItem, Put, Readable, Refusal, Store, keys, state_of};

/// How often one write is made again because the item moved meanwhile.
pub(super) const TRIES: u32 = 8;

/// How many unanswered writes of an item are kept.
const SENT: usize = 8;

pub(super) type Done<L> = Result<(), SyncError<<L as Local>::Error>>;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Sends all that waits. An item that the server is behind of, and one in a stale epoch, wait.
    pub(super) async fn push(&mut self, outcome: &mut Outcome) -> Done<L> {
        let waiting = self.local.keys(Store::Outbox).await.map_err(SyncError::Store)?;
        let lost = self.again().await?.items;
        for key in &waiting {
            if let Some(item) = key.strip_prefix("item/").and_then(|id| id.parse().ok())
                && !lost.contains(&item)
                && let Err(error) = self.push_item(&item, outcome).await
            {
                self.refuse_damaged(&item, error, outcome).await?;
            }
        }
        for key in &waiting {
            if let Some(item) = key.strip_prefix("use/").and_then(|id| id.parse().ok())
                && !lost.contains(&item)
                && let Err(error) = self.push_use(&item, key).await
            {
                self.refuse_damaged(&item, error, outcome).await?;
            }
        }
        Ok(())
    }

    async fn push_item(&mut self, item: &ItemId, outcome: &mut Outcome) -> Done<L> {
        let mut settled = false;
        for _ in 0..TRIES {
            // An item that failed its check is answered with nothing; editing it again is the user's act.
            if self.vault.is_refused(item) {
                return Ok(());
            }
            // Somebody's access ended: the owner gives the item a new key first.
            let local = self.local_item(item).await?;
            let Some(waiting) = &local.pending else { return Ok(()) };
            if self.serves_ended(item, &local, waiting).await? {
                return self.mark_waiting(item).await;
            }
            // Of new items all others would be refused too.
            if self.has_no_room(item, &local, outcome) {
                return self.refuse(item, TOO_MANY_ITEMS, outcome).await;
            }
            let Some((write, held)) = self.about_to_send(item).await? else { return Ok(()) };
            let mut sent = self.server().await?.write(item, &write).await;
            if let Err(RemoteError::Stale(Some(there))) = &sent
                && self.is_taken(there).await?
            {
                sent = Err(RemoteError::Stale(None));
            }
            let code = match sent {
                Ok(_) => {
                    outcome.sent += 1;
                    if self.confirmed(item, &write).await? {
                        return Ok(());
                    }
                    continue;
                }
                Err(RemoteError::Stale(Some(current))) => {
                    match self.moved(item, held, &current, outcome).await? {
                        Ok(()) => continue,
                        // The server is behind or beside: once that is settled, the write goes over it.
                        Err(Refusal::WentBack | Refusal::Forked) if !settled => {
                            settled = true;
                            match self.settle(item, outcome).await? {
                                Ok(()) => continue,
                                Err(code) => code,
                            }
                        }
                        Err(refusal) => refusal.code(),
                    }
                }
                Err(RemoteError::Refused(ErrorCode::OwnerFirst)) => {
                    return self.mark_waiting(item).await;
                }
                // Perhaps the access to it ended, or became less.
                Err(RemoteError::Refused(ErrorCode::NotFound | ErrorCode::NotAllowed))
                    if self.vault.is_theirs(item) =>
                {
                    match self.still_there(item, held, outcome).await? {
                        Ok(()) => continue,
                        Err(code) => code,
                    }
                }
                // The server has not the item at all: it gets it again.
                Err(RemoteError::Stale(None)) if held.is_some() && !settled => {
                    settled = true;
                    match self.settle(item, outcome).await? {
                        Ok(()) => continue,
                        Err(code) => code,
                    }
                }
                // Own items leave only by a signed deletion.
                Err(RemoteError::Stale(None)) => Refusal::Incomplete.code(),
                // It does not follow what the server has under that number.
                Err(RemoteError::Refused(ErrorCode::Forged)) => {
                    match self.elsewhere(item, held, outcome).await? {
                        Ok(()) => continue,
                        Err(code) => code,
                    }
                }
                Err(RemoteError::Full(of)) => full_code(of, self.vault.is_theirs(item)),
                Err(RemoteError::NotConfirmed) => mailbox_code(self.vault.is_theirs(item)),
                // Its own code stays on the row; everything else goes on.
                Err(RemoteError::Refused(code)) => server_code(code),
                Err(error) => return Err(error.into()),
            };
            return self.refuse(item, code, outcome).await;
        }
        Ok(())
    }

    /// Whether somebody's access has ended whom the list of an item still names: nobody writes in such an
    /// epoch.
    pub(super) async fn is_stale(
        &self,
        item: &ItemId,
        local: &LocalItem,
    ) -> Result<bool, SyncError<L::Error>> {
        let Ok(list) = self.vault.access(local) else { return Ok(false) };
        let Some(list) = list else { return Ok(false) };
        let over = self.is_over(list.grants.iter().filter_map(|grant| grant.until)).await?;
        Ok(over || !self.ended_of(item, Some(&list)).await?.is_empty())
    }

    /// Whether a write that waits would be read by somebody whose access has ended since it was made. An epoch
    /// that it begins is judged by its own list.
    pub(super) async fn serves_ended(
        &self,
        item: &ItemId,
        local: &LocalItem,
        write: &ItemWriteRequest,
    ) -> Result<bool, SyncError<L::Error>> {
        if write.list.is_none() {
            return self.is_stale(item, local).await;
        }
        let begun = state_of(item, self.vault.user(), local, write).map(LocalItem::confirmed);
        let list = begun.map(|begun| self.vault.access(&begun)).transpose()?.flatten();
        let Some(list) = list else { return Ok(true) };
        let ended = self.ended_of(item, self.vault.access(local)?.as_ref()).await?;
        let over = self.is_over(list.grants.iter().filter_map(|grant| grant.until)).await?;
        Ok(over || ended.iter().any(|user| list.of(user).is_some()))
    }

    /// The write that waits, noted as sent before it is: if its answer is lost, a later edit
    /// still finds what it was made over. With it what is held.
    async fn about_to_send(
        &mut self,
        item: &ItemId,
    ) -> Result<Option<(ItemWriteRequest, Option<Held>)>, SyncError<L::Error>> {
        let _guard = self.lock().await?;
        let Some(write) = self.local_item(item).await?.pending else { return Ok(None) };
        let stored = self.local.get(Store::Outbox, &keys::sent(item)).await;
        let mut sent = match stored.map_err(SyncError::Store)? {
            // Damaged, it only knows less of what was made over what.
            Some(blob) => self.vault.open_sent(item, &blob).unwrap_or_default(),
            None => Vec::new(),
        };
        if sent.iter().all(|known| known.operation != write.operation) {
            // Without a network every edit is sent in vain; the newest are the ones that matter.
            sent.drain(..sent.len().saturating_sub(SENT - 1));
            sent.push(write.clone());
            let put = self.vault.seal_sent(item, &sent, self.random);
            self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
        }
        Ok(Some((write, self.held(item).await?)))
    }

    /// The server has this write. If another took its place meanwhile, that one is made again
    /// over it. Whether nothing waits any more.
    async fn confirmed(
        &mut self,
        item: &ItemId,
        write: &ItemWriteRequest,
    ) -> Result<bool, SyncError<L::Error>> {
        let _guard = self.lock().await?;
        self.reload().await?;
        let before = self.local_item(item).await?;
        let me = self.vault.user();
        let owner = before.state.as_ref().map_or(me, |state| state.owner);
        let state = state_of(item, owner, &before, write).ok_or(SyncError::Damaged)?;
        let held = self.held(item).await?;
        let accepted = self.vault.confirmed(&state, held.as_ref()).ok_or(SyncError::Damaged)?;
        if held.as_ref().is_some_and(|now| now.revision >= accepted.held.revision) {
            // Another context of this device took it from the log before its answer came here.
            return Ok(before.pending.is_none());
        }
        // A write that was made where nothing was readable opens for nobody.
        let readable = match &before.readable {
            Readable::Nothing if !self.vault.opens(&state) => Readable::Nothing,
            _ => Readable::Newest,
        };
        let planned = self.hold_item(&before, held.as_ref(), &state, &accepted, &readable).await?;
        let Ok(mut puts) = planned else { return Err(SyncError::Damaged) };
        puts.extend(nothing_waits(item));
        let replaced =
            before.pending.as_ref().is_some_and(|pending| pending.operation != write.operation);
        if replaced {
            // What waits now was made over this write.
            let base = LocalItem { pending: before.pending, ..LocalItem::confirmed(state.clone()) };
            let after = LocalItem::confirmed(state);
            // Mine over mine: nobody else's value is lost.
            let (change, _) = self.vault.rebase(&base, &after, self.now, self.random)?;
            puts.extend(change.puts);
        } else {
            self.vault.sent(item);
            puts.extend(self.vault.cache(self.random));
            puts.extend(self.reports_without_waiting(item).await?);
        }
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        Ok(!replaced)
    }

    /// The item is at another revision: accept that one, so that the write is made again over
    /// it. The code if that is refused.
    async fn moved(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        current: &ItemState,
        outcome: &mut Outcome,
    ) -> Result<Result<(), Refusal>, SyncError<L::Error>> {
        Ok(match self.take_item(item, held, current, outcome).await? {
            // Another context was here: what waits now is another write.
            Ok(None) => Ok(()),
            Ok(Some(true)) => {
                outcome.taken += 1;
                Ok(())
            }
            // It is where this device knows it, and still refused: sending again changes nothing.
            Ok(Some(false)) => Err(Refusal::ServerRefused),
            Err(refusal) => Err(refusal),
        })
    }

    /// What the server has is asked for, and taken as after "stale".
    async fn elsewhere(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        outcome: &mut Outcome,
    ) -> Result<Result<(), &'static str>, SyncError<L::Error>> {
        match self.asked(item).await? {
            Ok(current) => {
                let moved = self.moved(item, held, &current, outcome).await?;
                Ok(moved.map_err(Refusal::code))
            }
            Err(RemoteError::Refused(_)) => Ok(Err(server_code(ErrorCode::Forged))),
            Err(error) => Err(error.into()),
        }
    }

    /// What the server has of an item of somebody else, if this user still has access.
    async fn still_there(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        outcome: &mut Outcome,
    ) -> Result<Result<(), &'static str>, SyncError<L::Error>> {
        match self.asked(item).await? {
            Ok(current) => {
                let moved = self.moved(item, held, &current, outcome).await?;
                Ok(moved.map_err(Refusal::code))
            }
            Err(RemoteError::Refused(ErrorCode::NotFound)) => {
                self.end_access(item, Some(outcome)).await?;
                Ok(Ok(()))
            }
            Err(RemoteError::Refused(code)) => Ok(Err(server_code(code))),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether an item is new and the server took no new one in this sync for want of room.
    fn has_no_room(&self, item: &ItemId, local: &LocalItem, outcome: &Outcome) -> bool {
        let is_new = local.state.is_none() && !self.vault.is_theirs(item);
        is_new && outcome.notices.iter().any(|notice| notice.code == TOO_MANY_ITEMS)
    }

    /// The row says for whom the write waits; nothing was refused.
    async fn mark_waiting(&mut self, item: &ItemId) -> Done<L> {
        self.mark_row(item, server_code(ErrorCode::OwnerFirst)).await
    }

    /// Marks an item's row, whose notices tell another reason no more.
    pub(super) async fn mark_row(&mut self, item: &ItemId, code: &str) -> Done<L> {
        let _guard = self.lock().await?;
        self.reload().await?;
        self.vault.mark(item, Some(code));
        let mut puts: Vec<Put> = self.reports_without_waiting(item).await?.into_iter().collect();
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)
    }

    async fn push_use(&mut self, item: &ItemId, key: &str) -> Done<L> {
        if self.vault.is_refused(item) {
            return Ok(());
        }
        let stored = self.local.get(Store::Outbox, key).await.map_err(SyncError::Store)?;
        let Some(stored) = stored else { return Ok(()) };
        let blob = self.vault.open_use_write(item, &stored)?;
        match self.server().await?.note_use(item, &UseRequest { blob }).await {
            // Not there: its own write was refused, or it is gone. It goes with the next use.
            Ok(()) | Err(RemoteError::Refused(_) | RemoteError::Full(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let _guard = self.lock().await?;
        let now = self.local.get(Store::Outbox, key).await.map_err(SyncError::Store)?;
        if now.as_ref() == Some(&stored) {
            let put = Put::remove(Store::Outbox, key);
            self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
        }
        Ok(())
    }
}

/// Returns the code of what is full, of an own item or of one of somebody else.
pub(super) fn full_code(of: Reason, theirs: bool) -> &'static str {
    match of {
        Reason::ItemRevisions => CHANGED_TOO_OFTEN,
        _ if theirs => OWNER_FULL,
        Reason::AccountItems => TOO_MANY_ITEMS,
        Reason::AccountBytes | Reason::MailboxNotConfirmed => ACCOUNT_FULL,
    }
}

/// Returns the code of a write that waits for the mailbox of the owner of an own item or of somebody else's.
pub(super) fn mailbox_code(theirs: bool) -> &'static str {
    if theirs { OWNER_MAILBOX_FIRST } else { MAILBOX_FIRST }
}

pub(super) fn server_code(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::IdentifierTaken => "identifier_taken",
        ErrorCode::TooLarge => "too_large",
        ErrorCode::OwnerFirst => "owner_first",
        _ => "refused",
    }
}
