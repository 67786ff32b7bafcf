//! Adding, editing, showing: from a form to a signed, sealed write, and back to a form.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bytes, ItemId, Revision};

use super::accept::open_parts;
use super::local::{LocalItem, Put, Readable, Store, keys};
use super::merge::merge;
use super::open::{OpenError, Vault};
use super::right::Right;
use crate::crypto::{ItemKey, Random};
use crate::model::{
    ApiSecretForm, Details, Field, FieldError, Overview, Problem, Secret, Stamp, check,
};

/// A change that was made in memory and is to be stored, all in one transaction.
pub struct Change {
    /// The item.
    pub item: ItemId,
    /// What to store.
    pub puts: Vec<Put>,
    /// The fields that were changed elsewhere too since what is saved was opened: that is told.
    pub both: Vec<Field>,
}

/// Why an item is not saved. The form keeps everything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    /// Fields need attention, in the form's order.
    #[error("fields need attention")]
    Fields(Vec<FieldError>),
    /// It has as many further addresses as it may.
    #[error("too many addresses")]
    TooManyAddresses,
    /// The user may not do this with it.
    #[error("not allowed")]
    NotAllowed,
    /// The person whose item it is was not accepted yet.
    #[error("not accepted")]
    NotAccepted,
    /// The item is not on this device any more.
    #[error("no such item")]
    Gone,
    /// What is stored cannot be opened.
    #[error("damaged")]
    Damaged,
}

impl From<OpenError> for SaveError {
    fn from(_: OpenError) -> Self {
        Self::Damaged
    }
}

/// Why a client secret is not given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RevealError {
    /// There is none.
    #[error("no client secret")]
    NoSecret,
    /// The item is inactive.
    #[error("inactive")]
    Inactive,
    /// The item is not on this device.
    #[error("no such item")]
    Gone,
    /// It failed its check.
    #[error("damaged")]
    Damaged,
}

/// An item opened for writing.
pub(super) struct OpenItem {
    pub(super) key: ItemKey,
    pub(super) revision: Revision,
    pub(super) overview: Overview,
    pub(super) details: Details,
    /// Nothing of it is readable on this device: what is written of it is readable for nobody, so that others
    /// go on with the last version that they can read.
    pub(super) nothing: bool,
}

impl OpenItem {
    /// Whether there is room for its content, if need be without stamp and unknown fields.
    pub(super) fn has_room(&self) -> bool {
        let (unknown, changed) = (Fields::new(), None);
        Overview { unknown, changed, ..self.overview.clone() }.fits()
    }

    fn content(&self) -> (&Overview, &Details) {
        (&self.overview, &self.details)
    }

    /// Merges the other side into this item, field by field from what both come from. Returns the fields that
    /// both changed.
    pub(super) fn merge(&mut self, base: Option<&Self>, theirs: &Self) -> Vec<Field> {
        let merged = merge(base.map(Self::content), self.content(), theirs.content());
        (self.overview, self.details) = (merged.overview, merged.details);
        // A status that was changed here goes over one that was changed there.
        if base.is_some_and(|base| base.revision.status == self.revision.status) {
            self.revision.status = theirs.revision.status;
        }
        merged.conflicts
    }
}

impl Vault {
    /// What is wrong with a form, the Identifier among the owner's items included.
    pub fn check(&self, item: Option<&ItemId>, form: &ApiSecretForm) -> Vec<FieldError> {
        let mut errors = check(form);
        let identifier = form.identifier.trim();
        let others = item.and_then(|item| self.entry(item)?.access.owner).is_some();
        if !identifier.is_empty() && !others {
            let tag = self.account.identifier_tag(identifier);
            let taken = self.entries().any(|entry| {
                Some(&entry.id) != item
                    && entry.status != Status::Deleted
                    && entry.access.owner.is_none()
                    && !entry.overview.identifier.is_empty()
                    && self.account.identifier_tag(&entry.overview.identifier) == tag
            });
            if taken && !errors.iter().any(|error| error.field == Field::Identifier) {
                errors.push(FieldError { field: Field::Identifier, problem: Problem::Taken });
                errors.sort_by_key(|error| error.field);
            }
        }
        errors
    }

    /// Makes a new item of a form.
    pub fn add(
        &mut self,
        form: &ApiSecretForm,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        let item = self.new_id(random);
        self.add_as(item, form, now, random)
    }

    /// Makes an id that says whose item it is.
    fn new_id(&self, random: &mut impl Random) -> ItemId {
        ItemId::new(&self.user(), random.array())
    }

    /// Makes a new item of a form under this id. The ids of former versions were random throughout.
    pub fn add_as(
        &mut self,
        item: ItemId,
        form: &ApiSecretForm,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        let errors = self.check(None, form);
        if !errors.is_empty() {
            return Err(SaveError::Fields(errors));
        }
        let mut overview = Overview::default();
        form.apply(&mut overview);
        let details = Details::new(form.secret());
        let mut change = self.make(item, (overview, details), Status::Active, now, random);
        change.puts.push(Put::remove(Store::Drafts, keys::DRAFT_NEW));
        Ok(change)
    }

    /// The first revision of a new item.
    fn make(
        &mut self,
        item: ItemId,
        (mut overview, details): (Overview, Details),
        status: Status,
        now: u64,
        random: &mut impl Random,
    ) -> Change {
        let key = ItemKey::generate(random);
        let stamp = Stamp { user: self.user(), time: now };
        (overview.created, overview.changed) = (Some(stamp), Some(stamp));
        let revision = Revision {
            item,
            epoch: 1,
            revision: 1,
            list: None,
            content: mysafe_protocol::bytes::Hash([0; 32]),
            status,
            author: self.user(),
            time: now,
            prev: None,
            also: None,
        };
        let wrapped = key.wrap(&self.account, &self.user(), &item, 1, random);
        let open = OpenItem { key, revision, overview, details, nothing: false };
        let mut write = self.write(0, &open, random);
        write.key = Some(Bytes(wrapped));
        self.keep(&open, &write, random)
    }

