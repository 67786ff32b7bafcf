//! The history of an item: back along `prev` from what this device has. Every version is checked
//! before it is shown; where the way breaks, the rest is not shown and the reason is.

use std::collections::BTreeMap;

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{EpochKey, ItemState, ItemVersion};
use mysafe_protocol::{Bytes, ItemId, Revision, UserId};

use super::accept::open_parts;
use super::epochs::Keys;
use super::item::{Change, RevealError, SaveError};
use super::local::{LocalItem, Readable};
use super::open::{OpenError, Vault};
use super::refusal::Refusal;
use super::right::Right;
use crate::crypto::Random;
use crate::model::{ApiSecretForm, Details, Field, Overview, Secret};

/// A version of an item, opened.
pub struct Version {
    /// Its number; 1 is the first.
    pub revision: u64,
    /// Who wrote it.
    pub author: UserId,
    /// When, Unix milliseconds, by the author's clock.
    pub time: u64,
    /// Active, inactive or deleted.
    pub status: Status,
    /// It waits here and is not on the server yet.
    pub waiting: bool,
    /// It is kept on this device alone: it was written over before it was sent, or another history of the
    /// item took its place.
    pub only_here: bool,
    /// It does not open: its author sealed it wrongly.
    pub unreadable: bool,
    /// All but the client secret.
    pub overview: Overview,
    /// Its client secret is another one than in the version before, if that is known here.
    pub(super) secret_changed: bool,
    /// It is another one than in the newest version.
    pub(super) secret_differs: bool,
    pub(super) details: Bytes,
    pub(super) epoch: u64,
    /// The item key of its epoch, sealed for the owner.
    pub(super) key: Bytes,
}

impl Version {
    /// A version with nothing in it yet.
    pub(super) fn of(revision: &Revision) -> Self {
        Self {
            revision: revision.revision,
            author: revision.author,
            time: revision.time,
            status: revision.status,
            waiting: false,
            only_here: false,
            unreadable: false,
            overview: Overview::default(),
            secret_changed: false,
            secret_differs: false,
            details: Bytes(Vec::new()),
            epoch: revision.epoch,
            key: Bytes(Vec::new()),
        }
    }

    /// Its client secret is another one than in the newest version.
    pub fn secret_differs(&self) -> bool {
        self.secret_differs
    }

    /// What it changed over the version before, in the form's order.
    pub fn changed(&self, before: &Self) -> Vec<Field> {
        self.fields(&before.overview, self.secret_changed)
    }

    /// Where it differs from the newest version, in the form's order.
    pub fn differs(&self, newest: &Self) -> Vec<Field> {
        self.fields(&newest.overview, self.secret_differs)
    }

    fn fields(&self, other: &Overview, secret: bool) -> Vec<Field> {
        let (a, b) = (&self.overview, other);
        let differs = [
            (Field::Name, a.name != b.name),
            (Field::Url, a.url != b.url || a.addresses != b.addresses),
            (Field::ClientId, a.client_id != b.client_id),
            (Field::ClientSecret, secret),
            (Field::Identifier, a.identifier != b.identifier),
            (Field::Method, a.method != b.method),
            (Field::Tags, a.tags != b.tags),
            (Field::Notes, a.notes != b.notes),
            (Field::Expires, a.expires != b.expires),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }
}

/// The history of an item, newest first.
pub struct History {
    /// The versions; the first is what this device has now.
    pub versions: Vec<Version>,
    /// Why there are no more, if it is not that the first one is reached or more can be asked for.
    pub broken: Option<Refusal>,
    /// The number before which older ones can be asked for.
    pub more_before: Option<u64>,
}

impl Vault {
    /// The number of the newest version of an item that the server is known to have.
    pub fn newest_on_server(&self, local: &LocalItem) -> Option<u64> {
        Some(Revision::read(&local.state.as_ref()?.revision).ok()?.revision)
    }

