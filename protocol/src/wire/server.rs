//! `GET /v1/server`: what a client learns of a server before anything else.

use serde::{Deserialize, Serialize};

/// The word by which a client knows that it talks to a MySafe server.
pub const PRODUCT: &str = "mysafe";
/// The interface version this crate speaks.
pub const INTERFACE: u32 = 1;

/// What the server is and who may sign up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerResponse {
    /// Always [`PRODUCT`].
    pub product: String,
    /// The server program's version.
    pub version: String,
    /// The interface version, [`INTERFACE`].
    pub interface: u32,
    /// Who may make an account.
    pub signups: Signups,
}

/// Who may make an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Signups {
    /// Nobody has one yet: the first becomes the administrator.
    First,
    /// As [`Signups::First`], with the set-up code from the server's log.
    FirstWithCode,
    /// Those who were invited.
    Invite,
    /// Everybody.
    Open,
}
