//! A server that is behind or beside what this device holds of an item, after a restore or a failover, or
//! because it lies: rule R of the cryptographic design, "Server behind or beside". The server gets again, as it
//! was signed, what it lost; or both histories are united in one revision; or the owner unites them under a
//! new key. Nothing held here is given up.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::bodies::Chain as Bodies;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ErrorCode, ItemState};
use mysafe_protocol::{ItemId, Revision, Signed};

use super::chain::{Chain, Kept};
use super::host::{Local, Remote, RemoteError};
use super::push::{Done, TRIES};
use super::report::Outcome;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Held, Judged, Known, LocalItem, Readable, Refusal, Right, may_stand};

/// The side whose content a user wants where two histories of an own item are united.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The content held on this device.
    Mine,
    /// The server's content.
    Theirs,
}

/// Both sides of an item whose histories went apart.
pub(super) struct Beside {
    /// The held item, without what waits.
    pub(super) local: LocalItem,
    pub(super) held: Held,
    pub(super) chain: Chain,
    /// The server's newest state, and its judged revision.
    pub(super) state: ItemState,
    pub(super) judged: Judged,
    /// The content of the server's newest; none if its key does not fit.
    pub(super) theirs: Option<LocalItem>,
    /// The bodies beside, whose ways end in the chain held or at a first revision.
    pub(super) bodies: Vec<Signed>,
    /// All that the server's newest leads to, as far as it is here.
    pub(super) reached: BTreeSet<Hash>,
}

/// Whether bodies may be missing below the server's newest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gaps {
    /// None, but below what the owner united.
    Refused,
    /// The user's act: also below any other revision of the owner, whose client had accepted them.
    ByOwner,
}

impl Beside {
    /// Returns the hashes of the bodies to which the held side, and the server's, lead along prev.
    pub(super) fn along_prev(&self) -> [BTreeSet<Hash>; 2] {
        let beside = self
            .bodies
            .iter()
            .filter_map(|signed| Some((signed.hash(), Revision::read(signed).ok()?)));
        let beside: BTreeMap<Hash, Revision> = beside.collect();
        [self.held.hash, self.judged.held.hash].map(|tip| {
            let body = |hash: &Hash| beside.get(hash).or_else(|| self.chain.held(hash));
            std::iter::successors(Some(tip), |hash| body(hash)?.prev).collect()
        })
    }
}

/// One try to settle an item.
pub(super) enum Settled {
    /// The server has what is held here, or this device has what the server has.
    Done,
    /// Something moved meanwhile.
    Again,
    /// It cannot be settled now, with this code.
    Refused(&'static str),
}

impl Settled {
    /// The end of a try that took a state of the item.
    pub(super) fn of(taken: Result<Option<bool>, Refusal>) -> Self {
        match taken {
            Ok(Some(_)) => Self::Done,
            Ok(None) => Self::Again,
            Err(refusal) => Self::Refused(refusal.code()),
        }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Settles every item of which the server is behind or beside, and whatever unites two and waits. Gives
    /// nothing back: an item that cannot be settled is reported.
    pub(super) async fn settle_all(&mut self, outcome: &mut Outcome) -> Done<L> {
        let mut items = self.again().await?.items;
        items.extend(self.unions().await?);
        // After a restore most of thousands are as they were: their marks are taken off the queue at once.
        let mut as_before = BTreeSet::new();
        for item in &items {
            let was_well = self.vault.trouble(item).is_none();
            let settled = match self.settle(item, outcome).await {
                Err(SyncError::Damaged) => Err(Refusal::Damaged.code()),
                settled => settled?,
            };
            if let Err(code) = settled {
                self.refuse(item, code, outcome).await?;
            }
            match was_well && settled.is_ok() && self.vault.trouble(item).is_none() {
                true => drop(as_before.insert(*item)),
                false => self.settled(item, settled).await?,
            }
        }
        self.settled_as_before(&as_before).await
    }

    /// Settles one item, or says why not.
    pub(super) async fn settle(
        &mut self,
        item: &ItemId,
        outcome: &mut Outcome,
    ) -> Result<Result<(), &'static str>, SyncError<L::Error>> {
        for tried in 0..TRIES {
            if let Some(settled) = self.send_waiting_union(item, outcome).await? {
                match settled {
                    Settled::Done => return Ok(Ok(())),
                    Settled::Again => continue,
                    // Refused for good, it is gone: the server's present state decides. Else it waits for room.
                    Settled::Refused(_) if tried == 0 && !self.unions().await?.contains(item) => {}
                    Settled::Refused(code) => return Ok(Err(code)),
                }
            }
            match self.settle_once(item, outcome).await? {
                Settled::Done => return Ok(Ok(())),
                Settled::Again => {}
                Settled::Refused(code) => return Ok(Err(code)),
            }
        }
        Ok(Err(Refusal::Forked.code()))
    }

