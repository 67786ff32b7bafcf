//! What a device stores: named stores of bytes by text keys. Every value is ciphertext or says
//! nothing a server does not know already.

use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::{ItemState, ItemWriteRequest};
use mysafe_protocol::{Bytes, ItemId, Revision, Status, UserId};

use crate::crypto::Sealing;

/// The stores of a device. The names are those of the object stores in IndexedDB.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Store {
    /// What is known without unlocking: address, server, wrapped account key.
    Device,
    /// Items as the server sent them.
    Items,
    /// The sealed token of the session with the server.
    Session,
    /// Sealed numbers and hashes last accepted, and where sync stands.
    State,
    /// All overviews, sealed in pieces.
    Cache,
    /// Sealed writes that are not on the server yet.
    Outbox,
    /// Sealed forms not saved yet.
    Drafts,
}

impl Store {
    /// Every store.
    pub const ALL: [Self; 7] = [
        Self::Device,
        Self::Items,
        Self::Session,
        Self::State,
        Self::Cache,
        Self::Outbox,
        Self::Drafts,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Items => "items",
            Self::Session => "session",
            Self::State => "state",
            Self::Cache => "cache",
            Self::Outbox => "outbox",
            Self::Drafts => "drafts",
        }
    }
}

/// A value to store, or to remove. All of one change are applied in one transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Put {
    /// Where.
    pub store: Store,
    /// Under which key.
    pub key: String,
    /// What; `None` removes it.
    pub value: Option<Value>,
}

/// What is to be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// These bytes.
    Bytes(Vec<u8>),
    /// This, once it is sealed.
    Seal(Sealing),
}

impl Value {
    /// The bytes, sealed here if they are not.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Seal(sealing) => sealing.seal(),
        }
    }
}

impl Put {
    /// Stores a value.
    pub fn set(store: Store, key: impl Into<String>, value: Vec<u8>) -> Self {
        Self { store, key: key.into(), value: Some(Value::Bytes(value)) }
    }

    /// Stores a value that is still to be sealed.
    pub fn seal(store: Store, key: impl Into<String>, sealing: Sealing) -> Self {
        Self { store, key: key.into(), value: Some(Value::Seal(sealing)) }
    }

    /// What is to be stored; `None` if it is to be removed.
    pub fn into_bytes(self) -> Option<Vec<u8>> {
        self.value.map(Value::into_bytes)
    }

    /// Removes a value.
    pub fn remove(store: Store, key: impl Into<String>) -> Self {
        Self { store, key: key.into(), value: None }
    }
}

/// The keys under which things are stored.
pub mod keys {
    use mysafe_protocol::{ItemId, OperationId};

    /// [`super::Store::Device`]: the [`crate::vault::DeviceRecord`].
    pub const DEVICE: &str = "account";
    /// [`super::Store::Device`]: the account record as the server sent it.
    pub const RECORD: &str = "record";
    /// [`super::Store::Device`]: there is one if the sign-in here was ended on purpose.
    pub const REVOKED: &str = "revoked";
    /// [`super::Store::Session`]: the token.
    pub const SESSION: &str = "token";
    /// [`super::Store::Cache`]: the head of the overviews.
    pub const CACHE: &str = "overviews";
    /// [`super::Store::State`]: where sync stands.
    pub const CURSOR: &str = "cursor";
    /// [`super::Store::State`]: the accepted account record.
    pub const ACCOUNT: &str = "account";
    /// [`super::Store::State`]: uses of items that are not here yet.
    pub const ASIDE: &str = "uses";
    /// [`super::Store::State`]: what was refused and not yet dismissed.
    pub const REPORTS: &str = "reports";
    /// [`super::Store::State`]: what a restored server is to get again.
    pub const AGAIN: &str = "again";
    /// [`super::Store::State`]: whose keys are known.
    pub const PEOPLE: &str = "people";
    /// [`super::Store::State`]: there is one while the record of people is made again.
    pub const MENDING: &str = "people/mending";
    /// [`super::Store::State`]: how many bundles stayed when those were dropped that nothing refers to.
    pub const KEPT_BUNDLES: &str = "people/kept";
    /// [`super::Store::State`]: who is to be taken off the lists of own items.
    pub const LEFT: &str = "left";
    /// [`super::Store::State`]: people's names, as the server told them.
    pub const NAMES: &str = "names";
    /// [`super::Store::State`]: items whose owners' addresses are pinned to other keys.
    pub const STRANGERS: &str = "strangers";
    /// [`super::Store::State`]: who has joined of those for whom shares wait.
    pub const JOINED: &str = "joined";
    /// [`super::Store::State`]: where the search ended for items of which no bodies are kept.
    pub const WAYS: &str = "ways";
    /// [`super::Store::Drafts`]: the form for a new item.
    pub const DRAFT_NEW: &str = "new";
    /// [`super::Store::Drafts`]: what the keys of forms begin with that wait their turn behind it.
    pub const DRAFTS_KEPT: &str = "new/";

