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

    const DOCUMENT: &str = include_str!("../../docs/protocol.md");

    /// Returns purpose and fields of each row of the document's table.
    fn table() -> Vec<(&'static str, Vec<&'static str>)> {
        let rows = DOCUMENT.lines().filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let &["", _, purpose, fields, _, _, ""] = &cells[..] else { return None };
            let purpose = purpose.strip_prefix('`')?.strip_suffix('`')?;
            Some((purpose, fields.split(", ").filter(|field| !field.is_empty()).collect()))
        });
        rows.collect()
    }

    /// The value of a field that the constructors below are given, as the document encodes it.
    fn given(field: &str, kind: u64) -> Vec<u8> {
        match field {
            "user" => vec![1; 32],
            "item" => vec![2; 16],
            "epoch" => be(3).to_vec(),
            "revision" => be(4).to_vec(),
            "version" => be(7).to_vec(),
            "kind" => be(kind).to_vec(),
            "recipient" => vec![if kind == 0 { 1 } else { 5 }; 32],
            "group epoch or 0" => be(if kind == 0 { 0 } else { 9 }).to_vec(),
            "identifier" => "ç".into(),
            "address" => "a@b".into(),
            "sign_pk" => vec![4; 32],
            "kem_pk" => vec![5; 1216],
            "overview" => b"o".to_vec(),
            "details" => b"dd".to_vec(),
            "name" => b"x".to_vec(),
            "body" => b"body".to_vec(),
            "random" => vec![6; 6],
            other => panic!("the table has an unknown field: {other}"),
        }
    }

    #[test]
    fn every_context_is_as_the_document_says() {
        let (user, item) = (UserId([1; 32]), ItemId([2; 16]));
        let (person, group) = (Grantee::User(user), Grantee::Group { id: Hash([5; 32]), epoch: 9 });
        let envelope = |to| Context::item_envelope(&item, 3, to);
        let made: &[(Context, &str, u64)] = &[
            (Context::key_sign(), "key/sign", 0),
            (Context::key_kem(), "key/kem", 0),
            (Context::recovery_verifier(), "recovery/verifier", 0),
            (Context::wrap_recovery(&user), "wrap/recovery", 0),
            (Context::safety_number(), "safety-number", 0),
            (envelope(&person), "item/envelope", 0),
            (envelope(&group), "item/envelope", 1),
            (Context::item_id(&user, &[6; 6]), "item/id", 0),
            (Context::item_commit(&item, 3), "item/commit", 0),
            (Context::item_identifier("ç"), "item/identifier", 0),
            (Context::user("a@b", &[4; 32], &[5; 1216]), "user", 0),
            (Context::item_content(b"o", b"dd"), "item/content", 0),
            (Context::wrap_password(&user), "wrap/password", 0),
            (Context::wrap_device(&user), "wrap/device", 0),
            (Context::account(&user, 7), "account", 0),
            (Context::item_use(&user, &item), "use", 0),
            (Context::item_key(&user, &item, 3), "item/key", 0),
            (Context::item_overview(&item, 3, 4), "item/overview", 0),
            (Context::item_details(&item, 3, 4), "item/details", 0),
            (Context::sign_bundle(b"body"), "sign/bundle", 0),
            (Context::sign_list(b"body"), "sign/list", 0),
            (Context::sign_revision(b"body"), "sign/revision", 0),
            (device(DeviceKind::Session), "device/session", 0),
            (device(DeviceKind::State), "device/state", 0),
            (device(DeviceKind::Cache), "device/cache", 0),
            (device(DeviceKind::Outbox), "device/outbox", 0),
            (device(DeviceKind::Draft), "device/draft", 0),
        ];
        let table = table();
        for (context, purpose, kind) in made {
            let row = table.iter().find(|row| row.0 == *purpose);
            let (_, fields) = row.unwrap_or_else(|| panic!("{purpose} is not in the document"));
            let mut expected = framed(format!("mysafe/1/{purpose}").as_bytes());
            for field in fields {
                expected.extend(framed(&given(field, *kind)));
            }
            assert_eq!(context.as_bytes(), expected, "{purpose}");
        }
        for (at, (purpose, _)) in table.iter().enumerate() {
            let here = made.iter().any(|made| made.1 == *purpose);
            assert!(here, "no constructor for {purpose} of the document");
            assert!(table[..at].iter().all(|row| row.0 != *purpose), "{purpose} twice");
        }
        // A constructor that is not tried above would escape the document.
        let source = include_str!("context.rs").split("#[cfg(test)]").next().unwrap_or_default();
        let purposes = source.matches("Self::of(\"").count() + source.matches("=> \"").count();
        assert_eq!(purposes, table.len(), "constructors and rows");
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