    async fn settle_once(
        &mut self,
        item: &ItemId,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let (held, local) = (self.held(item).await?, self.local_item(item).await?);
        let others = held.as_ref().is_some_and(|held| held.owner.is_some());
        let theirs = match self.asked(item).await? {
            Ok(theirs) => theirs,
            Err(RemoteError::Refused(ErrorCode::NotFound)) if others => {
                self.end_access(item, Some(outcome)).await?;
                return Ok(Settled::Done);
            }
            Err(RemoteError::Refused(ErrorCode::NotFound)) => {
                let Some(held) = held else { return Ok(Settled::Done) };
                return self.send_as_signed(item, &held, &local, None, outcome).await;
            }
            // Any other refusal says nothing about the item: the next sync asks again.
            Err(RemoteError::Refused(_) | RemoteError::Malformed | RemoteError::Stale(_)) => {
                return Ok(Settled::Refused(Refusal::ServerRefused.code()));
            }
            Err(error) => return Err(error.into()),
        };
        match self.take_item(item, held.clone(), &theirs, outcome).await? {
            Ok(None) => return Ok(Settled::Again),
            Ok(Some(new)) => {
                outcome.taken += u32::from(new);
                return self.send_beginning(item, outcome).await;
            }
            // It is not here any more: its access ended, or was given up, and the server forgot that.
            Err(Refusal::WentBack | Refusal::Forked)
                if others && local.state.is_none() && self.vault.entry(item).is_none() =>
            {
                return Ok(Settled::Done);
            }
            Err(Refusal::WentBack | Refusal::Forked) => {}
            Err(refusal) => return Ok(Settled::Refused(refusal.code())),
        }
        let Some(held) = held else {
            return Ok(Settled::Refused(Refusal::Incomplete.code()));
        };
        match self.beside(item, (held, local), theirs, Gaps::Refused).await? {
            Ok(beside) if beside.theirs.is_some() => {
                self.settle_beside(item, &beside, None, outcome).await
            }
            Ok(_) => Ok(Settled::Refused(Refusal::KeyUnfit.code())),
            Err(refusal) => Ok(Settled::Refused(refusal.code())),
        }
    }

    /// Chooses among the three ways. `wants` is the user's act, to which no cap applies.
    pub(super) async fn settle_beside(
        &mut self,
        item: &ItemId,
        beside: &Beside,
        wants: Option<Side>,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let (held, theirs) = (&beside.held, &beside.judged.held);
        let owner = held.owner.is_none();
        if beside.chain.has(&theirs.hash) && beside.theirs.is_some() {
            let (local, at) = (&beside.local, Some(beside));
            if owner || (self.may_edit_here(item, held) && held.epoch == theirs.epoch) {
                return self.send_as_signed(item, held, local, at, outcome).await;
            }
            return Ok(Settled::Refused(Refusal::WentBack.code()));
        }
        let same = held.epoch == theirs.epoch && held.list == theirs.list;
        let alive = !held.deleted && !theirs.deleted && beside.theirs.is_some();
        let stale = self.is_stale(item, &beside.local).await?;
        if same && alive && !stale && (owner || self.may_edit_here(item, held)) {
            return self.unite(item, beside, false, wants, outcome).await;
        }
        if owner {
            return self.unite(item, beside, true, wants, outcome).await;
        }
        Ok(Settled::Refused(Refusal::Forked.code()))
    }

    /// Whether this user may edit an item as it is held here.
    fn may_edit_here(&self, item: &ItemId, held: &Held) -> bool {
        let right = self.vault.entry(item).map(|entry| entry.access.right);
        !held.is_apart() && right.is_some_and(|right| right >= Right::Edit)
    }