    /// [`super::Store::Items`], [`super::Store::Drafts`] and, as what was accepted,
    /// [`super::Store::State`].
    pub fn item(item: &ItemId) -> String {
        item.to_string()
    }

    /// [`super::Store::Drafts`]: what was typed or written, under its own id, for an item that is not
    /// there any more.
    pub fn draft_kept(what: &impl std::fmt::Display) -> String {
        format!("{DRAFTS_KEPT}{what}")
    }

    /// The keys of kept bodies begin with this.
    pub const BODIES: &str = "bodies/";

    /// [`super::Store::State`]: the signed bodies before the accepted one.
    pub fn bodies(item: &ItemId) -> String {
        format!("{BODIES}{item}")
    }

    /// [`super::Store::Cache`]: a piece of the overviews.
    pub fn piece(number: usize) -> String {
        format!("{CACHE}/{number}")
    }

    /// [`super::Store::Outbox`]: the write of an item.
    pub fn write(item: &ItemId) -> String {
        format!("item/{item}")
    }

    /// [`super::Store::Outbox`]: the writes of an item that were sent and not answered.
    pub fn sent(item: &ItemId) -> String {
        format!("sent/{item}")
    }

    /// The keys of uniting revisions begin with this.
    pub const UNION: &str = "union/";

    /// [`super::Store::Outbox`]: a revision that unites what is held of an item with what the server has
    /// beside it.
    pub fn union(item: &ItemId) -> String {
        format!("{UNION}{item}")
    }

    /// [`super::Store::State`]: when this device made such revisions of an item.
    pub fn united(item: &ItemId) -> String {
        format!("united/{item}")
    }

    /// [`super::Store::State`]: the highest number of a revision of an item that came before one of these.
    pub fn first(item: &ItemId) -> String {
        format!("first/{item}")
    }

    /// [`super::Store::State`]: when it made such versions of the account record.
    pub const UNITED_RECORD: &str = "united/record";

    /// [`super::Store::State`]: a write of an item that the user wrote over before it was sent. It
    /// is never sent; the history shows it here.
    pub fn past(item: &ItemId, operation: &OperationId) -> String {
        format!("{}{operation}", past_of(item))
    }

    /// [`super::Store::State`]: the same of one that no later write of the user contains.
    pub fn unsent(item: &ItemId, operation: &OperationId) -> String {
        format!("{}{operation}", unsent_of(item))
    }

    /// The beginning of the keys of these of one item.
    pub fn unsent_of(item: &ItemId) -> String {
        format!("{}unsent/", past_of(item))
    }

    /// The beginning of the keys of all these writes.
    pub const PAST: &str = "past/";

    /// The same of one item.
    pub fn past_of(item: &ItemId) -> String {
        format!("{PAST}{item}/")
    }

    /// [`super::Store::Outbox`]: the use of an item.
    pub fn used(item: &ItemId) -> String {
        format!("use/{item}")
    }
}

