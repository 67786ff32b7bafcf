//! One write of an item: what is checked before the database is asked, and what is checked and
//! stored in one transaction with it.

use mysafe_protocol::bodies::{Revision, Signed, Status};
use mysafe_protocol::bytes::{Bytes, Hash, ItemId, UserId};
use mysafe_protocol::limits;
use mysafe_protocol::wire::{ErrorCode, ItemWriteRequest, WriteAgainRequest};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::accounts;
use crate::checks;
use crate::database::Connection;
use crate::error::Error;
use crate::items::access::{self, Logs, Member, Right};
use crate::items::queries::{self, Head, NewRevision};
use crate::items::{epochs, grants, operations, revisions};
use crate::sessions::SignedIn;
use crate::state::AppState;

/// A body that was sent again, read.
type Body<'a> = (&'a Signed, Revision);

/// Checks what the request says about itself: sizes and form, then who signed what. Whether it fits
/// what is stored is another question.
fn check(
    item: &ItemId,
    request: &ItemWriteRequest,
    signed_in: &SignedIn,
) -> Result<Revision, Error> {
    request.key.as_ref().map_or(Ok(()), checks::sealed_key)?;
    checks::number(request.base)?;
    if request.envelopes.len() > limits::GRANTS {
        return Err(ErrorCode::TooLarge.into());
    }

    let revision = body(item, &request.revision, signed_in)?;
    if revision.status == Status::Deleted {
        // Nothing is left of it, the Identifier neither.
        if request.identifier.is_some() {
            return Err(ErrorCode::Malformed.into());
        }
        empty(&request.overview)?;
        empty(&request.details)?;
    } else {
        checks::sealed(&request.overview, limits::SEAL + limits::OVERVIEW)?;
        checks::sealed(&request.details, limits::SEAL + limits::DETAILS)?;
    }
    if revision.fits(&request.overview, &request.details) {
        Ok(revision)
    } else {
        Err(ErrorCode::Forged.into())
    }
}

fn empty(part: &Bytes) -> Result<(), ErrorCode> {
    if part.is_empty() { Ok(()) } else { Err(ErrorCode::Malformed) }
}

/// A body of this item, signed by the session's user.
fn body(item: &ItemId, signed: &Signed, signed_in: &SignedIn) -> Result<Revision, Error> {
    checks::signed(signed)?;
    let revision = Revision::accept(signed, &signed_in.sign_pk)?;
    let fits = revision.item == *item && revision.author == signed_in.user;
    if fits { Ok(revision) } else { Err(ErrorCode::Forged.into()) }
}

/// A body of this item, signed by whoever it says wrote it: an owner gives back what others wrote too.
async fn body_of_anybody(
    state: &AppState,
    item: &ItemId,
    signed: &Signed,
) -> Result<Revision, Error> {
    checks::signed(signed)?;
    let author = Revision::read(signed)?.author;
    let sign_pk = accounts::sign_pk(&mut *state.database.read().await?, &author).await?;
    let revision = Revision::accept(signed, &sign_pk.ok_or(ErrorCode::Forged)?)?;
    if revision.item == *item { Ok(revision) } else { Err(ErrorCode::Forged.into()) }
}

/// A revision is above another, and not too far.
fn above(revision: &Revision, before: u64) -> bool {
    revision.revision > before && revision.revision - before <= limits::GAP
}

/// Two requests with the same hash are the same request, however they were sent.
fn request_hash(item: &ItemId, request: &impl Serialize) -> Result<[u8; 32], Error> {
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
    let first = request.base == 0;
    if !above(&revision, request.base)
        || revision.prev.is_some() == first
        || (first && revision.epoch != 1)
    {
        return Err(ErrorCode::Forged.into());
    }
    let hash = request_hash(item, request)?;
    store(state, signed_in, request, &revision, &[], hash).await
}

/// Stores a revision that was lost, with the bodies before it, over what there is now. Of an item
/// that is not known the bodies before the first may be lost too.
pub async fn again(
    state: &AppState,
    signed_in: &SignedIn,
    item: &ItemId,
    request: &WriteAgainRequest,
) -> Result<u64, Error> {
    if request.between.len() > limits::AGAIN {
        return Err(ErrorCode::TooLarge.into());
    }
    let newest = check(item, &request.write, signed_in)?;
    let mut between = Vec::new();
    for signed in &request.between {
        between.push((signed, body_of_anybody(state, item, signed).await?));
    }
    let chain: Vec<_> = between.iter().map(|(_, body)| body).chain([&newest]).collect();
    let base = request.write.base;
    let begins = if base == 0 { chain[0].revision > 0 } else { above(chain[0], base) };
    let follows = chain.windows(2).zip(&between).all(|(two, (signed, _))| {
        above(two[1], two[0].revision)
            && two[1].prev == Some(signed.hash())
            && epochs::follows(two[0], two[1])
    });
    if !begins || !follows {
        return Err(ErrorCode::Forged.into());
    }
    let hash = request_hash(item, request)?;
    store(state, signed_in, &request.write, &newest, &between, hash).await
}

