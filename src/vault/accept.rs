//! The one way by which an item from a server is accepted, in the order of the cryptographic design: own
//! items, and those that others share with this user. Steps 1 to 5 and the item key judge the signed
//! bodies; the content is opened after that, and need not open.

use std::collections::BTreeMap;

use mysafe_protocol::bodies::{AccessList, Chain, Status, Way};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{Bytes, ItemId, Revision, Signed, UserId};

use super::held::{Head, Held};
use super::people::People;
use super::refusal::Refusal;
use crate::crypto::{AccountKey, Identity, ItemKey};
use crate::model::{Details, Overview};

/// An accepted item.
pub struct Accepted {
    /// Its revision.
    pub revision: Revision,
    /// Its opened overview; none if a part does not open or decode under the right key.
    pub overview: Option<Overview>,
    /// The state that is held from now on.
    pub held: Held,
    /// Who has access besides the owner, from the second epoch on.
    pub list: Option<AccessList>,
    /// The sealed item key: the held one in the held epoch, else the server's.
    pub key: Bytes,
}

/// The state that a device holds of an item.
#[derive(Clone, Copy)]
pub struct Known<'h> {
    /// The state.
    pub held: &'h Held,
    /// The sealed item key of its epoch, if it is here.
    pub key: Option<&'h Bytes>,
}

impl<'h> Known<'h> {
    /// A state whose key is not here.
    pub fn of(held: &'h Held) -> Self {
        Self { held, key: None }
    }
}

/// A state of an item whose signed bodies passed steps 1 to 5.
#[derive(Clone)]
pub struct Judged {
    /// Its revision.
    pub revision: Revision,
    /// Who has access besides the owner, from the second epoch on.
    pub list: Option<AccessList>,
    /// The state that is held once the key fits too.
    pub held: Held,
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
    /// Returns the key that verifies the signatures of somebody.
    pub(super) fn sign_pk(&self, user: &UserId) -> Result<[u8; 32], Refusal> {
        if *user == self.identity.user() {
            return Ok(*self.identity.sign_pk());
        }
        let bundle = self.people.get(user).ok_or(Refusal::NeedsPerson(*user))?;
        Ok(bundle.sign_pk)
    }

    /// Opens the item key of an epoch: the owner's own copy of it, or the envelope to this user. A key that
    /// does not open is the server's doing.
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
        .map_err(|_| Refusal::KeyUnfit)
    }

    /// Reads and verifies the body of a revision of an item.
    pub(super) fn body(&self, item: &ItemId, signed: &Signed) -> Result<Revision, Refusal> {
        let claimed = Revision::read(signed).map_err(|_| Refusal::Forged)?;
        if claimed.item != *item {
            return Err(Refusal::Forged);
        }
        let sign_pk = self.sign_pk(&claimed.author)?;
        Revision::accept(signed, &sign_pk).map_err(|_| Refusal::Forged)
    }

    /// Reads and verifies a list, signed by the owner.
    fn list(&self, item: &ItemId, owner: &UserId, signed: &Signed) -> Result<AccessList, Refusal> {
        let list =
            AccessList::accept(signed, &self.sign_pk(owner)?).map_err(|_| Refusal::Forged)?;
        let fits = list.owner == *owner && list.item == *item;
        if fits { Ok(list) } else { Err(Refusal::Forged) }
    }
}

/// Decides whether somebody could write in an epoch: its owner always, others as its list says.
pub(super) fn may_write(
    list: Option<&AccessList>,
    owner: &UserId,
    author: &UserId,
    status: Status,
) -> Result<(), Refusal> {
    #[cfg(test)]
    if super::planted::Planted::ViewerMerged.is_here() {
        return Ok(());
    }
    let Some(list) = list.filter(|_| author != owner) else {
        return if author == owner { Ok(()) } else { Err(Refusal::Forged) };
    };
    if status == Status::Deleted {
        return Err(Refusal::Forged);
    }
    match list.lets_edit(author) {
        true => Ok(()),
        // Group membership is for the group's chain to say, which is not here.
        false if list.has_groups() => Err(Refusal::Incomplete),
        false => Err(Refusal::Forged),
    }
}

