//! The history of an item: back along `prev` from what this device has. Every version is checked
//! before it is shown; where the way breaks, the rest is not shown and the reason is.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::{EpochKey, ItemVersion};
use mysafe_protocol::{Bytes, ItemId, Revision, UserId, limits};

use super::epochs::Keys;
use super::item::{Change, RevealError, SaveError};
use super::local::LocalItem;
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
    /// It was written over here before it was sent: nobody else has it.
    pub only_here: bool,
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
    /// before, newest first; `keys` are those of earlier epochs.
    pub fn history(
        &self,
        item: &ItemId,
        local: &LocalItem,
        earlier: &[ItemVersion],
        keys: &[EpochKey],
    ) -> Result<History, OpenError> {
        let keys = Keys::of(local, keys);
        let mut told = Told { versions: Vec::with_capacity(earlier.len() + 2), secrets: None };
        if local.pending.is_some() {
            let open = self.open_item(item, local)?;
            let sealed = local.newest().ok_or(OpenError::Damaged)?.2.clone();
            let key = keys.sealed(open.revision.epoch);
            told.tell(&open.revision, open.overview, &open.details, sealed, key, true);
        }
        let Some(state) = &local.state else {
            return Ok(told.history(None, None));
        };
        let confirmed = LocalItem { pending: None, state: Some(state.clone()) };
        let mut after = if confirmed.is_deleted() {
            // Something waits that restores it.
            let revision = self.read_revision(&state.revision).ok_or(OpenError::Damaged)?;
            let nothing = Details::new(Secret::new(""));
            let key = keys.sealed(revision.epoch);
            told.tell(&revision, Overview::default(), &nothing, state.details.clone(), key, false);
            revision
        } else {
            let open = self.open_item(item, &confirmed)?;
            let key = keys.sealed(open.revision.epoch);
            let details = state.details.clone();
            told.tell(&open.revision, open.overview, &open.details, details, key, false);
            open.revision
        };
        for sent in earlier {
            if self.is_theirs(item) && keys.is_before(sent) {
                // From before this user had access.
                return Ok(told.history(None, None));
            }
            match self.earlier(item, &keys, &after, sent) {
                Ok((revision, overview, details)) => {
                    let key = keys.sealed(revision.epoch);
                    told.tell(&revision, overview, &details, sent.details.clone(), key, false);
                    after = revision;
                }
                Err(refusal) => return Ok(told.history(Some(refusal), None)),
            }
        }
        let unfinished = after.prev.is_some();
        if unfinished && !earlier.len().is_multiple_of(limits::HISTORY) {
            return Ok(told.history(Some(Refusal::Incomplete), None));
        }
        Ok(told.history(None, unfinished.then_some(after.revision)))
    }

    /// The version before one, checked: it is the one that was signed to be before.
    pub(super) fn earlier(
        &self,
        item: &ItemId,
        keys: &Keys,
        after: &Revision,
        sent: &ItemVersion,
    ) -> Result<(Revision, Overview, Details), Refusal> {
        let claimed = Revision::read(&sent.revision).map_err(|_| Refusal::Forged)?;
        // Nobody else had the key in the first epoch; later ones the owner's list names others.
        let theirs = self.entries.get(item).and_then(|entry| entry.access.owner);
        if claimed.epoch == 1 && claimed.author != theirs.unwrap_or(self.user()) {
            return Err(Refusal::Forged);
        }
        let sign_pk = self.reader().sign_pk(&claimed.author)?;
        let revision = Revision::accept(&sent.revision, &sign_pk).map_err(|_| Refusal::Forged)?;
        if revision.item != *item {
            return Err(Refusal::Forged);
        }
        if after.prev != Some(sent.revision.hash()) {
            // Signed, but not the one before: another history, or one left out.
            let left_out = revision.revision + 1 < after.revision || after.prev.is_none();
            return Err(if left_out { Refusal::Incomplete } else { Refusal::Forked });
        }
        if !revision.fits(&sent.overview, &sent.details) {
            return Err(Refusal::Forged);
        }
        let (epoch, number) = (revision.epoch, revision.revision);
        let unreadable = |_| Refusal::Unreadable;
        let (overview, details) = if revision.status == Status::Deleted {
            (Overview::default(), Details::new(Secret::new("")))
        } else {
            let key = self.item_key(item, epoch, &keys.sealed(epoch)).map_err(unreadable)?;
            let overview =
                key.open_overview(item, epoch, number, &sent.overview).map_err(unreadable)?;
            let details =
                key.open_details(item, epoch, number, &sent.details).map_err(unreadable)?;
            (
                Overview::decode(&overview).map_err(|_| Refusal::Unreadable)?,
                Details::decode(&details).map_err(|_| Refusal::Unreadable)?,
            )
        };
        Ok((revision, overview, details))
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
        overview.unknown.adopt(&open.overview.unknown);
        details.adopt_unknown(&open.details);
        open.overview = overview;
        open.details = details;
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
        waiting: bool,
    ) {
        let here = details.client_secret();
        let mut secret_differs = false;
        let last = Secret::new(here);
        self.secrets = Some(match self.secrets.take() {
            None => [Secret::new(here), last],
            Some([newest, after]) => {
                secret_differs = newest.as_str() != here;
                if let Some(version) = self.versions.last_mut() {
                    version.secret_changed = after.as_str() != here;
                }
                [newest, last]
            }
        });
        self.versions.push(Version {
            revision: revision.revision,
            author: revision.author,
            time: revision.time,
            status: revision.status,
            waiting,
            only_here: false,
            overview,
            secret_changed: false,
            secret_differs,
            details: sealed,
            epoch: revision.epoch,
            key,
        });
    }

    fn history(self, broken: Option<Refusal>, more_before: Option<u64>) -> History {
        History { versions: self.versions, broken, more_before }
    }
}
