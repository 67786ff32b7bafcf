//! Stores a write, with all that it changes, in one transaction.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::{AccessList, Grant, Permission, Signed, Status};
use mysafe_protocol::bytes::UserId;
use mysafe_protocol::limits;
use mysafe_protocol::wire::ErrorCode;

use super::decision::{Present, completes, decide};
use super::{Write, operations};
use crate::database::Connection;
use crate::error::Error;
use crate::items::access::{self, Logs};
use crate::items::grants::{self, Giving, Terms};
use crate::items::queries::{self, NewRevision};
use crate::items::quota::{self, Charge};
use crate::items::{epochs, returning, revisions};
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::{accounts, checks};

/// Bytes of bodies and epochs that may come along with a deletion that no quota refuses.
const BESIDE_A_DELETION: usize = 32 * 1024;
/// The same of an epoch that takes access from somebody: as many bodies as a request has, because a removal that
/// a restored server lost leads over all of them. There are no more of these than there were members.
const BESIDE_A_REMOVAL: usize = limits::AGAIN * (limits::BODY + quota::BESIDE);

/// Stores a write and returns its position in its sender's log of changes.
pub async fn store(
    state: &AppState,
    signed_in: &SignedIn,
    write: &Write<'_>,
) -> Result<u64, Error> {
    let (request, newest) = (write.request, &write.newest);
    let (item, sender, now) = (&newest.item, &signed_in.user, state.clock.now());
    let limits = &state.settings.limits;
    let mut transaction = state.database.write().await?;
    let on = &mut *transaction;
    let mut owner = grants::lock(on, item).await?.unwrap_or(*sender);
    if returning::is_due(on, sender, item).await? {
        returning::take(on, item).await?;
        ::metrics::counter!("mysafe_items_returned_total").increment(1);
        owner = *sender;
    }
    let members = access::members(on, item).await?;
    let concerned = members.iter().filter(|member| !member.ended).map(|member| member.user);
    let named = request.envelopes.iter().map(|envelope| envelope.user);
    let logs = Logs::advance(on, concerned.chain(named).chain([owner, *sender])).await?;
    if let Some(done) = operations::done(on, sender, &request.operation).await? {
        // The dropped transaction gives the positions back.
        return if done.request_hash == write.request_hash {
            Ok(done.position.unsigned_abs())
        } else {
            Err(ErrorCode::Malformed.into())
        };
    }
    let present = Present::read(on, write, owner, members, now).await?;
    if !decide(on, signed_in, write, &present).await? {
        if completes(on, signed_in, write, &present).await? {
            let bytes = along(on, write, &present, None).await?;
            let charge = Charge { bytes, ..charge(write, &present, sender, None) };
            Charge { revisions: 0, ..charge }.count(on, limits).await?;
            queries::moved(on, item, logs.of(&owner)?).await?;
            grants::moved(on, item, &present.members, &logs).await?;
            transaction.commit().await?;
            grants::tell(state, &logs);
            return Ok(logs.of(sender)?.unsigned_abs());
        }
        drop(transaction);
        let mut connection = state.database.read().await?;
        return Ok(queries::position(&mut connection, sender, item).await?.unsigned_abs());
    }

    let list = epochs::begins(present.epoch(), newest, request, signed_in)?;
    let giving = match &list {
        Some(list) => {
            let terms = terms(on, signed_in, write, &present).await?;
            let refused = newest.status == Status::Deleted
                && !list.grants.is_empty()
                && write.begins_epoch(&present.known);
            if refused {
                return Err(ErrorCode::Malformed.into());
            }
            let members = &present.members;
            let giving = Giving::check(on, list, request, members, &logs, terms, now).await?;
            if !giving.joining.is_empty() && newest.status != Status::Active {
                return Err(ErrorCode::NotAllowed.into());
            }
            Some(giving)
        }
        None => None,
    };
    if let Some(tag) = &request.identifier
        && queries::has_identifier(on, &owner, item, tag).await?
    {
        return Err(ErrorCode::IdentifierTaken.into());
    }

    let number = checks::number(newest.revision)?;
    let deleted = (newest.status == Status::Deleted).then_some(now);
    let position = logs.of(&owner)?;
    let new = NewRevision { item, owner: &owner, sender, number, request, position, deleted };
    match (&request.key, present.epoch()) {
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
    match &giving {
        Some(giving) => giving.store(on).await?,
        None => grants::moved(on, item, &present.members, &logs).await?,
    }
    revisions::insert(on, &new).await?;
    let charge = charge(write, &present, sender, list.as_ref());
    let own = quota::bytes(request);
    let room = match charge.frees {
        true => Some(quota::room(on, &owner, item, limits).await?.saturating_sub(own)),
        false => None,
    };
    let bytes = own + along(on, write, &present, room).await?;
    Charge { bytes, ..charge }.count(on, limits).await?;
    let position = logs.of(sender)?;
    operations::remember(on, &new, &write.request_hash, position, now).await?;
    let joining = giving.map(|giving| giving.joining).unwrap_or_default();
    grants::write_to(on, item, &owner, &joining, limits, now).await?;
    transaction.commit().await?;
    if !joining.is_empty() {
        state.post.waiting.notify_one();
    }
    grants::tell(state, &logs);
    Ok(position.unsigned_abs())
}

/// Returns how a write counts for the quotas, but for its bytes.
///
/// Bodies that the owner sends again do not count for the day: a restored server gets back any number. Those of
/// editors count when an editor sends them.
fn charge<'a>(
    write: &'a Write<'_>,
    present: &'a Present,
    sender: &UserId,
    list: Option<&AccessList>,
) -> Charge<'a> {
    let is_there = |status: Status| i64::from(status != Status::Deleted);
    let before = present.head.as_ref().map_or(0, |head| is_there(head.revision.status));
    let items = is_there(write.newest.status) - before;
    let bodies = write
        .unknown(&present.known)
        .filter(|(_, (_, body))| present.owner != *sender && body.author != present.owner);
    let takes = list.is_some_and(|list| takes_access(list, present));
    let brings = alongside(write, present);
    Charge {
        owner: &present.owner,
        item: &write.newest.item,
        bytes: 0,
        items,
        revisions: 1 + bodies.count() as i64,
        frees: (takes && items <= 0 && brings <= BESIDE_A_REMOVAL)
            || (items < 0 && brings <= BESIDE_A_DELETION),
        now: present.now,
    }
}

