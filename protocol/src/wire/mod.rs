//! Requests and responses of the HTTP interface, `/v1/...`. JSON, or CBOR with the same field
//! names (RFC 8949) where `Content-Type` and `Accept` say `application/cbor`. Unknown fields in
//! requests are refused.

pub mod accounts;
pub mod error;
pub mod items;
pub mod people;
pub mod recovery;
pub mod server;
pub mod sessions;

pub use accounts::*;
pub use error::*;
pub use items::*;
pub use people::*;
pub use recovery::*;
pub use server::*;
pub use sessions::*;
