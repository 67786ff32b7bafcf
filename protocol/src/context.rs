//! Context: what a key, a sealed value or a signature is for, as bytes that no other purpose,
//! place or version can share. `mysafe/1/PURPOSE` and each field, each as length (4 bytes) and
//! bytes; integers are 8 bytes; all big-endian.

use sha2::{Digest, Sha256};

use crate::bodies::Grantee;
use crate::bytes::{Hash, ItemId, UserId};

/// A purpose with its fields. Made only by the constructors below, one for each purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context(Vec<u8>);

impl Context {
    fn of(purpose: &str) -> Self {
        Self(Vec::new()).bytes(format!("mysafe/1/{purpose}").as_bytes())
    }

    fn bytes(mut self, field: &[u8]) -> Self {
        let length = u32::try_from(field.len()).expect("a field is shorter than 4 GiB");
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(field);
        self
    }

    fn number(self, field: u64) -> Self {
        self.bytes(&field.to_be_bytes())
    }

    /// The encoded context.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// SHA-256 of the context: ids and content hashes.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(&self.0).into())
    }
}

/// One constructor for each purpose, with its fields in order.
impl Context {
    /// Derives the Ed25519 seed from the account key.
    pub fn key_sign() -> Self {
        Self::of("key/sign")
    }
    /// Derives the X-Wing seed from the account key.
    pub fn key_kem() -> Self {
        Self::of("key/kem")
    }
    /// Derives what proves that one has the recovery code.
    pub fn recovery_verifier() -> Self {
        Self::of("recovery/verifier")
    }
    /// Hashes the owner and the random bytes of an item's id to its other bytes.
    pub fn item_id(owner: &UserId, random: &[u8]) -> Self {
        Self::of("item/id").bytes(&owner.0).bytes(random)
    }
    /// Derives the commitment to an item key.
    pub fn item_commit(item: &ItemId, epoch: u64) -> Self {
        Self::of("item/commit").bytes(&item.0).number(epoch)
    }
    /// Derives the blind index of an Identifier; `identifier` is lower case and NFC.
    pub fn item_identifier(identifier: &str) -> Self {
        Self::of("item/identifier").bytes(identifier.as_bytes())
    }
    /// Derives the number by which two people compare that each has the other's keys.
    pub fn safety_number() -> Self {
        Self::of("safety-number")
    }
    /// Hashes address and public keys to a user id.
    pub fn user(address: &str, sign_pk: &[u8], kem_pk: &[u8]) -> Self {
        Self::of("user").bytes(address.as_bytes()).bytes(sign_pk).bytes(kem_pk)
    }
    /// Hashes an item's two sealed parts to what a revision signs.
    pub fn item_content(overview: &[u8], details: &[u8]) -> Self {
        Self::of("item/content").bytes(overview).bytes(details)
    }
    /// Seals the account key for the server, under OPAQUE's export key.
    pub fn wrap_password(user: &UserId) -> Self {
        Self::of("wrap/password").bytes(&user.0)
    }
    /// Seals the account key for the server, under the recovery code.
    pub fn wrap_recovery(user: &UserId) -> Self {
        Self::of("wrap/recovery").bytes(&user.0)
    }
    /// Seals the account key for the device, under Argon2id of the master password.
    pub fn wrap_device(user: &UserId) -> Self {
        Self::of("wrap/device").bytes(&user.0)
    }
    /// Seals the account record.
    pub fn account(user: &UserId, version: u64) -> Self {
        Self::of("account").bytes(&user.0).number(version)
    }
    /// Seals when its user last used an item.
    pub fn item_use(user: &UserId, item: &ItemId) -> Self {
        Self::of("use").bytes(&user.0).bytes(&item.0)
    }
    /// Seals an item key for the item's owner.
    pub fn item_key(user: &UserId, item: &ItemId, epoch: u64) -> Self {
        Self::of("item/key").bytes(&user.0).bytes(&item.0).number(epoch)
    }
    /// Seals an item's overview.
    pub fn item_overview(item: &ItemId, epoch: u64, revision: u64) -> Self {
        Self::of("item/overview").bytes(&item.0).number(epoch).number(revision)
    }
    /// Seals an item's details.
    pub fn item_details(item: &ItemId, epoch: u64, revision: u64) -> Self {
        Self::of("item/details").bytes(&item.0).number(epoch).number(revision)
    }
    /// Encapsulates an item key for whom it is shared with.
    pub fn item_envelope(item: &ItemId, epoch: u64, to: &Grantee) -> Self {
        let group_epoch = match to {
            Grantee::User(_) => 0,
            Grantee::Group { epoch, .. } => *epoch,
        };
        let place = Self::of("item/envelope").bytes(&item.0).number(epoch);
        place.number(to.kind()).bytes(to.id()).number(group_epoch)
    }
    /// Seals what a device stores; `kind` is one of session, state, cache, outbox, draft.
    pub fn device(kind: DeviceKind, user: &UserId, name: &str) -> Self {
        Self::of(kind.purpose()).bytes(&user.0).bytes(name.as_bytes())
    }
    /// Signs a bundle.
    pub fn sign_bundle(body: &[u8]) -> Self {
        Self::of("sign/bundle").bytes(body)
    }
    /// Signs an access list.
    pub fn sign_list(body: &[u8]) -> Self {
        Self::of("sign/list").bytes(body)
    }
    /// Signs a revision.
    pub fn sign_revision(body: &[u8]) -> Self {
        Self::of("sign/revision").bytes(body)
    }
}

