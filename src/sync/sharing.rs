//! Access to an own item is changed with the server, not later: it is done when the server has it.

use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::wire::ErrorCode;
use mysafe_protocol::{ItemId, UserId};

use super::host::{Local, Remote, RemoteError};
use super::people::{ContactError, TRIES};
use super::push::Done;
use super::report::{MAILBOX_FIRST, Outcome};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Refusal, Share, ShareError, state_of};

/// Whether access was changed, or why not.
type Changed<L> = Result<Result<(), ShareError>, SyncError<<L as Local>::Error>>;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Gives people access to an item, or other access than they have. Their addresses are pinned
    /// before. If the answer is lost, the next sync says whether it was done.
    pub async fn share(&mut self, item: &ItemId, with: &[Share]) -> Changed<L> {
        self.change_access(item, with, &[]).await
    }

    /// Takes access away, and from everybody whose time has ended too.
    pub async fn revoke(&mut self, item: &ItemId, from: &[UserId]) -> Changed<L> {
        self.change_access(item, &[], from).await
    }

    /// Both at once, with one new key.
    pub async fn change_access(
        &mut self,
        item: &ItemId,
        with: &[Share],
        from: &[UserId],
    ) -> Changed<L> {
        self.end_at_server(item, from).await?;
        self.write_access(item, with, from).await
    }

    /// Writes the list of the next epoch, without the people whose access ended.
    pub(super) async fn write_access(
        &mut self,
        item: &ItemId,
        with: &[Share],
        from: &[UserId],
    ) -> Changed<L> {
        let mut outcome = Outcome::default();
        // Twice more than usual: who left is learned of, and taken off before they are given it again.
        for _ in 0..TRIES + 2 {
            self.reload().await?;
            let local = self.local_item(item).await?;
            let list = self.vault.access(&local)?;
            // Whose access ended is taken off too. Whoever is given it again is taken off before: theirs
            // is a new one, with a mail.
            let ended = self.ended_of(item, list.as_ref()).await?;
            let again = with.iter().any(|share| ended.contains(&share.user));
            let off = [if again { &[] } else { from }, &ended].concat();
            let with = if again { &[] } else { with };
            let stay = list.iter().flat_map(AccessList::users).filter(|user| !off.contains(user));
            let named: Vec<UserId> = stay.chain(with.iter().map(|share| share.user)).collect();
            for user in named {
                match self.know(&user).await? {
                    Ok(()) => {}
                    Err(ContactError::Refused(refusal)) => {
                        return Ok(Err(ShareError::Refused(refusal)));
                    }
                    Err(_) => return Ok(Err(ShareError::NoKeys(user))),
                }
            }
            let contacts = self.contacts().await?;
            let (clock, random) = (self.clock().await?, &mut *self.random);
            let made = self.vault.set_access(item, &local, with, &off, &contacts, clock, random);
            let mut write = match made {
                Ok(write) => write,
                Err(error) => return Ok(Err(error)),
            };
            let held = self.held(item).await?;
            let epoch = held.as_ref().map_or(0, |held| held.epoch) + 1;
            let mut sent = self.server().await?.write(item, &write).await;
            if matches!(sent, Err(RemoteError::Refused(ErrorCode::IdentifierTaken))) {
                // An editor may have set it: no change of access fails for it.
                write.identifier = None;
                sent = self.server().await?.write(item, &write).await;
            }
            let state = match sent {
                Ok(_) => state_of(item, self.vault.user(), &local, &write),
                Err(RemoteError::Stale(current)) => current.map(|current| *current),
                Err(RemoteError::NotConfirmed) => return Ok(Err(ShareError::NotConfirmed)),
                // To its owner it says so of an item that is not active to which somebody is added.
                Err(RemoteError::Refused(ErrorCode::NotAllowed)) => {
                    return Ok(Err(ShareError::Inactive));
                }
                // Somebody whom this list keeps left: the log says who.
                Err(RemoteError::Refused(ErrorCode::OwnerFirst)) => {
                    self.pull(&mut outcome).await?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let Some(state) = state else {
                return self.refused_for(item, Refusal::Incomplete, &mut outcome).await;
            };
            let done = state.revision == write.revision;
            match self.take_item(item, held, &state, &mut outcome).await? {
                Ok(_) if done => {
                    let gave: Vec<UserId> = with.iter().map(|share| share.user).collect();
                    self.forget_left(item, &gave, epoch).await?;
                    if !again {
                        return Ok(Ok(()));
                    }
                }
                // Somebody else wrote, and it goes over that. Given the item again meanwhile, they keep it.
                Ok(Some(true)) => {
                    self.weigh_left(&mut outcome).await?;
                    self.forget_left(item, &[], 0).await?;
                    // A list of another device, or a restored server, may have given access back.
                    let list = self.vault.access(&self.local_item(item).await?)?;
                    let ended = self.ended_of(item, list.as_ref()).await?;
                    self.end_at_server(item, &[from, &ended].concat()).await?;
                }
                Ok(None) => {}
                Ok(Some(false)) => {
                    return self.refused_for(item, Refusal::Incomplete, &mut outcome).await;
                }
                // The server is behind or beside: that is settled first.
                Err(Refusal::WentBack | Refusal::Forked) => {
                    if let Err(code) = self.settle(item, &mut outcome).await? {
                        self.refuse(item, code, &mut outcome).await?;
                        if code == MAILBOX_FIRST {
                            return Ok(Err(ShareError::NotConfirmed));
                        }
                        return Ok(Err(ShareError::Refused(Refusal::named(code))));
                    }
                }
                Err(refusal) => return self.refused_for(item, refusal, &mut outcome).await,
            }
        }
        Ok(Err(ShareError::Busy))
    }

    /// The server ends the access of these people before the item gets a new key: from then on nobody but the
    /// owner writes, so that no writes of theirs delay it.
    async fn end_at_server(&mut self, item: &ItemId, from: &[UserId]) -> Done<L> {
        self.reload().await?;
        let Some(list) = self.vault.access(&self.local_item(item).await?)? else { return Ok(()) };
        for user in from.iter().filter(|user| list.of(user).is_some()) {
            // Before it is asked for: its answer may be lost.
            self.note_ended(item, user, &list).await?;
            match self.server().await?.end_access(item, user).await {
                // The server may not know of it any more, or refuse it: the next list says it.
                Ok(()) | Err(RemoteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn refused_for(
        &mut self,
        item: &ItemId,
        refusal: Refusal,
        outcome: &mut Outcome,
    ) -> Changed<L> {
        self.refuse(item, refusal.code(), outcome).await?;
        Ok(Err(ShareError::Refused(refusal)))
    }
}
