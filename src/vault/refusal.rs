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
    /// The item key that the server gives does not open, or is not the one of the list: the server's doing.
    #[error("incomplete")]
    KeyUnfit,
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
    /// The server refuses a write although it has what is held here.
    #[error("refused")]
    ServerRefused,
    /// Not refused yet: the newest revision does not open, and one along prev that does is needed.
    #[error("readable version needed")]
    NeedsReadable,
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
            Self::Incomplete | Self::KeyUnfit | Self::NeedsBetween | Self::NeedsPerson(_) => {
                "incomplete"
            }
            Self::Unreadable | Self::NeedsReadable => "unreadable",
            Self::Damaged => "damaged",
            Self::ServerRefused => "refused",
        }
    }

    /// Returns the refusal of a code; of any other code, that the server refuses.
    pub(crate) fn named(code: &str) -> Self {
        let all = [Self::Forged, Self::WentBack, Self::Forked, Self::Incomplete, Self::KeyChanged];
        let all = all.into_iter().chain([Self::Unreadable, Self::Damaged]);
        all.into_iter().find(|refusal| refusal.code() == code).unwrap_or(Self::ServerRefused)
    }

    /// Whether a code on an item's row is one of these, rather than one of the server's. A version that
    /// cannot be read is accepted, and refuses nothing.
    pub(crate) fn is_code(code: &str) -> bool {
        [
            Self::Forged,
            Self::WentBack,
            Self::Forked,
            Self::Incomplete,
            Self::KeyChanged,
            Self::Damaged,
        ]
        .iter()
        .any(|refusal| refusal.code() == code)
    }
}
