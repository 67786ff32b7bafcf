//! What is written: a revision signed and sealed over what the server has, or sent again as it was.

use std::borrow::Cow;

use mysafe_protocol::bytes::IdentifierTag;
use mysafe_protocol::cbor::Fields;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{Bytes, Context, OperationId, Revision, Status};

use super::entry::{Entry, SecretPresence};
use super::item::{Change, OpenItem};
use super::local::LocalItem;
use super::open::{OpenError, Vault};
use super::right::Access;
use crate::crypto::{ItemKey, Random};
use crate::model::{Overview, Stamp};

impl Vault {
    /// The newest confirmed revision as it was signed, to be sent over the server's revision `base`, which is
    /// of epoch `at`; none if the server does not know the item.
    pub(crate) fn write_again(
        &self,
        local: &LocalItem,
        base: u64,
        at: Option<u64>,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, OpenError> {
        let state = local.state.as_ref().ok_or(OpenError::Damaged)?;
        let revision = self.read_revision(&state.revision).ok_or(OpenError::Damaged)?;
        let (begins, others) = (at != Some(revision.epoch), self.is_others(local));
        let identifier = match revision.status {
            _ if others => None,
            Status::Deleted => None,
            _ => self.tag_of(&self.open_item(&state.item, &local.without_pending())?),
        };
        let envelopes = match state.list.as_ref().filter(|_| begins) {
            Some(list) => self.envelopes_again(state, list, random)?,
            None => Vec::new(),
        };
        Ok(ItemWriteRequest {
            operation: OperationId(random.array()),
            base,
            revision: state.revision.clone(),
            overview: state.overview.clone(),
            details: state.details.clone(),
            key: begins.then(|| state.key.clone()),
            identifier,
            list: state.list.clone().filter(|_| begins),
            envelopes,
        })
    }

    /// The write that puts `open` in place of what the server has.
    pub(super) fn rewrite(
        &self,
        local: &LocalItem,
        open: &mut OpenItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, OpenError> {
        // What waits may be numbered above what the server has by more than one.
        let waiting = local.pending.as_ref().map(|write| Revision::read(&write.revision));
        let waiting = waiting.transpose().map_err(|_| OpenError::Damaged)?;
        let above = waiting.map_or(0, |revision| revision.revision - 1);
        self.rewrite_above(above, local, open, now, random)
    }

    /// The same, with a number above this one too.
    pub(super) fn rewrite_above(
        &self,
        above: u64,
        local: &LocalItem,
        open: &mut OpenItem,
        now: u64,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, OpenError> {
        let base = match &local.state {
            Some(state) => {
                let number = Revision::read(&state.revision).map_err(|_| OpenError::Damaged)?;
                open.revision.prev = Some(state.revision.hash());
                number.revision
            }
            None => {
                open.revision.prev = None;
                0
            }
        };
        open.revision.also = None;
        open.revision.revision = base.max(above) + 1;
        open.revision.author = self.user();
        open.revision.time = now;
        open.overview.changed = Some(Stamp { user: self.user(), time: now });
        let mut write = self.write(base, open, random);
        if self.is_others(local) {
            // The Identifier is its owner's.
            write.identifier = None;
        }
        // What waits and begins an epoch still brings its key and list when it is written over.
        if let Some(pending) = &local.pending {
            write.key.clone_from(&pending.key);
            write.list.clone_from(&pending.list);
            write.envelopes.clone_from(&pending.envelopes);
        }
        Ok(write)
    }

    pub(super) fn write(
        &self,
        base: u64,
        open: &OpenItem,
        random: &mut impl Random,
    ) -> ItemWriteRequest {
        let Revision { item, epoch, revision: number, status, .. } = open.revision;
        let deleted = status == Status::Deleted;
        let (overview, details) = if deleted {
            (Vec::new(), Vec::new())
        } else {
            // Under a key that nobody has, nothing opens.
            let nobodys = open.nothing.then(|| ItemKey::generate(random));
            let key = nobodys.as_ref().unwrap_or(&open.key);
            let plaintext = self.fitting(open).encode();
            let overview = key.seal_overview(&item, epoch, number, &plaintext, random);
            let plaintext = open.details.encode_fitting();
            (overview, key.seal_details(&item, epoch, number, &plaintext, random))
        };
        let content = Context::item_content(&overview, &details).hash();
        let revision = Revision { content, ..open.revision.clone() };
        ItemWriteRequest {
            operation: OperationId(random.array()),
            base,
            revision: self.identity.sign_revision(&revision),
            overview: Bytes(overview),
            details: Bytes(details),
            key: None,
            identifier: self.tag_of(open).filter(|_| !deleted),
            list: None,
            envelopes: Vec::new(),
        }
    }

    /// Returns the overview as far as it has room. Another author may have left too little for a longer stamp, and
    /// the item stays writable: unknown fields go, and then the stamp. An editor's stays, without its time.
    fn fitting<'o>(&self, open: &'o OpenItem) -> Cow<'o, Overview> {
        if open.overview.fits() {
            return Cow::Borrowed(&open.overview);
        }
        let mut overview = Overview { unknown: Fields::new(), ..open.overview.clone() };
        if !overview.fits() {
            let others = self.entry(&open.revision.item).and_then(|entry| entry.access.owner);
            let stamp = others.map(|_| Stamp { user: self.user(), time: 0 });
            overview.changed = stamp;
        }
        Cow::Owned(overview)
    }

    /// The blind index of an item's Identifier, if it has one.
    fn tag_of(&self, open: &OpenItem) -> Option<IdentifierTag> {
        let identifier = Some(open.overview.identifier.as_str()).filter(|text| !text.is_empty());
        identifier.map(|text| self.account.identifier_tag(text))
    }

    /// Takes a write into memory and says what to store.
    pub(super) fn keep(
        &mut self,
        open: &OpenItem,
        write: &ItemWriteRequest,
        random: &mut impl Random,
    ) -> Change {
        let item = open.revision.item;
        let mut access = self.entry(&item).map_or_else(Access::default, |entry| entry.access);
        // Who restores a deleted item gives it to nobody.
        if write.list.is_some() {
            (access.shared, access.until) = (false, None);
        }
        let has_secret = !open.details.client_secret().is_empty();
        let entry = Entry {
            id: item,
            revision: open.revision.revision,
            status: open.revision.status,
            overview: open.overview.clone(),
            waiting: true,
            last_use: self.entry(&item).map_or(0, |entry| entry.last_use),
            later_use: self.entry(&item).map(|entry| entry.later_use.clone()).unwrap_or_default(),
            secret: if has_secret { SecretPresence::Stored } else { SecretPresence::Missing },
            trouble: None,
            access,
        };
        self.entries.insert(item, entry);
        let mut puts = vec![self.seal_write(&item, write, random)];
        puts.extend(self.cache(random));
        Change { item, puts, both: Vec::new() }
    }
}
