//! "Accept the server's state" of an item, as a screen asks for it.

use mysafe::crypto::SystemRandom;
use mysafe::protocol::ItemId;
use mysafe::sync::{Kept, NotAccepted, RemoteError, Sync, SyncError};

use crate::events::announce_change;
use crate::now;
use crate::open::Open;
use crate::session::{self, Session};
use crate::standing::open_vault;
use crate::store::StoreError;

/// Why the server's state of an item is not accepted. What is here stays.
#[derive(Debug, Clone, PartialEq)]
pub enum AcceptError {
    /// The server does not answer, or the sign-in here has ended.
    Offline,
    /// It fails another check, with this stable code.
    Refused(&'static str),
    /// There are drafts already where this browser's version would be kept.
    DraftInTheWay,
    /// The vault locked meanwhile.
    Locked,
    /// The store failed.
    Store(StoreError),
}

impl Open {
    /// Takes what the server has of an item in place of what is here, which becomes a draft.
    pub async fn accept_server(&self, id: ItemId) -> Result<Kept, AcceptError> {
        let Session::Open(key) = session::read().await.map_err(AcceptError::Store)? else {
            return Err(AcceptError::Locked);
        };
        let remote = self.signed_in().await.ok_or(AcceptError::Offline)?;
        // A vault of its own: this one is drawn from meanwhile.
        let vault = open_vault(&self.device, self.record(), key).await;
        let mut vault = vault.map_err(AcceptError::Store)?;
        let mut sync = Sync {
            vault: &mut vault,
            local: &self.device,
            remote: &remote,
            random: &mut SystemRandom,
            now: now(),
        };
        let accepted = match sync.accept_server(&id).await {
            Ok(Ok(kept)) => Ok(kept),
            Ok(Err(NotAccepted::Refused(refusal))) => Err(AcceptError::Refused(refusal.code())),
            Ok(Err(NotAccepted::DraftInTheWay)) => Err(AcceptError::DraftInTheWay),
            Err(SyncError::Remote(RemoteError::Malformed)) => Err(AcceptError::Refused("forged")),
            Err(SyncError::Remote(_)) => Err(AcceptError::Offline),
            Err(SyncError::Store(error)) => Err(AcceptError::Store(error)),
            Err(SyncError::Damaged) => Err(AcceptError::Store(StoreError::Damaged)),
        };
        self.refresh().await.map_err(AcceptError::Store)?;
        announce_change();
        accepted
    }
}
