//! Who has access to an item. Every change of it is a re-key by the owner: a new epoch with a new item
//! key, a signed list, the key in an envelope to everyone whom it names, and the content sealed
//! again, in one write. Whoever joins opens nothing older, whoever leaves nothing newer.

use mysafe_protocol::bodies::{AccessList, Grant, Grantee, Permission, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{Envelope, ItemState, ItemWriteRequest};
use mysafe_protocol::{Bundle, Bytes, ItemId, Revision, Signed, UserId, limits};

use super::clock::Clock;
use super::item::OpenItem;
use super::local::LocalItem;
use super::open::{OpenError, Vault};
use super::refusal::Refusal;
use crate::crypto::{ItemKey, Random};
use crate::model::AccountRecordBody;

/// What somebody is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// Who.
    pub user: UserId,
    /// What.
    pub permission: Permission,
    /// Until when, Unix seconds; for ever if absent.
    pub until: Option<u64>,
}

/// Why access is not changed. Nothing was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Somebody else's item.
    #[error("not the owner")]
    NotOwner,
    /// A change of it is not on the server yet; it goes there before anybody is added.
    #[error("unsent")]
    Unsent,
    /// The item is inactive: access can only be taken away; or it is deleted.
    #[error("inactive")]
    Inactive,
    /// The owner has access always.
    #[error("the owner")]
    Yourself,
    /// The address is pinned to other keys than this person's.
    #[error("key_changed")]
    KeyChanged(UserId),
    /// The server asks the user to confirm their own mailbox before they share.
    #[error("mailbox not confirmed")]
    NotConfirmed,
    /// Their address is not pinned yet, which the user has to do.
    #[error("first contact")]
    NotMet(UserId),
    /// Their keys are not here, or are none.
    #[error("no keys")]
    NoKeys(UserId),
    /// A group has access, whose keys are not known here.
    #[error("a group")]
    Group,
    /// More have access than may.
    #[error("too many")]
    TooMany,
    /// It is so already.
    #[error("no change")]
    NoChange,
    /// What the server says is refused; that is told.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Other devices wrote each time.
    #[error("busy")]
    Busy,
    /// What is stored cannot be opened.
    #[error("damaged")]
    Damaged,
}

impl From<OpenError> for ShareError {
    fn from(_: OpenError) -> Self {
        Self::Damaged
    }
}

impl Vault {
    /// The list of who has access besides the owner; none if nobody ever had.
    pub fn access(&self, local: &LocalItem) -> Result<Option<AccessList>, OpenError> {
        let Some(state) = &local.state else { return Ok(None) };
        let Some(signed) = &state.list else { return Ok(None) };
        let sign_pk = self.reader().sign_pk(&state.owner).map_err(|_| OpenError::Damaged)?;
        AccessList::accept(signed, &sign_pk).map(Some).map_err(|_| OpenError::Damaged)
    }

