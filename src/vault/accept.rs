//! The one function by which an item from a server is accepted, in the order of the
//! cryptographic design. Own items only: in epoch 1 without a list, later with one that I signed.

use mysafe_protocol::bodies::{AccessList, Status};
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::wire::ItemState;
use mysafe_protocol::{ItemId, Revision, Signed, limits};

use crate::crypto::{AccountKey, Identity, ItemKey};
use crate::model::Overview;

/// What this device accepted last of an item: it never goes behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// Epoch.
    pub epoch: u64,
    /// Revision.
    pub revision: u64,
    /// Hash of that revision's body.
    pub hash: Hash,
    /// That revision deleted the item: in its epoch nothing may follow.
    pub deleted: bool,
    /// Hash of its epoch's access list; none in epoch 1.
    pub list: Option<Hash>,
}

impl Held {
    /// What is held once a revision, whose body has this hash, is accepted.
    pub fn of(revision: &Revision, hash: Hash) -> Self {
        let Revision { epoch, revision: number, status, list, .. } = *revision;
        Self { epoch, revision: number, hash, deleted: status == Status::Deleted, list }
    }

    /// The plaintext of `device/state` for an item.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put(1, self.epoch);
        fields.put(2, self.revision);
        fields.put_bytes(3, &self.hash.0);
        if self.deleted {
            fields.put(4, true);
        }
        if let Some(list) = self.list {
            fields.put_bytes(5, &list.0);
        }
        fields.encode()
    }

    /// Reads the plaintext of `device/state` for an item.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self {
            epoch: fields.need(1)?,
            revision: fields.need(2)?,
            hash: Hash(fields.need_array(3)?),
            deleted: fields.take(4)?.unwrap_or_default(),
            list: match fields.take_bytes(5)? {
                Some(bytes) => Some(Hash::try_from(bytes.as_slice()).map_err(|_| Malformed)?),
                None => None,
            },
        })
    }
}

/// Why an item is refused: what is held stays, nothing is uploaded, the user is told the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A signature, owner or hash is not what it must be.
    #[error("forged")]
    Forged,
    /// Older than what was accepted before.
    #[error("went_back")]
    WentBack,
    /// Another history than the one accepted before.
    #[error("forked")]
    Forked,
    /// Something that belongs to it is withheld.
    #[error("incomplete")]
    Incomplete,
    /// It cannot be opened.
    #[error("unreadable")]
    Unreadable,
    /// Not refused yet: the bodies after the held revision are needed to decide.
    #[error("bodies between needed")]
    NeedsBetween,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::WentBack => "went_back",
            Self::Forked => "forked",
            Self::Incomplete | Self::NeedsBetween => "incomplete",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether a code on an item's row is one of these, rather than one of the server's.
    pub(crate) fn is_code(code: &str) -> bool {
        [Self::Forged, Self::WentBack, Self::Forked, Self::Incomplete, Self::Unreadable]
            .iter()
            .any(|refusal| refusal.code() == code)
    }
}

/// An accepted item.
pub struct Accepted {
    /// Its revision.
    pub revision: Revision,
    /// Its opened overview.
    pub overview: Overview,
    /// What is held from now on.
    pub held: Held,
}

/// Accepts an item as a whole, or refuses it as a whole. `between` are the bodies after the held
/// revision up to this one, as the server keeps them; empty until they are asked for.
pub fn accept(
    account: &AccountKey,
    identity: &Identity,
    item: &ItemId,
    held: Option<&Held>,
    state: &ItemState,
    between: &[Signed],
) -> Result<Accepted, Refusal> {
    let me = identity.user();

    // 1. The owner: mine, and my copy of its key says so.
    if state.owner != me || state.item != *item {
        return Err(Refusal::Forged);
    }
    let claimed = Revision::read(&state.revision).map_err(|_| Refusal::Forged)?;
    let key = ItemKey::unwrap(account, &me, item, claimed.epoch, &state.key)
        .map_err(|_| Refusal::Forged)?;

    // 2. The list: none in epoch 1; later mine, of this item and epoch, and the one held.
    if held.is_some_and(|held| claimed.epoch < held.epoch) {
        return Err(Refusal::WentBack);
    }
    let list = match &state.list {
        None if claimed.epoch == 1 => None,
        None => return Err(Refusal::Incomplete),
        Some(_) if claimed.epoch == 1 => return Err(Refusal::Forged),
        Some(signed) => {
            let list =
                AccessList::accept(signed, identity.sign_pk()).map_err(|_| Refusal::Forged)?;
            if list.owner != me || list.item != *item || list.epoch != claimed.epoch {
                return Err(Refusal::Forged);
            }
            let hash = signed.hash();
            if held.is_some_and(|held| held.epoch == list.epoch && held.list != Some(hash)) {
                return Err(Refusal::Forked);
            }
            Some((list, hash))
        }
    };

    // 3. The revision: signed by its author, of this item, under the newest list.
    let revision =
        Revision::accept(&state.revision, identity.sign_pk()).map_err(|_| Refusal::Forged)?;
    if revision.item != *item {
        return Err(Refusal::Forged);
    }
    if revision.list != list.as_ref().map(|(_, hash)| *hash) {
        return Err(Refusal::Incomplete);
    }

    // 4. The author: the owner. A deletion ends its epoch.
    if revision.author != me {
        return Err(Refusal::Forged);
    }
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
        } else if revision.prev != Some(held.hash) {
            leads_back(identity, held, &revision, hash, between)?;
        }
    }

    // 6. The content: what was signed, and it opens.
    if !revision.fits(&state.overview, &state.details) {
        return Err(Refusal::Forged);
    }
    if list.is_some_and(|(list, _)| list.commit != key.commit(item, revision.epoch)) {
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
    let held = Held::of(&revision, hash);
    Ok(Accepted { revision, overview, held })
}

/// Walks from the held revision over the bodies between to the newest.
fn leads_back(
    identity: &Identity,
    held: &Held,
    newest: &Revision,
    newest_hash: Hash,
    between: &[Signed],
) -> Result<(), Refusal> {
    if between.is_empty() {
        return Err(Refusal::NeedsBetween);
    }
    let (mut at, mut number) = (held.hash, held.revision);
    let (mut epoch, mut deleted) = (held.epoch, held.deleted);
    for signed in between {
        let revision = Revision::accept(signed, identity.sign_pk()).map_err(|_| Refusal::Forged)?;
        if revision.item != newest.item || revision.author != newest.author {
            return Err(Refusal::Forged);
        }
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
        (at, number) = (signed.hash(), revision.revision);
        (epoch, deleted) = (revision.epoch, revision.status == Status::Deleted);
        if at == newest_hash {
            // What was written since comes with its own state.
            return Ok(());
        }
    }
    Err(Refusal::Incomplete)
}
