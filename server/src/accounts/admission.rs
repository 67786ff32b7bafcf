//! Whether someone may make an account.

use mysafe_protocol::wire::{ErrorCode, Signups};

use crate::accounts::invitations;
use crate::database::Connection;
use crate::error::Error;
use crate::state::AppState;

/// Refuses who may not sign up. Says nothing about whether the address has an account: this comes
/// before anybody looks.
pub async fn admit(
    state: &AppState,
    on: &mut Connection,
    signups: Signups,
    address: &str,
    admission: Option<&str>,
) -> Result<(), Error> {
    match (signups, admission) {
        (Signups::First | Signups::Open, _) => Ok(()),
        (Signups::FirstWithCode, None) => Err(ErrorCode::NeedsSetupCode.into()),
        (Signups::FirstWithCode, Some(code)) if state.keys.is_setup_code(code) => Ok(()),
        (Signups::FirstWithCode, Some(_)) => Err(ErrorCode::BadSetupCode.into()),
        (Signups::Invite, None) => Err(ErrorCode::NeedsInvitation.into()),
        (Signups::Invite, Some(token)) => {
            if invitations::is_good(on, token, address, state.clock.now()).await? {
                Ok(())
            } else {
                Err(ErrorCode::BadInvitation.into())
            }
        }
    }
}
