//! One revision that unites what is held of an item with what a server has beside it: in the same epoch, or
//! by its owner in a new one.

use mysafe_protocol::bodies::{AccessList, Grant, Permission, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemWriteRequest;
use mysafe_protocol::{Bytes, ItemId, Revision, UserId};

use super::access::ShareError;
use super::clock::Clock;
use super::item::OpenItem;
use super::local::{LocalItem, Readable};
use super::merge::nearest;
use super::open::Vault;
#[cfg(test)]
use super::planted::Planted;
use crate::crypto::{ItemKey, Random};
use crate::model::{AccountRecordBody, Details, Field, Overview, Secret, Stamp};

/// The content of a uniting revision.
pub(crate) enum Content<'a> {
    /// The held content.
    Mine,
    /// The content of the server's newest revision.
    Theirs,
    /// Both, field by field, from a body that both come from; without one all differs.
    Merged(Option<&'a Base>),
}

/// The content from which the fields of two states are merged.
pub(crate) struct Base {
    /// The newest body to which both lead along prev.
    pub(crate) along_prev: LocalItem,
    /// The newest in both chains, if it is another one; and whether the held state, and the server's, lead to it
    /// by also alone.
    pub(crate) newest: Option<(LocalItem, [bool; 2])>,
}

/// Two states of an item to unite.
pub(crate) struct Union<'a> {
    /// The held state, without what waits.
    pub(crate) mine: &'a LocalItem,
    /// The server's newest.
    pub(crate) theirs: &'a LocalItem,
    /// The content.
    pub(crate) content: Content<'a>,
    /// Who has access in a new epoch; none to stay in the present one.
    pub(crate) grants: Option<Vec<Grant>>,
}

/// A uniting revision to send, and the fields that both sides changed.
pub(crate) struct United {
    pub(crate) write: ItemWriteRequest,
    pub(crate) both: Vec<Field>,
}

/// Returns the grants that two lists have in common: the lower permission, the earlier end.
pub(crate) fn common(mine: &[Grant], theirs: &[Grant]) -> Vec<Grant> {
    let both = |grant: &Grant| {
        let other = theirs.iter().find(|other| other.to == grant.to)?;
        let view = [grant, other].iter().any(|grant| grant.permission == Permission::View);
        let permission = if view { Permission::View } else { Permission::Edit };
        let until = grant.until.into_iter().chain(other.until).min();
        Some(Grant { to: grant.to, permission, until })
    };
    mine.iter().filter_map(both).collect()
}

impl Vault {
    /// Makes the revision that unites two states: it follows the held one and stands for the other too.
    pub(crate) fn unite(
        &self,
        item: &ItemId,
        union: Union<'_>,
        contacts: &AccountRecordBody,
        clock: Clock,
        random: &mut impl Random,
    ) -> Result<United, ShareError> {
        let damaged = |_| ShareError::Damaged;
        let (mine, theirs) = (union.mine, union.theirs);
        let (held, beside) = (self.newest_of(mine)?, self.newest_of(theirs)?);
        let mut open = self.open_or_deleted(item, mine, &held.1, random)?;
        let mut both = Vec::new();
        let sides = [mine, theirs].map(|side| side.readable == Readable::Nothing);
        open.nothing = match union.content {
            Content::Mine => sides[0],
            Content::Theirs => sides[1],
            Content::Merged(_) => sides[0] && sides[1],
        };
        match union.content {
            Content::Mine => {}
            Content::Theirs => {
                let other = self.open_or_deleted(item, theirs, &beside.1, random)?;
                (open.overview, open.details) = (other.overview, other.details);
                open.revision.status = beside.1.status;
            }
            Content::Merged(base) => {
                let other = self.open_item(item, theirs).map_err(damaged)?;
                let base = base.and_then(|base| self.open_base(item, base, [&open, &other]));
                if mine.readable == Readable::Nothing {
                    // Nothing of this side is known: it is no value that goes over the other one.
                    (open.overview, open.details) = (other.overview, other.details);
                } else {
                    let created = open.overview.created;
                    both = open.merge(base.as_ref(), &other);
                    open.overview.created = created;
                }
                if !open.has_room() {
                    // Both together are too large to write: the held content stays, the other is a line.
                    let held = self.open_item(item, mine).map_err(damaged)?;
                    (open.overview, open.details) = (held.overview, held.details);
                    // The largest field stands for whatever differs.
                    both.push(Field::Notes);
                }
            }
        }
        let deleted = open.revision.status == Status::Deleted;
        open.overview.changed = Some(Stamp { user: self.user(), time: clock.now });
        open.revision = Revision {
            revision: held.1.revision.max(beside.1.revision) + 1,
            author: self.user(),
            time: clock.now,
            prev: Some(held.0),
            also: Some(beside.0),
            ..open.revision
        };
        #[cfg(test)]
        if Planted::OlderEpochWritten.is_here()
            && let Ok(older) = self.open_item(item, theirs)
        {
            open.key = older.key;
            (open.revision.epoch, open.revision.list) = (beside.1.epoch, beside.1.list);
            let write = self.write(beside.1.revision, &open, random);
            return Ok(United { write, both });
        }
        let Some(grants) = union.grants else {
            let mut write = self.write(beside.1.revision, &open, random);
            if self.is_others(mine) {
                // The Identifier is its owner's.
                write.identifier = None;
            }
            return Ok(United { write, both });
        };
        let epoch = held.1.epoch.max(beside.1.epoch) + 1;
        #[cfg(test)]
        let epoch = epoch - u64::from(Planted::EpochReused.is_here());
        let grants = if deleted { Vec::new() } else { grants };
        let write = self.begin_epoch(epoch, beside.1.revision, open, grants, contacts, random)?;
        Ok(United { write, both })
    }

