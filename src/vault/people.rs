//! The people whose keys are known here, by their ids. An id commits to address and keys, so a
//! bundle that fits its id needs no trust; whose id it is, is for the contacts to say.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{Bundle, Bytes, Signed, UserId};

use super::local::{Put, keys};
use super::open::Vault;
use super::refusal::Refusal;
use crate::crypto::Random;

/// Bundles that fit their ids.
#[derive(Default)]
pub struct People(BTreeMap<UserId, (Bundle, Signed)>);

impl People {
    /// Takes the bundle that a server gave for an id, or refuses it.
    pub fn add(&mut self, user: &UserId, signed: &Signed) -> Result<(), Refusal> {
        let bundle = Bundle::accept(signed).map_err(|_| Refusal::Forged)?;
        if bundle.user() != *user {
            return Err(Refusal::Forged);
        }
        self.0.insert(*user, (bundle, signed.clone()));
        Ok(())
    }

    /// Whether these are the keys of this id and address.
    pub fn fits(user: &UserId, address: &str, signed: &Signed) -> bool {
        let bundle = Bundle::accept(signed);
        bundle.is_ok_and(|bundle| bundle.user() == *user && bundle.address == address)
    }

    /// Address and keys of somebody.
    pub fn get(&self, user: &UserId) -> Option<&Bundle> {
        self.0.get(user).map(|(bundle, _)| bundle)
    }

    /// The bundle of somebody, as they signed it.
    pub(super) fn signed(&self, user: &UserId) -> Option<&Signed> {
        self.0.get(user).map(|(_, signed)| signed)
    }

    /// Drops the bundles of everybody else.
    fn keep(&mut self, wanted: &BTreeSet<UserId>) {
        self.0.retain(|user, _| wanted.contains(user));
    }

    /// The plaintext of what a device keeps of them.
    pub(super) fn encode(&self) -> Vec<u8> {
        let list: Vec<(ByteVec, ByteVec)> = self
            .0
            .values()
            .map(|(_, signed)| (signed.body.0.clone().into(), signed.signature.0.clone().into()))
            .collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    /// And back; each is verified again.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(ByteVec, ByteVec)> = minicbor::decode(bytes)?;
        let mut people = Self::default();
        for (body, signature) in list {
            let signed = Signed { body: Bytes(body.into()), signature: Bytes(signature.into()) };
            let bundle = Bundle::accept(&signed).map_err(|_| Malformed)?;
            people.0.insert(bundle.user(), (bundle, signed));
        }
        if people.encode() == bytes { Ok(people) } else { Err(Malformed) }
    }
}

/// Names as the server told them, never shown without the address.
#[derive(Default)]
pub(super) struct Names(BTreeMap<UserId, String>);

impl Names {
    fn encode(&self) -> Vec<u8> {
        let list: Vec<(ByteVec, &str)> =
            self.0.iter().map(|(user, name)| (user.0.to_vec().into(), name.as_str())).collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(ByteVec, String)> = minicbor::decode(bytes)?;
        let mut names = Self::default();
        for (user, name) in list {
            names.0.insert(UserId::try_from(user.as_slice()).map_err(|_| Malformed)?, name);
        }
        if names.encode() == bytes { Ok(names) } else { Err(Malformed) }
    }
}

impl Vault {
    /// The bundle of somebody, as they signed it, if it is known; one's own too.
    pub(crate) fn bundle(&self, user: &UserId) -> Option<Signed> {
        if *user == self.user() {
            return Some(self.identity.signed_bundle());
        }
        self.people.signed(user).cloned()
    }

    /// Somebody's name as the server last told it.
    pub fn name(&self, user: &UserId) -> Option<&str> {
        self.names.0.get(user).map(String::as_str)
    }

    /// The addresses of those whose items are here and whose names nobody told.
    pub(crate) fn nameless_owners(&self) -> BTreeSet<String> {
        let owners = self.entries().filter_map(|entry| entry.access.owner);
        let nameless = owners.filter(|owner| self.name(owner).is_none());
        let known = nameless.filter_map(|owner| self.person(&owner));
        known.map(|person| person.address.clone()).collect()
    }

    /// Learns names from the server: what to store, if any was news.
    pub fn learn_names(
        &mut self,
        told: impl IntoIterator<Item = (UserId, String)>,
        random: &mut impl Random,
    ) -> Option<Put> {
        let mut news = false;
        for (user, name) in told {
            news |= self.names.0.insert(user, name.clone()) != Some(name);
        }
        news.then(|| self.seal_state(keys::NAMES, &self.names.encode(), random))
    }

    /// Knows the names that the device knows. Damaged, they are told again by the server.
    pub(crate) fn load_names(&mut self, blob: &[u8]) {
        let opened = self.open_state(keys::NAMES, blob).ok();
        let names = opened.and_then(|opened| Names::decode(&opened).ok());
        self.names = names.unwrap_or_default();
    }

    /// Everybody known, to store: what they wrote is opened without the server too.
    pub(crate) fn seal_people(&self, random: &mut impl Random) -> Put {
        self.seal_state(keys::PEOPLE, &self.people.encode(), random)
    }

    /// Knows whom the device knows; nobody if that is damaged, until a sync has made it again.
    pub(super) fn load_people(&mut self, blob: &[u8]) {
        let opened = self.open_state(keys::PEOPLE, blob).ok();
        let people = opened.and_then(|opened| People::decode(&opened).ok());
        self.damaged_people = people.is_none();
        self.people = people.unwrap_or_default();
    }

    /// Whether what the device keeps of people cannot be read.
    pub(crate) fn has_damaged_people(&self) -> bool {
        self.damaged_people
    }

    /// How many people's bundles are known.
    pub(crate) fn bundles(&self) -> usize {
        self.people.0.len()
    }

    /// Drops the bundles of everybody else.
    pub(crate) fn keep_bundles(&mut self, wanted: &BTreeSet<UserId>) {
        self.people.keep(wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stored_as_they_were() {
        let names = Names(BTreeMap::from([(UserId([2; 32]), "Ana".to_owned())]));
        let stored = [&[0x81, 0x82, 0x58, 0x20], &[2; 32][..], &[0x63], b"Ana"].concat();
        assert_eq!(names.encode(), stored);
        assert_eq!(Names::decode(&stored).unwrap().0, names.0);
        assert!(Names::decode(&[&stored[..], &[0]].concat()).is_err());
        assert_eq!(Names::decode(&[0x80]).unwrap().0, BTreeMap::new());
    }
}
