//! Signed bodies: what is signed, how it is encoded, and the one way to accept it. The exact
//! bytes that were signed travel with the signature; they are never encoded again to verify.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::bytes::{Bytes, Hash, ItemId, UserId};
use crate::cbor::{Fields, Malformed};
use crate::context::Context;
use crate::limits;

/// Bytes of an X-Wing public key.
pub const KEM_PK: usize = 1_216;

/// A signed body as it travels and is stored. In CBOR it is an array of the two: there are many.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signed {
    /// Deterministic CBOR.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::SignedBody))]
    pub body: Bytes,
    /// Ed25519, 64 bytes.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Signature))]
    pub signature: Bytes,
}

impl Signed {
    /// SHA-256 of the body: how other bodies refer to this one.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(&self.body.0).into())
    }
}

/// With the names of its fields, as in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named<B> {
    body: B,
    signature: B,
}

impl Serialize for Signed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (body, signature) = (&self.body, &self.signature);
        if serializer.is_human_readable() {
            Named { body, signature }.serialize(serializer)
        } else {
            (body, signature).serialize(serializer)
        }
    }
}

/// Both forms are read: browsers keep what they stored before it was an array.
impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Form)
    }
}

struct Form;

impl<'de> Visitor<'de> for Form {
    type Value = Signed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a body and its signature")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Signed, A::Error> {
        match (pair.next_element()?, pair.next_element()?, pair.next_element::<IgnoredAny>()?) {
            (Some(body), Some(signature), None) => Ok(Signed { body, signature }),
            _ => Err(Error::custom("not an array of two")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, named: A) -> Result<Signed, A::Error> {
        let Named { body, signature } = Named::deserialize(MapAccessDeserializer::new(named))?;
        Ok(Signed { body, signature })
    }
}

/// Why a signed body is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// Not the one encoding of this body.
    #[error("malformed")]
    Malformed,
    /// The signature is not by that key over these bytes for this purpose.
    #[error("forged")]
    Forged,
}

impl From<Malformed> for NotAccepted {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

fn verify(signed: &Signed, context: Context, sign_pk: &[u8; 32]) -> Result<(), NotAccepted> {
    let key = VerifyingKey::from_bytes(sign_pk).map_err(|_| NotAccepted::Forged)?;
    let signature = Signature::from_slice(&signed.signature).map_err(|_| NotAccepted::Forged)?;
    key.verify_strict(context.as_bytes(), &signature).map_err(|_| NotAccepted::Forged)
}

/// Who someone is: an address and the two public keys that their id commits to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bundle {
    /// Mail address, ASCII, lower case.
    pub address: String,
    /// Ed25519 public key.
    pub sign_pk: [u8; 32],
    /// X-Wing public key.
    pub kem_pk: [u8; KEM_PK],
}

/// Whether a text is a mail address as MySafe writes one: ASCII, lower case, graphic characters, something
/// on both sides of its one `@` (RFC 5321 section 4.1.2, narrowed). Every reader refuses another one, so
/// that no look-alike stands beside an address that is known.
pub fn is_address(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase();
    let parts = text.split_once('@');
    text.len() <= limits::ADDRESS
        && text.bytes().all(plain)
        && parts.is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

impl Bundle {
    /// The bytes to sign.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put(1, &self.address);
        fields.put_bytes(2, &self.sign_pk);
        fields.put_bytes(3, &self.kem_pk);
        fields.encode()
    }

    /// Reads and verifies a bundle, which signs itself.
    pub fn accept(signed: &Signed) -> Result<Self, NotAccepted> {
        let mut fields = Fields::decode(&signed.body)?;
        let bundle = Self {
            address: fields.need(1)?,
            sign_pk: fields.need_array(2)?,
            kem_pk: fields.need_array(3)?,
        };
        fields.nothing_else()?;
        if !is_address(&bundle.address) {
            return Err(NotAccepted::Malformed);
        }
        verify(signed, Context::sign_bundle(&signed.body), &bundle.sign_pk)?;
        Ok(bundle)
    }

    /// The id that belongs to these keys and this address, and to no others.
    pub fn user(&self) -> UserId {
        UserId(Context::user(&self.address, &self.sign_pk, &self.kem_pk).hash().0)
    }
}

/// Whether an item is in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// In use.
    Active,
    /// Kept, not suggested, its secret not shown or copied.
    Inactive,
    /// Gone for good; holds no content.
    Deleted,
}

