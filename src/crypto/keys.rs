//! Keys as values: they seal and open for a context, and are wiped when dropped. None of them
//! can be printed, cloned or serialised.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mysafe_protocol::bytes::{Hash, IdentifierTag};
use mysafe_protocol::context::DeviceKind;
use mysafe_protocol::{Context, ItemId, UserId};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::password::DeviceKey;
use super::random::Random;
use super::seal::{Opened, Opening, Padding, SealError, Sealing, derive, open, open_key, seal};

type Key = Zeroizing<[u8; 32]>;

fn random_key(random: &mut impl Random) -> Key {
    let mut key = Zeroizing::new([0; 32]);
    random.fill(key.as_mut());
    key
}

/// The session's text is not an account key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key")]
pub struct NotAKey;

/// OPAQUE's export key: opens what the server keeps for whoever knows the master password.
pub struct ExportKey(pub(super) Zeroizing<Vec<u8>>);

/// The key of an account, for its life. Identity keys are derived from it.
pub struct AccountKey(Key);

impl AccountKey {
    /// A new account's key.
    pub fn generate(random: &mut impl Random) -> Self {
        Self(random_key(random))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn of(key: Key) -> Self {
        Self(key)
    }

    /// The one way out: text for session storage, which is memory only.
    pub fn to_session(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// And back.
    pub fn from_session(text: &str) -> Result<Self, NotAKey> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAKey)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| NotAKey)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Sealed for the server (`wrap/password`).
    pub fn wrap(&self, user: &UserId, export: &ExportKey, random: &mut impl Random) -> Vec<u8> {
        seal(&export.0, &Context::wrap_password(user), Padding::None, &*self.0, random)
    }

    /// Opened from the server's copy.
    pub fn unwrap(user: &UserId, export: &ExportKey, blob: &[u8]) -> Result<Self, SealError> {
        open_key(&export.0, &Context::wrap_password(user), blob).map(Self)
    }

    /// Sealed for this device (`wrap/device`).
    pub fn wrap_device(
        &self,
        user: &UserId,
        device: &DeviceKey,
        random: &mut impl Random,
    ) -> Vec<u8> {
        seal(device.bytes(), &Context::wrap_device(user), Padding::None, &*self.0, random)
    }

    /// Opened from the device's copy.
    pub fn unwrap_device(
        user: &UserId,
        device: &DeviceKey,
        blob: &[u8],
    ) -> Result<Self, SealError> {
        open_key(device.bytes(), &Context::wrap_device(user), blob).map(Self)
    }

    /// The blind index of an Identifier, compared as NFC without case.
    pub fn identifier_tag(&self, identifier: &str) -> IdentifierTag {
        let folded: String = identifier.nfc().collect::<String>().to_lowercase().nfc().collect();
        IdentifierTag(*derive::<16>(&*self.0, &Context::item_identifier(&folded)))
    }

