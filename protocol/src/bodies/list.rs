//! The access list of an item: who holds its key in one epoch, signed by the owner.

use sha2::{Digest as _, Sha256};

use super::{NotAccepted, Signed, verify};
use crate::bytes::{Hash, ItemId, UserId};
use crate::cbor::{Fields, Malformed};
use crate::context::Context;
use crate::limits;

/// Who has access to an item in one epoch of its key, besides its owner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessList {
    /// The item.
    pub item: ItemId,
    /// The epoch of its key; lists begin with epoch 2.
    pub epoch: u64,
    /// Whose item it is.
    pub owner: UserId,
    /// Commitment to the item key of this epoch.
    pub commit: Hash,
    /// Ascending by who it is for, nobody twice, never the owner.
    pub grants: Vec<Grant>,
}

/// What one person or one group may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// Who.
    pub to: Grantee,
    /// What.
    pub permission: Permission,
    /// Until when, Unix seconds; for ever if absent.
    pub until: Option<u64>,
}

/// Who a grant is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grantee {
    /// A person.
    User(UserId),
    /// A group, by the hash of its first version, as it was in this epoch of its own.
    Group {
        /// Its id.
        id: Hash,
        /// Its epoch.
        epoch: u64,
    },
}

/// What somebody with access may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    /// View, copy and fill.
    View,
    /// Also edit, disable and enable.
    Edit,
}

impl Grantee {
    /// Returns the person; none of a group.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(*user),
            Self::Group { .. } => None,
        }
    }

    pub(crate) fn kind(&self) -> u64 {
        match self {
            Self::User(_) => 0,
            Self::Group { .. } => 1,
        }
    }

    pub(crate) fn id(&self) -> &[u8; 32] {
        match self {
            Self::User(user) => &user.0,
            Self::Group { id, .. } => &id.0,
        }
    }
}

impl Grant {
    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.put(1, self.to.kind());
        fields.put_bytes(2, self.to.id());
        fields.put(
            3,
            match self.permission {
                Permission::View => 0u64,
                Permission::Edit => 1,
            },
        );
        if let Some(until) = self.until {
            fields.put(4, until);
        }
        if let Grantee::Group { epoch, .. } = self.to {
            fields.put(5, epoch);
        }
        fields
    }

    fn of(mut fields: Fields) -> Result<Self, Malformed> {
        let kind: u64 = fields.need(1)?;
        let id = fields.need_array(2)?;
        let permission = match fields.need::<u64>(3)? {
            0 => Permission::View,
            1 => Permission::Edit,
            _ => return Err(Malformed),
        };
        let until = fields.take(4)?;
        let to = match kind {
            0 => Grantee::User(UserId(id)),
            1 => Grantee::Group { id: Hash(id), epoch: fields.need(5)? },
            _ => return Err(Malformed),
        };
        fields.nothing_else()?;
        Ok(Self { to, permission, until })
    }
}