    /// The history of an item: what waits here, what is held, and what the server says was
    /// before, newest first; `keys` are those of earlier epochs. `more`: the server has older ones.
    ///
    /// Versions that stand beside the way back along prev are passed over. A version that does not open under
    /// its key is a line, and the history goes on.
    pub fn history(
        &self,
        item: &ItemId,
        local: &LocalItem,
        earlier: &[ItemVersion],
        keys: &[EpochKey],
        more: bool,
    ) -> Result<History, OpenError> {
        let keys = Keys::of(local, keys);
        let mut told = Told { versions: Vec::with_capacity(earlier.len() + 2), secrets: None };
        if local.pending.is_some() {
            let open = self.open_item(item, local)?;
            let sealed = local.newest().ok_or(OpenError::Damaged)?.2.clone();
            let key = keys.sealed(open.revision.epoch);
            told.tell(&open.revision, open.overview, &open.details, sealed, key);
            told.versions[0].waiting = true;
        }
        let Some(state) = &local.state else {
            return Ok(told.history(None, None));
        };
        let mut after = self.tell_held(item, local, state, &keys, &mut told)?;
        let by_hash: BTreeMap<Hash, &ItemVersion> =
            earlier.iter().map(|version| (version.revision.hash(), version)).collect();
        while let Some(sent) = after.prev.and_then(|prev| by_hash.get(&prev)) {
            if self.is_theirs(item) && keys.is_before(sent) {
                // From before this user had access.
                return Ok(told.history(None, None));
            }
            match self.earlier(item, &keys, &after, sent) {
                Ok((revision, Some((overview, details)))) => {
                    let key = keys.sealed(revision.epoch);
                    told.tell(&revision, overview, &details, sent.details.clone(), key);
                    after = revision;
                }
                Ok((revision, None)) => {
                    told.tell_unreadable(&revision);
                    after = revision;
                }
                Err(refusal) => return Ok(told.history(Some(refusal), None)),
            }
        }
        if after.prev.is_none() {
            return Ok(told.history(None, None));
        }
        let lowest = earlier.last().and_then(|last| Revision::read(&last.revision).ok());
        let before = lowest.map_or(after.revision, |lowest| lowest.revision);
        let end = if more || earlier.is_empty() { None } else { Some(Refusal::Incomplete) };
        Ok(told.history(end, end.is_none().then_some(before)))
    }

    /// Tells the version that the server confirmed last.
    fn tell_held(
        &self,
        item: &ItemId,
        local: &LocalItem,
        state: &ItemState,
        keys: &Keys,
        told: &mut Told,
    ) -> Result<Revision, OpenError> {
        let confirmed = local.without_pending();
        let revision = self.read_revision(&state.revision).ok_or(OpenError::Damaged)?;
        if local.readable != Readable::Newest {
            told.tell_unreadable(&revision);
            return Ok(revision);
        }
        let key = keys.sealed(revision.epoch);
        let (overview, details) = if confirmed.is_deleted() {
            // Something waits that restores it.
            (Overview::default(), Details::new(Secret::new("")))
        } else {
            let open = self.open_item(item, &confirmed)?;
            (open.overview, open.details)
        };
        told.tell(&revision, overview, &details, state.details.clone(), key);
        Ok(revision)
    }

    /// Checks the version before one: it is the one that was signed to be before. Gives its content; none if
    /// it does not open under its key.
    pub(super) fn earlier(
        &self,
        item: &ItemId,
        keys: &Keys,
        after: &Revision,
        sent: &ItemVersion,
    ) -> Result<(Revision, Option<(Overview, Details)>), Refusal> {
        if after.prev != Some(sent.revision.hash()) {
            return Err(Refusal::Incomplete);
        }
        let revision = self.reader().body(item, &sent.revision)?;
        // Nobody else had the key in the first epoch; later ones the owner's list names others.
        let owner = self.entries.get(item).and_then(|entry| entry.access.owner);
        let owner = owner.unwrap_or(self.user());
        if revision.epoch == 1 && revision.author != owner {
            return Err(Refusal::Forged);
        }
        if !revision.fits(&sent.overview, &sent.details) {
            return Err(Refusal::Forged);
        }
        if revision.status == Status::Deleted {
            return Ok((revision, Some((Overview::default(), Details::new(Secret::new(""))))));
        }
        let key = self.item_key(item, revision.epoch, &keys.sealed(revision.epoch));
        let key = key.map_err(|_| Refusal::KeyUnfit)?;
        let opened = open_parts(&key, &owner, &revision, &sent.overview, &sent.details).ok();
        Ok((revision, opened))
    }

