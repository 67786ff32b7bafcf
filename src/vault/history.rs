//! The history of an item: back along `prev` from what this device has. Every version is checked
//! before it is shown; where the way breaks, the rest is not shown and the reason is.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::wire::ItemVersion;
use mysafe_protocol::{ItemId, Revision, UserId, limits};

use super::accept::Refusal;
use super::item::{Change, SaveError};
use super::local::{LocalItem, Put, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::{ItemKey, Random};
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
    /// All but the client secret.
    pub overview: Overview,
    details: Details,
}

impl Version {
    /// Its client secret, to show or copy; none if it has none.
    pub fn secret(&self) -> Option<Secret> {
        Details::decode(&self.details.encode()).ok()?.into_secret()
    }

    /// The fields in which two versions differ, in the form's order.
    pub fn differs(&self, other: &Self) -> Vec<Field> {
        let (a, b) = (&self.overview, &other.overview);
        let differs = [
            (Field::Name, a.name != b.name),
            (Field::Url, a.url != b.url || a.addresses != b.addresses),
            (Field::ClientId, a.client_id != b.client_id),
            (Field::ClientSecret, self.details.client_secret() != other.details.client_secret()),
            (Field::Identifier, a.identifier != b.identifier),
            (Field::Method, a.method != b.method),
            (Field::Tags, a.tags != b.tags),
            (Field::Notes, a.notes != b.notes),
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
    /// before, newest first.
    pub fn history(
        &self,
        item: &ItemId,
        local: &LocalItem,
        earlier: &[ItemVersion],
    ) -> Result<History, OpenError> {
        let mut versions = Vec::with_capacity(earlier.len() + 2);
        if local.pending.is_some() {
            let open = self.open_item(item, local)?;
            versions.push(version(&open.revision, open.overview, open.details, true));
        }
        let Some(state) = &local.state else {
            return Ok(History { versions, broken: None, more_before: None });
        };
        let confirmed = LocalItem { pending: None, ..local.clone() };
        let open = self.open_item(item, &confirmed)?;
        let mut after = open.revision.clone();
        let key = ItemKey::unwrap(&self.account, &self.user(), item, after.epoch, &state.key)
            .map_err(|_| OpenError::Damaged)?;
        versions.push(version(&after, open.overview, open.details, false));
        for sent in earlier {
            match self.earlier(item, &key, &after, sent) {
                Ok((revision, opened)) => {
                    after = revision;
                    versions.push(opened);
                }
                Err(refusal) => {
                    return Ok(History { versions, broken: Some(refusal), more_before: None });
                }
            }
        }
        let withheld = after.prev.is_some() && earlier.len() % limits::HISTORY != 0;
        Ok(History {
            versions,
            broken: withheld.then_some(Refusal::Incomplete),
            more_before: (after.prev.is_some() && !withheld).then_some(after.revision),
        })
    }

    /// The version before one, checked: it is the one that was signed to be before.
    fn earlier(
        &self,
        item: &ItemId,
        key: &ItemKey,
        after: &Revision,
        sent: &ItemVersion,
    ) -> Result<(Revision, Version), Refusal> {
        let revision = Revision::accept(&sent.revision, self.identity.sign_pk())
            .map_err(|_| Refusal::Forged)?;
        if revision.item != *item || revision.author != self.user() {
            return Err(Refusal::Forged);
        }
        if after.prev != Some(sent.revision.hash()) {
            // One of mine, but not the one before: another history, or one left out.
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
            let overview =
                key.open_overview(item, epoch, number, &sent.overview).map_err(unreadable)?;
            let details =
                key.open_details(item, epoch, number, &sent.details).map_err(unreadable)?;
            (
                Overview::decode(&overview).map_err(|_| Refusal::Unreadable)?,
                Details::decode(&details).map_err(|_| Refusal::Unreadable)?,
            )
        };
        Ok((revision.clone(), version(&revision, overview, details, false)))
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
        let form = ApiSecretForm::of(&version.overview, &version.details);
        let errors = self.check(Some(item), &form);
        if !errors.is_empty() {
            return Err(SaveError::Fields(errors));
        }
        let mut open = self.open_item(item, local)?;
        let mut overview = version.overview.clone();
        overview.created = open.overview.created;
        overview.unknown.adopt(&open.overview.unknown);
        let mut details =
            Details::decode(&version.details.encode()).map_err(|_| SaveError::Damaged)?;
        details.adopt_unknown(&open.details);
        open.overview = overview;
        open.details = details;
        let write = self.rewrite(local, &mut open, now, random)?;
        let mut change = self.keep(&open, &write, random);
        change.puts.push(Put::remove(Store::Drafts, keys::item(item)));
        Ok(change)
    }
}

fn version(revision: &Revision, overview: Overview, details: Details, waiting: bool) -> Version {
    Version {
        revision: revision.revision,
        author: revision.author,
        time: revision.time,
        status: revision.status,
        waiting,
        overview,
        details,
    }
}