    /// Seals an account record.
    pub fn seal_record(
        &self,
        user: &UserId,
        version: u64,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Vec<u8> {
        seal(&*self.0, &Context::account(user, version), Padding::USUAL, plaintext, random)
    }

    /// Opens an account record.
    pub fn open_record(
        &self,
        user: &UserId,
        version: u64,
        blob: &[u8],
    ) -> Result<Opened, SealError> {
        open(&*self.0, &Context::account(user, version), Padding::USUAL, blob)
    }

    /// Seals when an item was last used.
    pub fn seal_use(
        &self,
        user: &UserId,
        item: &ItemId,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Vec<u8> {
        seal(&*self.0, &Context::item_use(user, item), Padding::None, plaintext, random)
    }

    /// Opens when an item was last used.
    pub fn open_use(&self, user: &UserId, item: &ItemId, blob: &[u8]) -> Result<Opened, SealError> {
        open(&*self.0, &Context::item_use(user, item), Padding::None, blob)
    }

    /// Seals what this device stores.
    pub fn seal_device(
        &self,
        kind: DeviceKind,
        user: &UserId,
        name: &str,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Vec<u8> {
        seal(&*self.0, &Context::device(kind, user, name), Padding::None, plaintext, random)
    }

    /// The same for much, still to be sealed.
    pub fn sealing_device(
        &self,
        kind: DeviceKind,
        user: &UserId,
        name: &str,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Sealing {
        let context = Context::device(kind, user, name);
        Sealing::new(&*self.0, &context, Padding::None, plaintext, random)
    }

    /// What this device stores, still to be opened.
    pub fn opening_device<'b>(
        &self,
        kind: DeviceKind,
        user: &UserId,
        name: &str,
        blob: &'b [u8],
    ) -> Result<Opening<'b>, SealError> {
        Opening::new(&*self.0, &Context::device(kind, user, name), Padding::None, blob)
    }

    /// Opens what this device stores.
    pub fn open_device(
        &self,
        kind: DeviceKind,
        user: &UserId,
        name: &str,
        blob: &[u8],
    ) -> Result<Opened, SealError> {
        open(&*self.0, &Context::device(kind, user, name), Padding::None, blob)
    }
}

/// The key of an item in one epoch.
pub struct ItemKey(Key);

impl ItemKey {
    /// A new epoch's key.
    pub fn generate(random: &mut impl Random) -> Self {
        Self(random_key(random))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn of(key: Key) -> Self {
        Self(key)
    }

    /// Sealed for the item's owner (`item/key`).
    pub fn wrap(
        &self,
        account: &AccountKey,
        user: &UserId,
        item: &ItemId,
        epoch: u64,
        random: &mut impl Random,
    ) -> Vec<u8> {
        let context = Context::item_key(user, item, epoch);
        seal(account.bytes(), &context, Padding::None, &*self.0, random)
    }

    /// Opened from the owner's copy.
    pub fn unwrap(
        account: &AccountKey,
        user: &UserId,
        item: &ItemId,
        epoch: u64,
        blob: &[u8],
    ) -> Result<Self, SealError> {
        open_key(account.bytes(), &Context::item_key(user, item, epoch), blob).map(Self)
    }

    /// What an access list signs, so that everyone can check that they hold the same key.
    pub fn commit(&self, item: &ItemId, epoch: u64) -> Hash {
        Hash(*derive(&*self.0, &Context::item_commit(item, epoch)))
    }

    /// Seals the overview of a revision.
    pub fn seal_overview(
        &self,
        item: &ItemId,
        epoch: u64,
        revision: u64,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Vec<u8> {
        let context = Context::item_overview(item, epoch, revision);
        seal(&*self.0, &context, Padding::USUAL, plaintext, random)
    }

    /// Opens the overview of a revision.
    pub fn open_overview(
        &self,
        item: &ItemId,
        epoch: u64,
        revision: u64,
        blob: &[u8],
    ) -> Result<Opened, SealError> {
        open(&*self.0, &Context::item_overview(item, epoch, revision), Padding::USUAL, blob)
    }

    /// Seals the details of a revision.
    pub fn seal_details(
        &self,
        item: &ItemId,
        epoch: u64,
        revision: u64,
        plaintext: &[u8],
        random: &mut impl Random,
    ) -> Vec<u8> {
        let context = Context::item_details(item, epoch, revision);
        seal(&*self.0, &context, Padding::DETAILS, plaintext, random)
    }

    /// Opens the details of a revision.
    pub fn open_details(
        &self,
        item: &ItemId,
        epoch: u64,
        revision: u64,
        blob: &[u8],
    ) -> Result<Opened, SealError> {
        open(&*self.0, &Context::item_details(item, epoch, revision), Padding::DETAILS, blob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SystemRandom;

    #[test]
    fn an_account_key_goes_through_session_storage() {
        let key = AccountKey::generate(&mut SystemRandom);
        let back = AccountKey::from_session(&key.to_session()).unwrap();
        assert_eq!(key.bytes(), back.bytes());
        assert!(AccountKey::from_session("short").is_err());
    }

    #[test]
    fn an_identifier_is_compared_as_nfc_without_case() {
        let key = AccountKey::generate(&mut SystemRandom);
        assert_eq!(key.identifier_tag("Ação"), key.identifier_tag("AC\u{327}A\u{303}O"));
        assert_ne!(key.identifier_tag("acao"), key.identifier_tag("ação"));
        let other = AccountKey::generate(&mut SystemRandom);
        assert_ne!(key.identifier_tag("a"), other.identifier_tag("a"));
    }
}
