//! Deleting for good, and restoring within thirty days: a deletion is a signed revision without
//! content that ends its epoch, so restoring is the first revision of the next one, under a new key.

use mysafe_protocol::bodies::{AccessList, Status};
use mysafe_protocol::wire::{ItemVersion, ItemWriteRequest};
use mysafe_protocol::{Bytes, ItemId, Revision};

use super::entry::{Entry, SecretPresence};
use super::epochs::Keys;
use super::item::{Change, OpenItem, SaveError};
use super::local::{LocalItem, Put, Store, keys};
use super::open::{OpenError, Vault};
use super::right::Right;
use crate::crypto::{ItemKey, Random};
use crate::model::{ApiSecretForm, Details, Overview, Stamp};

/// Milliseconds for which a deleted item can be restored.
pub const RESTORABLE: u64 = 30 * 24 * 60 * 60 * 1_000;

impl Vault {
    /// Deletes an item that was disabled. `local` is the item as stored now.
    pub fn delete(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        if self.entry(item).is_none_or(|entry| entry.status != Status::Inactive) {
            return Err(SaveError::Gone);
        }
        self.may(local, Right::Own)?;
        let mut open = self.open_item(item, local)?;
        open.revision.status = Status::Deleted;
        let write = self.rewrite(local, &mut open, now, random)?;
        let mut change = self.keep(&open, &write, random);
        change.puts.push(Put::remove(Store::Drafts, keys::item(item)));
        change.puts.extend(self.seal_past(item, local, random));
        Ok(change)
    }

    /// The deletion that waits, made again over what the server has now.
    pub(super) fn delete_over(
        &mut self,
        theirs: OpenItem,
        before: &LocalItem,
        after: &LocalItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, OpenError> {
        let waiting = before.pending.as_ref().ok_or(OpenError::Damaged)?;
        let above = Revision::read(&waiting.revision).map_err(|_| OpenError::Damaged)?.revision;
        let mut open = theirs;
        open.revision.status = Status::Deleted;
        let write = self.rewrite_above(above, after, &mut open, now, random)?;
        Ok(self.keep(&open, &write, random))
    }

    /// Restores a deleted item, disabled as it was, under a new key: from the newest of `version`,
    /// which the server says was the one before the deletion, and `past`, what was written over here
    /// before it was sent. `local` is the item as stored now.
    pub fn undelete(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        version: Option<&ItemVersion>,
        past: Vec<ItemWriteRequest>,
        now: u64,
        random: &mut impl Random,
    ) -> Result<Change, SaveError> {
        self.may(local, Right::Own)?;
        let state = local.state.as_ref().ok_or(SaveError::Gone)?;
        let deletion = Revision::accept(&state.revision, self.identity.sign_pk())
            .map_err(|_| SaveError::Damaged)?;
        if deletion.status != Status::Deleted || local.pending.is_some() {
            return Err(SaveError::Gone);
        }
        let here = self.newest_past(item, local, past);
        let there = match version {
            Some(version) => Some(self.before_deletion(item, local, &deletion, version)?),
            None => None,
        };
        let newest = here.into_iter().chain(there).max_by_key(|(number, ..)| *number);
        let (_, overview, details) = newest.ok_or(SaveError::Gone)?;
        let errors = self.check(Some(item), &ApiSecretForm::of(&overview, &details));
        if !errors.is_empty() {
            return Err(SaveError::Fields(errors));
        }

        let (key, epoch) = (ItemKey::generate(random), deletion.epoch + 1);
        let list = AccessList {
            item: *item,
            epoch,
            owner: self.user(),
            commit: key.commit(item, epoch),
            grants: Vec::new(),
        };
        let list = self.identity.sign_list(&list);
        let wrapped = key.wrap(&self.account, &self.user(), item, epoch, random);
        let status = Status::Inactive;
        let revision = Revision { epoch, list: Some(list.hash()), status, ..deletion };
        let mut open = OpenItem { key, revision, overview, details };
        let mut write = self.rewrite(local, &mut open, now, random)?;
        (write.key, write.list) = (Some(Bytes(wrapped)), Some(list));
        Ok(self.keep(&open, &write, random))
    }

    /// The version before a deletion, checked as in the history.
    fn before_deletion(
        &self,
        item: &ItemId,
        local: &LocalItem,
        deletion: &Revision,
        version: &ItemVersion,
    ) -> Result<(u64, Overview, Details), SaveError> {
        // A deletion is of the same epoch as what it deletes.
        let keys = Keys::of(local, &[]);
        let (revision, opened) =
            self.earlier(item, &keys, deletion, version).map_err(|_| SaveError::Damaged)?;
        let (overview, details) = opened.ok_or(SaveError::Damaged)?;
        Ok((revision.revision, overview, details))
    }

    /// The name of a deleted item, from the version before its deletion.
    pub fn deleted_name(
        &self,
        item: &ItemId,
        local: &LocalItem,
        version: &ItemVersion,
    ) -> Option<String> {
        let deletion = self.read_revision(&local.state.as_ref()?.revision)?;
        let (_, overview, _) = self.before_deletion(item, local, &deletion, version).ok()?;
        Some(overview.name)
    }

    /// The newest of the writes that were written over here before they were sent.
    fn newest_past(
        &self,
        item: &ItemId,
        local: &LocalItem,
        past: Vec<ItemWriteRequest>,
    ) -> Option<(u64, Overview, Details)> {
        let opened = past.into_iter().filter_map(|write| {
            let alone = LocalItem { pending: Some(write), ..local.clone() };
            let open = self.open_item(item, &alone).ok()?;
            Some((open.revision.revision, open.overview, open.details))
        });
        opened.max_by_key(|(number, ..)| *number)
    }

    /// The entry of an item whose newest revision here deletes it; what it was is not known any more.
    pub(super) fn deletion(&self, item: &ItemId, local: &LocalItem) -> Option<Entry> {
        let revision = self.read_revision(local.newest()?.0)?;
        let changed = Some(Stamp { user: revision.author, time: revision.time });
        (revision.status == Status::Deleted).then(|| Entry {
            id: *item,
            revision: revision.revision,
            status: Status::Deleted,
            overview: Overview { changed, ..Overview::default() },
            waiting: local.pending.is_some(),
            last_use: 0,
            later_use: Default::default(),
            secret: SecretPresence::Unknown,
            trouble: None,
            access: self.access_here(local),
        })
    }

    /// The deleted items that can be restored still, the last deleted first, with the name each had
    /// as far as this device knows it, and when it was deleted.
    pub fn deleted(&self, now: u64) -> Vec<(ItemId, &str, u64)> {
        let own = self.entries().filter(|entry| entry.access.owner.is_none());
        let gone = own.filter(|entry| entry.status == Status::Deleted);
        let mut list: Vec<_> = gone
            .map(|entry| {
                let at = entry.overview.changed.map_or(0, |stamp| stamp.time);
                (entry.id, entry.overview.name.as_str(), at)
            })
            .filter(|(_, _, at)| at + RESTORABLE > now)
            .collect();
        list.sort_by_key(|(item, _, at)| (u64::MAX - at, *item));
        list
    }

    /// Forgets what this device still knows of items that cannot be restored any more.
    pub(crate) fn forget_deleted(&mut self, now: u64) {
        for entry in self.entries.values_mut() {
            let at = entry.overview.changed.map_or(0, |stamp| stamp.time);
            if entry.status == Status::Deleted && !entry.waiting && at + RESTORABLE <= now {
                entry.overview =
                    Overview { changed: entry.overview.changed, ..Overview::default() };
            }
        }
    }
}
