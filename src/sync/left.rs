//! Whose access to own items ended, by time or by their own act: the owner takes them off the list,
//! with a new key. What a client does by itself adds nobody, so a server that lies here only takes
//! access away, which it can anyway.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decoder, Encoder};
use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::{ItemState, Left};
use mysafe_protocol::{ItemId, Signed, UserId};

use super::again::Again;
use super::host::{Local, Remote, RemoteError};
use super::push::{Done, full_code, server_code};
use super::report::Outcome;
use super::shared::Strangers;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{LocalItem, Put, ShareError, Store, keys};

/// A note that somebody's access to an own item ended.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Note {
    /// The epoch of the list whose grant ended. Notes of older versions have none: they are about any list.
    pub(super) epoch: Option<u64>,
    /// The owner ended it on this device: only a list without the person, made since, undoes that. Any later
    /// list undoes a note that the server told.
    pub(super) own: bool,
}

impl Note {
    /// Whether the grant of this list is the one that ended, or an earlier one.
    fn is_about(&self, list: &AccessList) -> bool {
        self.epoch.is_none_or(|epoch| list.epoch <= epoch)
    }

    /// Whether nothing is left to do: the held list names the person no more, or gives a later grant.
    fn is_done(&self, user: &UserId, list: &AccessList) -> bool {
        match (list.of(user), self.epoch) {
            (Some(_), Some(epoch)) => epoch < list.epoch && !self.own,
            (Some(_), None) => false,
            (None, epoch) => epoch.is_none_or(|epoch| epoch <= list.epoch),
        }
    }
}

/// The people to be taken off the lists of items.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Ended(pub(super) BTreeMap<(ItemId, UserId), Note>);

impl Ended {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut to = Encoder::new(&mut bytes);
        let mut write = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            to.array(self.0.len() as u64)?;
            for ((item, user), note) in &self.0 {
                to.array(if note.epoch.is_some() { 4 } else { 2 })?;
                to.bytes(&item.0)?.bytes(&user.0)?;
                if let Some(epoch) = note.epoch {
                    to.u64(epoch)?.bool(note.own)?;
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
            let note = match fields {
                Some(2) => Note::default(),
                Some(4) => Note { epoch: Some(from.u64()?), own: from.bool()? },
                _ => return Err(Malformed),
            };
            ended.0.insert((item, user), note);
        }
        if ended.encode() == bytes { Ok(ended) } else { Err(Malformed) }
    }