    /// The client secret of a version, to show. Not of an item that is inactive.
    pub fn reveal_version(&self, item: &ItemId, version: &Version) -> Result<Secret, RevealError> {
        if self.entry(item).ok_or(RevealError::Gone)?.status != Status::Active {
            return Err(RevealError::Inactive);
        }
        let details = self.details_of(item, version).map_err(|_| RevealError::Damaged)?;
        details.into_secret().ok_or(RevealError::NoSecret)
    }

    fn details_of(&self, item: &ItemId, version: &Version) -> Result<Details, OpenError> {
        if version.status == Status::Deleted {
            return Ok(Details::new(Secret::new("")));
        }
        let key =
            self.item_key(item, version.epoch, &version.key).map_err(|_| OpenError::Damaged)?;
        let opened = key
            .open_details(item, version.epoch, version.revision, &version.details)
            .map_err(|_| OpenError::Damaged)?;
        Details::decode(&opened).map_err(|_| OpenError::Damaged)
    }

    /// Writes an earlier version over what is there now: a new version with its content. Fields of
    /// later versions of MySafe stay.
    pub fn restore(
        &mut self,
        item: &ItemId,
        version: &Version,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.may(local, Right::Edit)?;
        let mut details = self.details_of(item, version)?;
        let form = ApiSecretForm::of(&version.overview, &details);
        let errors = self.check(Some(item), &form);
        if !errors.is_empty() {
            return Err(SaveError::Fields(errors));
        }
        let mut open = self.open_item(item, local)?;
        let mut overview = version.overview.clone();
        overview.created = open.overview.created;
        if self.is_others(local) {
            overview.identifier.clone_from(&open.overview.identifier);
        }
        overview.adopt_unknown(&open.overview);
        details.adopt_unknown(&open.details);
        (open.overview, open.details, open.nothing) = (overview, details, false);
        let write = self.rewrite(local, &mut open, now, random)?;
        // A form that is being typed into stays: it is merged over this when it is saved.
        let mut change = self.keep(&open, &write, random);
        change.puts.extend(self.seal_past(item, local, random));
        Ok(change)
    }
}

/// The versions told so far, and the secrets that the next one is compared with: the newest and
/// the last. They are wiped when all is told.
struct Told {
    versions: Vec<Version>,
    secrets: Option<[Secret; 2]>,
}

impl Told {
    fn tell(
        &mut self,
        revision: &Revision,
        overview: Overview,
        details: &Details,
        sealed: Bytes,
        key: Bytes,
    ) {
        let here = details.client_secret();
        let mut secret_differs = false;
        let last = Secret::new(here);
        self.secrets = Some(match self.secrets.take() {
            None => [Secret::new(here), last],
            Some([newest, after]) => {
                secret_differs = newest.as_str() != here;
                let readable = self.versions.iter_mut().rev().find(|version| !version.unreadable);
                if let Some(version) = readable {
                    version.secret_changed = after.as_str() != here;
                }
                [newest, last]
            }
        });
        let version = Version::of(revision);
        self.versions.push(Version { overview, secret_differs, details: sealed, key, ..version });
    }

    fn tell_unreadable(&mut self, revision: &Revision) {
        self.versions.push(Version { unreadable: true, ..Version::of(revision) });
    }

    fn history(self, broken: Option<Refusal>, more_before: Option<u64>) -> History {
        History { versions: self.versions, broken, more_before }
    }
}
