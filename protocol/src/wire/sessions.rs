//! Signing in: OPAQUE's key exchange (RFC 9807 section 6) in two requests, and the session it
//! gives. A session is one app of a user; its token is a bearer token (RFC 6750).

use serde::{Deserialize, Serialize};

use crate::bodies::Signed;
use crate::bytes::{Bytes, UserId};

/// `POST /v1/sessions/start`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInStartRequest {
    /// Mail address, ASCII, lower case.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Address))]
    pub address: String,
    /// OPAQUE CredentialRequest with KE1.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::CredentialRequest))]
    pub credential_request: Bytes,
}

/// Answer to [`SignInStartRequest`]; of the same form and time for unknown addresses.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInStartResponse {
    /// Names this attempt; good for two minutes, once.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Bytes32))]
    pub attempt: Bytes,
    /// OPAQUE CredentialResponse with KE2.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::CredentialResponse))]
    pub credential_response: Bytes,
}

/// `POST /v1/sessions/finish`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInFinishRequest {
    /// From the answer before.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Bytes32))]
    pub attempt: Bytes,
    /// OPAQUE KE3.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::CredentialFinalization))]
    pub credential_finalization: Bytes,
    /// What connects: browser and system, as the user will see it in the list of apps.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::AppName))]
    pub app: String,
}

/// Answer to [`SignInFinishRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionResponse {
    /// Bearer token, 256 random bits in base64url.
    pub token: String,
    /// When the session ends, in Unix seconds.
    pub expires: u64,
    /// Who signed in.
    pub user: UserId,
    /// The person's name.
    pub name: String,
    /// Whether this account administers the server.
    pub administrator: bool,
    /// Address and public keys as published at sign-up.
    pub bundle: Signed,
    /// The account key, sealed under OPAQUE's export key (`wrap/password`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedKey))]
    pub wrap: Bytes,
}

/// Answer to `GET /v1/sessions/current`: the session that the request's token stands for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrentSessionResponse {
    /// Whose session it is.
    pub user: UserId,
    /// The person's name.
    pub name: String,
    /// Whether this account administers the server.
    pub administrator: bool,
    /// Whether the address is confirmed: others find and share with confirmed ones only.
    pub confirmed: bool,
    /// Whether this server mails people; if not, an administrator confirms addresses.
    pub mails: bool,
    /// What connected, as it said when it signed in.
    pub app: String,
    /// When the session ends, in Unix seconds.
    pub expires: u64,
}