    /// Makes an item of one's own of somebody else's: who takes over has an id, a key and a list of
    /// their own. An Identifier that an own item has already is left out; what is inactive stays so, so
    /// that it gives nothing out; fields of later versions of MySafe stay.
    pub fn copy(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.may(local, Right::View)?;
        let theirs = self.open_item(item, local)?;
        let mut form = ApiSecretForm::of(&theirs.overview, &theirs.details);
        if self.check(None, &form).iter().any(|error| error.field == Field::Identifier) {
            form.identifier.clear();
        }
        let errors = self.check(None, &form);
        if !errors.is_empty() {
            return Err(SaveError::Fields(errors));
        }
        let mut overview = theirs.overview;
        overview.identifier = form.identifier;
        let status = theirs.revision.status;
        // What is being typed for a new item is not this, and stays.
        let item = self.new_id(random);
        Ok(self.make(item, (overview, theirs.details), status, now, random))
    }

    /// A waiting write made again over what the server has now: fields changed here go over
    /// fields changed there. `before` is what the waiting write was based on. Gives the fields that both
    /// changed, too.
    pub(crate) fn rebase(
        &mut self,
        before: &LocalItem,
        after: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<(Change, Vec<Field>), OpenError> {
        let item = after.state.as_ref().ok_or(OpenError::Damaged)?.item;
        let after = after.without_pending();
        let theirs = self.open_item(&item, &after)?;
        if before.is_deleted() {
            return Ok((self.delete_over(theirs, before, &after, now, random)?, Vec::new()));
        }
        let mut mine = self.open_item(&item, before)?;
        let base = before.without_pending();
        // Nothing is left of what was deleted to compare with.
        let base = match &base.state {
            Some(_) if !base.is_deleted() => Some(self.open_item(&item, &base)?),
            _ => None,
        };
        let both = mine.merge(base.as_ref(), &theirs);
        let (number, status) = (mine.revision.revision, mine.revision.status);
        let revision = Revision { status, ..theirs.revision };
        let nothing = mine.nothing && theirs.nothing;
        let mut open = OpenItem { key: theirs.key, revision, nothing, ..mine };
        let write = self.rewrite_above(number, &after, &mut open, now, random)?;
        Ok((self.keep(&open, &write, random), both))
    }

    /// The form filled with an item, its client secret included.
    pub fn form(&self, item: &ItemId, local: &LocalItem) -> Result<ApiSecretForm, OpenError> {
        let open = self.open_item(item, local)?;
        Ok(ApiSecretForm::of(&open.overview, &open.details))
    }

    /// The client secret, to show, copy or fill.
    pub fn reveal(&self, item: &ItemId, local: &LocalItem) -> Result<Secret, RevealError> {
        let entry = self.entry(item).ok_or(RevealError::Gone)?;
        if entry.status != Status::Active {
            return Err(RevealError::Inactive);
        }
        let open = self.open_item(item, local).map_err(|_| RevealError::Damaged)?;
        open.details.into_secret().ok_or(RevealError::NoSecret)
    }

    /// Opens the newest revision this device has, checked as when it came, with the content that is shown of
    /// it: its own, or that of the newest version along prev that opens. The key and the numbers are those
    /// of the newest revision.
    pub(super) fn open_item(
        &self,
        item: &ItemId,
        local: &LocalItem,
    ) -> Result<OpenItem, OpenError> {
        let damaged = |_| OpenError::Damaged;
        let (signed, overview, details) = local.newest().ok_or(OpenError::Damaged)?;
        let revision = self.reader().body(item, signed).map_err(damaged)?;
        if !revision.fits(overview, details) {
            return Err(OpenError::Damaged);
        }
        let wrapped = local.key().ok_or(OpenError::Damaged)?;
        let owner = local.state.as_ref().map_or(self.user(), |state| state.owner);
        let key = self.reader().item_key(&owner, item, revision.epoch, wrapped);
        let key = key.map_err(damaged)?;
        let shown = || open_parts(&key, &owner, &revision, overview, details);
        let opened = match &local.readable {
            Readable::Earlier(earlier) if local.pending.is_none() => {
                Some(self.open_earlier(earlier)?)
            }
            Readable::Nothing if local.pending.is_none() => None,
            // The waiting write may have been made where nothing was readable.
            Readable::Nothing => shown().ok(),
            _ => Some(shown().map_err(|_| OpenError::Damaged)?),
        };
        let nothing = opened.is_none();
        let empty = || (Overview::default(), Details::new(Secret::new("")));
        let (overview, details) = opened.unwrap_or_else(empty);
        Ok(OpenItem { key, revision, overview, details, nothing })
    }

    /// Opens a version of an earlier revision, whose key is that of its epoch.
    pub(super) fn open_earlier(
        &self,
        version: &ItemState,
    ) -> Result<(Overview, Details), OpenError> {
        let damaged = |_| OpenError::Damaged;
        let (item, owner) = (&version.item, &version.owner);
        let revision = self.reader().body(item, &version.revision).map_err(damaged)?;
        if !revision.fits(&version.overview, &version.details) {
            return Err(OpenError::Damaged);
        }
        let key = self.reader().item_key(owner, item, revision.epoch, &version.key);
        let key = key.map_err(damaged)?;
        open_parts(&key, owner, &revision, &version.overview, &version.details)
            .map_err(|_| OpenError::Damaged)
    }
}
