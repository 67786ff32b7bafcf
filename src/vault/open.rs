//! The unlocked vault: the account's keys and every item's opened overview.

use std::collections::BTreeMap;

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bundle, ItemId, Revision, Signed, UserId};
use zeroize::Zeroizing;

use super::accept::{Accepted, Judged, Known, Reader, accept, judge, led_back};
use super::cache::{self, PIECES};
use super::entry::{Entry, SecretPresence};
use super::glance::entries_of;
use super::held::{Head, Held};
use super::local::{Put, Readable, Store, keys};
use super::people::{Names, People};
use super::refusal::Refusal;
use super::right::Met;
use super::stored::OpenedCache;
use crate::crypto::{AccountKey, Identity, Opening, Random};
use crate::model::{Overview, Stamp};

/// Why something stored on this device cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The key is not the one of this address and user id.
    #[error("another account")]
    OtherAccount,
    /// It is damaged, or was sealed for something else.
    #[error("damaged")]
    Damaged,
}

/// An unlocked vault.
pub struct Vault {
    pub(super) account: AccountKey,
    pub(super) identity: Identity,
    pub(super) people: People,
    /// The record of people on this device cannot be read.
    pub(super) damaged_people: bool,
    pub(super) names: Names,
    /// Whose keys an address has, as the account record says.
    pub(super) pins: BTreeMap<String, UserId>,
    /// When client secrets are to be rotated, as the account record says; Unix milliseconds.
    pub(super) reminders: BTreeMap<ItemId, u64>,
    pub(super) entries: BTreeMap<ItemId, Entry>,
    /// These are only some of the entries: what it would store would lose the others.
    pub(super) partial: bool,
}

impl Vault {
    /// The vault of `user` with nothing in it yet: [`Self::load`] brings what is stored.
    pub fn open(account: AccountKey, user: &UserId, address: &str) -> Result<Self, OpenError> {
        let identity = Identity::of(&account, address);
        if identity.user() != *user {
            return Err(OpenError::OtherAccount);
        }
        let (people, entries) = (People::default(), BTreeMap::new());
        let (names, pins, reminders) = (Names::default(), BTreeMap::new(), BTreeMap::new());
        let (partial, damaged_people) = (false, false);
        Ok(Self {
            account,
            identity,
            people,
            damaged_people,
            names,
            pins,
            reminders,
            entries,
            partial,
        })
    }

