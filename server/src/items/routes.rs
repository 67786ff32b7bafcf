//! The routes of items. Whatever the user has no access to does not exist for them.

use axum::extract::State;
use axum::http::StatusCode;
use mysafe_protocol::bytes::{Hash, ItemId, ServerEpoch, UserId};
use mysafe_protocol::wire::{
    ChangesQuery, ChangesResponse, ErrorCode, ErrorResponse, HistoryResponse, ItemState,
    ItemWriteRequest, ItemWriteResponse, RevisionsResponse, UseRequest, WriteAgainRequest,
};
use mysafe_protocol::{Revision, Signed, limits};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::checks;
use crate::error::Error;
use crate::items::access::{self, Right};
use crate::items::{
    LISTED, REVISIONS, changes as log, ending, epochs, grants, queries, revisions as stored, writes,
};
use crate::rates::Writes;
use crate::sessions::SignedIn;
use crate::state::AppState;
use crate::wire::{Answer, Body, Id, Query};

/// The routes of items.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(changes))
        .routes(routes!(read_item, write_item))
        .routes(routes!(write_item_again))
        .routes(routes!(revisions))
        .routes(routes!(history))
        .routes(routes!(write_use))
        .routes(routes!(leave))
        .routes(routes!(remove))
}

/// What changed since a position, in pages. With another epoch than the server's, or a position
/// beyond its log, it starts from the beginning.
#[utoipa::path(get, path = "/v1/changes", tag = "items",
    params(("epoch" = Option<ServerEpoch>, Query), ("position" = Option<u64>, Query),
        ("limit" = Option<u32>, Query)),
    responses((status = 200, body = ChangesResponse)))]
async fn changes(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Query(query): Query<ChangesQuery>,
) -> Result<Answer<ChangesResponse>, Error> {
    let position = checks::number(query.position.unwrap_or(0))?;
    let after = if query.epoch == Some(state.epoch) { position } else { 0 };
    let mut connection = state.database.read().await?;
    let now = state.clock.now();
    let page = log::page(&mut connection, &signed_in.user, state.epoch, after, query.limit, now);
    Ok(Answer(page.await?))
}

/// One item in its newest revision.
#[utoipa::path(get, path = "/v1/items/{item}", tag = "items", params(("item" = ItemId, Path)),
    responses((status = 200, body = ItemState),
        (status = 404, body = ErrorResponse)))]
async fn read_item(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
) -> Result<Answer<ItemState>, Error> {
    let mut connection = state.database.read().await?;
    let found = queries::item(&mut connection, &signed_in.user, &item, state.clock.now()).await?;
    found.map(Answer).ok_or(ErrorCode::NotFound.into())
}

/// A new revision in place of the one it names.
#[utoipa::path(put, path = "/v1/items/{item}", tag = "items", params(("item" = ItemId, Path)),
    request_body = ItemWriteRequest,
    responses((status = 200, body = ItemWriteResponse),
        (status = 403, body = ErrorResponse),
        (status = 404, body = ErrorResponse),
        (status = 409, body = ErrorResponse),
        (status = 412, body = ErrorResponse)))]
async fn write_item(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
    Body(request): Body<ItemWriteRequest>,
) -> Result<Answer<ItemWriteResponse>, Error> {
    state.rates.write(&signed_in.user, kind(&request))?;
    let position = writes::write(&state, &signed_in, &item, &request).await?;
    Ok(Answer(ItemWriteResponse { position }))
}

/// A revision that was lost when the server was restored from a backup, with the bodies before it.
#[utoipa::path(put, path = "/v1/items/{item}/again", tag = "items",
    params(("item" = ItemId, Path)), request_body = WriteAgainRequest,
    responses((status = 200, body = ItemWriteResponse),
        (status = 403, body = ErrorResponse),
        (status = 404, body = ErrorResponse),
        (status = 409, body = ErrorResponse),
        (status = 412, body = ErrorResponse)))]
async fn write_item_again(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
    Body(request): Body<WriteAgainRequest>,
) -> Result<Answer<ItemWriteResponse>, Error> {
    state.rates.write(&signed_in.user, kind(&request.write))?;
    let position = writes::again(&state, &signed_in, &item, &request).await?;
    Ok(Answer(ItemWriteResponse { position }))
}

/// A write that brings an access list counts as a change of access.
fn kind(request: &ItemWriteRequest) -> Writes {
    if request.list.is_some() { Writes::Access } else { Writes::Content }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevisionsQuery {
    after: Option<u64>,
    lists: Option<bool>,
}

/// The lowest and the highest epoch of these bodies.
fn epochs_of(bodies: &[Signed]) -> Option<(u64, u64)> {
    let epoch = |signed| Revision::read(signed).ok().map(|revision| revision.epoch);
    let epochs = || bodies.iter().filter_map(epoch);
    Some((epochs().min()?, epochs().max()?))
}

/// The signed bodies of an item after a number, oldest first: a thousand, and all others of the last
/// one's number, after which the next ones are asked for. With `lists`, which is for the owner, a hundred,
/// and the signed access lists of their epochs.
#[utoipa::path(get, path = "/v1/items/{item}/revisions", tag = "items",
    params(("item" = ItemId, Path), ("after" = Option<u64>, Query), ("lists" = Option<bool>, Query)),
    responses((status = 200, body = RevisionsResponse),
        (status = 403, body = ErrorResponse),
        (status = 404, body = ErrorResponse)))]