/// Accepts an item as a whole, or refuses it as a whole. `between` are the bodies after the held
/// revision up to this one, as the server keeps them; empty until they are asked for.
pub fn accept(
    reader: &Reader<'_>,
    item: &ItemId,
    known: Option<Known<'_>>,
    state: &ItemState,
    between: &[Signed],
) -> Result<Accepted, Refusal> {
    let judged = judge(reader, item, known.map(|known| known.held), state, between)?;
    judged.open(reader, known, state)
}

/// Judges the signed bodies of an item: steps 1 to 5. Without `held` nothing is compared.
pub fn judge(
    reader: &Reader<'_>,
    item: &ItemId,
    held: Option<&Held>,
    state: &ItemState,
    between: &[Signed],
) -> Result<Judged, Refusal> {
    let (me, owner) = (reader.identity.user(), &state.owner);
    let mine = *owner == me;

    // 1. The owner: the held one; of an item not held before, this user, whose copy of its key says so,
    // or somebody who names this user in a list.
    if state.item != *item || held.is_some_and(|held| held.owner.unwrap_or(me) != *owner) {
        return Err(Refusal::Forged);
    }
    if !mine && state.list.is_none() {
        return Err(Refusal::Incomplete);
    }
    let claimed = Revision::read(&state.revision).map_err(|_| Refusal::Forged)?;

    // 2. The list.
    let list = judge_list(reader, item, held, state, claimed.epoch)?;

    // 3. The revision: of this item, under the newest list, signed by its author;
    // 4. who is the owner or may edit. Only the owner deletes.
    if claimed.item != *item {
        return Err(Refusal::Forged);
    }
    let named = list.as_ref().map_or((1, None), |(list, hash)| (list.epoch, Some(*hash)));
    if (claimed.epoch, claimed.list) != named {
        return Err(Refusal::Incomplete);
    }
    let listed = list.as_ref().map(|(list, hash)| (list, *hash));
    may_write(listed.map(|(list, _)| list), owner, &claimed.author, claimed.status)?;
    let revision = reader.body(item, &state.revision)?;

    // 5. Not behind the held revision, not beside it, and leading back to it.
    let hash = state.revision.hash();
    let apart = match held {
        Some(held) => leads_back(reader, owner, held, listed, (&revision, hash), between)?,
        None => Vec::new(),
    };
    let held = Held { owner: (!mine).then_some(*owner), apart, ..Held::of(&revision, hash) };
    Ok(Judged { revision, list: list.map(|(list, _)| list), held })
}

/// Step 2: none in epoch 1; later the owner's, of this item, and for the held epoch the held one.
fn judge_list(
    reader: &Reader<'_>,
    item: &ItemId,
    held: Option<&Held>,
    state: &ItemState,
    claimed: u64,
) -> Result<Option<(AccessList, Hash)>, Refusal> {
    let me = reader.identity.user();
    let Some(signed) = &state.list else {
        return match held {
            _ if claimed != 1 => Err(Refusal::Incomplete),
            Some(held) if held.epoch > 1 => Err(Refusal::WentBack),
            _ => Ok(None),
        };
    };
    let list = reader.list(item, &state.owner, signed)?;
    let hash = signed.hash();
    if held.is_some_and(|held| list.epoch < held.epoch) {
        return Err(Refusal::WentBack);
    }
    if held.is_some_and(|held| held.epoch == list.epoch && held.list != Some(hash)) {
        return Err(Refusal::Forked);
    }
    if state.owner != me && list.of(&me).is_none() {
        return Err(match held {
            // The seed of a group may be what opens it.
            _ if list.has_groups() => Refusal::Incomplete,
            Some(_) => Refusal::AccessEnded,
            None => Refusal::Forged,
        });
    }
    Ok(Some((list, hash)))
}