/// An item as this device has it: what the server last confirmed, and a write not confirmed yet.
/// At least one of both is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalItem {
    /// As the server sent it.
    pub state: Option<ItemState>,
    /// The write that waits.
    pub pending: Option<ItemWriteRequest>,
    /// The version of the state that is shown and written over.
    pub readable: Readable,
}

/// The newest version along prev that opens, seen from the state that the server sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Readable {
    /// The newest one.
    #[default]
    Newest,
    /// An earlier one, with the item key of its epoch.
    Earlier(Box<ItemState>),
    /// None.
    Nothing,
}

impl LocalItem {
    /// An item as the server confirmed it, with nothing that waits.
    pub fn confirmed(state: ItemState) -> Self {
        Self { state: Some(state), pending: None, readable: Readable::Newest }
    }

    /// An item of which nothing is here.
    pub fn none() -> Self {
        Self { state: None, pending: None, readable: Readable::Newest }
    }

    /// The same item without the write that waits.
    pub fn without_pending(&self) -> Self {
        Self { pending: None, ..self.clone() }
    }

    /// Encodes the value of [`Store::Items`]: the state alone, or with what is readable of it.
    pub(crate) fn encode_state(state: &ItemState, readable: &Readable) -> Vec<u8> {
        match readable {
            Readable::Newest => minicbor_serde::to_vec(state),
            Readable::Earlier(earlier) => minicbor_serde::to_vec((state, Some(earlier))),
            Readable::Nothing => minicbor_serde::to_vec((state, None::<ItemState>)),
        }
        .expect("writing to memory cannot fail")
    }

    /// Reads a value of [`Store::Items`].
    pub(crate) fn decode_state(bytes: &[u8]) -> Result<(ItemState, Readable), Malformed> {
        if let Ok(state) = minicbor_serde::from_slice::<ItemState>(bytes) {
            return Ok((state, Readable::Newest));
        }
        let (state, earlier): (ItemState, Option<ItemState>) =
            minicbor_serde::from_slice(bytes).map_err(|_| Malformed)?;
        let readable =
            earlier.map_or(Readable::Nothing, |earlier| Readable::Earlier(Box::new(earlier)));
        Ok((state, readable))
    }

    /// The sealed item key of the confirmed state.
    pub fn held_key(&self) -> Option<&Bytes> {
        self.state.as_ref().map(|state| &state.key)
    }

    /// The item key as sealed for the owner, of the epoch of the newest revision here.
    pub fn key(&self) -> Option<&Bytes> {
        let brought = self.pending.as_ref().and_then(|pending| pending.key.as_ref());
        brought.or(self.state.as_ref().map(|state| &state.key))
    }

    /// Whether the newest revision here deletes the item.
    pub fn is_deleted(&self) -> bool {
        let newest = self.newest().map(|(signed, ..)| Revision::read(signed));
        newest.is_some_and(|revision| {
            revision.is_ok_and(|revision| revision.status == Status::Deleted)
        })
    }

    /// The newest revision with its two parts: the waiting one, or else the confirmed one.
    pub(super) fn newest(&self) -> Option<(&mysafe_protocol::Signed, &Bytes, &Bytes)> {
        let pending = self.pending.as_ref();
        pending.map(|write| (&write.revision, &write.overview, &write.details)).or_else(|| {
            self.state.as_ref().map(|state| (&state.revision, &state.overview, &state.details))
        })
    }
}

/// The item as the server has it once it took a write; `None` if its key is not known.
pub(crate) fn state_of(
    item: &ItemId,
    owner: UserId,
    local: &LocalItem,
    write: &ItemWriteRequest,
) -> Option<ItemState> {
    let (key, list) = match (&write.key, &local.state) {
        (Some(key), _) => (key.clone(), write.list.clone()),
        (None, Some(state)) => (state.key.clone(), state.list.clone()),
        (None, None) => (local.key()?.clone(), None),
    };
    Some(ItemState {
        item: *item,
        owner,
        revision: write.revision.clone(),
        overview: write.overview.clone(),
        details: write.details.clone(),
        key,
        list,
    })
}