impl AccessList {
    /// What the list gives a person by name, not through a group.
    pub fn of(&self, user: &UserId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.to == Grantee::User(*user))
    }

    /// Whether the list lets a person, by name, edit.
    pub fn lets_edit(&self, user: &UserId) -> bool {
        self.of(user).is_some_and(|grant| grant.permission == Permission::Edit)
    }

    /// Returns the people whom the list names, not through groups.
    pub fn users(&self) -> impl Iterator<Item = UserId> {
        self.grants.iter().filter_map(|grant| grant.to.user())
    }

    /// Whether it gives a group anything.
    pub fn has_groups(&self) -> bool {
        self.grants.iter().any(|grant| matches!(grant.to, Grantee::Group { .. }))
    }

    /// Puts the grants into their one order.
    pub fn sort(grants: &mut [Grant]) {
        grants.sort_by_key(|grant| (grant.to.kind(), *grant.to.id()));
    }

    /// The bytes to sign.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.put_bytes(1, &self.item.0);
        fields.put(2, self.epoch);
        fields.put_bytes(3, &self.owner.0);
        fields.put_bytes(4, &self.commit.0);
        let grants: Vec<Fields> = self.grants.iter().map(Grant::fields).collect();
        fields.put_list(5, grants.iter());
        fields.encode()
    }

    /// The hash by which revisions name the list: of the bytes that are signed.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(self.encode()).into())
    }

    /// Reads a list and verifies that the holder of `sign_pk` signed it.
    pub fn accept(signed: &Signed, sign_pk: &[u8; 32]) -> Result<Self, NotAccepted> {
        let mut fields = Fields::decode(&signed.body)?;
        let list = Self {
            item: ItemId(fields.need_array(1)?),
            epoch: fields.need(2)?,
            owner: UserId(fields.need_array(3)?),
            commit: Hash(fields.need_array(4)?),
            grants: fields
                .take_list(5)?
                .ok_or(Malformed)?
                .into_iter()
                .map(Grant::of)
                .collect::<Result<_, _>>()?,
        };
        fields.nothing_else()?;
        let place = |grant: &Grant| (grant.to.kind(), *grant.to.id());
        let ascending = list.grants.windows(2).all(|two| place(&two[0]) < place(&two[1]));
        let owner = list.grants.iter().any(|grant| grant.to == Grantee::User(list.owner));
        if list.epoch < 2 || !ascending || owner || list.grants.len() > limits::GRANTS {
            return Err(NotAccepted::Malformed);
        }
        verify(signed, Context::sign_list(&signed.body), sign_pk)?;
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;
    use crate::bytes::Bytes;

    fn list() -> AccessList {
        AccessList {
            item: ItemId([1; 16]),
            epoch: 2,
            owner: UserId([3; 32]),
            commit: Hash([4; 32]),
            grants: vec![
                Grant { to: user(1), permission: Permission::View, until: None },
                Grant { to: user(2), permission: Permission::Edit, until: Some(1_800_000_000) },
                Grant { to: group(1), permission: Permission::Edit, until: None },
            ],
        }
    }

    fn user(byte: u8) -> Grantee {
        Grantee::User(UserId([byte; 32]))
    }

    fn group(byte: u8) -> Grantee {
        Grantee::Group { id: Hash([byte; 32]), epoch: 7 }
    }

    fn accept(body: Vec<u8>) -> Result<AccessList, NotAccepted> {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signature = key.sign(Context::sign_list(&body).as_bytes()).to_bytes().to_vec();
        let signed = Signed { body: Bytes(body), signature: Bytes(signature) };
        AccessList::accept(&signed, &key.verifying_key().to_bytes())
    }

    #[test]
    fn what_was_signed_is_read_back() {
        assert_eq!(accept(list().encode()), Ok(list()));
        let nobody = AccessList { grants: Vec::new(), ..list() };
        assert_eq!(accept(nobody.encode()), Ok(nobody));
    }

    #[test]
    fn each_byte_and_each_length_counts() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let body = list().encode();
        let signature = key.sign(Context::sign_list(&body).as_bytes()).to_bytes().to_vec();
        let good = Signed { body: Bytes(body.clone()), signature: Bytes(signature) };
        let sign_pk = key.verifying_key().to_bytes();
        for at in 0..body.len() {
            let mut bent = good.clone();
            bent.body.0[at] ^= 1 << (at % 8);
            assert!(AccessList::accept(&bent, &sign_pk).is_err(), "byte {at}");
            let cut = Signed { body: Bytes(body[..at].to_vec()), ..good.clone() };
            assert!(AccessList::accept(&cut, &sign_pk).is_err(), "cut to {at}");
        }
        let revision = key.sign(Context::sign_revision(&body).as_bytes()).to_bytes().to_vec();
        let other = Signed { signature: Bytes(revision), ..good };
        assert_eq!(AccessList::accept(&other, &sign_pk), Err(NotAccepted::Forged));
    }

    #[test]
    fn a_list_has_one_order_and_names_nobody_twice() {
        type Change<'a> = (&'a str, &'a dyn Fn(&mut AccessList));
        let changes: &[Change] = &[
            ("not ascending", &|list| list.grants.swap(0, 1)),
            ("groups first", &|list| list.grants.swap(1, 2)),
            ("twice", &|list| list.grants.insert(0, list.grants[0].clone())),
            ("a group twice, in two epochs", &|list| {
                let mut again = list.grants[2].clone();
                again.to = Grantee::Group { id: Hash([1; 32]), epoch: 8 };
                list.grants.push(again);
            }),
            ("the owner", &|list| list.owner = UserId([1; 32])),
            ("the private epoch", &|list| list.epoch = 1),
            ("more than there may be", &|list| {
                let number = |number: usize| {
                    let mut id = [0; 32];
                    id[..8].copy_from_slice(&number.to_be_bytes());
                    let to = Grantee::User(UserId(id));
                    Grant { to, permission: Permission::View, until: None }
                };
                list.grants = (0..=limits::GRANTS).map(number).collect();
            }),
        ];
        for (what, change) in changes {
            let mut list = list();
            change(&mut list);
            assert_eq!(accept(list.encode()), Err(NotAccepted::Malformed), "{what}");
        }
    }

    #[test]
    fn grants_keep_their_kinds_and_bounds() {
        type Change<'a> = (&'a str, &'a dyn Fn(&mut Fields));
        let changes: &[Change] = &[
            ("a third kind", &|grant| grant.put(1, 2u64)),
            ("a short id", &|grant| grant.put_bytes(2, &[1; 31])),
            ("a third permission", &|grant| grant.put(3, 2u64)),
            ("a person with a group's epoch", &|grant| grant.put(5, 1u64)),
            ("something unknown", &|grant| grant.put(6, 1u64)),
            ("a group without its epoch", &|grant| grant.put(1, 1u64)),
        ];
        for (what, change) in changes {
            let mut fields = Fields::decode(&list().encode()).unwrap();
            let mut grants = fields.take_list(5).unwrap().unwrap();
            change(&mut grants[0]);
            fields.put_list(5, grants.iter());
            assert_eq!(accept(fields.encode()), Err(NotAccepted::Malformed), "{what}");
        }
        let mut none = Fields::decode(&list().encode()).unwrap();
        none.take_list(5).unwrap();
        assert_eq!(accept(none.encode()), Err(NotAccepted::Malformed), "no grants at all");
    }
}
