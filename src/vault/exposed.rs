//! Who could read an own item in which of its epochs: the signed lists of the epochs, each by the hash
//! that the signed revisions of its epoch name, back from the revision that is held.

use std::collections::BTreeMap;

use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::{ItemId, Revision, Signed, UserId};

use super::local::LocalItem;
use super::open::Vault;
use super::refusal::Refusal;

/// One epoch of an item's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EpochReaders {
    /// When it began, Unix milliseconds, by the clock of who began it.
    pub since: u64,
    /// Its first and last revision.
    pub revisions: (u64, u64),
    /// Who could read it besides the owner; none if its list is not to be had.
    pub readers: Option<Vec<UserId>>,
}

impl Vault {
    /// The epochs of an item as it is held, the first one first. `bodies` are all its signed revisions and
    /// `lists` its lists, as the server gives them, in any order and with anything else among them.
    pub fn readers(
        &self,
        item: &ItemId,
        local: &LocalItem,
        bodies: &[Signed],
        lists: &[Signed],
    ) -> Result<Vec<EpochReaders>, Refusal> {
        let state = local.state.as_ref().ok_or(Refusal::Incomplete)?;
        let by_hash: BTreeMap<Hash, &Signed> =
            bodies.iter().chain([&state.revision]).map(|signed| (signed.hash(), signed)).collect();
        let lists: BTreeMap<Hash, &Signed> =
            lists.iter().chain(&state.list).map(|signed| (signed.hash(), signed)).collect();
        let mut epochs: BTreeMap<u64, (EpochReaders, Option<Hash>)> = BTreeMap::new();
        let mut next = Some(state.revision.hash());
        // Backwards: what is before the held one is what its author signed to be there.
        while let Some(hash) = next {
            let signed = by_hash.get(&hash).ok_or(Refusal::Incomplete)?;
            let revision = self.read_revision(signed).ok_or(Refusal::Forged)?;
            let Revision { epoch, revision: number, time, prev, list, .. } = revision;
            if revision.item != *item {
                return Err(Refusal::Forged);
            }
            let first = EpochReaders { since: time, revisions: (number, number), readers: None };
            let (readers, named) = epochs.entry(epoch).or_insert((first, list));
            if *named != list {
                return Err(Refusal::Forged);
            }
            readers.since = time;
            readers.revisions.0 = number;
            next = prev;
        }
        let of = |(epoch, (readers, named)): (u64, (EpochReaders, Option<Hash>))| {
            let readers =
                EpochReaders { readers: self.named(item, epoch, named, &lists)?, ..readers };
            Ok(readers)
        };
        epochs.into_iter().map(of).collect()
    }

    /// Whom the list of this hash names; none if it is not among them.
    fn named(
        &self,
        item: &ItemId,
        epoch: u64,
        hash: Option<Hash>,
        lists: &BTreeMap<Hash, &Signed>,
    ) -> Result<Option<Vec<UserId>>, Refusal> {
        let Some(hash) = hash else { return Ok(Some(Vec::new())) };
        let Some(signed) = lists.get(&hash) else { return Ok(None) };
        let list = AccessList::accept(signed, self.identity.sign_pk());
        let list = list.map_err(|_| Refusal::Forged)?;
        if list.item != *item || list.epoch != epoch || list.owner != self.user() {
            return Err(Refusal::Forged);
        }
        Ok(Some(list.users().collect()))
    }
}
