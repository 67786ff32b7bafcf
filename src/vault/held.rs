//! What this device accepted last of an item.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::{Revision, UserId};

/// What this device accepted last of an item: it never goes behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// Epoch.
    pub epoch: u64,
    /// Revision.
    pub revision: u64,
    /// Hash of that revision's body.
    pub hash: Hash,
    /// That revision deleted the item: in its epoch nothing may follow.
    pub deleted: bool,
    /// Hash of its epoch's access list; none in epoch 1.
    pub list: Option<Hash>,
    /// Whose item it is, if it is somebody else's.
    pub owner: Option<UserId>,
}

impl Held {
    /// What is held of an own item once a revision, whose body has this hash, is accepted.
    pub fn of(revision: &Revision, hash: Hash) -> Self {
        let Revision { epoch, revision: number, status, list, .. } = *revision;
        let deleted = status == Status::Deleted;
        Self { epoch, revision: number, hash, deleted, list, owner: None }
    }

    /// The plaintext of `device/state` for an item.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put(1, self.epoch);
        fields.put(2, self.revision);
        fields.put_bytes(3, &self.hash.0);
        if self.deleted {
            fields.put(4, true);
        }
        if let Some(list) = self.list {
            fields.put_bytes(5, &list.0);
        }
        if let Some(owner) = self.owner {
            fields.put_bytes(6, &owner.0);
        }
        fields.encode()
    }

    /// Reads the plaintext of `device/state` for an item.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        Ok(Self {
            epoch: fields.need(1)?,
            revision: fields.need(2)?,
            hash: Hash(fields.need_array(3)?),
            deleted: fields.take(4)?.unwrap_or_default(),
            list: match fields.take_bytes(5)? {
                Some(bytes) => Some(Hash::try_from(bytes.as_slice()).map_err(|_| Malformed)?),
                None => None,
            },
            owner: match fields.take_bytes(6)? {
                Some(bytes) => Some(UserId::try_from(bytes.as_slice()).map_err(|_| Malformed)?),
                None => None,
            },
        })
    }
}
