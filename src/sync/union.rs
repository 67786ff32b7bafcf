//! Revisions that unite two histories. Such a revision is stored before it is sent, with its operation; it is
//! held once the server took it.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{AccessList, Grant, Grantee};
use mysafe_protocol::wire::{
    EarlierEpoch, ErrorCode, ItemState, ItemVersion, ItemWriteRequest, WriteAgainRequest,
};
use mysafe_protocol::{ItemId, Revision, Signed, Status, UserId, limits};

use super::capped::A_DAY;
use super::host::{Local, Remote, RemoteError};
use super::push::{Done, full_code, mailbox_code, server_code};
use super::readable::{answered, earlier};
use super::report::{BOTH_CHANGED, FELL_OFF, NOT_DELETED, Notice, Outcome, RESTORED};
use super::settle::{Beside, Settled, Side};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
#[cfg(test)]
use crate::vault::planted::Planted;
use crate::vault::{
    Base, Content, Held, LocalItem, Put, Readable, Refusal, ShareError, Store, Union, common, keys,
    may_merge, state_of,
};

/// The grants of a uniting revision, and who loses access by it.
type Granted = (Vec<Grant>, Vec<UserId>);

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Makes the revision that unites both sides, stores it and sends it. `rekey`: in a new epoch.
    pub(super) async fn unite(
        &mut self,
        item: &ItemId,
        beside: &Beside,
        rekey: bool,
        wants: Option<Side>,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        if wants.is_none() && self.united_today(&keys::united(item)).await?.len() >= A_DAY {
            return Ok(Settled::Refused(Refusal::Forked.code()));
        }
        let granted = match rekey {
            true => match self.granted(item, beside, outcome).await? {
                Ok(granted) => Some(granted),
                Err(error) => return Ok(Settled::Refused(share_code(error))),
            },
            false => None,
        };
        let base = self.common_base(beside).await?;
        let (held, theirs) = (&beside.held, beside.theirs.as_ref());
        let (content, dropped) = self.content(beside, rekey, wants, base.as_ref());
        let (grants, fell_off) = granted.map_or((None, Vec::new()), |(a, b)| (Some(a), b));
        let fallback = LocalItem::confirmed(beside.state.clone());
        let union =
            Union { mine: &beside.local, theirs: theirs.unwrap_or(&fallback), content, grants };
        let (contacts, clock) = (self.contacts().await?, self.clock().await?);
        let united = match self.vault.unite(item, union, &contacts, clock, self.random) {
            Ok(united) => united,
            Err(error) => return Ok(Settled::Refused(share_code(error))),
        };
        let mut between = beside.chain.without(&beside.reached);
        if between.iter().all(|signed| signed.hash() != held.hash) {
            between.extend(beside.local.state.as_ref().map(|state| state.revision.clone()));
        }
        let request = self.request(&beside.local, united.write, between);
        if rekey {
            self.end_beside(item, beside, &request).await?;
        }
        let mut notices = Vec::new();
        if !united.both.is_empty() {
            notices.push(Notice::of(BOTH_CHANGED, *item));
        }
        if beside.judged.held.deleted && !held.deleted {
            notices.push(Notice::of(NOT_DELETED, *item));
        }
        if !fell_off.is_empty() {
            notices.push(Notice { people: fell_off, ..Notice::of(FELL_OFF, *item) });
        }
        let lost = (dropped || !united.both.is_empty()).then_some(wants != Some(Side::Theirs));
        self.store_union(item, beside, &request, lost, &notices, outcome).await?;
        let sent = self.send_union(item, true, outcome).await?;
        Ok(sent.unwrap_or(Settled::Again))
    }

    /// Chooses the content of a uniting revision; and whether one side's content is not in it.
    fn content<'b>(
        &self,
        beside: &Beside,
        rekey: bool,
        wants: Option<Side>,
        base: Option<&'b Base>,
    ) -> (Content<'b>, bool) {
        let owner = &beside.state.owner;
        let list = self.vault.access(&beside.local).ok().flatten();
        let may = |signed: &Signed| {
            Revision::read(signed).is_ok_and(|body| may_merge(list.as_ref(), owner, &body.author))
        };
        let deleted = beside.held.deleted || beside.judged.held.deleted;
        #[cfg(test)]
        if Planted::OtherBranchDropped.is_here() {
            return (Content::Mine, false);
        }
        match (wants, &beside.theirs) {
            (_, None) => (Content::Mine, false),
            (Some(Side::Mine), _) => (Content::Mine, true),
            (Some(Side::Theirs), _) => (Content::Theirs, true),
            // Somebody works with the item: who did not know of that does not delete it.
            (None, _) if deleted => (Content::Mine, !beside.judged.held.deleted),
            (None, _) if !rekey || beside.bodies.iter().all(may) => (Content::Merged(base), false),
            (None, _) => (Content::Mine, true),
        }
    }

    /// Chooses who has access after a re-key over the server's branch: the held grants if the server's list
    /// is one of the chain held, else those of both lists; never somebody whose access has ended.
    async fn granted(
        &mut self,
        item: &ItemId,
        beside: &Beside,
        outcome: &Outcome,
    ) -> Result<Result<Granted, ShareError>, SyncError<L::Error>> {
        let held = self.vault.access(&beside.local)?;
        let (theirs, clock) = (beside.judged.list.as_ref(), self.clock().await?);
        let list = |list: Option<&AccessList>| list.map(|list| list.grants.clone());
        let mine = list(held.as_ref()).unwrap_or_default();
        let known = beside.chain.names(beside.judged.held.list);
        #[cfg(test)]
        let known = known || Planted::HeldListReused.is_here();
        let mut grants = match known {
            true => mine.clone(),
            false => common(&mine, &list(theirs).unwrap_or_default()),
        };
        #[cfg(test)]
        if Planted::ListOfServer.is_here() {
            grants = list(theirs).unwrap_or_default();
        }
        // Of a list that a restore brought back somebody may have left, whom the held one gives it anew.
        let mut ended = self.ended_of(item, held.as_ref()).await?;
        ended.extend(self.ended_of(item, theirs).await?);
        for grant in &grants {
            let Some(user) = grant.to.user() else { continue };
            let unknown = outcome.unknown.contains(&user);
            if unknown || clock.is_over(grant.until) || self.is_gone(&user).await? {
                ended.push(user);
            } else if self.know(&user).await?.is_err() {
                return Ok(Err(ShareError::NoKeys(user)));
            }
        }
        grants.retain(|grant| grant.to.user().is_none_or(|user| !ended.contains(&user)));
        let deleted = beside.held.deleted || beside.judged.held.deleted;
        if deleted {
            grants.clear();
        }
        let stays = |user: &UserId| grants.iter().any(|grant| grant.to == Grantee::User(*user));
        let fell_off =
            mine.iter().filter_map(|grant| grant.to.user()).filter(|user| !stays(user)).collect();
        Ok(Ok((grants, fell_off)))
    }

    /// Returns the newest body along prev of both sides whose parts are here or at the server, and the newest in
    /// both chains. Of a side that a body names by also alone the content may have been dropped.
    async fn common_base(&mut self, beside: &Beside) -> Result<Option<Base>, SyncError<L::Error>> {
        let [mine, other] = beside.along_prev();
        let both: BTreeSet<_> = mine.intersection(&other).copied().collect();
        let mut newest = None;
        let Some(theirs) = &beside.theirs else { return Ok(None) };
        let mut before = beside.judged.revision.revision;
        let lowest = both.iter().filter_map(|hash| beside.chain.bodies.get(hash));
        let Some(lowest) = lowest.map(|body| body.revision).min() else { return Ok(None) };
        let mut epoch_keys: Vec<(u64, _)> = [theirs, &beside.local]
            .iter()
            .filter_map(|local| {
                let state = local.state.as_ref()?;
                Some((Revision::read(&state.revision).ok()?.epoch, state.key.clone()))
            })
            .collect();
        while before > lowest {
            let answer = answered(self.server().await?.history(&beside.state.item, before).await)?;
            let Some(answer) = answer else { return Ok(None) };
            epoch_keys.extend(answer.keys.into_iter().map(|key| (key.epoch, key.key)));
            for version in &answer.versions {
                let hash = version.revision.hash();
                let wanted = both.contains(&hash)
                    || (newest.is_none()
                        && beside.chain.has(&hash)
                        && beside.reached.contains(&hash));
                let body = beside.chain.bodies.get(&hash).filter(|_| wanted);
                let Some(body) = body.filter(|body| body.status != Status::Deleted) else {
                    continue;
                };
                let key = epoch_keys.iter().find(|(epoch, _)| *epoch == body.epoch);
                let Some((_, key)) = key else { continue };
                let base = earlier(&beside.state, version, key.clone());
                if !self.vault.opens(&base) {
                    continue;
                }
                let base = LocalItem::confirmed(base);
                if both.contains(&hash) {
                    return Ok(Some(Base { along_prev: base, newest }));
                }
                let by_also = [&mine, &other].map(|side| !side.contains(&hash));
                newest = Some((base, by_also));
            }
            let last = answer.versions.last().and_then(|last| Revision::read(&last.revision).ok());
            match last.filter(|last| answer.more && last.revision < before) {
                Some(last) => before = last.revision,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Puts together all that goes with a write: bodies, their held parts, epochs and authors.
    pub(super) fn request(
        &self,
        local: &LocalItem,
        write: ItemWriteRequest,
        mut between: Vec<Signed>,
    ) -> WriteAgainRequest {
        // A request takes the newest of them.
        between.drain(..between.len().saturating_sub(limits::AGAIN));
        let there = |signed: &Signed| between.iter().any(|body| body == signed);
        let earlier = match &local.readable {
            Readable::Earlier(earlier) => Some(&**earlier),
            _ => None,
        };
        let held = local.state.iter().chain(earlier).filter(|state| there(&state.revision));
        let parts: Vec<ItemVersion> = held
            .clone()
            .map(|state| ItemVersion {
                revision: state.revision.clone(),
                overview: state.overview.clone(),
                details: state.details.clone(),
            })
            .collect();
        let written = Revision::read(&write.revision).map_or(0, |revision| revision.epoch);
        let mut epochs: Vec<EarlierEpoch> = Vec::new();
        if local.state.as_ref().is_some_and(|state| state.owner == self.vault.user()) {
            for state in held {
                let epoch = Revision::read(&state.revision).map_or(0, |revision| revision.epoch);
                let new = epoch != written && epochs.iter().all(|known| known.epoch != epoch);
                if new && (state.list.is_some() || epoch == 1) {
                    let (key, list) = (state.key.clone(), state.list.clone());
                    epochs.push(EarlierEpoch { epoch, key, list });
                }
            }
        }
        let author = |signed: &Signed| Revision::read(signed).ok().map(|body| body.author);
        let newest = [write.revision.clone()];
        let authors: BTreeSet<UserId> = between.iter().chain(&newest).filter_map(author).collect();
        let bundles = authors.iter().filter_map(|user| self.vault.bundle(user)).collect();
        WriteAgainRequest { write, between, parts, epochs, bundles }
    }

    /// Stores a uniting revision before it is sent, with the lines of local history and the notices that
    /// belong to it. `lost`: whether the server's content is not all in it, or the held content is not.
    async fn store_union(
        &mut self,
        item: &ItemId,
        beside: &Beside,
        request: &WriteAgainRequest,
        lost: Option<bool>,
        notices: &[Notice],
        outcome: &mut Outcome,
    ) -> Done<L> {
        let _guard = self.lock().await?;
        self.reload().await?;
        if self.held(item).await?.as_ref() != Some(&beside.held) {
            // Another context moved on.
            return Ok(());
        }
        // Counted before it is sent: a server that takes it and denies it lifts no limit. Taken back where the
        // first answer shows that others came first.
        let counted = self.count_today(&keys::united(item)).await?;
        let mut puts = vec![self.vault.seal_union(item, request, self.random), counted];
        let line = match lost {
            Some(true) => beside.theirs.as_ref(),
            Some(false) => Some(&beside.local),
            None => None,
        };
        puts.extend(line.and_then(|line| self.vault.seal_line(item, line, self.random)));
        if !notices.is_empty() {
            puts.push(self.reports_with(notices).await?);
            outcome.notices.extend(notices.iter().cloned());
        }
        self.local.apply(puts).await.map_err(SyncError::Store)
    }

    /// The server ends the access of whoever its list names and the re-key does not: from then on no writes of
    /// theirs delay it. What the server refuses to end delays nothing either.
    async fn end_beside(
        &mut self,
        item: &ItemId,
        beside: &Beside,
        request: &WriteAgainRequest,
    ) -> Done<L> {
        let named = |user: &UserId| request.write.envelopes.iter().any(|one| one.user == *user);
        for grant in beside.judged.list.iter().flat_map(|list| &list.grants) {
            let Grantee::User(user) = grant.to else { continue };
            if named(&user) {
                continue;
            }
            match self.server().await?.end_access(item, &user).await {
                Ok(()) | Err(RemoteError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Sends the uniting revision that waits for an item, if it still follows what is held.
    pub(super) async fn send_waiting_union(
        &mut self,
        item: &ItemId,
        outcome: &mut Outcome,
    ) -> Result<Option<Settled>, SyncError<L::Error>> {
        self.send_union(item, false, outcome).await
    }

    /// The same. `first`: it was stored just now, and never sent.
    async fn send_union(
        &mut self,
        item: &ItemId,
        first: bool,
        outcome: &mut Outcome,
    ) -> Result<Option<Settled>, SyncError<L::Error>> {
        let key = keys::union(item);
        let stored = self.local.get(Store::Outbox, &key).await.map_err(SyncError::Store)?;
        let Some(stored) = stored else { return Ok(None) };
        let request = self.vault.open_union(item, &stored).ok();
        let revision =
            request.as_ref().and_then(|request| Revision::read(&request.write.revision).ok());
        let (Some(request), Some(revision), Some(held)) =
            (request, revision, unless_damaged(self.held(item).await)?.flatten())
        else {
            return self.drop_union(item).await.map(|()| None);
        };
        if held.hash == request.write.revision.hash() {
            // Its answer was lost, and the log brought it.
            self.drop_union(item).await?;
            return Ok(Some(Settled::Done));
        }
        let local = self.local_item(item).await?;
        if revision.prev != Some(held.hash)
            || self.serves_ended(item, &local, &request.write).await?
        {
            return self.drop_union(item).await.map(|()| None);
        }
        let mut request = request;
        let first = first || self.only_waited(item, &request.write).await?;
        match self.send_again(item, &mut request, outcome).await? {
            Ok(()) => {}
            Err(RemoteError::Stale(current)) => {
                if let Some(current) = current.filter(|_| first) {
                    self.count_less(item, &request.write, &revision, &current).await?;
                }
                self.drop_union(item).await?;
                return Ok(Some(Settled::Again));
            }
            // It goes once the owner's mailbox is confirmed.
            Err(RemoteError::NotConfirmed) => {
                self.note_waits(item, first.then_some(&request.write)).await?;
                let code = mailbox_code(held.owner.is_some());
                return Ok(Some(Settled::Refused(code)));
            }
            // It names somebody whom the server does not know any more: without them it is another list.
            Err(RemoteError::Refused(ErrorCode::NotFound))
                if held.owner.is_none() && self.note_unknown_of(&request, outcome).await? =>
            {
                self.drop_union(item).await?;
                return Ok(Some(Settled::Again));
            }
            Err(RemoteError::Refused(code)) => {
                self.drop_union(item).await?;
                // An editor whose bodies lead nowhere there waits for the owner.
                let waits = held.owner.is_some();
                let code = if waits { Refusal::Forked.code() } else { server_code(code) };
                return Ok(Some(Settled::Refused(code)));
            }
            // It waits until there is room.
            Err(RemoteError::Full(of)) => {
                self.note_waits(item, first.then_some(&request.write)).await?;
                let code = full_code(of, held.owner.is_some());
                return Ok(Some(Settled::Refused(code)));
            }
            Err(error) => return Err(error.into()),
        }
        self.took_union(item, held, &request, outcome).await.map(Some)
    }

    /// The server took a uniting revision: it is held now, and counted.
    async fn took_union(
        &mut self,
        item: &ItemId,
        held: Held,
        request: &WriteAgainRequest,
        outcome: &mut Outcome,
    ) -> Result<Settled, SyncError<L::Error>> {
        let local = self.local_item(item).await?;
        let owner = local.state.as_ref().map_or(self.vault.user(), |state| state.owner);
        let state: ItemState =
            state_of(item, owner, &local, &request.write).ok_or(SyncError::Damaged)?;
        // The other side's bodies are part of the chain from now on.
        let bodies = self.bodies_after(item, 0, &state.revision.hash()).await?;
        let bodies = bodies.unwrap_or_default();
        let more = vec![Put::remove(Store::Outbox, keys::union(item))];
        let taken = self.take_over(item, Some(held), &state, bodies, more, outcome).await?;
        Ok(Settled::of(taken))
    }

    /// Nothing of a uniting revision waits any more.
    async fn drop_union(&mut self, item: &ItemId) -> Done<L> {
        let _guard = self.lock().await?;
        let put = Put::remove(Store::Outbox, keys::union(item));
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// Notes whom the server does not know of those whom the list of a request names. Whether there are any.
    pub(super) async fn note_unknown_of(
        &mut self,
        request: &WriteAgainRequest,
        outcome: &mut Outcome,
    ) -> Result<bool, SyncError<L::Error>> {
        let users: Vec<UserId> = request.write.envelopes.iter().map(|one| one.user).collect();
        self.note_unknown(&users, outcome).await
    }

    /// Returns the items of which a uniting revision waits.
    pub(super) async fn unions(&self) -> Result<BTreeSet<ItemId>, SyncError<L::Error>> {
        let waiting = self.local.keys(Store::Outbox).await.map_err(SyncError::Store)?;
        let item = |key: &String| key.strip_prefix(keys::UNION)?.parse().ok();
        Ok(waiting.iter().filter_map(item).collect())
    }

    /// Tells once that the server got again what it had lost.
    pub(super) async fn tell_restored(&mut self, outcome: &mut Outcome) -> Done<L> {
        if self.reports().await?.0.iter().any(|notice| notice.code == RESTORED) {
            return Ok(());
        }
        self.report(Notice::general(RESTORED), outcome).await
    }

    /// Takes items off the queue whose rows and notices stay as they are.
    pub(super) async fn settled_as_before(&mut self, items: &BTreeSet<ItemId>) -> Done<L> {
        let _guard = self.lock().await?;
        let mut again = self.again().await?;
        let before = again.items.len();
        again.items.retain(|item| !items.contains(item));
        if again.items.len() == before {
            return Ok(());
        }
        let put = self.vault.seal_state(keys::AGAIN, &again.encode(), self.random);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// An item was settled, or refused with a code. What the server refuses is tried by the next sync.
    pub(super) async fn settled(
        &mut self,
        item: &ItemId,
        settled: Result<(), &'static str>,
    ) -> Done<L> {
        let _guard = self.lock().await?;
        self.reload().await?;
        let mut again = self.again().await?;
        let mut puts = Vec::new();
        if settled.err().is_none_or(Refusal::is_code) && again.items.remove(item) {
            puts.push(self.vault.seal_state(keys::AGAIN, &again.encode(), self.random));
        }
        if settled.is_ok() {
            self.vault.cleared(item);
            // The server refused to show it before.
            if self.vault.trouble(item) == Some(Refusal::ServerRefused.code()) {
                self.vault.mark(item, None);
            }
            if self.vault.trouble(item).is_none() {
                puts.extend(self.reports_without_waiting(item).await?);
            }
        }
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)
    }
}

pub(super) fn share_code(error: ShareError) -> &'static str {
    match error {
        ShareError::KeyChanged(_) => Refusal::KeyChanged.code(),
        ShareError::Refused(refusal) => refusal.code(),
        ShareError::Damaged => Refusal::Damaged.code(),
        _ => Refusal::Incomplete.code(),
    }
}
