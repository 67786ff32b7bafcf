//! The one function by which an item from a server is accepted, in the order of the
//! cryptographic design: own items, and those that others share with this user.

use mysafe_protocol::bodies::{AccessList, Permission, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{ItemId, Revision, Signed, UserId, limits};

use super::held::Held;
use super::people::People;
use super::refusal::Refusal;
use crate::crypto::{AccountKey, Identity, ItemKey};
use crate::model::Overview;

/// An accepted item.
pub struct Accepted {
    /// Its revision.
    pub revision: Revision,
    /// Its opened overview.
    pub overview: Overview,
    /// What is held from now on.
    pub held: Held,
    /// Who has access besides the owner, from the second epoch on.
    pub list: Option<AccessList>,
}

/// Who accepts: with which keys, and knowing whom.
#[derive(Clone, Copy)]
pub struct Reader<'k> {
    /// Opens the keys of own items.
    pub account: &'k AccountKey,
    /// Who it is; opens envelopes.
    pub identity: &'k Identity,
    /// Whose signatures can be verified.
    pub people: &'k People,
}

impl Reader<'_> {
    /// The key that verifies what somebody signed.
    pub(super) fn sign_pk(&self, user: &UserId) -> Result<[u8; 32], Refusal> {
        if *user == self.identity.user() {
            return Ok(*self.identity.sign_pk());
        }
        let bundle = self.people.get(user).ok_or(Refusal::NeedsPerson(*user))?;
        Ok(bundle.sign_pk)
    }

    /// The item key of an epoch: the owner's own copy of it, or out of the envelope to this user.
    pub(super) fn item_key(
        &self,
        owner: &UserId,
        item: &ItemId,
        epoch: u64,
        sealed: &[u8],
    ) -> Result<ItemKey, Refusal> {
        let me = self.identity.user();
        if *owner == me {
            ItemKey::unwrap(self.account, &me, item, epoch, sealed)
        } else {
            ItemKey::disclose(self.identity, item, epoch, sealed)
        }
        .map_err(|_| Refusal::Unreadable)
    }

    /// The list of a later epoch than the first, signed by the owner.
    fn list(
        &self,
        item: &ItemId,
        owner: &UserId,
        epoch: u64,
        signed: &Signed,
    ) -> Result<AccessList, Refusal> {
        let list =
            AccessList::accept(signed, &self.sign_pk(owner)?).map_err(|_| Refusal::Forged)?;
        let fits = list.owner == *owner && list.item == *item && list.epoch == epoch;
        if fits { Ok(list) } else { Err(Refusal::Forged) }
    }
}

/// Whether somebody could write in an epoch: its owner always, others as its list says.
fn may_write(
    list: Option<&AccessList>,
    owner: &UserId,
    author: &UserId,
    status: Status,
) -> Result<(), Refusal> {
    let Some(list) = list.filter(|_| author != owner) else {
        return if author == owner { Ok(()) } else { Err(Refusal::Forged) };
    };
    match list.of(author) {
        Some(grant) if grant.permission == Permission::Edit && status != Status::Deleted => Ok(()),
        // Whoever is in a group is for its chain to say, which is not here.
        _ if list.has_groups() && status != Status::Deleted => Err(Refusal::Incomplete),
        _ => Err(Refusal::Forged),
    }
}

