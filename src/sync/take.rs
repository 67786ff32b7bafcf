//! Taking one item from the server: accepted as a whole or refused as a whole, and what a write
//! that waits becomes over it.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ItemState, ItemWriteRequest, Left};
use mysafe_protocol::{Bytes, ItemId, Revision, Signed};

use super::host::{Local, Remote};
use super::readable::Found;
use super::report::{
    BOTH_CHANGED, DELETED, LACKS_PARTS, LATE, NOT_DELETED, Notice, Outcome, UNSENT_DELETED,
    VIEW_ONLY,
};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{
    Accepted, Held, Known, LocalItem, Put, Readable, Refusal, Store, keys, state_of,
};

/// The plan to have an item: whether it is news, the puts and the notices; or why it is refused.
pub(super) type Planned = Result<(bool, Vec<Put>, Vec<Notice>), Refusal>;

/// An item as this device has stored it.
pub(super) struct Had {
    pub(super) held: Option<Held>,
    /// The held state cannot be read.
    damaged: bool,
    state: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
}

impl Had {
    /// The sealed item key of the held state, where there is one to compare with.
    pub(super) fn key(&self) -> Option<Bytes> {
        self.held.as_ref()?;
        let (state, _) = LocalItem::decode_state(self.state.as_ref()?).ok()?;
        Some(state.key)
    }
}

/// The answers of the server that decide about an item.
#[derive(Default)]
pub(super) struct Fetched<'a> {
    /// The bodies after the held revision.
    pub(super) between: Vec<Signed>,
    /// The version that opens, if the newest does not.
    pub(super) found: Option<Found>,
    /// Whom the server says to have left own items.
    pub(super) left: &'a [Left],
}

