//! Making an account: OPAQUE registration (RFC 9807 section 5) in two requests.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::bodies::Signed;
use crate::bytes::{Bytes, Hash, UserId};
use crate::wire::recovery::RecoverySecret;

/// `POST /v1/accounts/start`: the client's blinded password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUpStartRequest {
    /// Mail address, ASCII, lower case.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Address))]
    pub address: String,
    /// Invitation or set-up code, where the server asks for one.
    pub admission: Option<String>,
    /// OPAQUE RegistrationRequest.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationRequest))]
    pub registration_request: Bytes,
}

/// Answer to [`SignUpStartRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUpStartResponse {
    /// OPAQUE RegistrationResponse.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationResponse))]
    pub registration_response: Bytes,
}

/// `POST /v1/accounts/finish`: everything an account consists of, stored in one transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUpFinishRequest {
    /// Mail address, ASCII, lower case.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Address))]
    pub address: String,
    /// The person's name, shown to others beside the address.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::PersonName))]
    pub name: String,
    /// Invitation or set-up code, where the server asks for one.
    pub admission: Option<String>,
    /// OPAQUE RegistrationUpload.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::RegistrationUpload))]
    pub registration_upload: Bytes,
    /// Address and public keys, signed by the first of them.
    pub bundle: Signed,
    /// The account key, sealed under OPAQUE's export key (`wrap/password`).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedKey))]
    pub wrap: Bytes,
    /// The way back in without the password.
    pub recovery: RecoverySecret,
    /// The first account record.
    pub record: AccountRecord,
}

/// Answer to [`SignUpFinishRequest`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUpFinishResponse {
    /// The id computed from the bundle.
    pub user: UserId,
    /// Whether this account administers the server.
    pub administrator: bool,
}

/// A sealed account record with its version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountRecord {
    /// Counts up from 1.
    pub version: u64,
    /// Sealed for `account`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SealedRecord))]
    pub blob: Bytes,
}

impl AccountRecord {
    /// SHA-256 of the blob: two records of one version are the same, or the server forked.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(&self.blob.0).into())
    }
}

/// `PUT /v1/accounts/record`: a new account record in place of the one of version `base` with this hash. If
/// the server has another one the answer is 412, and it comes with the changes: one of the same version, too,
/// which another device wrote after the server was restored from a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordWriteRequest {
    /// The version that the server has.
    pub base: u64,
    /// SHA-256 of its blob.
    pub base_hash: Hash,
    /// The new one, of a higher version.
    pub record: AccountRecord,
}

/// `PUT /v1/mailbox`: one reads the mail of one's address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// The eight digits that were mailed.
    pub code: String,
}
