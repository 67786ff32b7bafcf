//! What a MySafe client and a MySafe server say to each other: wire types, signed bodies with
//! their encoding and verification, limits. Nothing here opens or seals anything: that is the
//! core's, which the server does not have.

pub mod bodies;
pub mod bytes;
pub mod cbor;
pub mod context;
mod item_id;
pub mod limits;
pub mod opaque;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod wire;

pub use bodies::{AccessList, Bundle, Revision, Signed, Status};
pub use bytes::{Bytes, ItemId, OperationId, ServerEpoch, UserId};
pub use context::Context;
