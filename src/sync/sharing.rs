//! Access to an own item is changed with the server, not later: it is done when the server has it.

use mysafe_protocol::bodies::Grantee;
use mysafe_protocol::wire::ErrorCode;
use mysafe_protocol::{ItemId, UserId};

use super::host::{Local, Remote, RemoteError};
use super::people::{ContactError, TRIES};
use super::report::Outcome;
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
        let mut outcome = Outcome::default();
        if let Err(error) = self.end_at_server(item, from).await? {
            return Ok(Err(error));
        }
        // Twice more than usual: who left is learned of, and taken off before they are given it again.
        for _ in 0..TRIES + 2 {
            self.reload().await?;
            let local = self.local_item(item).await?;
            let list = self.vault.access(&local)?;
            // Whose access ended is taken off too. Whoever is given it again is taken off before: theirs
            // is a new one, with a mail.
            let ended = self.ended_of(item, list.as_ref()).await?;
            let again = with.iter().any(|share| ended.contains(&share.user));
            let from = [if again { &[] } else { from }, &ended].concat();
            let (with, from) = (if again { &[] } else { with }, from.as_slice());
            let stay =
                list.iter().flat_map(|list| &list.grants).filter_map(|grant| match grant.to {
                    Grantee::User(user) => Some(user).filter(|user| !from.contains(user)),
                    Grantee::Group { .. } => None,
                });
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
            let made = self.vault.set_access(item, &local, with, from, &contacts, clock, random);
            let mut write = match made {
                Ok(write) => write,
                Err(error) => return Ok(Err(error)),
            };
            let held = self.held(item).await?;
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
                    self.forget_left(item, from).await?;
                    if !again {
                        return Ok(Ok(()));
                    }
                }
                // Somebody else wrote, and it goes over that.
                Ok(Some(true)) => {
                    // Whoever the newest list does not name is taken off. Given the item again, they keep it.
                    let list = self.vault.access(&self.local_item(item).await?)?;
                    let off =
                        |user: &UserId| list.as_ref().is_none_or(|list| list.of(user).is_none());
                    let gone: Vec<UserId> = from.iter().copied().filter(off).collect();
                    self.forget_left(item, &gone).await?;
                }
                Ok(None) => {}
                Ok(Some(false)) => {
                    return self.refused_for(item, Refusal::Incomplete, &mut outcome).await;
                }
                // The server is behind or beside: that is settled first.
                Err(Refusal::WentBack | Refusal::Forked) => {
                    if let Err(code) = self.settle(item, &mut outcome).await? {
                        self.refuse(item, code, &mut outcome).await?;
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
    async fn end_at_server(&mut self, item: &ItemId, from: &[UserId]) -> Changed<L> {
        self.reload().await?;
        let local = self.local_item(item).await?;
        let list = self.vault.access(&local)?;
        let named = |user: &&UserId| list.as_ref().is_some_and(|list| list.of(user).is_some());
        for user in from.iter().filter(named) {
            match self.server().await?.end_access(item, user).await {
                // The server may not know of it any more: the list says it.
                Ok(()) | Err(RemoteError::Refused(ErrorCode::NotFound)) => {}
                Err(error) => return Err(error.into()),
            }
            self.note_ended(item, user).await?;
        }
        Ok(Ok(()))
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