impl Judged {
    /// Step 6: the key fits, the content is the signed one; then the parts are opened, and may not open.
    pub fn open(
        self,
        reader: &Reader<'_>,
        known: Option<Known<'_>>,
        state: &ItemState,
    ) -> Result<Accepted, Refusal> {
        let Self { revision, list, held } = self;
        let (item, owner, epoch) = (&revision.item, &state.owner, revision.epoch);
        // In the held epoch the server's copy of the key is not looked at.
        let same = |known: &Known<'_>| {
            known.held.epoch == epoch && known.held.list == revision.list && known.key.is_some()
        };
        let own_copy = known.filter(same).and_then(|known| known.key);
        let sealed = own_copy.unwrap_or(&state.key);
        let key = reader.item_key(owner, item, epoch, sealed)?;
        if list.as_ref().is_some_and(|list| list.commit != key.commit(item, epoch)) {
            return Err(Refusal::KeyUnfit);
        }
        if !revision.fits(&state.overview, &state.details) {
            return Err(Refusal::Forged);
        }
        let overview = if revision.status == Status::Deleted {
            // A deletion signs two empty parts.
            if !state.overview.is_empty() || !state.details.is_empty() {
                return Err(Refusal::Forged);
            }
            Some(Overview::default())
        } else {
            match open_parts(&key, owner, &revision, &state.overview, &state.details) {
                Ok((overview, _)) => Some(overview),
                // In the first epoch no list says which key is the right one.
                Err(Unopened::Sealed) if epoch == 1 && own_copy.is_none() => {
                    return Err(Refusal::KeyUnfit);
                }
                Err(_) => None,
            }
        };
        Ok(Accepted { overview, held, list, key: sealed.clone(), revision })
    }
}

/// Why two parts are not opened under a key.
pub(super) enum Unopened {
    /// The key does not open them.
    Sealed,
    /// What is in them cannot be read, or names another author.
    Content,
}

/// Opens and decodes both parts of a revision.
pub(super) fn open_parts(
    key: &ItemKey,
    owner: &UserId,
    revision: &Revision,
    overview: &[u8],
    details: &[u8],
) -> Result<(Overview, Details), Unopened> {
    let (item, epoch, number) = (&revision.item, revision.epoch, revision.revision);
    let sealed = |_| Unopened::Sealed;
    let overview = key.open_overview(item, epoch, number, overview).map_err(sealed)?;
    let details = key.open_details(item, epoch, number, details).map_err(sealed)?;
    let overview = Overview::decode(&overview).map_err(|_| Unopened::Content)?;
    let details = Details::decode(&details).map_err(|_| Unopened::Content)?;
    // An editor signs as the one who, by the overview, changed it.
    let changed = overview.changed.map(|stamp| stamp.user);
    if revision.author != *owner && changed != Some(revision.author) {
        return Err(Unopened::Content);
    }
    Ok((overview, details))
}

/// Step 5. Gives the states held apart to which this revision does not lead back either.
fn leads_back(
    reader: &Reader<'_>,
    owner: &UserId,
    held: &Held,
    list: Option<(&AccessList, Hash)>,
    (revision, hash): (&Revision, Hash),
    between: &[Signed],
) -> Result<Vec<Head>, Refusal> {
    if revision.revision < held.revision {
        return Err(Refusal::WentBack);
    }
    if revision.revision == held.revision {
        return if hash == held.hash { Ok(held.apart.clone()) } else { Err(Refusal::Forked) };
    }
    let at = held.body(&revision.item, owner);
    let direct = revision.parents().any(|parent| parent == held.hash);
    if between.is_empty() && (!direct || revision.also.is_some()) {
        return Err(Refusal::NeedsBetween);
    }
    let (mut chain, mut unknown) = (Chain::default(), false);
    for signed in between {
        match reader.body(&revision.item, signed) {
            Ok(body) => chain.insert(signed.hash(), body),
            Err(Refusal::NeedsPerson(_)) => unknown = true,
            Err(refusal) => return Err(refusal),
        }
    }
    if !direct && chain.get(&hash).is_none() {
        return Err(Refusal::Incomplete);
    }
    chain.insert(hash, revision.clone());
    let apart = ends(&revision.item, owner, &held.apart);
    let way = chain.walk(hash, owner, |parent| match *parent == held.hash {
        true => Some(&at),
        // A body that is here is walked through, so that older states are reached too.
        false => apart.get(parent).filter(|_| chain.get(parent).is_none()),
    });
    let bodies = allowed(&chain, &way)?;
    if !way.reached.contains(&held.hash) {
        return Err(if unknown { Refusal::Incomplete } else { Refusal::Forked });
    }
    for body in &bodies {
        may_stand(list, owner, body)?;
    }
    let open = |head: &&Head| !leads_to(head, &bodies, &way);
    Ok(held.apart.iter().filter(open).copied().collect())
}

