//! Deleting for good, and restoring within thirty days: a deletion is a signed revision without
//! content that ends its epoch, so restoring is the first revision of the next one, under a new key.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{AccessList, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{HistoryResponse, ItemVersion, ItemWriteRequest};
use mysafe_protocol::{Bytes, ItemId, OperationId, Revision, Signed};

use super::entry::{Entry, SecretPresence};
use super::epochs::Keys;
use super::item::{Change, OpenItem, SaveError};
use super::local::{LocalItem, Put, Store, keys};
use super::open::{OpenError, Vault};
use super::right::Right;
use crate::crypto::{ItemKey, Random};
use crate::model::{ApiSecretForm, Details, Overview, Stamp};

/// The content of an item.
type Content = (Overview, Details);

/// The way back from a deletion.
struct Way {
    /// The newest version that opens.
    found: Option<Content>,
    /// The versions over which an edit may have stood that the deletion replaced; none of an item that never
    /// was there.
    over: BTreeSet<Option<Hash>>,
}

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
        // The waiting edit is in no later write: its line says so.
        let replaced = local.pending.clone().map(|write| {
            let operation = replaced(&write.revision);
            ItemWriteRequest { operation, ..write }
        });
        let line = LocalItem { pending: replaced, ..local.clone() };
        change.puts.extend(self.seal_past(item, &line, random));
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

    /// A body of which the server lacks the parts, to lead on among the versions that it says were before.
    pub fn without_parts(revision: Signed) -> ItemVersion {
        ItemVersion { revision, overview: Bytes(Vec::new()), details: Bytes(Vec::new()) }
    }

    /// Restores a deleted item, disabled as it was, under a new key: from the newest version before the deletion
    /// that opens, along prev through what the server says was `before`. An edit that waited and that the
    /// deletion replaced comes first; it is among `past`, the lines of local history. `local` is the item as
    /// stored now.
    pub fn undelete(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        before: &HistoryResponse,
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
        let there = self.before_deletion(item, local, &deletion, before);
        let none = if before.versions.is_empty() { SaveError::Gone } else { SaveError::Damaged };
        let newest = self.newest_line(item, local, &there, past).or(there.found);
        let (overview, details) = newest.ok_or(none)?;
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
        let mut open = OpenItem { key, revision, overview, details, nothing: false };
        let mut write = self.rewrite(local, &mut open, now, random)?;
        (write.key, write.list) = (Some(Bytes(wrapped)), Some(list));
        Ok(self.keep(&open, &write, random))
    }

    /// The way back along prev from a deletion, each version checked as in the history, to the newest one that
    /// opens. Of a version without its parts the body leads on: a restored server got it again so. Below the one
    /// found it goes on through new keys, which change nothing of the content.
    fn before_deletion(
        &self,
        item: &ItemId,
        local: &LocalItem,
        deletion: &Revision,
        before: &HistoryResponse,
    ) -> Way {
        let keys = Keys::of(local, &before.keys);
        let mut way = Way { found: None, over: [deletion.prev].into() };
        let mut after = deletion.clone();
        while let Some(hash) = after.prev {
            let version = before.versions.iter().find(|version| version.revision.hash() == hash);
            let Some(version) = version else { break };
            let (revision, opened) = match self.earlier(item, &keys, &after, version) {
                Ok(earlier) => earlier,
                Err(_) => match self.reader().body(item, &version.revision) {
                    Ok(body) if !body.fits(&version.overview, &version.details) => (body, None),
                    _ => break,
                },
            };
            // A deletion has no content, and noise does not open.
            let opened = opened.filter(|_| revision.status != Status::Deleted);
            match (&way.found, opened) {
                (Some(found), Some(other))
                    if revision.epoch < after.epoch && is_same(found, &other) => {}
                (Some(_), _) => break,
                (None, opened) => way.found = opened,
            }
            way.over.insert(Some(hash));
            after = revision;
        }
        if way.found.is_none() {
            // The way may lead far back, past what was written over long ago.
            way.over = [deletion.prev].into();
        }
        way
    }

    /// The name of a deleted item, from the newest version before its deletion that opens.
    pub fn deleted_name(
        &self,
        item: &ItemId,
        local: &LocalItem,
        before: &HistoryResponse,
    ) -> Option<String> {
        let deletion = self.read_revision(&local.state.as_ref()?.revision)?;
        let (overview, _) = self.before_deletion(item, local, &deletion, before).found?;
        Some(overview.name)
    }

    /// The edit that waited when the item was deleted: the newest line of local history that a deletion replaced,
    /// over one of the versions on the way. What the user wrote over before is none.
    fn newest_line(
        &self,
        item: &ItemId,
        local: &LocalItem,
        way: &Way,
        past: Vec<ItemWriteRequest>,
    ) -> Option<Content> {
        let edits = past.into_iter().filter(|write| write.operation == replaced(&write.revision));
        let lines = edits.filter_map(|write| {
            let alone = LocalItem { pending: Some(write), ..local.clone() };
            let OpenItem { revision, overview, details, .. } = self.open_item(item, &alone).ok()?;
            let order = (revision.revision, revision.time);
            way.over.contains(&revision.prev).then_some((order, (overview, details)))
        });
        lines.max_by_key(|(order, _)| *order).map(|(_, content)| content)
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

/// Whether two contents differ in nothing but their stamps.
fn is_same(one: &Content, other: &Content) -> bool {
    let overview = |(overview, _): &Content| Overview { changed: None, ..overview.clone() };
    overview(one) == overview(other) && one.1.encode() == other.1.encode()
}

/// The operation of a line whose write a deletion replaced, which no write has and no line that was confirmed.
fn replaced(waiting: &Signed) -> OperationId {
    let mut operation = OperationId([0; 16]);
    operation.0.copy_from_slice(&waiting.hash().0[16..]);
    operation
}
