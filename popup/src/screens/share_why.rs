//! Why something of sharing is not done, in words.

use mysafe_browser::SharingError;

use crate::screens::broken;
use crate::t;

/// The words.
pub fn why(error: &SharingError) -> String {
    match error {
        SharingError::Offline => t!("sharing-needs-server"),
        SharingError::SignInEnded => t!("sharing-needs-sign-in"),
        SharingError::NotOwner => t!("sharing-not-owner"),
        SharingError::Owner => t!("sharing-owner-stays"),
        SharingError::Unsent => t!("sharing-unsent"),
        SharingError::Inactive => t!("sharing-inactive"),
        SharingError::Yourself => t!("sharing-yourself"),
        SharingError::NotMet(_) => t!("sharing-not-met"),
        SharingError::KeyChanged(_) => t!("sharing-key-changed"),
        SharingError::Nobody => t!("sharing-nobody"),
        SharingError::NotConfirmed => t!("sharing-not-confirmed"),
        SharingError::AddressInvalid => t!("sharing-address"),
        SharingError::NotPending => t!("sharing-not-pending"),
        SharingError::Over => t!("sharing-over"),
        SharingError::TooMany => t!("sharing-too-many"),
        SharingError::NoChange => t!("sharing-no-change"),
        SharingError::Refused(code) => t!("sharing-refused", code = *code),
        SharingError::Wait(seconds) => t!("too-many-tries", seconds = *seconds),
        SharingError::Full => t!("sharing-full"),
        SharingError::Busy => t!("sharing-busy"),
        SharingError::Gone => t!("gone"),
        SharingError::Locked => t!("locked-now"),
        SharingError::Store(error) => broken::text(error),
    }
}