/// Returns the bodies on these ways, unless a step breaks the rules.
fn allowed<'c>(chain: &'c Chain, way: &Way) -> Result<Vec<&'c Revision>, Refusal> {
    if way.broken {
        return Err(Refusal::Forged);
    }
    // Both sides that an editor unites are seen: no forbidden step comes into the chain held unseen.
    if way.half_seen {
        return Err(Refusal::Incomplete);
    }
    Ok(way.seen.iter().filter_map(|hash| chain.get(hash)).collect())
}

/// Returns the bodies of states that were held, by their hashes: a step onto one is a step like any other.
fn ends(item: &ItemId, owner: &UserId, heads: &[Head]) -> BTreeMap<Hash, Revision> {
    heads.iter().map(|head| (head.hash, head.body(item, owner))).collect()
}

/// Whether the ways from a revision reach a state, or a body of its epoch and list.
fn leads_to(head: &Head, bodies: &[&Revision], way: &Way) -> bool {
    let same = |body: &&Revision| body.epoch == head.epoch && body.list == head.list;
    let there = way.reached.contains(&head.hash) || way.seen.contains(&head.hash);
    there || bodies.iter().any(same)
}

/// Returns these states with a mark on each to which the server's newest leads back over these bodies. `known`
/// gives the bodies of the chain held until now: what is missing below one of them hides nothing new.
pub(crate) fn led_back<'k>(
    reader: &Reader<'_>,
    state: &ItemState,
    heads: &[Head],
    bodies: &[Signed],
    known: impl Fn(&Hash) -> Option<&'k Revision>,
) -> Result<Vec<Head>, Refusal> {
    let mut chain = Chain::default();
    for signed in bodies.iter().chain([&state.revision]) {
        if let Ok(body) = reader.body(&state.item, signed) {
            chain.insert(signed.hash(), body);
        }
    }
    let (newest, owner) = (state.revision.hash(), &state.owner);
    let apart = ends(&state.item, owner, heads);
    let mut way = chain
        .walk(newest, owner, |parent| apart.get(parent).filter(|_| chain.get(parent).is_none()));
    way.half_seen = chain.walk(newest, owner, known).half_seen;
    let bodies = allowed(&chain, &way)?;
    let mark = |head: &Head| {
        let led_back = leads_to(head, &bodies, &way);
        Head { led_back, ..*head }
    };
    Ok(heads.iter().map(mark).collect())
}

/// Whether a body may stand at its place: whether its author could write in its epoch, as far as the list of
/// that epoch is here.
pub(crate) fn may_stand(
    list: Option<(&AccessList, Hash)>,
    owner: &UserId,
    body: &Revision,
) -> Result<(), Refusal> {
    match list.filter(|(_, hash)| body.list == Some(*hash)) {
        Some((list, _)) => may_write(Some(list), owner, &body.author, body.status),
        None if body.epoch == 1 => may_write(None, owner, &body.author, body.status),
        None if body.status == Status::Deleted && body.author != *owner => Err(Refusal::Forged),
        // Of other epochs no list is here: the owner's later revision, which leads back, speaks for them.
        None => Ok(()),
    }
}
