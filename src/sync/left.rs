//! Whose access to own items ended, by time or by their own act: the owner takes them off the list,
//! with a new key. What a client does by itself adds nobody, so a server that lies here only takes
//! access away, which it can anyway.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decoder, Encoder};
use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::{ItemState, Left};
use mysafe_protocol::{ItemId, Signed, UserId};

use super::again::Again;
use super::host::{Local, Remote, RemoteError};
use super::push::{Done, full_code, mailbox_code, server_code};
use super::report::{Notice, Outcome, REMOVED_AGAIN};
use super::shared::Strangers;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{LocalItem, Put, ShareError, Store, keys};

/// How far the clocks of two devices may be apart, in milliseconds.
const CLOCKS: u64 = 60_000;

/// A note that somebody's access to an own item ended.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Note {
    /// The epoch of the list whose grant ended. Notes of older versions have none: they are about any list.
    pub(super) epoch: Option<u64>,
    /// The hash of that list. Notes of older versions have none: they are about any list of that epoch.
    pub(super) list: Option<Hash>,
    /// When the owner ended it on this device, Unix milliseconds: only a list without the person, made since,
    /// undoes that. Any later list undoes a note that the server told.
    pub(super) own: Option<u64>,
}

impl Note {
    /// Whether the grant of this list is the one that ended, or an earlier one; or a later one of which it is
    /// not known yet whether the owner knew of the removal.
    fn is_about(&self, list: &AccessList) -> bool {
        let Some(epoch) = self.epoch else { return true };
        match list.epoch.cmp(&epoch) {
            Ordering::Less => true,
            Ordering::Equal => self.own.is_some() || self.list.is_none_or(|of| of == list.hash()),
            Ordering::Greater => self.own.is_some(),
        }
    }

    /// Whether nothing is left to do: the held list names the person no more, or gives a later grant.
    fn is_done(&self, user: &UserId, list: &AccessList) -> bool {
        match (list.of(user), self.epoch) {
            (Some(_), Some(epoch)) => epoch <= list.epoch && !self.is_about(list),
            (Some(_), None) => false,
            (None, epoch) => epoch.is_none_or(|epoch| epoch <= list.epoch),
        }
    }
}

/// The people to be taken off the lists of items. Of each there may be a note of what the server told, and one
/// of the owner's own act.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Ended(pub(super) BTreeMap<(ItemId, UserId, bool), Note>);

