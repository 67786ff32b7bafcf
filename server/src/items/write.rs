//! One write of an item: what is checked before the database is asked, and what is checked and
//! stored in one transaction with it.

use mysafe_protocol::bodies::{Revision, Status};
use mysafe_protocol::bytes::{Hash, ItemId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ErrorCode, ItemWriteRequest};
use sha2::{Digest, Sha256};

use crate::checks;
use crate::error::Error;
use crate::items::queries::{self, NewRevision};
use crate::sessions::SignedIn;
use crate::state::AppState;

/// The epoch of private items. Later ones come with an access list.
const PRIVATE: u64 = 1;

/// Checks what the request says about itself: sizes and form, then who signed what.
fn check(
    item: &ItemId,
    request: &ItemWriteRequest,
    signed_in: &SignedIn,
) -> Result<Revision, Error> {
    checks::sealed(&request.overview, limits::SEAL + limits::OVERVIEW)?;
    checks::sealed(&request.details, limits::SEAL + limits::DETAILS)?;
    request.key.as_ref().map_or(Ok(()), checks::sealed_key)?;
    checks::signed(&request.revision)?;
    // The item key comes with the first revision of its epoch and with no other.
    if request.key.is_some() != (request.base == 0) {
        return Err(ErrorCode::Malformed.into());
    }
    checks::number(request.base)?;

    let revision = Revision::accept(&request.revision, &signed_in.sign_pk)?;
    if revision.status == Status::Deleted {
        return Err(ErrorCode::Malformed.into());
    }
    let fits = revision.item == *item
        && revision.author == signed_in.user
        && revision.epoch == PRIVATE
        && revision.revision > request.base
        && revision.revision - request.base <= limits::GAP
        && revision.prev.is_some() == (request.base != 0)
        && revision.fits(&request.overview, &request.details);
    if fits { Ok(revision) } else { Err(ErrorCode::Forged.into()) }
}

/// Two requests with the same hash are the same request, however they were sent.
fn request_hash(item: &ItemId, request: &ItemWriteRequest) -> Result<[u8; 32], Error> {
    let encoded = minicbor_serde::to_vec((item, request))
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Sha256::digest(encoded).into())
}

/// Stores a revision in place of the one it names and gives its position in the log of changes.
pub async fn write(
    state: &AppState,
    signed_in: &SignedIn,
    item: &ItemId,
    request: &ItemWriteRequest,
) -> Result<u64, Error> {
    let revision = check(item, request, signed_in)?;
    let request_hash = request_hash(item, request)?;
    let owner = &signed_in.user;

    let mut transaction = state.database.write().await?;
    let position = queries::next_position(&mut transaction, owner).await?;
    if let Some(done) = queries::operation(&mut transaction, owner, &request.operation).await? {
        // The dropped transaction gives the position back.
        return if done.request_hash == request_hash {
            Ok(done.position.unsigned_abs())
        } else {
            Err(ErrorCode::Malformed.into())
        };
    }

    let stored = queries::head(&mut transaction, item).await?;
    if stored.as_ref().is_some_and(|stored| stored.owner != *owner) {
        return Err(ErrorCode::NotFound.into());
    }
    let at = stored.as_ref().map_or(0, |stored| stored.revision);
    if at.unsigned_abs() != request.base {
        let current = queries::item(&mut transaction, owner, item).await?;
        return Err(Error::Stale(current.map(Box::new)));
    }
    let before = stored.map(|stored| Hash(Sha256::digest(stored.body).into()));
    if revision.prev != before {
        return Err(ErrorCode::Forged.into());
    }
    if let Some(tag) = &request.identifier
        && queries::has_identifier(&mut transaction, owner, item, tag).await?
    {
        return Err(ErrorCode::IdentifierTaken.into());
    }

    let new =
        NewRevision { item, owner, number: checks::number(revision.revision)?, request, position };
    match &request.key {
        Some(key) if !queries::insert(&mut transaction, &new, key).await? => {
            // Somebody else made an item of this id a moment ago.
            return Err(ErrorCode::NotFound.into());
        }
        Some(_) => {}
        None => queries::update(&mut transaction, &new).await?,
    }
    queries::insert_revision(&mut transaction, &new).await?;
    let now = state.clock.now();
    queries::insert_operation(&mut transaction, &new, &request_hash, now).await?;
    transaction.commit().await?;
    state.feed.changed(owner, position);
    Ok(position.unsigned_abs())
}