impl Status {
    /// The number it is signed as.
    pub fn code(self) -> u64 {
        match self {
            Self::Active => 0,
            Self::Inactive => 1,
            Self::Deleted => 2,
        }
    }

    /// The status a number stands for.
    pub fn of(code: u64) -> Result<Self, Malformed> {
        match code {
            0 => Ok(Self::Active),
            1 => Ok(Self::Inactive),
            2 => Ok(Self::Deleted),
            _ => Err(Malformed),
        }
    }
}

/// One state of an item: who wrote which content, following what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revision {
    /// The item.
    pub item: ItemId,
    /// The epoch of its key; 1 is private to the owner.
    pub epoch: u64,
    /// Counts up, gaps allowed.
    pub revision: u64,
    /// Hash of the access list; none in epoch 1.
    pub list: Option<Hash>,
    /// Hash of both sealed parts.
    pub content: Hash,
    /// Whether the item is in use.
    pub status: Status,
    /// Who wrote this revision.
    pub author: UserId,
    /// When, in Unix milliseconds by the author's clock; only shown, never compared.
    pub time: u64,
    /// Hash of the revision before; none in the first.
    pub prev: Option<Hash>,
    /// Hash of a revision beside, which this one unites with the one before.
    pub also: Option<Hash>,
}

impl Revision {
    /// The bytes to sign.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.item.0);
        fields.put(2, self.epoch);
        fields.put(3, self.revision);
        if let Some(list) = self.list {
            fields.put_bytes(4, &list.0);
        }
        fields.put_bytes(5, &self.content.0);
        fields.put(6, self.status.code());
        fields.put_bytes(7, &self.author.0);
        fields.put(8, self.time);
        if let Some(prev) = self.prev {
            fields.put_bytes(9, &prev.0);
        }
        if let Some(also) = self.also {
            fields.put_bytes(10, &also.0);
        }
        fields.encode()
    }

    /// Reads a revision without verifying its signature: to learn whose key to verify with.
    pub fn read(signed: &Signed) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(&signed.body)?;
        let hash = |bytes: Option<Vec<u8>>| -> Result<Option<Hash>, Malformed> {
            bytes.map(|bytes| Hash::try_from(bytes.as_slice()).map_err(|_| Malformed)).transpose()
        };
        let revision = Self {
            item: ItemId(fields.need_array(1)?),
            epoch: fields.need(2)?,
            revision: fields.need(3)?,
            list: hash(fields.take_bytes(4)?)?,
            content: Hash(fields.need_array(5)?),
            status: Status::of(fields.need(6)?)?,
            author: UserId(fields.need_array(7)?),
            time: fields.need(8)?,
            prev: hash(fields.take_bytes(9)?)?,
            also: hash(fields.take_bytes(10)?)?,
        };
        fields.nothing_else()?;
        if revision.is_well_formed() { Ok(revision) } else { Err(Malformed) }
    }

    /// Whether the numbers and references of a revision can stand together.
    fn is_well_formed(&self) -> bool {
        let numbers = self.epoch > 0 && self.revision > 0;
        let list = (self.epoch == 1) == self.list.is_none();
        // The first revision is private, and unites nothing; every later one names the one before.
        let first = match self.revision {
            1 => self.prev.is_none() && self.epoch == 1 && self.also.is_none(),
            _ => self.prev.is_some(),
        };
        numbers && list && first && (self.also.is_none() || self.also != self.prev)
    }

    /// The hashes of the revisions that this one follows: the one before, then the one beside.
    pub fn parents(&self) -> impl Iterator<Item = Hash> + use<> {
        self.prev.into_iter().chain(self.also)
    }

    /// The hash of the newest revision of a server that this one replaces: a united revision names it
    /// as the one beside.
    pub fn replaces(&self) -> Option<Hash> {
        self.also.or(self.prev)
    }

    /// Reads a revision and verifies that the holder of `sign_pk` signed it.
    pub fn accept(signed: &Signed, sign_pk: &[u8; 32]) -> Result<Self, NotAccepted> {
        let revision = Self::read(signed)?;
        verify(signed, Context::sign_revision(&signed.body), sign_pk)?;
        Ok(revision)
    }

    /// Whether the two sealed parts are the ones this revision signs.
    pub fn fits(&self, overview: &[u8], details: &[u8]) -> bool {
        Context::item_content(overview, details).hash() == self.content
    }
}

mod chain;
mod list;

pub use chain::{Chain, Replacement, Way, follows};
pub use list::{AccessList, Grant, Grantee, Permission};

#[cfg(test)]
mod tests;