    /// Returns the newest confirmed revision of an item, with the hash of its body.
    fn newest_of(&self, local: &LocalItem) -> Result<(Hash, Revision), ShareError> {
        let state = local.state.as_ref().ok_or(ShareError::Damaged)?;
        let revision = self.read_revision(&state.revision).ok_or(ShareError::Damaged)?;
        Ok((state.revision.hash(), revision))
    }

    /// Opens the content from which these sides are merged.
    fn open_base(&self, item: &ItemId, base: &Base, sides: [&OpenItem; 2]) -> Option<OpenItem> {
        let mut open = self.open_item(item, &base.along_prev).ok()?;
        let Some((newest, by_also)) = &base.newest else { return Some(open) };
        let newest = self.open_item(item, newest).ok()?;
        let by_also: Vec<&OpenItem> = sides
            .into_iter()
            .zip(by_also)
            .filter(|(_, also)| **also)
            .map(|(side, _)| side)
            .collect();
        let contents: Vec<_> = by_also.iter().map(|side| (&side.overview, &side.details)).collect();
        let (overview, details) = nearest(
            (&open.overview, &open.details),
            (&newest.overview, &newest.details),
            &contents,
        );
        if by_also.iter().all(|side| side.revision.status != open.revision.status) {
            open.revision.status = newest.revision.status;
        }
        (open.overview, open.details) = (overview, details);
        Some(open)
    }

    /// Opens an item; of a deletion there is nothing to open.
    fn open_or_deleted(
        &self,
        item: &ItemId,
        local: &LocalItem,
        revision: &Revision,
        random: &mut impl Random,
    ) -> Result<OpenItem, ShareError> {
        if revision.status != Status::Deleted {
            return self.open_item(item, local).map_err(|_| ShareError::Damaged);
        }
        Ok(OpenItem {
            key: ItemKey::generate(random),
            revision: revision.clone(),
            overview: Overview::default(),
            details: Details::new(Secret::new("")),
            nothing: false,
        })
    }

    /// Makes the first write of an epoch, whose revision is complete but for epoch and list.
    pub(super) fn begin_epoch(
        &self,
        epoch: u64,
        base: u64,
        mut open: OpenItem,
        mut grants: Vec<Grant>,
        contacts: &AccountRecordBody,
        random: &mut impl Random,
    ) -> Result<ItemWriteRequest, ShareError> {
        AccessList::sort(&mut grants);
        for grant in &grants {
            self.still_theirs(grant, contacts)?;
        }
        let item = open.revision.item;
        open.key = ItemKey::generate(random);
        let (owner, commit) = (self.user(), open.key.commit(&item, epoch));
        let list = AccessList { item, epoch, owner, commit, grants };
        let envelopes = self.envelopes(&list, &open.key, random)?;
        let signed = self.identity.sign_list(&list);
        (open.revision.epoch, open.revision.list) = (epoch, Some(signed.hash()));
        let key = open.key.wrap(&self.account, &owner, &item, epoch, random);
        let write = self.write(base, &open, random);
        Ok(ItemWriteRequest { key: Some(Bytes(key)), list: Some(signed), envelopes, ..write })
    }
}

/// Whether somebody's revisions may be merged: the owner's, and of those who may edit in this list.
pub(crate) fn may_merge(list: Option<&AccessList>, owner: &UserId, author: &UserId) -> bool {
    #[cfg(test)]
    if Planted::ViewerMerged.is_here() {
        return true;
    }
    author == owner || list.is_some_and(|list| list.lets_edit(author))
}

#[cfg(test)]
mod tests {
    use mysafe_protocol::bodies::Grantee;

    use super::*;

    #[test]
    fn common_grants_are_the_lower_and_the_shorter_of_both() {
        let grant = |byte: u8, permission, until| {
            let to = Grantee::User(UserId([byte; 32]));
            Grant { to, permission, until }
        };
        let (view, edit) = (Permission::View, Permission::Edit);
        let mine = [grant(1, edit, None), grant(2, edit, Some(9)), grant(3, view, None)];
        let theirs = [grant(2, view, Some(7)), grant(3, edit, Some(5)), grant(4, edit, None)];
        let both = [grant(2, view, Some(7)), grant(3, view, Some(5))];
        assert_eq!(common(&mine, &theirs), both);
        assert_eq!(common(&mine, &[]), []);
    }
}