    /// The write that gives people access, or other access than they have. Each must be a pinned
    /// contact whose keys are known. `local` is the item as stored now.
    pub fn share(
        &self,
        item: &ItemId,
        local: &LocalItem,
        with: &[Share],
        contacts: &AccountRecordBody,
        clock: impl Into<Clock>,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, ShareError> {
        self.set_access(item, local, with, &[], contacts, clock, random)
    }

    /// The write that takes access away: from these, and from everybody whose time has ended.
    pub fn revoke(
        &self,
        item: &ItemId,
        local: &LocalItem,
        from: &[UserId],
        contacts: &AccountRecordBody,
        clock: impl Into<Clock>,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, ShareError> {
        self.set_access(item, local, &[], from, contacts, clock, random)
    }

    /// Both in one write. To an item that is not active nobody is added.
    #[expect(clippy::too_many_arguments, reason = "what a change of access consists of")]
    pub fn set_access(
        &self,
        item: &ItemId,
        local: &LocalItem,
        with: &[Share],
        from: &[UserId],
        contacts: &AccountRecordBody,
        clock: impl Into<Clock>,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, ShareError> {
        let (open, before) = self.open_own(item, local)?;
        if !with.is_empty() && local.pending.is_some() {
            return Err(ShareError::Unsent);
        }
        if !with.is_empty() && open.revision.status != Status::Active {
            return Err(ShareError::Inactive);
        }
        let taken = |grant: &Grant| from.iter().any(|user| grant.to == Grantee::User(*user));
        let mut grants: Vec<Grant> = before.iter().filter(|grant| !taken(grant)).cloned().collect();
        for share in with {
            if share.user == self.user() {
                return Err(ShareError::Yourself);
            }
            let bundle = self.people.get(&share.user).ok_or(ShareError::NoKeys(share.user))?;
            match contacts.pinned(&bundle.address) {
                Some(contact) if contact.user == share.user => {}
                Some(_) => return Err(ShareError::KeyChanged(share.user)),
                None => return Err(ShareError::NotMet(share.user)),
            }
            let Share { user, permission, until } = *share;
            let to = Grantee::User(user);
            grants.retain(|grant| grant.to != to);
            grants.push(Grant { to, permission, until });
        }
        self.rekey(local, open, before, grants, contacts, clock.into(), random)
    }

    /// Whether all that happened to an own item from one confirmed state to another, over these bodies, is that
    /// its owner gave it new keys: with the same content, and with access for nobody more. Such a key may go over
    /// an older revision that `was_held`.
    pub(crate) fn is_own_rekey(
        &self,
        before: &LocalItem,
        after: &LocalItem,
        between: &[Signed],
        was_held: impl Fn(&Hash) -> bool,
    ) -> bool {
        let before = &before.without_pending();
        let (Some(old), Some(new)) = (&before.state, &after.state) else { return false };
        let mut next = Some(new.revision.clone());
        for _ in 0..between.len() + 2 {
            let Some(signed) = next.take() else { break };
            if signed == old.revision {
                return self.is_same_content(before, after)
                    && self.is_access_for_nobody_more(before, after);
            }
            let Some(body) = self.read_revision(&signed) else { return false };
            let own = body.author == self.user() && body.also.as_ref().is_none_or(&was_held);
            let Some(prev) = body.prev.filter(|_| own) else { return false };
            let known = std::iter::once(&old.revision).chain(between);
            next = known.into_iter().find(|signed| signed.hash() == prev).cloned();
        }
        false
    }

    fn is_same_content(&self, before: &LocalItem, after: &LocalItem) -> bool {
        let open = |local: &LocalItem| {
            let item = local.state.as_ref()?.item;
            let open = self.open_item(&item, local).ok()?;
            Some((open.revision.status, open.overview, open.details.encode()))
        };
        let (Some(mut old), Some(mut new)) = (open(before), open(after)) else { return false };
        (old.1.changed, new.1.changed) = (None, None);
        old == new
    }

    fn is_access_for_nobody_more(&self, before: &LocalItem, after: &LocalItem) -> bool {
        let grants = |local: &LocalItem| {
            let list = self.access(local).ok()?;
            Some(list.map(|list| list.grants).unwrap_or_default())
        };
        let (Some(old), Some(new)) = (grants(before), grants(after)) else { return false };
        new.iter().all(|grant| old.contains(grant))
    }

    /// Opens an own item as the server confirmed it, and who has access to it.
    fn open_own(
        &self,
        item: &ItemId,
        local: &LocalItem,
    ) -> Result<(OpenItem, Vec<Grant>), ShareError> {
        // An unsent edit of it is made again over the new key.
        let unsent = local.state.is_none() && local.pending.is_some();
        let local = &local.without_pending();
        if unsent {
            return Err(ShareError::Unsent);
        }
        if local.state.as_ref().is_none_or(|state| state.owner != self.user()) {
            return Err(ShareError::NotOwner);
        }
        if local.is_deleted() {
            return Err(ShareError::Inactive);
        }
        let list = self.access(local)?;
        let open = self.open_item(item, local)?;
        Ok((open, list.map(|list| list.grants).unwrap_or_default()))
    }

    /// The first write of the next epoch, with these grants as far as they have not ended.
    #[expect(clippy::too_many_arguments, reason = "what a re-key consists of")]
    fn rekey(
        &self,
        local: &LocalItem,
        mut open: OpenItem,
        mut before: Vec<Grant>,
        mut grants: Vec<Grant>,
        contacts: &AccountRecordBody,
        clock: Clock,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, ShareError> {
        grants.retain(|grant| !clock.is_over(grant.until));
        AccessList::sort(&mut grants);
        AccessList::sort(&mut before);
        if grants == before {
            return Err(ShareError::NoChange);
        }
        if grants.len() > limits::GRANTS {
            return Err(ShareError::TooMany);
        }
        let state = local.state.as_ref().ok_or(ShareError::Damaged)?;
        let (epoch, base) = (open.revision.epoch + 1, open.revision.revision);
        open.revision = Revision {
            revision: base + 1,
            author: self.user(),
            time: clock.now,
            prev: Some(state.revision.hash()),
            also: None,
            ..open.revision
        };
        self.begin_epoch(epoch, base, open, grants, contacts, random)
    }

    /// Nothing goes to keys that another pin has replaced, not even where it went before.
    pub(super) fn still_theirs(
        &self,
        grant: &Grant,
        contacts: &AccountRecordBody,
    ) -> Result<(), ShareError> {
        let Grantee::User(user) = grant.to else { return Err(ShareError::Group) };
        let bundle = self.people.get(&user).ok_or(ShareError::NoKeys(user))?;
        let pinned = contacts.pinned(&bundle.address);
        let other = pinned.is_some_and(|contact| contact.user != user);
        if other { Err(ShareError::KeyChanged(user)) } else { Ok(()) }
    }

    /// The item key for everyone whom a list names.
    pub(super) fn envelopes(
        &self,
        list: &AccessList,
        key: &ItemKey,
        random: &mut impl Random,
    ) -> Result<Vec<Envelope>, ShareError> {
        let envelope = |grant: &Grant| {
            let Grantee::User(user) = grant.to else { return Err(ShareError::Group) };
            let to: &Bundle = self.people.get(&user).ok_or(ShareError::NoKeys(user))?;
            let blob = key.enclose(to, &list.item, list.epoch, random);
            Ok(Envelope { user, blob: Bytes(blob.map_err(|_| ShareError::NoKeys(user))?) })
        };
        list.grants.iter().map(envelope).collect()
    }

    /// The same for a list that is signed already, of an item as the server confirmed it.
    pub(super) fn envelopes_again(
        &self,
        state: &ItemState,
        list: &Signed,
        random: &mut impl Random,
    ) -> Result<Vec<Envelope>, OpenError> {
        let damaged = |_| OpenError::Damaged;
        let list = AccessList::accept(list, self.identity.sign_pk()).map_err(damaged)?;
        let key = self.reader().item_key(&state.owner, &state.item, list.epoch, &state.key);
        let key = key.map_err(|_| OpenError::Damaged)?;
        self.envelopes(&list, &key, random).map_err(|_| OpenError::Damaged)
    }
}