async fn revisions(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
    Query(query): Query<RevisionsQuery>,
) -> Result<Answer<RevisionsResponse>, Error> {
    let after = checks::number(query.after.unwrap_or(0))?;
    let mut connection = state.database.read().await?;
    let right = access::right(&mut connection, &signed_in.user, &item, state.clock.now()).await?;
    let listed = query.lists == Some(true);
    if listed && right != Right::Own {
        return Err(ErrorCode::NotAllowed.into());
    }
    let most = if listed { LISTED } else { REVISIONS };
    let revisions = stored::revisions(&mut connection, &item, after, most).await?;
    let lists = match epochs_of(&revisions).filter(|_| listed) {
        Some(epochs) => epochs::lists(&mut connection, &item, epochs).await?,
        None => Vec::new(),
    };
    Ok(Answer(RevisionsResponse { revisions, lists }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    before: u64,
    after: Option<Hash>,
}

/// The revisions of an item with numbers below one, with their sealed parts, newest first: twenty, and
/// others of the last one's number, in about 4 MB. Those of one number go by their hashes: `after` a hash
/// come the others of the number below `before`, and then the older ones.
#[utoipa::path(get, path = "/v1/items/{item}/history", tag = "items",
    params(("item" = ItemId, Path), ("before" = u64, Query), ("after" = Option<Hash>, Query)),
    responses((status = 200, body = HistoryResponse),
        (status = 404, body = ErrorResponse)))]
async fn history(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
    Query(query): Query<HistoryQuery>,
) -> Result<Answer<HistoryResponse>, Error> {
    // With a hash, the number below `before` is behind that alone.
    let before = query.before.saturating_sub(u64::from(query.after.is_some()));
    let (before, after) = (checks::number(before)?, query.after.as_ref());
    let mut connection = state.database.read().await?;
    let user = &signed_in.user;
    let right = access::right(&mut connection, user, &item, state.clock.now()).await?;
    let page = stored::history(&mut connection, &item, before, after).await?;
    let keys = match right {
        Right::Own => epochs::keys(&mut connection, &item).await?,
        Right::View | Right::Edit => grants::keys(&mut connection, user, &item).await?,
    };
    let stored::Page { versions, more, rest } = page;
    Ok(Answer(HistoryResponse { versions, keys, more, rest }))
}

/// When the user last used an item.
#[utoipa::path(put, path = "/v1/items/{item}/use", tag = "items", params(("item" = ItemId, Path)),
    request_body = UseRequest,
    responses((status = 204),
        (status = 404, body = ErrorResponse)))]
async fn write_use(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
    Body(request): Body<UseRequest>,
) -> Result<StatusCode, Error> {
    checks::sealed(&request.blob, limits::USE)?;
    state.rates.write(&signed_in.user, Writes::Content)?;
    let mut transaction = state.database.write().await?;
    let position = queries::next_position(&mut transaction, &signed_in.user).await?;
    access::right(&mut transaction, &signed_in.user, &item, state.clock.now()).await?;
    let user = &signed_in.user;
    queries::set_use(&mut transaction, user, &item, &request.blob, position).await?;
    transaction.commit().await?;
    state.feed.changed(user, position);
    Ok(StatusCode::NO_CONTENT)
}

/// Gives up the user's own access to an item of somebody else. The owner's client then takes them off
/// the list.
#[utoipa::path(delete, operation_id = "leave_item", path = "/v1/items/{item}/access", tag = "items",
    params(("item" = ItemId, Path)),
    responses((status = 204),
        (status = 403, body = ErrorResponse),
        (status = 404, body = ErrorResponse)))]
async fn leave(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id(item): Id<ItemId>,
) -> Result<StatusCode, Error> {
    state.rates.write(&signed_in.user, Writes::Access)?;
    ending::leave(&state, &signed_in.user, &item).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the access of somebody to an item of one's own, at once. The owner's client then takes them off
/// the list.
#[utoipa::path(delete, operation_id = "remove_person", path = "/v1/items/{item}/access/{user}",
    tag = "items",
    params(("item" = ItemId, Path), ("user" = UserId, Path)),
    responses((status = 204),
        (status = 403, body = ErrorResponse),
        (status = 404, body = ErrorResponse)))]
async fn remove(
    signed_in: SignedIn,
    State(state): State<AppState>,
    Id((item, user)): Id<(ItemId, UserId)>,
) -> Result<StatusCode, Error> {
    state.rates.write(&signed_in.user, Writes::Access)?;
    ending::remove(&state, &signed_in.user, &item, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}