impl Ended {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut to = Encoder::new(&mut bytes);
        let mut write = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            to.array(self.0.len() as u64)?;
            for ((item, user, _), note) in &self.0 {
                let Some(epoch) = note.epoch else {
                    to.array(2)?.bytes(&item.0)?.bytes(&user.0)?;
                    continue;
                };
                to.array(if note.list.is_some() { 6 } else { 4 })?;
                to.bytes(&item.0)?.bytes(&user.0)?.u64(epoch)?.bool(note.own.is_some())?;
                if let Some(list) = note.list {
                    to.u64(note.own.unwrap_or(0))?.bytes(&list.0)?;
                }
            }
            Ok(())
        };
        write().expect("writing to memory cannot fail");
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Decoder::new(bytes);
        let mut ended = Self::default();
        for _ in 0..from.array()?.ok_or(Malformed)? {
            let fields = from.array()?;
            let item = ItemId::try_from(from.bytes()?).map_err(|_| Malformed)?;
            let user = UserId::try_from(from.bytes()?).map_err(|_| Malformed)?;
            let mut note = Note::default();
            if fields != Some(2) {
                note.epoch = Some(from.u64()?);
                note.own = from.bool()?.then_some(0);
            }
            if fields == Some(6) {
                let at = from.u64()?;
                note.own = note.own.map(|_| at);
                note.list = Some(Hash::try_from(from.bytes()?).map_err(|_| Malformed)?);
            }
            ended.0.insert((item, user, note.own.is_some()), note);
        }
        if ended.encode() == bytes { Ok(ended) } else { Err(Malformed) }
    }

    /// Adds a note. Of two of a kind about one person the one about the later grant counts.
    fn note(&mut self, item: ItemId, user: UserId, note: Note) {
        let known = self.0.entry((item, user, note.own.is_some())).or_default();
        if known.epoch <= note.epoch {
            *known = note;
        }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Plans what to store to take these off later, also if this is the last that the server says of it.
    /// `shown` are the states that came with it.
    pub(super) async fn plan_left(
        &mut self,
        left: &[Left],
        shown: &[ItemState],
    ) -> Result<Option<Put>, SyncError<L::Error>> {
        let before = self.ended().await?;
        let mut ended = before.clone();
        for Left { item, user } in left {
            if let Some(list) = self.list_left(item, shown).await? {
                let (epoch, list) = (Some(list.epoch), Some(list.hash()));
                ended.note(*item, *user, Note { epoch, list, own: None });
            }
        }
        Ok((ended != before).then(|| self.seal_ended(&ended)))
    }

    /// Returns the list that the server still has of an own item of which somebody left: the one that it
    /// shows, if the owner signed that, or else the held one.
    async fn list_left(
        &self,
        item: &ItemId,
        shown: &[ItemState],
    ) -> Result<Option<AccessList>, SyncError<L::Error>> {
        let list = |local: &LocalItem| self.own_list(item, local);
        let shown = shown.iter().find(|state| state.item == *item);
        let shown = shown.and_then(|state| list(&LocalItem::confirmed(state.clone())));
        let held = unless_damaged(self.local_item(item).await)?;
        let held = held.and_then(|local| list(&local));
        // A page may have been on its way, and a restored server gets the held list again: both are
        // about the list in the page.
        Ok(shown.or(held))
    }

    /// Returns the list of an own item, if it can be read.
    fn own_list(&self, item: &ItemId, local: &LocalItem) -> Option<AccessList> {
        local.state.as_ref().filter(|state| state.owner == self.vault.user())?;
        self.vault.access(local).ok()?.filter(|list| list.item == *item)
    }

    /// Notes somebody whose access to an own item the owner ends, while this list is held: the next list
    /// follows, also after an interruption.
    pub(super) async fn note_ended(
        &mut self,
        item: &ItemId,
        user: &UserId,
        list: &AccessList,
    ) -> Done<L> {
        let _guard = self.lock().await?;
        let mut ended = self.ended().await?;
        let (epoch, list) = (Some(list.epoch), Some(list.hash()));
        ended.note(*item, *user, Note { epoch, list, own: Some(self.now) });
        let put = self.seal_ended(&ended);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// Brings the notes to the lists held now. A note of an older version is about the held list from here on.
    /// A later list that names the person may not know of a removal made here: the lists between say so.
    pub(super) async fn weigh_left(&mut self, outcome: &mut Outcome) -> Done<L> {
        for ((item, user, own), note) in self.ended().await?.0 {
            let Some(local) = unless_damaged(self.local_item(&item).await)? else { continue };
            let Some(list) = self.own_list(&item, &local) else { continue };
            if list.of(&user).is_none() {
                continue;
            }
            let of_list = Note { epoch: Some(list.epoch), list: Some(list.hash()), own: None };
            let weighed = match note.epoch {
                None => Some(Note { own: Some(0), ..of_list }),
                Some(epoch) if note.own.is_some() && epoch < list.epoch => {
                    let again =
                        self.was_taken_off(&item, &user, note, (&local, list.epoch)).await?;
                    (!again).then_some(Note { own: note.own, ..of_list })
                }
                Some(_) => continue,
            };
            let _guard = self.lock().await?;
            let mut ended = self.ended().await?;
            // Another context of this device may have noted something later.
            if ended.0.get(&(item, user, own)) == Some(&note) {
                ended.0.remove(&(item, user, own));
                if let Some(weighed) = weighed {
                    ended.note(item, user, weighed);
                }
                let mut puts = vec![self.seal_ended(&ended)];
                if weighed.is_some() && note.epoch.is_some() {
                    let again = Notice { people: vec![user], ..Notice::of(REMOVED_AGAIN, item) };
                    puts.push(self.reports_with(std::slice::from_ref(&again)).await?);
                    outcome.notices.push(again);
                }
                self.local.apply(puts).await.map_err(SyncError::Store)?;
            }
        }
        Ok(())
    }

    /// Returns true if the owner made a list without this person after the note, and before the epoch `last`.
    /// A list that the server withholds counts for nothing: nobody removed stays for it.
    async fn was_taken_off(
        &mut self,
        item: &ItemId,
        user: &UserId,
        note: Note,
        (local, last): (&LocalItem, u64),
    ) -> Result<bool, SyncError<L::Error>> {
        let (bodies, lists) = match self.all_bodies(item).await {
            Err(SyncError::Remote(RemoteError::Refused(_) | RemoteError::Malformed)) => {
                return Ok(false);
            }
            answer => answer?,
        };
        // By the clocks of the owner's devices: an older list knew nothing of the removal. Only the owner's
        // bodies date a list.
        let (owner, since) = (self.vault.user(), note.own.unwrap_or(0).saturating_sub(CLOCKS));
        let since = |list: &AccessList| {
            let hash = Some(list.hash());
            let made = bodies.iter().filter_map(|signed| self.vault.read_revision(signed));
            let made = made.filter(|body| body.list == hash && body.author == owner);
            made.map(|body| body.time).min().is_some_and(|made| since <= made)
        };
        let without = |signed: &Signed| {
            let list = Some(signed.clone());
            let state = local.state.clone().map(|state| ItemState { list, ..state });
            let other = self.own_list(item, &LocalItem { state, ..LocalItem::none() });
            let between = |other: &AccessList| note.epoch < Some(other.epoch) && other.epoch < last;
            other.is_some_and(|other| between(&other) && other.of(user).is_none() && since(&other))
        };
        Ok(lists.iter().any(without))
    }

    /// Takes off the lists whoever is to be. Where that cannot be done now it is tried again.
    pub(super) async fn take_off(&mut self, outcome: &mut Outcome) -> Done<L> {
        // Their time is over by the clocks, whatever the server says.
        let over = self.vault.over(&self.clock().await?);
        let noted = self.ended().await?.0.into_keys().map(|(item, ..)| item);
        let items: BTreeSet<ItemId> = noted.chain(over.iter().copied()).collect();
        for item in items {
            let taken = match self.take_off_of(&item, over.contains(&item), outcome).await {
                // The server's list is another one: whoever left there is not in what unites both.
                Ok(()) if self.is_unsettled(&item).await? => Ok(()),
                Ok(()) => self.forget_left(&item, &[], 0).await,
                failed => failed,
            };
            if let Err(error) = taken {
                self.refuse_damaged(&item, error, outcome).await?;
            }
        }
        Ok(())
    }

    /// Whether the server is behind or beside of an item, and that is not settled.
    async fn is_unsettled(&self, item: &ItemId) -> Result<bool, SyncError<L::Error>> {
        Ok(self.vault.is_refused(item) || self.again().await?.items.contains(item))
    }

    /// Takes off the list of one item. The server ended the access of those who are noted already: it is
    /// not ended again there, where another device may have given it anew.
    async fn take_off_of(&mut self, item: &ItemId, over: bool, outcome: &mut Outcome) -> Done<L> {
        let list = self.vault.access(&self.local_item(item).await?)?;
        if !over && self.ended_of(item, list.as_ref()).await?.is_empty() {
            return Ok(());
        }
        match self.write_access(item, &[], &[]).await {
            // A refusal was told; a write that waits comes first.
            Ok(Err(ShareError::KeyChanged(_))) => self.refuse(item, "key_changed", outcome).await,
            Ok(Err(ShareError::NotConfirmed)) => {
                self.refuse(item, mailbox_code(false), outcome).await
            }
            Ok(_) => Ok(()),
            Err(SyncError::Remote(RemoteError::Refused(code))) => {
                self.refuse(item, server_code(code), outcome).await
            }
            Err(SyncError::Remote(RemoteError::Full(of))) => {
                self.refuse(item, full_code(of, false), outcome).await
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the people whose access to an item ended, of those whom its list names by the same grant.
    pub(super) async fn ended_of(
        &self,
        item: &ItemId,
        list: Option<&AccessList>,
    ) -> Result<Vec<UserId>, SyncError<L::Error>> {
        let Some(list) = list else { return Ok(Vec::new()) };
        let ended = self.ended().await?.0.into_iter().filter(|((of, user, _), note)| {
            of == item && list.of(user).is_some() && note.is_about(list)
        });
        let ended: BTreeSet<UserId> = ended.map(|((_, user, _), _)| user).collect();
        Ok(ended.into_iter().collect())
    }

    /// Forgets the notes about an item for which the list held now leaves nothing to do. Forgets also those
    /// about the people to whom the owner `gave` it here in this epoch. Notes of a later grant stay.
    pub(super) async fn forget_left(
        &mut self,
        item: &ItemId,
        gave: &[UserId],
        epoch: u64,
    ) -> Done<L> {
        let _guard = self.lock().await?;
        let before = self.ended().await?;
        if before.0.keys().all(|(of, ..)| of != item) {
            return Ok(());
        }
        let local = self.local_item(item).await?.without_pending();
        let theirs = local.state.as_ref().is_some_and(|state| state.owner != self.vault.user());
        // Who restores a deleted item gives it to nobody.
        let gone = theirs || local.is_deleted();
        let list = self.vault.access(&local)?;
        let mut ended = before.clone();
        ended.0.retain(|(of, user, _), note| {
            let done = list.as_ref().is_some_and(|list| note.is_done(user, list));
            let anew = gave.contains(user) && note.epoch.is_none_or(|noted| noted < epoch);
            let unknown = list.is_none() && note.epoch.is_none();
            of != item || !(gone || done || anew || unknown)
        });
        if ended == before {
            return Ok(());
        }
        let put = self.seal_ended(&ended);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    fn seal_ended(&mut self, ended: &Ended) -> Put {
        match ended.0.is_empty() {
            true => Put::remove(Store::State, keys::LEFT),
            false => self.vault.seal_state(keys::LEFT, &ended.encode(), self.random),
        }
    }

    /// Returns the notes. Damaged ones are none: the log tells them again.
    pub(super) async fn ended(&self) -> Result<Ended, SyncError<L::Error>> {
        let stored = unless_damaged(self.state(keys::LEFT).await)?.flatten();
        Ok(stored.and_then(|bytes| Ended::decode(&bytes).ok()).unwrap_or_default())
    }

    /// Removes notes of people that cannot be read any more. The log, read from its beginning, tells them again.
    pub(super) async fn replace_damaged_notes(&mut self) -> Done<L> {
        let _guard = self.lock().await?;
        let mut puts = Vec::new();
        for key in [keys::LEFT, keys::STRANGERS] {
            let readable = match unless_damaged(self.state(key).await)? {
                Some(None) => true,
                Some(Some(bytes)) if key == keys::LEFT => Ended::decode(&bytes).is_ok(),
                Some(Some(bytes)) => Strangers::decode(&bytes).is_ok(),
                None => false,
            };
            if !readable {
                puts.push(Put::remove(Store::State, key));
            }
        }
        if puts.is_empty() {
            return Ok(());
        }
        let again = Again { reading: true, ..self.again().await? };
        puts.push(self.vault.seal_state(keys::AGAIN, &again.encode(), self.random));
        self.local.apply(puts).await.map_err(SyncError::Store)
    }
}
