//! Accounts: making one, entering one from the server's copy of its key, and opening the
//! device's copy.

use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::wire::{
    AccountRecord, PasswordSecret, RecoverySecret, RecoveryStartResponse, SessionResponse,
};
use mysafe_protocol::{Bundle, Bytes, Signed, UserId};

use crate::crypto::{AccountKey, DeviceKey, ExportKey, Identity, Random, RecoveryCode};
use crate::model::AccountRecordBody;
use crate::vault::Vault;

/// A new account: what is published and stored at sign-up.
pub struct Created {
    /// The key, which never leaves this device in the open.
    pub account: AccountKey,
    /// Its identity.
    pub identity: Identity,
    /// Address and public keys, signed.
    pub bundle: Signed,
    /// The key, sealed for the server.
    pub wrap: Bytes,
    /// The key, sealed under the recovery code.
    pub recovery: RecoverySecret,
    /// The first account record.
    pub record: AccountRecord,
}

/// Makes an account for an address, with a recovery code that was shown to its owner.
pub fn create(
    address: &str,
    export: &ExportKey,
    code: &RecoveryCode,
    random: &mut impl Random,
) -> Created {
    let account = AccountKey::generate(random);
    let identity = Identity::of(&account, address);
    let user = identity.user();
    let body = AccountRecordBody::first().encode();
    let blob = account.seal_record(&user, 1, &body, random);
    Created {
        bundle: identity.signed_bundle(),
        wrap: Bytes(account.wrap(&user, export, random)),
        recovery: recovery_secret(&account, &user, code, random),
        record: AccountRecord { version: 1, blob: Bytes(blob) },
        account,
        identity,
    }
}

/// What the server keeps of a master password.
pub fn password_secret(
    account: &AccountKey,
    user: &UserId,
    registration_upload: Vec<u8>,
    export: &ExportKey,
    random: &mut impl Random,
) -> PasswordSecret {
    PasswordSecret {
        registration_upload: Bytes(registration_upload),
        wrap: Bytes(account.wrap(user, export, random)),
    }
}

/// What the server keeps of a recovery code.
pub fn recovery_secret(
    account: &AccountKey,
    user: &UserId,
    code: &RecoveryCode,
    random: &mut impl Random,
) -> RecoverySecret {
    RecoverySecret {
        verifier_hash: code.verifier_hash(),
        wrap: Bytes(code.wrap(account, user, random)),
    }
}

/// Why an account cannot be entered although the password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnterError {
    /// The server's copy of the key does not open, or is of another account.
    #[error("forged")]
    Forged,
}

/// Enters the account of `address` with the server's copy of its key. Refuses a user id other
/// than the one that address and derived keys make.
pub fn enter(
    session: &SessionResponse,
    address: &str,
    export: &ExportKey,
) -> Result<(AccountKey, Identity), EnterError> {
    let account =
        AccountKey::unwrap(&session.user, export, &session.wrap).map_err(|_| EnterError::Forged)?;
    own(account, address, &session.user, &session.bundle)
}

/// The same with the recovery code.
pub fn recover(
    answer: &RecoveryStartResponse,
    address: &str,
    code: &RecoveryCode,
) -> Result<(AccountKey, Identity), EnterError> {
    let account = code.unwrap(&answer.user, &answer.wrap).map_err(|_| EnterError::Forged)?;
    own(account, address, &answer.user, &answer.bundle)
}

fn own(
    account: AccountKey,
    address: &str,
    user: &UserId,
    bundle: &Signed,
) -> Result<(AccountKey, Identity), EnterError> {
    let identity = Identity::of(&account, address);
    let bundle = Bundle::accept(bundle).map_err(|_| EnterError::Forged)?;
    if identity.user() != *user || bundle.user() != *user {
        return Err(EnterError::Forged);
    }
    Ok((account, identity))
}