    /// A value of the sealed cache, still to be opened.
    pub fn opening_cache<'b>(&self, key: &str, blob: &'b [u8]) -> Result<Opening<'b>, OpenError> {
        let opening = self.account.opening_device(DeviceKind::Cache, &self.user(), key, blob);
        opening.map_err(|_| OpenError::Damaged)
    }

    /// Replaces what is in memory by the opened cache; without one there is nothing.
    pub fn read(&mut self, cache: Option<OpenedCache>) -> Result<(), OpenError> {
        self.entries = cache.map(entries_of).transpose()?.unwrap_or_default();
        self.partial = false;
        Ok(())
    }

    /// Forgets every item in memory.
    pub fn empty(&mut self) {
        self.entries.clear();
        self.partial = false;
    }

    /// The cache as it should be stored now, of a whole vault: each of its keys, also those where nothing
    /// is any more.
    pub fn cache(&self, random: &mut impl Random) -> Vec<Put> {
        assert!(!self.partial, "a vault that holds some entries only is not stored: load it first");
        let plain = cache::encode(self.entries.values(), random);
        let mut seal = |key: &str, plaintext: &[u8]| {
            let (kind, user) = (DeviceKind::Cache, self.user());
            let sealing = self.account.sealing_device(kind, &user, key, plaintext, random);
            Put::seal(Store::Cache, key, sealing)
        };
        let mut puts = vec![seal(keys::CACHE, &plain.head)];
        for number in 0..PIECES {
            let key = keys::piece(number);
            puts.push(match plain.pieces.get(number) {
                Some(piece) => seal(&key, piece),
                None => Put::remove(Store::Cache, key),
            });
        }
        puts
    }

    /// The account's user id.
    pub fn user(&self) -> UserId {
        self.identity.user()
    }

    /// The account's address.
    pub fn address(&self) -> &str {
        self.identity.address()
    }

    /// The text for session storage.
    pub fn to_session(&self) -> Zeroizing<String> {
        self.account.to_session()
    }

    /// Every item, in no particular order.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.values()
    }

    /// One item.
    pub fn entry(&self, item: &ItemId) -> Option<&Entry> {
        self.entries.get(item)
    }

    /// Accepts an item from the server, or refuses it. `known` is the state that this device holds of it.
    pub fn accept(
        &self,
        item: &ItemId,
        known: Option<Known<'_>>,
        state: &ItemState,
        between: &[Signed],
    ) -> Result<Accepted, Refusal> {
        let accepted = accept(&self.reader(), item, known, state, between)?;
        self.met_owner(state)?;
        Ok(accepted)
    }

    /// Judges the signed bodies of the server's newest state of an item and compares nothing.
    pub fn judge(&self, item: &ItemId, state: &ItemState) -> Result<Judged, Refusal> {
        let judged = judge(&self.reader(), item, None, state, &[])?;
        self.met_owner(state)?;
        Ok(judged)
    }

    /// Opens a judged state, with the held key in the held epoch.
    pub fn open_judged(
        &self,
        judged: Judged,
        known: Option<Known<'_>>,
        state: &ItemState,
    ) -> Result<Accepted, Refusal> {
        judged.open(&self.reader(), known, state)
    }

    /// Refuses everything from somebody with the address of somebody else.
    fn met_owner(&self, state: &ItemState) -> Result<(), Refusal> {
        match self.met(&state.owner) {
            Met::KeyChanged => Err(Refusal::KeyChanged),
            _ => Ok(()),
        }
    }

    /// With which keys this vault reads.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { account: &self.account, identity: &self.identity, people: &self.people }
    }

    /// Learns somebody's keys, as a server gave them for an id, or refuses them.
    pub fn know(&mut self, user: &UserId, bundle: &Signed) -> Result<(), Refusal> {
        self.people.add(user, bundle)
    }

    /// Somebody's address and keys, if they are known.
    pub fn person(&self, user: &UserId) -> Option<&Bundle> {
        self.people.get(user)
    }

    /// Puts an item into memory as the server has it now, with the content of the newest version that opens.
    pub(crate) fn confirm(&mut self, accepted: Accepted, readable: &Readable) {
        let access = self.access_of(&accepted);
        let trouble = accepted.overview.is_none().then(|| Refusal::Unreadable.code().to_owned());
        let shown = accepted.overview.clone().unwrap_or_else(|| self.overview_of(readable));
        let Revision { item, revision, status, author: user, time, .. } = accepted.revision;
        let before = self.entries.get(&item);
        let same = before.is_some_and(|entry| entry.revision == revision);
        let mut overview = shown;
        if status == Status::Deleted {
            // What it was is known here only, until it cannot be restored any more.
            let own = before.filter(|_| access.owner.is_none());
            overview = own.map(|entry| entry.overview.clone()).unwrap_or_default();
            overview.changed = Some(Stamp { user, time });
        }
        let entry = Entry {
            id: item,
            revision,
            status,
            overview,
            waiting: false,
            last_use: before.map_or(0, |entry| entry.last_use),
            later_use: before.map(|entry| entry.later_use.clone()).unwrap_or_default(),
            // Another revision may have got or lost its secret.
            secret: before.filter(|_| same).map_or(SecretPresence::Unknown, |entry| entry.secret),
            trouble,
            access,
        };
        self.entries.insert(item, entry);
    }

    /// Returns these states with a mark on each to which the server's newest leads back. `known` gives the bodies
    /// of the chain held until now.
    pub(crate) fn led_back<'k>(
        &self,
        state: &ItemState,
        heads: &[Head],
        bodies: &[Signed],
        known: impl Fn(&Hash) -> Option<&'k Revision>,
    ) -> Result<Vec<Head>, Refusal> {
        led_back(&self.reader(), state, heads, bodies, known)
    }

    /// Whether both parts of a version open.
    pub(crate) fn opens(&self, version: &ItemState) -> bool {
        self.open_earlier(version).is_ok()
    }

    /// Returns an own write as it is held once the server confirmed it; nothing is opened.
    pub(crate) fn confirmed(&self, state: &ItemState, before: Option<&Held>) -> Option<Accepted> {
        let revision = self.read_revision(&state.revision)?;
        let owner = Some(state.owner).filter(|owner| *owner != self.user());
        let apart = before.map(|held| held.apart.clone()).unwrap_or_default();
        let held = Held { owner, apart, ..Held::of(&revision, state.revision.hash()) };
        let (overview, key) = (Some(Overview::default()), state.key.clone());
        Some(Accepted { revision, overview, held, list: None, key })
    }

    /// Returns the overview of an earlier version that opens; an empty one if none does.
    fn overview_of(&self, readable: &Readable) -> Overview {
        let Readable::Earlier(earlier) = readable else { return Overview::default() };
        self.open_earlier(earlier).map(|(overview, _)| overview).unwrap_or_default()
    }

    /// An item of somebody else leaves.
    pub(crate) fn forget(&mut self, item: &ItemId) {
        self.entries.remove(item);
    }

    /// The server has what waited.
    pub(crate) fn sent(&mut self, item: &ItemId) {
        if let Some(entry) = self.entries.get_mut(item) {
            entry.waiting = false;
            entry.trouble = None;
        }
    }

    /// Clears the mark of an item whose held version the server accepted once more. Where no change of it waits, nothing
    /// is left that could be refused; that its newest version cannot be read stays.
    pub(crate) fn cleared(&mut self, item: &ItemId) {
        let waits = self.entries.get(item).is_some_and(|entry| entry.waiting);
        let unreadable = self.trouble(item) == Some(Refusal::Unreadable.code());
        if self.is_refused(item) || !(waits || unreadable) {
            self.mark(item, None);
        }
    }

    /// Whether the server's last word on an item failed its check.
    pub(crate) fn is_refused(&self, item: &ItemId) -> bool {
        let entry = self.entries.get(item);
        entry.and_then(|entry| entry.trouble.as_deref()).is_some_and(Refusal::is_code)
    }

    /// The code of what is wrong with an item.
    pub(crate) fn trouble(&self, item: &ItemId) -> Option<&str> {
        self.entries.get(item)?.trouble.as_deref()
    }

    /// A revision, if somebody who is known signed it.
    pub(crate) fn read_revision(&self, signed: &Signed) -> Option<Revision> {
        let author = Revision::read(signed).ok()?.author;
        Revision::accept(signed, &self.reader().sign_pk(&author).ok()?).ok()
    }

    /// Marks an item as refused or failed; it stays in the list as it was.
    pub(crate) fn mark(&mut self, item: &ItemId, code: Option<&str>) {
        if let Some(entry) = self.entries.get_mut(item) {
            entry.trouble = code.map(str::to_owned);
        }
    }

    /// Learns whether an item has a client secret. Whether that was news.
    pub fn learn(&mut self, item: &ItemId, secret: SecretPresence) -> bool {
        match self.entries.get_mut(item) {
            Some(entry) if entry.secret != secret => {
                entry.secret = secret;
                true
            }
            _ => false,
        }
    }
}
