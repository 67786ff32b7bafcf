//! Why what a server says of an item is refused.

use mysafe_protocol::UserId;

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
    /// A newer list of the owner does not name this user any more.
    #[error("access_ended")]
    AccessEnded,
    /// The address of its owner is pinned to other keys.
    #[error("key_changed")]
    KeyChanged,
    /// What this device stored of it cannot be read: nothing is decided about it.
    #[error("damaged")]
    Damaged,
    /// Not refused yet: the keys of this person are needed to decide.
    #[error("keys needed")]
    NeedsPerson(UserId),
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
            Self::AccessEnded => "access_ended",
            Self::KeyChanged => "key_changed",
            Self::Incomplete | Self::NeedsBetween | Self::NeedsPerson(_) => "incomplete",
            Self::Unreadable => "unreadable",
            Self::Damaged => "damaged",
        }
    }

    /// Whether a code on an item's row is one of these, rather than one of the server's.
    pub(crate) fn is_code(code: &str) -> bool {
        [
            Self::Forged,
            Self::WentBack,
            Self::Forked,
            Self::Incomplete,
            Self::Unreadable,
            Self::KeyChanged,
            Self::Damaged,
        ]
        .iter()
        .any(|refusal| refusal.code() == code)
    }
}
