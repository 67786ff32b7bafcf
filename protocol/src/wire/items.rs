//! Items and what changed since a cursor.

use serde::{Deserialize, Serialize};

use crate::bodies::Signed;
use crate::bytes::{Bytes, IdentifierTag, ItemId, OperationId, ServerEpoch, UserId};
use crate::wire::accounts::AccountRecord;

/// `PUT /v1/items/{item}`: a new revision in place of `base`. If the item is at another revision
/// the answer is 412 with its present state; the same `operation` again is answered again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemWriteRequest {
    /// Made by the client, one for each write.
    pub operation: OperationId,
    /// The revision this one replaces; 0 for a new item.
    pub base: u64,
    /// The signed revision.
    pub revision: Signed,
    /// Sealed for `item/overview`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedOverview))]
    pub overview: Bytes,
    /// Sealed for `item/details`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedDetails))]
    pub details: Bytes,
    /// The item key, sealed for `item/key`; with the first revision of an epoch only.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::SealedKey>))]
    pub key: Option<Bytes>,
    /// Blind index of the Identifier; absent if the item has none.
    pub identifier: Option<IdentifierTag>,
    /// The signed access list of a new epoch (from 2 on), with its first revision only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Signed>,
    /// The item key for everyone whom that list names, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub envelopes: Vec<Envelope>,
}

/// An item key for somebody whom the access list of its epoch names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Who can open it.
    pub user: UserId,
    /// Encapsulated for `item/envelope`; [`crate::limits::ENVELOPE`] bytes.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::EnvelopeBlob))]
    pub blob: Bytes,
}

/// `PUT /v1/items/{item}/again`: what a server that is behind or beside gets, after a restore or a
/// failover. Either the newest revision as it was signed, or one that unites it with the server's newest.
/// With it comes all that the server's newest does not lead to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteAgainRequest {
    /// The revision that becomes the newest. Its key, list and envelopes come where its epoch is not that of
    /// the server's newest; `base` is the number of the server's newest, 0 if the server has no such item.
    pub write: ItemWriteRequest,
    /// Signed bodies on the way from the revision back to the server's newest, in any order, whoever wrote
    /// them; at most [`crate::limits::AGAIN`].
    pub between: Vec<Signed>,
    /// The sealed parts of some of these bodies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ItemVersion>,
    /// Keys and lists of epochs of these bodies, before that of the revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub epochs: Vec<EarlierEpoch>,
    /// Bundles of authors of these bodies: the server may not know them any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<Signed>,
}

impl WriteAgainRequest {
    /// A write with bodies alone.
    pub fn new(write: ItemWriteRequest, between: Vec<Signed>) -> Self {
        Self { write, between, parts: Vec::new(), epochs: Vec::new(), bundles: Vec::new() }
    }
}

/// An epoch of an item that ended before its present one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EarlierEpoch {
    /// The epoch.
    pub epoch: u64,
    /// Its item key, sealed for `item/key`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedKey))]
    pub key: Bytes,
    /// Its signed access list; none in epoch 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Signed>,
}

/// Answer to [`ItemWriteRequest`] and [`WriteAgainRequest`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemWriteResponse {
    /// Where the write stands in the log of changes.
    pub position: u64,
}

/// An item as stored: its newest revision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemState {
    /// The item.
    pub item: ItemId,
    /// Its owner.
    pub owner: UserId,
    /// The newest revision.
    pub revision: Signed,
    /// Sealed for `item/overview`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedOverview))]
    pub overview: Bytes,
    /// Sealed for `item/details`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedDetails))]
    pub details: Bytes,
    /// The item key of its epoch: for its owner sealed for `item/key`, for anybody else the envelope
    /// to them.
    pub key: Bytes,
    /// The signed access list of its epoch; none in epoch 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Signed>,
}

/// Answer to `GET /v1/items/{item}/revisions?after=N`: the signed bodies after revision `N`,
/// ascending. The server keeps them for ever.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionsResponse {
    /// Bodies with signatures, oldest first.
    pub revisions: Vec<Signed>,
    /// With `&lists=true`, for the owner: the signed access lists of the epochs of these bodies before
    /// the present one, as far as the server has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<Signed>,
}

/// A revision with its sealed parts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemVersion {
    /// The signed revision.
    pub revision: Signed,
    /// Sealed for `item/overview`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedOverview))]
    pub overview: Bytes,
    /// Sealed for `item/details`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedDetails))]
    pub details: Bytes,
}

/// Answer to `GET /v1/items/{item}/history?before=N`: the revisions with numbers below `N` and their sealed
/// parts, newest first; [`crate::limits::HISTORY`] of them, and others of the last one's number, in about
/// 4 MB. After a restore two revisions may have one number: a client follows `prev`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryResponse {
    /// Newest first.
    pub versions: Vec<ItemVersion>,
    /// The item keys of epochs before the present one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<EpochKey>,
    /// There are older ones.
    #[serde(default)]
    pub more: bool,
    /// Others of the last one's number did not fit: `before` its number + 1, with `&after=HASH` of it, gives
    /// what follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rest: bool,
}

/// The item key of an earlier epoch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EpochKey {
    /// The epoch.
    pub epoch: u64,
    /// Sealed for `item/key`.
    pub key: Bytes,
}

/// `PUT /v1/items/{item}/use`: when its user last used an item. The newest replaces the older.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UseRequest {
    /// Sealed for `use`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedUse))]
    pub blob: Bytes,
}

/// A use record as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UseState {
    /// The item.
    pub item: ItemId,
    /// Sealed for `use`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedUse))]
    pub blob: Bytes,
}

/// `GET /v1/changes?epoch=E&position=N&limit=L`: query of the log of changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    /// The server epoch of the position; absent at the first sync.
    pub epoch: Option<ServerEpoch>,
    /// What the client has; absent or 0 at the first sync.
    pub position: Option<u64>,
    /// At most so many items, [`crate::limits::PAGE`] if absent or more.
    pub limit: Option<u32>,
}

/// Somebody whose access to an item ended by time or by their own act. The owner's client takes them
/// off the list, with a new key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Left {
    /// The item.
    pub item: ItemId,
    /// Who.
    pub user: UserId,
}

/// Answer to [`ChangesQuery`]: what changed after the position, each thing once, in its newest
/// state. With another epoch than the query's it starts from the beginning.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangesResponse {
    /// The server epoch that `position` belongs to.
    pub epoch: ServerEpoch,
    /// The client's next position, once it applied this page.
    pub position: u64,
    /// There is more after this page.
    pub more: bool,
    /// Items.
    pub items: Vec<ItemState>,
    /// Items of others to which the user's access ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<ItemId>,
    /// Whom the lists of own items in this page still name although their access ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Use records.
    pub uses: Vec<UseState>,
    /// The account record, if it changed.
    pub account: Option<AccountRecord>,
    /// While there is more: how many items there are in all, to show how far a sync is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The server's clock, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<u64>,
}
