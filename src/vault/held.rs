//! The last state of an item that this device accepted. One rule says what may take its place.

use mysafe_protocol::bodies::Status;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::{ItemId, Revision, UserId};

/// The last state of an item that this device accepted: it never goes behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    /// States held before the user accepted the server's. Nothing is written here until a version leads
    /// back to each of them.
    pub apart: Vec<Head>,
}

/// A state that was held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Epoch.
    pub epoch: u64,
    /// Revision.
    pub revision: u64,
    /// Hash of that revision's body.
    pub hash: Hash,
    /// Hash of its epoch's access list; none in epoch 1.
    pub list: Option<Hash>,
    /// The state accepted over it leads back to it, or to a body of its epoch and list.
    pub led_back: bool,
}

impl Held {
    /// Returns the state that is held of an own item once a revision, whose body has this hash, is accepted.
    pub fn of(revision: &Revision, hash: Hash) -> Self {
        let Revision { epoch, revision: number, status, list, .. } = *revision;
        let deleted = status == Status::Deleted;
        Self { epoch, revision: number, hash, deleted, list, owner: None, apart: Vec::new() }
    }

    /// Returns the place of this state.
    pub fn head(&self) -> Head {
        let Self { epoch, revision, hash, list, .. } = *self;
        Head { epoch, revision, hash, list, led_back: false }
    }

    /// Whether a state held before is not led back to: then nothing is written here.
    pub fn is_apart(&self) -> bool {
        self.apart.iter().any(|head| !head.led_back)
    }

    /// Whether this state was held before and is remembered.
    pub fn remembers(&self, head: &Head) -> bool {
        self.apart.iter().any(|other| other.hash == head.hash)
    }

    /// Returns the revision that is held, as far as other revisions are compared with it.
    pub(super) fn body(&self, item: &ItemId, owner: &UserId) -> Revision {
        let status = if self.deleted { Status::Deleted } else { Status::Active };
        Revision { status, ..self.head().body(item, owner) }
    }

    /// Whether `next` may take the place of this state. Epoch and number never go down, and an epoch keeps
    /// its list. The one exception is the user's act on an item of somebody else: then `next` remembers
    /// this state, and every state that this one remembers.
    pub fn may_become(&self, next: &Self) -> bool {
        #[cfg(test)]
        if super::planted::Planted::HeldLowered.is_here() {
            return true;
        }
        let epoch = next.epoch > self.epoch || (next.epoch == self.epoch && next.list == self.list);
        let number = next.revision > self.revision
            || (next.revision == self.revision && next.hash == self.hash);
        let remembers = next.owner.is_some()
            && next.remembers(&self.head())
            && self.apart.iter().all(|head| next.remembers(head));
        next.owner == self.owner && ((epoch && number) || remembers)
    }

    /// Encodes the plaintext of `device/state` for an item.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = self.head().fields();
        if self.deleted {
            fields.put(4, true);
        }
        if let Some(owner) = self.owner {
            fields.put_bytes(6, &owner.0);
        }
        if !self.apart.is_empty() {
            let apart: Vec<Fields> = self.apart.iter().map(Head::fields).collect();
            fields.put_list(7, apart.iter());
        }
        fields.encode()
    }

    /// Reads the plaintext of `device/state` for an item.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        let deleted = fields.take(4)?.unwrap_or_default();
        let owner = match fields.take_bytes(6)? {
            Some(bytes) => Some(UserId::try_from(bytes.as_slice()).map_err(|_| Malformed)?),
            None => None,
        };
        let apart = fields.take_list(7)?.unwrap_or_default();
        let apart = apart.into_iter().map(Head::read).collect::<Result<_, _>>()?;
        let Head { epoch, revision, hash, list, .. } = Head::read(fields)?;
        Ok(Self { epoch, revision, hash, deleted, list, owner, apart })
    }
}

impl Head {
    /// Returns the revision of this state, as far as other revisions are compared with it.
    pub(super) fn body(&self, item: &ItemId, owner: &UserId) -> Revision {
        Revision {
            item: *item,
            epoch: self.epoch,
            revision: self.revision,
            list: self.list,
            content: Hash([0; 32]),
            status: Status::Active,
            author: *owner,
            time: 0,
            prev: None,
            also: None,
        }
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.put(1, self.epoch);
        fields.put(2, self.revision);
        fields.put_bytes(3, &self.hash.0);
        if let Some(list) = self.list {
            fields.put_bytes(5, &list.0);
        }
        if self.led_back {
            fields.put(8, true);
        }
        fields
    }

    fn read(mut fields: Fields) -> Result<Self, Malformed> {
        Ok(Self {
            epoch: fields.need(1)?,
            revision: fields.need(2)?,
            hash: Hash(fields.need_array(3)?),
            list: match fields.take_bytes(5)? {
                Some(bytes) => Some(Hash::try_from(bytes.as_slice()).map_err(|_| Malformed)?),
                None => None,
            },
            led_back: fields.take(8)?.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(epoch: u64, revision: u64, byte: u8, owner: Option<UserId>) -> Held {
        let list = (epoch > 1).then_some(Hash([u8::try_from(epoch).unwrap(); 32]));
        let (hash, apart) = (Hash([byte; 32]), Vec::new());
        Held { epoch, revision, hash, deleted: false, list, owner, apart }
    }

    #[test]
    fn nothing_lower_and_no_other_list_takes_its_place() {
        let now = held(3, 6, 1, None);
        assert!(now.may_become(&now));
        for (epoch, revision) in [(3, 7), (4, 7), (9, 9)] {
            assert!(now.may_become(&held(epoch, revision, 2, None)), "{epoch} {revision}");
        }
        for (epoch, revision) in [(2, 7), (3, 5), (3, 6), (4, 6), (4, 5), (1, 9)] {
            assert!(!now.may_become(&held(epoch, revision, 2, None)), "{epoch} {revision}");
        }
        let other = Held { list: Some(Hash([8; 32])), ..held(3, 7, 2, None) };
        assert!(!now.may_become(&other), "another list for a held epoch");
        let mut accepted = held(2, 7, 2, None);
        accepted.apart.push(now.head());
        assert!(!now.may_become(&accepted), "no act lowers an own item");
    }

    #[test]
    fn an_act_on_an_item_of_others_remembers_all_that_was_held() {
        let owner = Some(UserId([5; 32]));
        let mut now = held(3, 6, 1, owner);
        now.apart.push(held(4, 9, 3, owner).head());
        let mut next = held(2, 5, 2, owner);
        assert!(!now.may_become(&next));
        next.apart.push(now.head());
        assert!(!now.may_become(&next), "one is forgotten");
        next.apart.push(now.apart[0]);
        assert!(now.may_become(&next));
        assert_eq!(Held::decode(&next.encode()), Ok(next.clone()));
        assert!(!now.may_become(&Held { owner: Some(UserId([6; 32])), ..next }));
    }
}
