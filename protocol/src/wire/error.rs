//! Errors on the wire: a stable code, never a text; the client makes the text.

use serde::{Deserialize, Serialize};

use crate::wire::items::ItemState;

/// The body of every answer that is not a success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorResponse {
    /// What went wrong.
    pub code: ErrorCode,
    /// Seconds to wait, with [`ErrorCode::TooManyTries`], and with [`Reason::ItemRevisions`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Why, where one code stands for several reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The item as it is now, with [`ErrorCode::Stale`]; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<ItemState>,
}

/// Stable codes, with the HTTP status each comes with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: not the form of this request, or an unknown field.
    Malformed,
    /// 400: a signature, hash or number does not fit.
    Forged,
    /// 401: no token, or not a valid one. Signing in failed.
    NotSignedIn,
    /// 401: the session was ended on purpose: another password, a recovery, an administrator.
    SessionRevoked,
    /// 403: not the present password of whoever is signed in.
    WrongPassword,
    /// 403: a code was mailed to the address, and is needed too.
    NeedsMailedCode,
    /// 403: not the code that was mailed, or it expired, or there were too many tries.
    WrongCode,
    /// 403: a sign-up needs an invitation.
    NeedsInvitation,
    /// 403: the invitation is unknown, used, expired or for another address.
    BadInvitation,
    /// 403: the first sign-up needs the set-up code.
    NeedsSetupCode,
    /// 403: not the set-up code.
    BadSetupCode,
    /// 403: who asks has access to the item, but may not do this with it.
    NotAllowed,
    /// 403: an account or an item is full; the [`Reason`] says which and of what. Nothing was stored.
    QuotaExceeded,
    /// 404: no such thing, or not yours.
    NotFound,
    /// 405: the route has no such method; `Allow` names those that it has.
    NoSuchMethod,
    /// 409: the address has an account.
    AddressTaken,
    /// 409: another item of the owner has this Identifier.
    IdentifierTaken,
    /// 409: somebody's access ended; until the owner's client gave the item a new key, nobody else writes.
    OwnerFirst,
    /// 412: the item is at another revision.
    Stale,
    /// 413: larger than allowed.
    TooLarge,
    /// 429: too many tries.
    TooManyTries,
    /// 500: the server's fault; details are in its log.
    Internal,
    /// 503: stopping, or its database does not answer.
    Unavailable,
}

/// Why something is refused, beside a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// With [`ErrorCode::NotAllowed`]: who shares has not confirmed their mailbox.
    MailboxNotConfirmed,
    /// With [`ErrorCode::QuotaExceeded`]: the bytes that the account of the item's owner may store.
    AccountBytes,
    /// With [`ErrorCode::QuotaExceeded`]: the items that the account of the item's owner may have.
    AccountItems,
    /// With [`ErrorCode::QuotaExceeded`]: the revisions that an item may get in a day, by whomever.
    ItemRevisions,
}

impl ErrorCode {
    /// The HTTP status (RFC 9110 section 15, RFC 6585 section 4).
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::Forged => 400,
            Self::NotSignedIn | Self::SessionRevoked => 401,
            Self::WrongPassword
            | Self::NeedsMailedCode
            | Self::WrongCode
            | Self::NeedsInvitation
            | Self::BadInvitation
            | Self::NeedsSetupCode
            | Self::BadSetupCode
            | Self::NotAllowed
            | Self::QuotaExceeded => 403,
            Self::NotFound => 404,
            Self::NoSuchMethod => 405,
            Self::AddressTaken | Self::IdentifierTaken | Self::OwnerFirst => 409,
            Self::Stale => 412,
            Self::TooLarge => 413,
            Self::TooManyTries => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}
