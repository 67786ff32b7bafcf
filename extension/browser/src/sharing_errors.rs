//! Why something of sharing is not done, out of what the core and the server say.

use mysafe::protocol::wire::ErrorCode;
use mysafe::sync::{RemoteError, SyncError};
use mysafe::vault::ShareError;

use crate::item::OpenError;
use crate::sharing::SharingError;
use crate::store::StoreError;

impl From<SyncError<StoreError>> for SharingError {
    fn from(error: SyncError<StoreError>) -> Self {
        match error {
            SyncError::Store(error) => Self::Store(error),
            SyncError::Damaged => Self::Store(StoreError::Damaged),
            SyncError::Locked | SyncError::SignedOut => Self::Locked,
            SyncError::Remote(error) => error.into(),
        }
    }
}

impl From<RemoteError> for SharingError {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::Offline => Self::Offline,
            RemoteError::SignInEnded | RemoteError::Revoked => Self::SignInEnded,
            RemoteError::Malformed => Self::Refused("forged"),
            RemoteError::NotConfirmed => Self::NotConfirmed,
            RemoteError::Stale(_) => Self::Busy,
            RemoteError::Busy(seconds) => Self::Wait(seconds),
            RemoteError::Full(_) => Self::Full,
            RemoteError::Refused(code) => match code {
                ErrorCode::NotFound => Self::Nobody,
                ErrorCode::NotAllowed => Self::NotOwner,
                ErrorCode::TooLarge => Self::TooMany,
                ErrorCode::TooManyTries => Self::Busy,
                _ => Self::Refused("refused"),
            },
        }
    }
}

impl From<ShareError> for SharingError {
    fn from(error: ShareError) -> Self {
        match error {
            ShareError::NotOwner => Self::NotOwner,
            ShareError::Unsent => Self::Unsent,
            ShareError::Inactive => Self::Inactive,
            ShareError::Yourself => Self::Yourself,
            ShareError::KeyChanged(user) => Self::KeyChanged(user),
            ShareError::NotMet(user) => Self::NotMet(user),
            ShareError::NoKeys(_) => Self::Nobody,
            ShareError::NotConfirmed => Self::NotConfirmed,
            ShareError::Group => Self::Refused("refused"),
            ShareError::TooMany => Self::TooMany,
            ShareError::NoChange => Self::NoChange,
            ShareError::Refused(refusal) => Self::Refused(refusal.code()),
            ShareError::Busy => Self::Busy,
            ShareError::Damaged => Self::Store(StoreError::Damaged),
        }
    }
}

impl From<OpenError> for SharingError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Gone => Self::Gone,
            OpenError::Damaged => Self::Store(StoreError::Damaged),
            OpenError::Locked => Self::Locked,
            OpenError::Store(error) => Self::Store(error),
        }
    }
}
