//! Changing what opens an account: a new master password or recovery code by whoever knows the
//! password, and both anew by whoever has the code.

use serde::{Deserialize, Serialize};

use crate::bodies::Signed;
use crate::bytes::{Bytes, Hash, UserId};

/// What the server keeps of a recovery code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecoverySecret {
    /// SHA-256 of the proof that is derived from the code (`recovery/verifier`).
    pub verifier_hash: Hash,
    /// The account key, sealed under the code (`wrap/recovery`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedKey))]
    pub wrap: Bytes,
}

/// What the server keeps of a master password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordSecret {
    /// OPAQUE RegistrationUpload (RFC 9807 section 5).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationUpload))]
    pub registration_upload: Bytes,
    /// The account key, sealed under OPAQUE's export key (`wrap/password`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedKey))]
    pub wrap: Bytes,
}

/// `POST /v1/accounts/password/start`: a new password's first half, by whoever is signed in.
/// Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordStartRequest {
    /// OPAQUE RegistrationRequest.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationRequest))]
    pub registration_request: Bytes,
}

/// Answer to [`PasswordStartRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordStartResponse {
    /// OPAQUE RegistrationResponse.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationResponse))]
    pub registration_response: Bytes,
}

/// `PUT /v1/accounts/secrets`: a new master password, a new recovery code, or both, with the proof
/// that one knows the present password: a sign-in begun with `POST /v1/sessions/start`. Stored in
/// one transaction, which also ends all other sessions of the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecretsRequest {
    /// Names the sign-in.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Bytes32))]
    pub attempt: Bytes,
    /// Its OPAQUE KE3.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::CredentialFinalization))]
    pub credential_finalization: Bytes,
    /// The new password.
    pub password: Option<PasswordSecret>,
    /// The new recovery code.
    pub recovery: Option<RecoverySecret>,
}

/// `POST /v1/recovery/start`: address and the proof that one has the recovery code, with the first
/// half of a new password. Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecoveryStartRequest {
    /// Mail address, ASCII, lower case.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Address))]
    pub address: String,
    /// Derived from the recovery code (`recovery/verifier`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Bytes32))]
    pub verifier: Bytes,
    /// The eight digits that were mailed, once `needs_mailed_code` asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_code: Option<String>,
    /// OPAQUE RegistrationRequest.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationRequest))]
    pub registration_request: Bytes,
}

/// Answer to [`RecoveryStartRequest`]. An unknown address and a wrong code are refused alike.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryStartResponse {
    /// Whose account it is.
    pub user: UserId,
    /// Address and public keys as published at sign-up.
    pub bundle: Signed,
    /// The account key, sealed under the recovery code (`wrap/recovery`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedKey))]
    pub wrap: Bytes,
    /// OPAQUE RegistrationResponse.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationResponse))]
    pub registration_response: Bytes,
}

/// `POST /v1/recovery/finish`: the new password and the new recovery code, stored in one
/// transaction, which also ends all sessions of the account. The old code is worth nothing then.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecoveryFinishRequest {
    /// Mail address, ASCII, lower case.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Address))]
    pub address: String,
    /// Derived from the old recovery code (`recovery/verifier`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Bytes32))]
    pub verifier: Bytes,
    /// The eight digits that were mailed, where the first request needed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_code: Option<String>,
    /// The new password.
    pub password: PasswordSecret,
    /// The new recovery code.
    pub recovery: RecoverySecret,
}
