//! Writes of items. Here are the checks of a write by itself; `decision` asks whether it replaces the
//! newest revision, `store` stores it, both in one transaction.

mod again;
mod decision;
mod operations;
mod store;

use mysafe_protocol::bodies::{Revision, Status};
use mysafe_protocol::bytes::{Hash, ItemId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ErrorCode, ItemWriteRequest, WriteAgainRequest};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::checks;
use crate::error::Error;
use crate::sessions::SignedIn;
use crate::state::AppState;
use again::Sent;
pub use operations::sweep;

/// A write that fits itself.
struct Write<'a> {
    /// The request for the newest revision.
    request: &'a ItemWriteRequest,
    newest: Revision,
    /// The hash of the newest revision.
    hash: Hash,
    /// The rest of a request that sends again; none of a plain write.
    sent: Option<Sent<'a>>,
    /// Equal for two requests that are the same, however they were encoded.
    request_hash: [u8; 32],
}

/// Stores a revision in place of the one it names, and returns its position in the log of changes.
pub async fn write(
    state: &AppState,
    signed_in: &SignedIn,
    item: &ItemId,
    request: &ItemWriteRequest,
) -> Result<u64, Error> {
    checks::signed(&request.revision)?;
    let newest = Revision::accept(&request.revision, &signed_in.sign_pk)?;
    if newest.item != *item || newest.author != signed_in.user {
        return Err(ErrorCode::Forged.into());
    }
    let request_hash = request_hash(item, request)?;
    let write = Write::check(request, newest, None, request_hash)?;
    store::store(state, signed_in, &write).await
}

/// Stores a revision over the newest one of a server that is behind or beside, with all that comes along.
/// Returns its position in the log of changes.
pub async fn again(
    state: &AppState,
    signed_in: &SignedIn,
    item: &ItemId,
    request: &WriteAgainRequest,
) -> Result<u64, Error> {
    let mut connection = state.database.read().await?;
    let (newest, sent) = again::read(&mut connection, signed_in, item, request).await?;
    drop(connection);
    let request_hash = request_hash(item, request)?;
    let write = Write::check(&request.write, newest, Some(sent), request_hash)?;
    store::store(state, signed_in, &write).await
}

fn request_hash(item: &ItemId, request: &impl Serialize) -> Result<[u8; 32], Error> {
    let encoded = minicbor_serde::to_vec((item, request))
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Sha256::digest(encoded).into())
}

impl<'a> Write<'a> {
    /// Checks what the request says about itself: sizes, form and content.
    fn check(
        request: &'a ItemWriteRequest,
        newest: Revision,
        sent: Option<Sent<'a>>,
        request_hash: [u8; 32],
    ) -> Result<Self, Error> {
        request.key.as_ref().map_or(Ok(()), checks::sealed_key)?;
        checks::number(request.base)?;
        if request.envelopes.len() > limits::GRANTS {
            return Err(ErrorCode::TooLarge.into());
        }
        // Nothing is left of a deleted item, the Identifier neither.
        if newest.status == Status::Deleted && request.identifier.is_some() {
            return Err(ErrorCode::Malformed.into());
        }
        checks::parts(newest.status, &request.overview, &request.details)?;
        if !newest.fits(&request.overview, &request.details) {
            return Err(ErrorCode::Forged.into());
        }
        let hash = request.revision.hash();
        Ok(Self { request, newest, hash, sent, request_hash })
    }
}