/// What a device stores under its own seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeviceKind {
    /// The token of its session with the server.
    Session,
    /// What it last accepted: numbers and hashes.
    State,
    /// All overviews, so that opening the vault is one decryption.
    Cache,
    /// Changes that are not on the server yet.
    Outbox,
    /// Forms not saved yet.
    Draft,
}

impl DeviceKind {
    fn purpose(self) -> &'static str {
        match self {
            Self::Session => "device/session",
            Self::State => "device/state",
            Self::Cache => "device/cache",
            Self::Outbox => "device/outbox",
            Self::Draft => "device/draft",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of contexts, as SECURITY.md prints it: purpose, then the length of each field
    /// (`n` for a number, `t` for text or bytes of any length).
    #[test]
    fn every_context_is_as_designed() {
        let (user, item) = (UserId([1; 32]), ItemId([2; 16]));
        let (person, group) = (Grantee::User(user), Grantee::Group { id: Hash([3; 32]), epoch: 9 });
        let envelope = |to| Context::item_envelope(&item, 3, to);
        let table: &[(Context, &str, &[&[u8]])] = &[
            (Context::key_sign(), "key/sign", &[]),
            (Context::key_kem(), "key/kem", &[]),
            (Context::recovery_verifier(), "recovery/verifier", &[]),
            (Context::wrap_recovery(&user), "wrap/recovery", &[&[1; 32]]),
            (Context::safety_number(), "safety-number", &[]),
            (envelope(&person), "item/envelope", &[&[2; 16], &be(3), &be(0), &[1; 32], &be(0)]),
            (envelope(&group), "item/envelope", &[&[2; 16], &be(3), &be(1), &[3; 32], &be(9)]),
            (Context::item_id(&user, &[6; 6]), "item/id", &[&[1; 32], &[6; 6]]),
            (Context::item_commit(&item, 3), "item/commit", &[&[2; 16], &be(3)]),
            (Context::item_identifier("ç"), "item/identifier", &["ç".as_bytes()]),
            (Context::user("a@b", &[4; 32], &[5; 1216]), "user", &[b"a@b", &[4; 32], &[5; 1216]]),
            (Context::item_content(b"o", b"dd"), "item/content", &[b"o", b"dd"]),
            (Context::wrap_password(&user), "wrap/password", &[&[1; 32]]),
            (Context::wrap_device(&user), "wrap/device", &[&[1; 32]]),
            (Context::account(&user, 7), "account", &[&[1; 32], &be(7)]),
            (Context::item_use(&user, &item), "use", &[&[1; 32], &[2; 16]]),
            (Context::item_key(&user, &item, 3), "item/key", &[&[1; 32], &[2; 16], &be(3)]),
            (Context::item_overview(&item, 3, 4), "item/overview", &[&[2; 16], &be(3), &be(4)]),
            (Context::item_details(&item, 3, 4), "item/details", &[&[2; 16], &be(3), &be(4)]),
            (Context::sign_bundle(b"body"), "sign/bundle", &[b"body"]),
            (Context::sign_list(b"body"), "sign/list", &[b"body"]),
            (Context::sign_revision(b"body"), "sign/revision", &[b"body"]),
            (device(DeviceKind::Session), "device/session", &[&[1; 32], b"x"]),
            (device(DeviceKind::State), "device/state", &[&[1; 32], b"x"]),
            (device(DeviceKind::Cache), "device/cache", &[&[1; 32], b"x"]),
            (device(DeviceKind::Outbox), "device/outbox", &[&[1; 32], b"x"]),
            (device(DeviceKind::Draft), "device/draft", &[&[1; 32], b"x"]),
        ];
        for (context, purpose, fields) in table {
            let mut expected = framed(format!("mysafe/1/{purpose}").as_bytes());
            for field in *fields {
                expected.extend(framed(field));
            }
            assert_eq!(context.as_bytes(), expected, "{purpose}");
        }
    }

    fn device(kind: DeviceKind) -> Context {
        Context::device(kind, &UserId([1; 32]), "x")
    }

    fn be(number: u64) -> [u8; 8] {
        number.to_be_bytes()
    }

    fn framed(bytes: &[u8]) -> Vec<u8> {
        [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
    }
}
