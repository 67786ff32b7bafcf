//! An item as screens see it, and why it is not opened, revealed or saved.

use mysafe::model::{FieldError, Method};
use mysafe::protocol::ItemId;
use mysafe::vault::{RevealError as CoreReveal, Right, SecretPresence};

use crate::rows::OwnerView;
use crate::store::StoreError;

/// What a form is saved as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A new item.
    New,
    /// A present one.
    Item(ItemId),
}

impl Target {
    pub(crate) fn item(&self) -> Option<&ItemId> {
        match self {
            Self::New => None,
            Self::Item(item) => Some(item),
        }
    }
}

/// What a client secret is opened for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// To show it.
    Show,
    /// To copy it.
    Copy,
    /// To fill it into a page.
    Fill,
}

/// Who did something and when.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct When {
    /// The person's name, or the start of their id if it is not known.
    pub by: String,
    /// Unix milliseconds.
    pub at: u64,
}

/// An API secret opened for a screen: all but the client secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiSecretView {
    /// The item.
    pub id: ItemId,
    /// Name.
    pub name: String,
    /// Address.
    pub url: String,
    /// The same where it is a web address: nothing else becomes a link.
    pub link: Option<String>,
    /// Further addresses.
    pub addresses: Vec<String>,
    /// Host, as rows show it.
    pub host: String,
    /// What the tile's colour is made of.
    pub registrable: String,
    /// Client ID.
    pub client_id: String,
    /// Whether there is a client secret.
    pub secret: SecretPresence,
    /// Identifier; empty if none.
    pub identifier: String,
    /// HTTP method.
    pub method: Option<Method>,
    /// Tags.
    pub tags: Vec<String>,
    /// Notes; empty if none.
    pub notes: String,
    /// The owner's name and address.
    pub owner: String,
    /// Made by whom and when.
    pub created: Option<When>,
    /// Changed by whom and when.
    pub changed: Option<When>,
    /// Last Show, Copy or Fill, Unix milliseconds.
    pub last_use: Option<u64>,
    /// Not on the server yet.
    pub waiting: bool,
    /// It was disabled.
    pub inactive: bool,
    /// Why it failed its check, or the server refused it.
    pub trouble: Option<String>,
    /// Whose it is, if it is somebody else's.
    pub others: Option<OwnerView>,
    /// What the user may do with it.
    pub right: Right,
    /// When the user's access ends, Unix seconds; for ever if absent.
    pub until: Option<u64>,
    /// It is the user's own and others have access.
    pub shared: bool,
    /// It stands under "New items".
    pub new: bool,
    /// When its client secret is to be rotated at the provider, Unix milliseconds; the owner's reminder.
    pub rotate: Option<u64>,
}

/// Why an item is not opened.
#[derive(Debug, Clone, PartialEq)]
pub enum OpenError {
    /// It is not here.
    Gone,
    /// It failed its check.
    Damaged,
    /// The vault locked meanwhile.
    Locked,
    /// The store failed.
    Store(StoreError),
}

/// Why a client secret is not given out.
#[derive(Debug, Clone, PartialEq)]
pub enum RevealError {
    /// There is none.
    NoSecret,
    /// The item is inactive.
    Inactive,
    /// It is not here.
    Gone,
    /// It failed its check.
    Damaged,
    /// The vault locked meanwhile.
    Locked,
    /// The store failed.
    Store(StoreError),
}

impl From<OpenError> for RevealError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Gone => Self::Gone,
            OpenError::Damaged => Self::Damaged,
            OpenError::Locked => Self::Locked,
            OpenError::Store(error) => Self::Store(error),
        }
    }
}

impl From<CoreReveal> for RevealError {
    fn from(error: CoreReveal) -> Self {
        match error {
            CoreReveal::NoSecret => Self::NoSecret,
            CoreReveal::Inactive => Self::Inactive,
            CoreReveal::Gone => Self::Gone,
            CoreReveal::Damaged => Self::Damaged,
        }
    }
}

/// Why a form is not saved.
#[derive(Debug, Clone, PartialEq)]
pub enum SaveError {
    /// Fields need attention.
    Fields(Vec<FieldError>),
    /// It has as many further addresses as it may.
    TooManyAddresses,
    /// The user may not do this with it.
    NotAllowed,
    /// The person whose item it is was not accepted yet.
    NotAccepted,
    /// The item is not here any more.
    Gone,
    /// What is stored cannot be opened.
    Damaged,
    /// The vault locked meanwhile; the draft is kept.
    Locked,
    /// The store failed.
    Store(StoreError),
}

/// A saved item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The item.
    pub id: ItemId,
}