    /// Judges the server's newest state by all steps that compare nothing, and fetches the bodies beside until
    /// every way ends in the chain held or at a first revision.
    pub(super) async fn beside(
        &mut self,
        item: &ItemId,
        (held, local): (Held, LocalItem),
        state: ItemState,
        gaps: Gaps,
    ) -> Result<Result<Beside, Refusal>, SyncError<L::Error>> {
        let Some(here) = &local.state else { return Ok(Err(Refusal::Incomplete)) };
        if here.owner != state.owner || here.revision.hash() != held.hash {
            return Ok(Err(Refusal::Forged));
        }
        let judged = match self.vault.judge(item, &state) {
            Ok(judged) => judged,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut kept = self.kept(item).await?;
        // Seen now, and perhaps the one that the oldest body here names.
        kept.0.push(state.revision.clone());
        let found = self.bodies_beside(&here.revision, kept, &state, &judged, gaps).await?;
        let (chain, bodies, reached) = match found {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let theirs = match self.theirs(&held, &local, &state, &judged, &bodies).await? {
            Ok(theirs) => theirs,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let local = local.without_pending();
        Ok(Ok(Beside { local, held, chain, state, judged, theirs, bodies, reached }))
    }

    /// Returns the chain held, the bodies beside, the newest included, and the hashes of all that the newest
    /// leads to.
    async fn bodies_beside(
        &mut self,
        here: &Signed,
        mut kept: Kept,
        state: &ItemState,
        judged: &Judged,
        gaps: Gaps,
    ) -> Result<Result<(Chain, Vec<Signed>, BTreeSet<Hash>), Refusal>, SyncError<L::Error>> {
        let (item, owner) = (&state.item, &state.owner);
        let newest = state.revision.hash();
        let mut chain = kept.chain(here, owner);
        if chain.has(&newest) {
            let reached = chain.bodies.reached(newest, owner);
            return Ok(Ok((chain, Vec::new(), reached)));
        }
        let mut signed = vec![state.revision.clone()];
        let mut bodies = Bodies::default();
        bodies.insert(newest, judged.revision.clone());
        let mut way = bodies.walk(newest, owner, |hash| chain.held(hash));
        if !way.missing.is_empty() {
            let Some(more) = self.bodies_after(item, 0, &newest).await? else {
                return Ok(Err(Refusal::Incomplete));
            };
            for body in more {
                match self.vault.read_revision(&body) {
                    Some(revision) => bodies.insert(body.hash(), revision),
                    // Unverified, it is as if it were not here.
                    None => continue,
                }
                signed.push(body);
            }
            // Seen now: those that the oldest bodies here name belong to the chain held.
            kept.0.extend(signed.iter().cloned());
            chain = kept.chain(here, owner);
            way = bodies.walk(newest, owner, |hash| chain.held(hash));
        }
        if way.broken {
            return Ok(Err(Refusal::Forged));
        }
        // The server may have lost bodies for ever that the owner's clients had accepted.
        if way.unvouched && (gaps == Gaps::Refused || way.unknown) {
            return Ok(Err(Refusal::Incomplete));
        }
        let listed = judged.list.as_ref().zip(judged.held.list);
        for body in way.seen.iter().filter_map(|hash| bodies.get(hash)) {
            if let Err(refusal) = may_stand(listed, owner, body) {
                return Ok(Err(refusal));
            }
        }
        signed.retain(|body| way.seen.contains(&body.hash()));
        let mut reached = way.seen;
        for end in &way.reached {
            reached.extend(chain.bodies.reached(*end, owner));
        }
        Ok(Ok((chain, signed, reached)))
    }

    /// Returns the server's newest with the content that opens of it; none if its key does not fit.
    async fn theirs(
        &mut self,
        held: &Held,
        local: &LocalItem,
        state: &ItemState,
        judged: &Judged,
        bodies: &[Signed],
    ) -> Result<Result<Option<LocalItem>, Refusal>, SyncError<L::Error>> {
        let known = Some(Known { held, key: local.held_key() });
        let accepted = match self.vault.open_judged(judged.clone(), known, state) {
            Ok(accepted) => accepted,
            Err(Refusal::KeyUnfit) => return Ok(Ok(None)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let readable = match accepted.overview {
            Some(_) => Readable::Newest,
            None => self.find_readable(state, &accepted, local, bodies).await?.readable,
        };
        let state = ItemState { key: accepted.key, ..state.clone() };
        Ok(Ok(Some(LocalItem { readable, ..LocalItem::confirmed(state) })))
    }
}
