//! Whether a write replaces the newest revision, by the rules that the clients have too
//! ([`Chain::replaces`]), and whether its sender may send it.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::bodies::{AccessList, Chain, Replacement, Revision, Status};
use mysafe_protocol::bytes::{Hash, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::ErrorCode;

use super::Write;
use crate::accounts;
use crate::database::Connection;
use crate::error::Error;
use crate::items::access::{self, Member, Right};
use crate::items::queries::{self, Head};
use crate::items::revisions::{self, Known};
use crate::sessions::SignedIn;

/// The state of an item that a write meets.
pub struct Present {
    pub owner: UserId,
    /// None if the server does not know the item.
    pub head: Option<Head>,
    pub members: Vec<Member>,
    /// The revisions, of all that the write names, that the server has.
    pub known: BTreeMap<Hash, Known>,
    pub now: i64,
}

impl Present {
    /// Reads the state of the item of a write.
    pub async fn read(
        on: &mut Connection,
        write: &Write<'_>,
        owner: UserId,
        members: Vec<Member>,
        now: i64,
    ) -> Result<Self, Error> {
        let item = &write.newest.item;
        let head = queries::head(on, item).await?;
        let known = revisions::known(on, item, &write.hashes()).await?;
        Ok(Self { owner, head, members, known, now })
    }

    /// The epoch of the newest revision.
    pub fn epoch(&self) -> Option<u64> {
        self.head.as_ref().map(|head| head.revision.epoch)
    }

    fn hash(&self) -> Option<Hash> {
        self.head.as_ref().map(|head| head.hash)
    }

    /// Returns true while the present list names somebody whose access ended.
    fn is_stale(&self) -> bool {
        self.members.iter().any(|member| member.listed && !member.is_in(self.now))
    }
}

/// Refuses a write that its sender may not send, or that does not replace the newest revision. Returns
/// false if the very revision is the newest one already.
pub async fn decide(
    on: &mut Connection,
    signed_in: &SignedIn,
    write: &Write<'_>,
    present: &Present,
) -> Result<bool, Error> {
    let sender = &signed_in.user;
    if let Some(head) = present.head.as_ref().filter(|_| present.owner != *sender) {
        let right = access::right(on, sender, &write.newest.item, present.now).await?;
        if right < Right::Edit || !write.is_for_editors(head, &present.known) {
            return Err(ErrorCode::NotAllowed.into());
        }
    }
    if write.sent.is_some() && present.hash() == Some(write.hash) {
        return Ok(false);
    }
    let goes_on = present.epoch() == Some(write.newest.epoch);
    if goes_on && write.is_fresh(sender, present) && present.is_stale() {
        return Err(ErrorCode::OwnerFirst.into());
    }
    match write.replaces(sender, present) {
        Replacement::Replaces => {}
        Replacement::Stale => {
            let current = queries::item(on, sender, &write.newest.item, present.now).await?;
            return Err(Error::Stale(current.map(Box::new)));
        }
        Replacement::Forged => return Err(ErrorCode::Forged.into()),
    }
    let mut authors = BTreeSet::from([write.newest.author]);
    if present.owner != *sender {
        // All of these are of the present epoch.
        authors.extend(write.unknown(&present.known).map(|(_, (_, body))| body.author));
    }
    authors.retain(|author| *author != present.owner && author != sender);
    if authors.is_empty() || may_have_written(on, write, present, &authors).await? {
        Ok(true)
    } else {
        Err(ErrorCode::Forged.into())
    }
}

/// Returns true if the newest revision comes once more, from its owner, with bodies that lead to it and that a
/// restore lost: other clients find no way without them.
pub async fn completes(
    on: &mut Connection,
    signed_in: &SignedIn,
    write: &Write<'_>,
    present: &Present,
) -> Result<bool, Error> {
    let Some(sent) = &write.sent else { return Ok(false) };
    let is_newest = present.owner == signed_in.user && present.hash() == Some(write.hash);
    if !is_newest || write.unknown(&present.known).next().is_none() {
        return Ok(false);
    }
    let mut chain = Chain::default();
    for (hash, known) in revisions::known(on, &write.newest.item, &sent.named).await? {
        chain.insert(hash, known.revision);
    }
    for (hash, (_, body)) in write.unknown(&present.known) {
        chain.insert(*hash, body.clone());
    }
    chain.insert(write.hash, write.newest.clone());
    let leads = chain.replaces(write.hash, None, &present.owner, true, |_| None);
    if leads == Replacement::Replaces { Ok(true) } else { Err(ErrorCode::Forged.into()) }
}

/// Returns true if the list of the newest revision lets these authors edit. Clients refuse the revisions of any
/// other, and nobody could write over them.
async fn may_have_written(
    on: &mut Connection,
    write: &Write<'_>,
    present: &Present,
    authors: &BTreeSet<UserId>,
) -> Result<bool, Error> {
    let head = present.head.as_ref().filter(|head| head.revision.epoch == write.newest.epoch);
    let signed = match head {
        Some(head) => head.list.as_ref(),
        None => write.request.list.as_ref(),
    };
    let Some(signed) = signed else { return Ok(false) };
    let sign_pk = accounts::sign_pk(on, &present.owner).await?.ok_or(ErrorCode::NotFound)?;
    let list = AccessList::accept(signed, &sign_pk)?;
    Ok(authors.iter().all(|author| list.lets_edit(author)))
}

impl Write<'_> {
    /// The hashes of all revisions that the write names.
    fn hashes(&self) -> BTreeSet<Hash> {
        let mut hashes: BTreeSet<Hash> = self.newest.parents().chain([self.hash]).collect();
        if let Some(sent) = &self.sent {
            hashes.extend(sent.bodies.keys());
            hashes.extend(sent.bodies.values().flat_map(|(_, body)| body.parents()));
            hashes.extend(sent.parts.iter().map(|parts| parts.revision.hash()));
        }
        hashes
    }

    /// The bodies that come along and that the server does not have.
    pub fn unknown(
        &self,
        known: &BTreeMap<Hash, Known>,
    ) -> impl Iterator<Item = (&Hash, &super::again::Body<'_>)> {
        let bodies = self.sent.iter().flat_map(|sent| &sent.bodies);
        bodies.filter(|(hash, _)| **hash != self.hash && !known.contains_key(hash))
    }

    /// Returns true if somebody else than the owner may write this: nothing of it begins an epoch, sets
    /// the Identifier, or is a deletion of their own.
    fn is_for_editors(&self, head: &Head, known: &BTreeMap<Hash, Known>) -> bool {
        let request = self.request;
        let goes_on =
            |body: &Revision| body.epoch == head.revision.epoch && body.list == head.revision.list;
        let again = self.sent.as_ref().is_some_and(|sent| {
            let bodies = self.unknown(known).map(|(_, (_, body))| body);
            sent.epochs.is_empty() && bodies.chain([&self.newest]).all(goes_on)
        });
        request.key.is_none()
            && request.list.is_none()
            && request.identifier.is_none()
            && (again || (self.sent.is_none() && self.newest.status != Status::Deleted))
    }

    /// Returns true if the sender made the revision over the newest one, as far as a server can tell: a
    /// plain write, or a revision that unites the newest one with another.
    pub fn is_fresh(&self, sender: &UserId, present: &Present) -> bool {
        let unites = self.newest.also.is_some() && self.newest.also == present.hash();
        self.sent.is_none() || (unites && self.newest.author == *sender)
    }

    fn replaces(&self, sender: &UserId, present: &Present) -> Replacement {
        let head = present.head.as_ref();
        let again = self.sent.is_some();
        let base = head.map_or(0, |head| head.revision.revision);
        // It was the newest one before, or another is the newest than the sender thinks.
        if again && (present.known.contains_key(&self.hash) || self.request.base != base) {
            return Replacement::Stale;
        }
        if !again && self.newest.replaces() != present.hash() {
            return Replacement::Stale;
        }
        let first = !again && head.is_none();
        let far = first && self.newest.revision > limits::GAP;
        if far || self.request.base != base {
            return Replacement::Forged;
        }
        let mut chain = Chain::default();
        chain.insert(self.hash, self.newest.clone());
        for (hash, (_, body)) in self.unknown(&present.known) {
            chain.insert(*hash, body.clone());
        }
        // A plain write leads to revisions that the server has, whoever makes it.
        let anywhere = first || (again && present.owner == *sender);
        let known = |hash: &Hash| present.known.get(hash).map(|known| &known.revision);
        chain.replaces(self.hash, present.hash(), &present.owner, anywhere, known)
    }

    /// Returns true if the newest revision itself begins an epoch, as far as its parents are here.
    pub fn begins_epoch(&self, known: &BTreeMap<Hash, Known>) -> bool {
        let sent = |hash: &Hash| Some(&self.sent.as_ref()?.bodies.get(hash)?.1);
        let epoch = |hash: &Hash| {
            let known = known.get(hash).map(|known| &known.revision);
            known.or_else(|| sent(hash)).map(|body| body.epoch)
        };
        self.newest.parents().all(|hash| epoch(&hash).is_some_and(|at| at < self.newest.epoch))
    }
}