/// What a device knows of its account without unlocking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRecord {
    /// The user id.
    pub user: UserId,
    /// The mail address.
    pub address: String,
    /// The person's name.
    pub name: String,
    /// The server's base address.
    pub server: String,
    /// The salt of this device's password hash, and the account key sealed under it. Erased
    /// when the account was revoked here.
    pub wrap: Option<([u8; 16], Vec<u8>)>,
}

/// Why a vault does not unlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// Not the master password.
    #[error("wrong password")]
    WrongPassword,
    /// This device holds no sealed key: sign in again.
    #[error("no wrapped key")]
    NoWrap,
    /// The key belongs to another account than the record says.
    #[error("forged")]
    Forged,
}

impl DeviceRecord {
    /// The record of a device that just entered an account. Hashes the password.
    pub fn make(
        account: &AccountKey,
        identity: &Identity,
        name: &str,
        server: &str,
        password: &str,
        random: &mut impl Random,
    ) -> Self {
        let salt = random.array();
        let key = DeviceKey::derive(password, &salt);
        let blob = account.wrap_device(&identity.user(), &key, random);
        Self {
            user: identity.user(),
            address: identity.address().to_owned(),
            name: name.to_owned(),
            server: server.to_owned(),
            wrap: Some((salt, blob)),
        }
    }

    /// Opens the account key with the master password. Hashes the password.
    pub fn unlock(&self, password: &str) -> Result<AccountKey, UnlockError> {
        let (salt, blob) = self.wrap.as_ref().ok_or(UnlockError::NoWrap)?;
        let key = DeviceKey::derive(password, salt);
        let account = AccountKey::unwrap_device(&self.user, &key, blob)
            .map_err(|_| UnlockError::WrongPassword)?;
        if Identity::of(&account, &self.address).user() != self.user {
            return Err(UnlockError::Forged);
        }
        Ok(account)
    }

    /// As stored.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.user.0);
        fields.put(2, &self.address);
        fields.put(3, &self.name);
        fields.put(4, &self.server);
        if let Some((salt, blob)) = &self.wrap {
            fields.put_bytes(5, salt);
            fields.put_bytes(6, blob);
        }
        fields.encode()
    }

    /// As read from the store.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        let salt = fields.take_bytes(5)?;
        let blob = fields.take_bytes(6)?;
        Ok(Self {
            user: UserId(fields.need_array(1)?),
            address: fields.need(2)?,
            name: fields.need(3)?,
            server: fields.need(4)?,
            wrap: match (salt, blob) {
                (Some(salt), Some(blob)) => Some((salt.try_into().map_err(|_| Malformed)?, blob)),
                _ => None,
            },
        })
    }
}

impl Vault {
    /// What the server keeps of a new master password.
    pub fn password_secret(
        &self,
        registration_upload: Vec<u8>,
        export: &ExportKey,
        random: &mut impl Random,
    ) -> PasswordSecret {
        password_secret(&self.account, &self.user(), registration_upload, export, random)
    }

    /// What the server keeps of a new recovery code.
    pub fn recovery_secret(&self, code: &RecoveryCode, random: &mut impl Random) -> RecoverySecret {
        recovery_secret(&self.account, &self.user(), code, random)
    }
}

/// The bearer token of a session (RFC 6750), as sealed on the device.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The token.
    pub token: String,
    /// When it expires, Unix seconds.
    pub expires: u64,
    /// The base address of the server that gave it; absent in what earlier versions sealed.
    pub server: Option<String>,
}

/// Why a session is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It does not open.
    #[error("damaged")]
    Damaged,
    /// Another server gave the token: the device's record names a server that must not have it.
    #[error("other server")]
    OtherServer,
}

impl Token {
    /// The plaintext of `device/session`: 1 token, 2 expires, 3 server.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put(1, &self.token);
        fields.put(2, self.expires);
        if let Some(server) = &self.server {
            fields.put(3, server);
        }
        fields.encode()
    }

    /// Reads the plaintext of `device/session`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self { token: fields.need(1)?, expires: fields.need(2)?, server: fields.take(3)? })
    }
}