/// Returns true if a list takes access, or the right to edit, from somebody, and nobody has more by it.
fn takes_access(list: &AccessList, present: &Present) -> bool {
    let edits = |grant: &Grant| grant.permission == Permission::Edit;
    let until = |until: Option<i64>| until.map_or(u64::MAX, i64::unsigned_abs);
    let gains = list.grants.iter().any(|grant| {
        let user = grant.to.user();
        let member = present.members.iter().find(|member| Some(member.user) == user);
        member.is_none_or(|member| {
            let longer = grant.until.unwrap_or(u64::MAX) > until(member.until);
            !member.is_in(present.now) || (edits(grant) && !member.edits) || longer
        })
    });
    let takes = present
        .members
        .iter()
        .filter(|member| member.listed)
        .any(|member| list.of(&member.user).is_none_or(|grant| member.edits && !edits(grant)));
    takes && !gains
}

/// Returns how many bytes of bodies and epochs come along with a revision that is sent again.
fn alongside(write: &Write<'_>, present: &Present) -> usize {
    let body = |signed: &Signed| quota::body(signed.body.len() + signed.signature.len());
    let bodies: usize = write.unknown(&present.known).map(|(_, (signed, _))| body(signed)).sum();
    let epochs = write.sent.iter().flat_map(|sent| sent.epochs).map(quota::epoch);
    bodies + epochs.sum::<usize>()
}

/// Stores what comes along with a revision that is sent again, and returns how many bytes that takes. Sealed
/// parts of others than the newest revision are left out where they have no `room`.
async fn along(
    on: &mut Connection,
    write: &Write<'_>,
    present: &Present,
    room: Option<usize>,
) -> Result<usize, Error> {
    let Some(sent) = &write.sent else { return Ok(0) };
    let mut bytes = 0;
    for (_, (signed, body)) in write.unknown(&present.known) {
        revisions::insert_body(on, signed, body).await?;
        bytes += quota::body(signed.body.len() + signed.signature.len());
        if let Some(bundle) = sent.bundles.get(&body.author)
            && accounts::sign_pk(on, &body.author).await?.is_none()
        {
            accounts::keep_bundle(on, &body.author, bundle).await?;
            bytes += bundle.body.len() + bundle.signature.len();
        }
    }
    for earlier in sent.epochs {
        if epochs::insert_earlier(on, &write.newest.item, earlier).await? {
            bytes += quota::epoch(earlier);
        }
    }
    for parts in sent.parts {
        let hash = parts.revision.hash();
        if hash == write.hash {
            continue;
        }
        let known = present.known.get(&hash);
        let body = match known {
            Some(known) if !known.lost => continue,
            Some(known) => &known.revision,
            None => &sent.bodies.get(&hash).ok_or(ErrorCode::Forged)?.1,
        };
        checks::parts(body.status, &parts.overview, &parts.details)?;
        if !body.fits(&parts.overview, &parts.details) {
            return Err(ErrorCode::Forged.into());
        }
        let more = parts.overview.len() + parts.details.len();
        if room.is_some_and(|room| bytes + more > room) {
            continue;
        }
        if revisions::fill(on, &write.newest.item, parts).await? {
            bytes += more;
        }
    }
    Ok(bytes)
}

/// Returns by which terms the list of a write gives access.
async fn terms(
    on: &mut Connection,
    signed_in: &SignedIn,
    write: &Write<'_>,
    present: &Present,
) -> Result<Terms, Error> {
    let Some(sent) = &write.sent else { return Ok(Terms::Fresh { known: BTreeSet::new() }) };
    if !write.is_fresh(&signed_in.user, present) {
        let after = |list: &&AccessList| present.epoch().is_some_and(|epoch| list.epoch > epoch);
        let between = sent.lists.iter().filter(after);
        let member = |user: &UserId| between.clone().any(|list| list.of(user).is_none());
        let users = present.members.iter().map(|member| member.user);
        return Ok(Terms::Again { returned: users.filter(member).collect() });
    }
    let item = &write.newest.item;
    let mut signed = epochs::lists(on, item, (0, u64::MAX >> 1)).await?;
    signed.extend(present.head.as_ref().and_then(|head| head.list.clone()));
    let mut lists = sent.lists.clone();
    for signed in &signed {
        lists.push(AccessList::accept(signed, &signed_in.sign_pk)?);
    }
    Ok(Terms::Fresh { known: lists.iter().flat_map(AccessList::users).collect() })
}