    /// Adds a note. Of two about one person the later grant counts, and what the owner did stays hers.
    fn note(&mut self, item: ItemId, user: UserId, note: Note) {
        let known = self.0.entry((item, user)).or_default();
        known.epoch = known.epoch.max(note.epoch);
        known.own |= note.own;
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
            let epoch = self.epoch_left(item, shown).await?;
            if epoch.is_some() {
                ended.note(*item, *user, Note { epoch, own: false });
            }
        }
        Ok((ended != before).then(|| self.seal_ended(&ended)))
    }

    /// Returns the epoch of the list that the server still has of an own item of which somebody left: of
    /// the one that it shows, if the owner signed that, or else of the held one.
    async fn epoch_left(
        &self,
        item: &ItemId,
        shown: &[ItemState],
    ) -> Result<Option<u64>, SyncError<L::Error>> {
        let epoch = |local: &LocalItem| Some(self.own_list(item, local)?.epoch);
        let shown = shown.iter().find(|state| state.item == *item);
        let shown = shown.and_then(|state| epoch(&LocalItem::confirmed(state.clone())));
        let held = unless_damaged(self.local_item(item).await)?;
        let held = held.and_then(|local| epoch(&local));
        // A page may have been on its way, and a restored server gets the held list again: both are
        // about the list in the page.
        Ok(shown.or(held))
    }

    /// Returns the list of an own item, if it can be read.
    fn own_list(&self, item: &ItemId, local: &LocalItem) -> Option<AccessList> {
        local.state.as_ref().filter(|state| state.owner == self.vault.user())?;
        self.vault.access(local).ok()?.filter(|list| list.item == *item)
    }

    /// Notes somebody whose access to an own item the owner ended at the server, while the list of this
    /// epoch was held: the next list follows, also after an interruption.
    pub(super) async fn note_ended(&mut self, item: &ItemId, user: &UserId, epoch: u64) -> Done<L> {
        let _guard = self.lock().await?;
        let mut ended = self.ended().await?;
        ended.note(*item, *user, Note { epoch: Some(epoch), own: true });
        let put = self.seal_ended(&ended);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    /// Brings the notes to the lists held now. A note of an older version is about the held list from here on.
    /// A later list that names the person may not know of a removal made here: the lists between say so.
    pub(super) async fn weigh_left(&mut self) -> Done<L> {
        for ((item, user), note) in self.ended().await?.0 {
            let Some(local) = unless_damaged(self.local_item(&item).await)? else { continue };
            let Some(list) = self.own_list(&item, &local) else { continue };
            if list.of(&user).is_none() {
                continue;
            }
            let weighed = match note.epoch {
                None => Some(Note { epoch: Some(list.epoch), own: true }),
                Some(epoch) if note.own && epoch < list.epoch => {
                    let again =
                        self.was_taken_off(&item, &user, epoch, (&local, list.epoch)).await?;
                    (!again).then_some(Note { epoch: Some(list.epoch), ..note })
                }
                Some(_) => continue,
            };
            let _guard = self.lock().await?;
            let mut ended = self.ended().await?;
            // Another context of this device may have noted something later.
            if ended.0.get(&(item, user)) == Some(&note) {
                match weighed {
                    Some(weighed) => ended.0.insert((item, user), weighed),
                    None => ended.0.remove(&(item, user)),
                };
                let put = self.seal_ended(&ended);
                self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
            }
        }
        Ok(())
    }

    /// Returns true if the owner made a list without this person after `epoch` and before the epoch `last`.
    /// A list that the server withholds counts for nothing: nobody removed stays for it.
    async fn was_taken_off(
        &mut self,
        item: &ItemId,
        user: &UserId,
        epoch: u64,
        (local, last): (&LocalItem, u64),
    ) -> Result<bool, SyncError<L::Error>> {
        let (_, lists) = match self.all_bodies(item).await {
            Err(SyncError::Remote(RemoteError::Refused(_))) => return Ok(false),
            answer => answer?,
        };
        let without = |signed: &Signed| {
            let list = Some(signed.clone());
            let state = local.state.clone().map(|state| ItemState { list, ..state });
            let other = self.own_list(item, &LocalItem { state, ..LocalItem::none() });
            let between = |other: &AccessList| epoch < other.epoch && other.epoch < last;
            other.is_some_and(|other| between(&other) && other.of(user).is_none())
        };
        Ok(lists.iter().any(without))
    }

    /// Takes off the lists whoever is to be. Where that cannot be done now it is tried again.
    pub(super) async fn take_off(&mut self, outcome: &mut Outcome) -> Done<L> {
        // Their time is over by the clocks, whatever the server says.
        let over = self.vault.over(&self.clock().await?);
        let noted = self.ended().await?.0.into_keys().map(|(item, _)| item);
        let items: BTreeSet<ItemId> = noted.chain(over.iter().copied()).collect();
        for item in items {
            let taken = match self.take_off_of(&item, over.contains(&item), outcome).await {
                Ok(()) => self.forget_left(&item, &[], 0).await,
                failed => failed,
            };
            if let Err(error) = taken {
                self.refuse_damaged(&item, error, outcome).await?;
            }
        }
        Ok(())
    }

    /// Takes off the list of one item. The server ended the access of those who are noted already: it is
    /// not ended again there, where another device may have given it anew.
    async fn take_off_of(&mut self, item: &ItemId, over: bool, outcome: &mut Outcome) -> Done<L> {
        if self.is_for_another_device(item).await? {
            return Ok(());
        }
        let list = self.vault.access(&self.local_item(item).await?)?;
        if !over && self.ended_of(item, list.as_ref()).await?.is_empty() {
            return Ok(());
        }
        match self.write_access(item, &[], &[]).await {
            // A refusal was told; a write that waits comes first.
            Ok(Err(ShareError::KeyChanged(_))) => self.refuse(item, "key_changed", outcome).await,
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
        let ended = self.ended().await?.0.into_iter().filter(|((of, user), note)| {
            of == item && list.of(user).is_some() && note.is_about(list)
        });
        Ok(ended.map(|((_, user), _)| user).collect())
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
        if before.0.keys().all(|(of, _)| of != item) {
            return Ok(());
        }
        let local = self.local_item(item).await?.without_pending();
        let theirs = local.state.as_ref().is_some_and(|state| state.owner != self.vault.user());
        // Who restores a deleted item gives it to nobody.
        let gone = theirs || local.is_deleted();
        let list = self.vault.access(&local)?;
        let mut ended = before.clone();
        ended.0.retain(|(of, user), note| {
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
