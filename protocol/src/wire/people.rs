//! Finding people.

use serde::{Deserialize, Serialize};

use crate::Signed;
use crate::bytes::UserId;

/// `GET /v1/users?search=TEXT`: query.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PeopleQuery {
    /// What an address, or a word of a name, begins with; at least two characters.
    pub search: String,
}

/// Answer to [`PeopleQuery`]: at most [`crate::limits::FOUND`], by address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeopleResponse {
    /// People whose mailboxes are confirmed.
    pub people: Vec<Person>,
}

/// Somebody as the server knows them: id and address are those of the bundle, or a lie; the name is the
/// server's word.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The id.
    pub user: UserId,
    /// Mail address.
    pub address: String,
    /// Name.
    pub name: String,
    /// Address and keys, signed: whoever searches sees whether they fit.
    pub bundle: Signed,
}

/// Answer to `GET /v1/users/{user}/bundle`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BundleResponse {
    /// Address and keys, signed.
    pub bundle: Signed,
    /// The mailbox of the address is confirmed, by the server's word.
    pub confirmed: bool,
}