/// An accepted item, about to be stored.
struct Taking<'a> {
    before: &'a LocalItem,
    held: Option<&'a Held>,
    state: &'a ItemState,
    accepted: &'a Accepted,
    readable: &'a Readable,
    between: &'a [Signed],
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Takes one item outside a page, in its own transaction. `None` if another context of this
    /// device moved on from `held` meanwhile, or else whether it was news.
    pub(super) async fn take_item(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        state: &ItemState,
        outcome: &mut Outcome,
    ) -> Result<Result<Option<bool>, Refusal>, SyncError<L::Error>> {
        self.take_over(item, held, state, Vec::new(), Vec::new(), outcome).await
    }

    /// The same over these bodies, which are asked for if there are none. `more` is stored in the same
    /// transaction.
    pub(super) async fn take_over(
        &mut self,
        item: &ItemId,
        held: Option<Held>,
        state: &ItemState,
        between: Vec<Signed>,
        more: Vec<Put>,
        outcome: &mut Outcome,
    ) -> Result<Result<Option<bool>, Refusal>, SyncError<L::Error>> {
        let fetched = self.fetch(item, state, held.as_ref(), between).await?;
        let _guard = self.lock().await?;
        self.reload().await?;
        let had = self.had(&[*item]).await?.into_iter().next();
        let Some(had) = had.filter(|had| had.held == held) else { return Ok(Ok(None)) };
        let mark = self.vault.trouble(item).map(str::to_owned);
        let (new, mut puts, notices) = match self.plan_item(item, state, had, &fetched).await? {
            Ok(planned) => planned,
            Err(Refusal::AccessEnded) => {
                let (puts, notices) = self.plan_end(item).await?;
                (false, puts, notices)
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        puts.extend(more);
        if puts.is_empty() && notices.is_empty() && self.vault.trouble(item) == mark.as_deref() {
            // The item is here as it is: the cache of all items is not sealed for that.
            return Ok(Ok(Some(new)));
        }
        if !notices.is_empty() {
            puts.push(self.reports_with(&notices).await?);
        }
        puts.extend(self.vault.cache(self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)?;
        outcome.notices.extend(notices);
        Ok(Ok(Some(new)))
    }

    /// Asks for all that is needed to decide about an item, for the bodies too if there are none.
    async fn fetch(
        &mut self,
        item: &ItemId,
        state: &ItemState,
        held: Option<&Held>,
        between: Vec<Signed>,
    ) -> Result<Fetched<'static>, SyncError<L::Error>> {
        // Damaged, it is refused once it is planned.
        let here = unless_damaged(self.local_item(item).await)?.unwrap_or_else(LocalItem::none);
        let between = match between.is_empty() {
            true => self.between(item, state, held, here.held_key()).await?,
            false => between,
        };
        let known = held.map(|held| Known { held, key: here.held_key() });
        let found = match self.vault.accept(item, known, state, &between) {
            Ok(accepted) if accepted.overview.is_none() => {
                Some(self.find_readable(state, &accepted, &here, &between).await?)
            }
            _ => None,
        };
        Ok(Fetched { between, found, left: &[] })
    }

    /// Returns the bodies after the held revision, asked for only if they are needed to decide.
    pub(super) async fn between(
        &mut self,
        item: &ItemId,
        state: &ItemState,
        held: Option<&Held>,
        key: Option<&Bytes>,
    ) -> Result<Vec<Signed>, SyncError<L::Error>> {
        self.know_signers(state).await?;
        let Some(held) = held else { return Ok(Vec::new()) };
        let known = Some(Known { held, key });
        let undecided = self.vault.accept(item, known, state, &[]).err();
        if undecided != Some(Refusal::NeedsBetween) {
            return Ok(Vec::new());
        }
        let newest = state.revision.hash();
        // Withheld: this item is refused for it, the others go on.
        let bodies = self.bodies_after(item, held.revision, &newest).await?.unwrap_or_default();
        let unites = |signed: &Signed| Revision::read(signed).is_ok_and(|body| body.also.is_some());
        let all = bodies.iter().chain([&state.revision]).any(unites);
        match self.vault.accept(item, known, state, &bodies).err() {
            // The other side of a uniting revision may have begun below the held number.
            Some(Refusal::Incomplete | Refusal::NeedsBetween) if all => {
                Ok(self.bodies_after(item, 0, &newest).await?.unwrap_or_default())
            }
            _ => Ok(bodies),
        }
    }

    /// Returns what this device has of these items, asked for at once: a page has hundreds.
    pub(super) async fn had(&self, items: &[ItemId]) -> Result<Vec<Had>, SyncError<L::Error>> {
        let wanted = items.iter().flat_map(|item| {
            let (key, write) = (keys::item(item), keys::write(item));
            [(Store::State, key.clone()), (Store::Items, key), (Store::Outbox, write)]
        });
        let wanted: Vec<_> = wanted.collect();
        let mut values = self.local.get_all(&wanted).await.map_err(SyncError::Store)?.into_iter();
        let mut had = Vec::with_capacity(items.len());
        while let (Some(held), Some(state), Some(pending)) =
            (values.next(), values.next(), values.next())
        {
            let key = &wanted[had.len() * 3].1;
            let stored = held.is_some();
            let held = held.and_then(|blob| self.vault.open_state(key, &blob).ok());
            let held = held.and_then(|bytes| Held::decode(&bytes).ok());
            had.push(Had { damaged: stored && held.is_none(), held, state, pending });
        }
        Ok(had)
    }

    /// Returns the state of an item that this device accepted last.
    pub(super) async fn held(&self, item: &ItemId) -> Result<Option<Held>, SyncError<L::Error>> {
        match self.state(&keys::item(item)).await? {
            Some(bytes) => Ok(Some(Held::decode(&bytes).map_err(|_| SyncError::Damaged)?)),
            None => Ok(None),
        }
    }

    /// Plans what to store to have this item. A write that waits is made again over it.
    pub(super) async fn plan_item(
        &mut self,
        item: &ItemId,
        state: &ItemState,
        had: Had,
        fetched: &Fetched<'_>,
    ) -> Result<Planned, SyncError<L::Error>> {
        if had.damaged {
            return Ok(Err(Refusal::Damaged));
        }
        let before = self.vault.local(item, had.state.as_deref(), had.pending.as_deref())?;
        let held = had.held.as_ref();
        let known = held.map(|held| Known { held, key: before.held_key() });
        let accepted = match self.vault.accept(item, known, state, &fetched.between) {
            Ok(accepted) => accepted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if held == Some(&accepted.held) && before.state.is_some() {
            self.vault.cleared(item);
            return Ok(Ok((false, Vec::new(), Vec::new())));
        }
        if self.is_over(self.vault.ends(&accepted)).await? {
            return Ok(Err(Refusal::AccessEnded));
        }
        let readable = match (&accepted.overview, &fetched.found) {
            (Some(_), _) => Readable::Newest,
            (None, Some(found)) => found.readable.clone(),
            (None, None) => return Ok(Err(Refusal::NeedsReadable)),
        };
        let (readable, between) = (&readable, &fetched.between[..]);
        let taking =
            Taking { before: &before, held, state, accepted: &accepted, readable, between };
        let mut puts = match self.item_puts(&taking).await? {
            Ok(puts) => puts,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !follows_along_prev(&accepted, held, &fetched.between) {
            // Its history does not show the held version any more: that is a line of local history.
            puts.extend(self.vault.seal_line(item, &before, self.random));
        }
        let mut notices = self.told_of(&accepted, fetched).await?;
        let mut planned = if accepted.revision.status == Status::Deleted {
            self.plan_deletion(item, &before, accepted, puts).await?
        } else if before.pending.is_some() {
            self.plan_pending(state, before, accepted, (readable, fetched), puts).await?
        } else {
            self.vault.confirm(accepted, readable);
            Ok((true, puts, Vec::new()))
        };
        if let Ok((_, _, told)) = &mut planned {
            notices.append(told);
            *told = notices;
        }
        Ok(planned)
    }

    /// Returns what to tell of an accepted revision: that it does not open, or that it came late.
    async fn told_of(
        &self,
        accepted: &Accepted,
        fetched: &Fetched<'_>,
    ) -> Result<Vec<Notice>, SyncError<L::Error>> {
        let (item, author) = (accepted.revision.item, accepted.revision.author);
        let by = |code: &str| Notice {
            code: code.to_owned(),
            item: Some(item),
            name: None,
            people: vec![author],
        };
        let mut told = Vec::new();
        // The user's own devices told of this version's author before.
        if accepted.overview.is_none()
            && (accepted.held.owner.is_some() || author != self.vault.user())
        {
            told.push(by(Refusal::Unreadable.code()));
        }
        if fetched.found.as_ref().is_some_and(|found| found.lacks) {
            told.push(Notice::of(LACKS_PARTS, item));
        }
        if self.is_late(accepted, fetched.left).await? {
            told.push(by(LATE));
        }
        Ok(told)
    }

    /// Whether the newest revision of an own item is by somebody whose access had ended when it came.
    async fn is_late(
        &self,
        accepted: &Accepted,
        left: &[Left],
    ) -> Result<bool, SyncError<L::Error>> {
        let Revision { item, author, .. } = accepted.revision;
        let grant = accepted.list.as_ref().and_then(|list| list.of(&author));
        let Some(grant) = grant.filter(|_| accepted.held.owner.is_none()) else {
            return Ok(false);
        };
        let told = left.iter().any(|left| left.item == item && left.user == author);
        Ok(told
            || self.is_over(grant.until).await?
            || self.ended_of(&item, accepted.list.as_ref()).await?.contains(&author))
    }

    /// The item is deleted: unsent changes and an unsaved form become drafts.
    async fn plan_deletion(
        &mut self,
        item: &ItemId,
        before: &LocalItem,
        accepted: Accepted,
        mut puts: Vec<Put>,
    ) -> Result<Planned, SyncError<L::Error>> {
        let mut kept = self.keep_as_draft(item, before).await?;
        kept.extend(self.move_draft(item, !kept.is_empty()).await?);
        kept.extend(self.keep_unsent_lines(item, before).await?);
        let unsent = kept.iter().any(|put| put.store == Store::Drafts);
        puts.extend(kept);
        let name = self.shown_name(item);
        let own = || Notice { name, ..Notice::of(UNSENT_DELETED, *item) };
        let theirs = self.vault.is_theirs(item);
        let told = self.leaves(item, DELETED).or_else(|| (unsent && !theirs).then(own));
        self.vault.confirm(accepted, &Readable::Newest);
        Ok(Ok((true, puts, told.into_iter().collect())))
    }

    /// A write waits: it arrived, or is made again over the accepted revision, or becomes a draft.
    async fn plan_pending(
        &mut self,
        state: &ItemState,
        before: LocalItem,
        accepted: Accepted,
        (readable, fetched): (&Readable, &Fetched<'_>),
        mut puts: Vec<Put>,
    ) -> Result<Planned, SyncError<L::Error>> {
        let (item, pending) = (&state.item, before.pending.as_ref());
        let arrived = self.arrived(item, &accepted, &fetched.between).await?;
        let same = |write: &ItemWriteRequest| {
            pending.map(|write| write.operation) == Some(write.operation)
        };
        if arrived.as_ref().is_some_and(same) {
            // The server has it, only its answer was lost.
            self.vault.confirm(accepted, readable);
            puts.extend(nothing_waits(item));
            return Ok(Ok((true, puts, Vec::new())));
        }
        let owner = state.owner;
        let state = ItemState { key: accepted.key.clone(), ..state.clone() };
        let after = LocalItem { readable: readable.clone(), ..LocalItem::confirmed(state) };
        let deletes = arrived.is_none() && pending.is_some_and(is_deletion);
        if deletes && !self.is_own_rekey(&before, &after, &fetched.between).await? {
            // An item that somebody works with is not deleted by who did not know of it.
            self.vault.confirm(accepted, readable);
            puts.extend(nothing_waits(item));
            return Ok(Ok((true, puts, vec![Notice::of(NOT_DELETED, *item)])));
        }
        if !self.vault.may_edit(&accepted) {
            // An unsent change is not lost, but goes nowhere any more.
            puts.extend(self.keep_as_draft(item, &before).await?);
            self.vault.confirm(accepted, readable);
            let name = self.shown_name(item);
            return Ok(Ok((true, puts, vec![Notice { name, ..Notice::of(VIEW_ONLY, *item) }])));
        }
        let mut base = before.clone();
        if let Some(write) = &arrived
            && let Some(state) = state_of(item, owner, &before, write)
        {
            (base.state, base.readable) = (Some(state), Readable::Newest);
        }
        let mut notices = Vec::new();
        match self.vault.rebase(&base, &after, self.now, self.random) {
            Ok((change, conflicts)) => {
                puts.extend(change.puts);
                if !conflicts.is_empty() {
                    // The other value is in the revision that this one goes over.
                    notices.push(Notice::of(BOTH_CHANGED, *item));
                }
            }
            Err(_) => return Ok(Err(Refusal::Unreadable)),
        }
        puts.push(Put::remove(Store::Outbox, keys::sent(item)));
        Ok(Ok((true, puts, notices)))
    }

    /// Whether nothing but new keys by its owner came to an own item.
    async fn is_own_rekey(
        &self,
        before: &LocalItem,
        after: &LocalItem,
        between: &[Signed],
    ) -> Result<bool, SyncError<L::Error>> {
        let Some(state) = &before.state else { return Ok(false) };
        let chain = self.kept(&state.item).await?.chain(&state.revision, &state.owner);
        Ok(self.vault.is_own_rekey(before, after, between, |hash| chain.has(hash)))
    }

    /// The newest of the writes sent from here that the accepted revision is or follows, though
    /// no answer said so: what is waiting now was made over that one.
    async fn arrived(
        &mut self,
        item: &ItemId,
        accepted: &Accepted,
        between: &[Signed],
    ) -> Result<Option<ItemWriteRequest>, SyncError<L::Error>> {
        let stored = self.local.get(Store::Outbox, &keys::sent(item)).await;
        let Some(blob) = stored.map_err(SyncError::Store)? else { return Ok(None) };
        // Damaged, it is not known that it arrived: then it merges as another's would.
        let sent = self.vault.open_sent(item, &blob).unwrap_or_default();
        let here = |write: &ItemWriteRequest| {
            let hash = write.revision.hash();
            accepted.held.hash == hash || is_along_prev(accepted, hash, between)
        };
        Ok(sent.into_iter().rev().find(here))
    }

    /// An item as this device has it.
    pub(super) async fn local_item(&self, item: &ItemId) -> Result<LocalItem, SyncError<L::Error>> {
        let state = self.local.get(Store::Items, &keys::item(item)).await;
        let pending = self.local.get(Store::Outbox, &keys::write(item)).await;
        let (state, pending) =
            (state.map_err(SyncError::Store)?, pending.map_err(SyncError::Store)?);
        Ok(self.vault.local(item, state.as_deref(), pending.as_deref())?)
    }

    /// Returns what to store to hold an accepted state of an item. This is the one place where held states are stored:
    /// nothing lower takes the place of what is held, and no other list that of a held epoch.
    async fn item_puts(
        &mut self,
        taking: &Taking<'_>,
    ) -> Result<Result<Vec<Put>, Refusal>, SyncError<L::Error>> {
        let Taking { before, held, state, accepted, readable, between } = *taking;
        if held.is_some_and(|held| !held.may_become(&accepted.held)) {
            return Ok(Err(Refusal::WentBack));
        }
        let state = ItemState { key: accepted.key.clone(), ..state.clone() };
        let key = keys::item(&state.item);
        let mut puts = vec![
            self.vault.seal_state(&key, &accepted.held.encode(), self.random),
            Put::set(Store::Items, key, LocalItem::encode_state(&state, readable)),
        ];
        if let Some(old) = &before.state {
            let mut kept = self.kept(&state.item).await?;
            let verified = |signed: &&Signed| self.vault.read_revision(signed).is_some();
            let between: Vec<Signed> = between.iter().filter(verified).cloned().collect();
            kept.grow(&old.revision, &between, &state.revision, &state.owner);
            let key = keys::bodies(&state.item);
            puts.push(self.vault.seal_state(&key, &kept.encode(), self.random));
        }
        Ok(Ok(puts))
    }

    /// The same outside the planning of an item, of a state that the user or the server confirmed.
    pub(super) async fn hold_item(
        &mut self,
        before: &LocalItem,
        held: Option<&Held>,
        state: &ItemState,
        accepted: &Accepted,
        readable: &Readable,
    ) -> Result<Result<Vec<Put>, Refusal>, SyncError<L::Error>> {
        self.item_puts(&Taking { before, held, state, accepted, readable, between: &[] }).await
    }
}

/// Whether the history of an accepted revision, along prev, shows the held one.
fn follows_along_prev(accepted: &Accepted, held: Option<&Held>, between: &[Signed]) -> bool {
    held.is_none_or(|held| {
        accepted.held.hash == held.hash || is_along_prev(accepted, held.hash, between)
    })
}

/// Whether an accepted revision leads back along prev to the body of this hash.
fn is_along_prev(accepted: &Accepted, hash: Hash, between: &[Signed]) -> bool {
    let (mut next, mut steps) = (accepted.revision.prev, between.len());
    while next != Some(hash) && steps > 0 {
        let before = between.iter().find(|signed| Some(signed.hash()) == next);
        let Some(before) = before.and_then(|signed| Revision::read(signed).ok()) else { break };
        (next, steps) = (before.prev, steps - 1);
    }
    next == Some(hash)
}

/// Whether a write deletes its item.
pub(super) fn is_deletion(write: &ItemWriteRequest) -> bool {
    Revision::read(&write.revision).is_ok_and(|revision| revision.status == Status::Deleted)
}

/// Nothing of an item waits any more.
pub(super) fn nothing_waits(item: &ItemId) -> [Put; 2] {
    [keys::write(item), keys::sent(item)].map(|key| Put::remove(Store::Outbox, key))
}