/// Accepts an item as a whole, or refuses it as a whole. `between` are the bodies after the held
/// revision up to this one, as the server keeps them; empty until they are asked for.
pub fn accept(
    reader: &Reader<'_>,
    item: &ItemId,
    held: Option<&Held>,
    state: &ItemState,
    between: &[Signed],
) -> Result<Accepted, Refusal> {
    let (me, owner) = (reader.identity.user(), &state.owner);
    let mine = *owner == me;

    // 1. The owner: the one held; of an item not held before, I, and my copy of its key says so, or
    // whoever names me in a list.
    if state.item != *item || held.is_some_and(|held| held.owner.unwrap_or(me) != *owner) {
        return Err(Refusal::Forged);
    }
    if !mine && state.list.is_none() {
        return Err(if held.is_some() { Refusal::Incomplete } else { Refusal::Forged });
    }
    let claimed = Revision::read(&state.revision).map_err(|_| Refusal::Forged)?;
    let own_key = match mine {
        true => {
            let key = reader.item_key(owner, item, claimed.epoch, &state.key);
            Some(key.map_err(|_| Refusal::Forged)?)
        }
        false => None,
    };

    // 2. The list: none in epoch 1; later the owner's, of this item and epoch, and the one held.
    if held.is_some_and(|held| claimed.epoch < held.epoch) {
        return Err(Refusal::WentBack);
    }
    let list = match &state.list {
        None if claimed.epoch == 1 => None,
        None => return Err(Refusal::Incomplete),
        Some(_) if claimed.epoch == 1 => return Err(Refusal::Forged),
        Some(signed) => {
            let list = reader.list(item, owner, claimed.epoch, signed)?;
            let hash = signed.hash();
            if held.is_some_and(|held| held.epoch == list.epoch && held.list != Some(hash)) {
                return Err(Refusal::Forked);
            }
            if !mine && list.of(&me).is_none() {
                return Err(match held {
                    // The seed of a group may be what opens it.
                    _ if list.has_groups() => Refusal::Incomplete,
                    Some(_) => Refusal::AccessEnded,
                    None => Refusal::Forged,
                });
            }
            Some((list, hash))
        }
    };

    // 3. The revision: of this item, under the newest list, signed by its author;
    // 4. who is the owner or may edit. A deletion, the owner's, ends its epoch.
    if claimed.item != *item {
        return Err(Refusal::Forged);
    }
    if claimed.list != list.as_ref().map(|(_, hash)| *hash) {
        return Err(Refusal::Incomplete);
    }
    let (list, _) = list.unzip();
    may_write(list.as_ref(), owner, &claimed.author, claimed.status)?;
    let sign_pk = reader.sign_pk(&claimed.author)?;
    let revision = Revision::accept(&state.revision, &sign_pk).map_err(|_| Refusal::Forged)?;
    if held.is_some_and(|held| {
        held.deleted && revision.revision > held.revision && revision.epoch == held.epoch
    }) {
        return Err(Refusal::Forged);
    }

    // 5. Not behind what is held, not beside it, and leading back to it.
    let hash = state.revision.hash();
    if let Some(held) = held {
        if revision.revision < held.revision {
            return Err(Refusal::WentBack);
        }
        if revision.revision == held.revision {
            if hash != held.hash {
                return Err(Refusal::Forked);
            }
        } else if revision.revision - held.revision > limits::GAP {
            return Err(Refusal::Forged);
        } else if revision.prev == Some(held.hash) {
            begins(held.epoch, &revision, owner)?;
        } else {
            let way = Way { reader, owner, list: list.as_ref(), newest: &revision, hash };
            way.leads_back(held, between)?;
        }
    }

    // 6. The content: what was signed, and it opens.
    if !revision.fits(&state.overview, &state.details) {
        return Err(Refusal::Forged);
    }
    let key = match own_key {
        Some(key) => key,
        None => reader.item_key(owner, item, revision.epoch, &state.key)?,
    };
    if list.as_ref().is_some_and(|list| list.commit != key.commit(item, revision.epoch)) {
        return Err(Refusal::Unreadable);
    }
    let overview = if revision.status == Status::Deleted {
        // A deletion signs two empty parts.
        if !state.overview.is_empty() || !state.details.is_empty() {
            return Err(Refusal::Forged);
        }
        Overview::default()
    } else {
        let opened = key
            .open_overview(item, revision.epoch, revision.revision, &state.overview)
            .map_err(|_| Refusal::Unreadable)?;
        Overview::decode(&opened).map_err(|_| Refusal::Unreadable)?
    };
    // An editor signs as whom the overview says that it was changed by.
    let changed = overview.changed.map(|stamp| stamp.user);
    if revision.author != *owner && changed != Some(revision.author) {
        return Err(Refusal::Forged);
    }
    let held = Held { owner: (!mine).then_some(*owner), ..Held::of(&revision, hash) };
    Ok(Accepted { revision, overview, held, list })
}

/// Only the owner begins an epoch.
fn begins(before: u64, revision: &Revision, owner: &UserId) -> Result<(), Refusal> {
    let good = revision.epoch == before || revision.author == *owner;
    if good { Ok(()) } else { Err(Refusal::Forged) }
}

/// The way from the held revision over the bodies between to the newest.
struct Way<'a> {
    reader: &'a Reader<'a>,
    owner: &'a UserId,
    /// The list of the newest revision's epoch.
    list: Option<&'a AccessList>,
    newest: &'a Revision,
    hash: Hash,
}

impl Way<'_> {
    fn leads_back(&self, held: &Held, between: &[Signed]) -> Result<(), Refusal> {
        if between.is_empty() {
            return Err(Refusal::NeedsBetween);
        }
        let (mut at, mut number) = (held.hash, held.revision);
        let (mut epoch, mut deleted) = (held.epoch, held.deleted);
        for signed in between {
            let revision = self.accept(signed)?;
            // Asked for before another context of this device moved on: known already.
            if revision.revision <= held.revision {
                continue;
            }
            if revision.prev != Some(at) || revision.revision <= number {
                return Err(Refusal::Forked);
            }
            if revision.revision - number > limits::GAP {
                return Err(Refusal::Forged);
            }
            // Epochs only go up, and nothing follows a deletion in its own.
            if revision.epoch < epoch || (deleted && revision.epoch == epoch) {
                return Err(Refusal::Forged);
            }
            begins(epoch, &revision, self.owner)?;
            (at, number) = (signed.hash(), revision.revision);
            (epoch, deleted) = (revision.epoch, revision.status == Status::Deleted);
            if at == self.hash {
                // What was written since comes with its own state.
                return Ok(());
            }
        }
        Err(Refusal::Incomplete)
    }

    /// A body of this item by somebody who could write it. Of an epoch between the held and the newest
    /// one no list is here: the owner's later revision, which leads back to it, speaks for it.
    fn accept(&self, signed: &Signed) -> Result<Revision, Refusal> {
        let claimed = Revision::read(signed).map_err(|_| Refusal::Forged)?;
        if claimed.item != self.newest.item {
            return Err(Refusal::Forged);
        }
        if claimed.epoch == self.newest.epoch || claimed.epoch == 1 {
            let list = self.list.filter(|_| claimed.epoch > 1);
            may_write(list, self.owner, &claimed.author, claimed.status)?;
        } else if claimed.status == Status::Deleted && claimed.author != *self.owner {
            return Err(Refusal::Forged);
        }
        let sign_pk = self.reader.sign_pk(&claimed.author)?;
        Revision::accept(signed, &sign_pk).map_err(|_| Refusal::Forged)
    }
}