impl Head {
    /// The hash of its newest body, and what that says.
    fn read(&self) -> Result<(Hash, Revision), Error> {
        let signed = Signed { body: Bytes(self.body.clone()), signature: Bytes(Vec::new()) };
        let revision = Revision::read(&signed)
            .map_err(|_| Error::internal("a stored body cannot be read".to_owned()))?;
        Ok((signed.hash(), revision))
    }
}

async fn store(
    state: &AppState,
    signed_in: &SignedIn,
    request: &ItemWriteRequest,
    revision: &Revision,
    between: &[Body<'_>],
    request_hash: [u8; 32],
) -> Result<u64, Error> {
    let (item, author, now) = (&revision.item, &signed_in.user, state.clock.now());
    let mut transaction = state.database.write().await?;
    let on = &mut *transaction;
    let owner = grants::lock(on, item).await?.unwrap_or(*author);
    let members = access::members(on, item).await?;
    let concerned = members.iter().filter(|member| !member.ended).map(|member| member.user);
    let named = request.envelopes.iter().map(|envelope| envelope.user);
    let logs = Logs::advance(on, concerned.chain(named).chain([owner, *author])).await?;
    if let Some(done) = operations::done(on, author, &request.operation).await? {
        // The dropped transaction gives the positions back.
        return if done.request_hash == request_hash {
            Ok(done.position.unsigned_abs())
        } else {
            Err(ErrorCode::Malformed.into())
        };
    }

    let stored = queries::head(on, item).await?;
    if let Some(stored) = &stored
        && stored.owner != *author
    {
        may_edit(on, author, request, revision, &members, now).await?;
        if !between.is_empty() {
            // What was lost is for the owner to give back.
            return Err(ErrorCode::NotAllowed.into());
        }
    }
    let at = stored.as_ref().map_or(0, |stored| stored.revision);
    if at.unsigned_abs() != request.base {
        let current = queries::item(on, author, item, now).await?;
        return Err(Error::Stale(current.map(Box::new)));
    }
    let first = between.first().map_or(revision, |(_, body)| body);
    let before = stored.as_ref().map(Head::read).transpose()?;
    if let Some((hash, before)) = &before
        && (first.prev != Some(*hash) || !epochs::follows(before, first))
    {
        return Err(ErrorCode::Forged.into());
    }
    let epoch = before.map(|(_, before)| before.epoch);
    let list = epochs::begins(epoch, revision, request, signed_in)?;
    let joining = match &list {
        Some(list) => {
            let named = grants::named(list, request)?;
            // What is given back after a restore may have taken them off between.
            if between.is_empty() && grants::keeps_ended(&named, &members) {
                return Err(ErrorCode::OwnerFirst.into());
            }
            let active = revision.status == Status::Active;
            grants::joining(on, list, &named, &members, &logs, active, now).await?
        }
        None => Vec::new(),
    };
    if let Some(tag) = &request.identifier
        && queries::has_identifier(on, author, item, tag).await?
    {
        return Err(ErrorCode::IdentifierTaken.into());
    }

    let number = checks::number(revision.revision)?;
    let deleted = (revision.status == Status::Deleted).then_some(now);
    let position = logs.of(&owner)?;
    let new = NewRevision { item, owner: &owner, author, number, request, position, deleted };
    match (&request.key, epoch) {
        (Some(key), None) if !queries::insert(on, &new, key).await? => {
            // Somebody else made an item of this id a moment ago.
            return Err(ErrorCode::NotFound.into());
        }
        (Some(_), None) => {}
        (Some(key), Some(before)) => {
            epochs::begin(on, &new, before, key).await?;
            queries::update(on, &new).await?;
        }
        (None, _) => queries::update(on, &new).await?,
    }
    match &list {
        Some(list) => grants::replace(on, list, request, &members, &logs, now).await?,
        None => grants::moved(on, item, &members, &logs).await?,
    }
    for (signed, body) in between {
        let number = checks::number(body.revision)?;
        revisions::insert_body(on, item, number, signed).await?;
    }
    queries::insert_revision(on, &new).await?;
    let position = logs.of(author)?;
    operations::remember(on, &new, &request_hash, position, now).await?;
    grants::write_to(on, item, &owner, &joining, now).await?;
    transaction.commit().await?;
    if !joining.is_empty() {
        state.post.waiting.notify_one();
    }
    grants::tell(state, &logs);
    Ok(position.unsigned_abs())
}

/// Whether somebody else than the owner may write this: with Can edit, in the present epoch, no
/// deletion; and not while the list names somebody whose access ended.
async fn may_edit(
    on: &mut Connection,
    author: &UserId,
    request: &ItemWriteRequest,
    revision: &Revision,
    members: &[Member],
    now: i64,
) -> Result<(), Error> {
    let right = access::right(on, author, &revision.item, now).await?;
    let owners = request.key.is_some()
        || request.list.is_some()
        || request.identifier.is_some()
        || revision.status == Status::Deleted;
    if right < Right::Edit || owners {
        return Err(ErrorCode::NotAllowed.into());
    }
    if members.iter().any(|member| member.listed && !member.is_in(now)) {
        return Err(ErrorCode::OwnerFirst.into());
    }
    Ok(())
}
