//! The people whose keys are known here, by their ids. An id commits to address and keys, so a
//! bundle that fits its id needs no trust; whose id it is, is for the contacts to say.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{Bundle, Bytes, Signed, UserId};

use super::local::{Put, keys};
use super::open::{OpenError, Vault};
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

    /// Address and keys of somebody.
    pub fn get(&self, user: &UserId) -> Option<&Bundle> {
        self.0.get(user).map(|(bundle, _)| bundle)
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

impl Vault {
    /// Everybody known, to store: what they wrote is opened without the server too.
    pub(crate) fn seal_people(&self, random: &mut impl Random) -> Put {
        self.seal_state(keys::PEOPLE, &self.people.encode(), random)
    }

    /// Knows whom the device knows.
    pub fn load_people(&mut self, blob: &[u8]) -> Result<(), OpenError> {
        let opened = self.open_state(keys::PEOPLE, blob)?;
        self.people = People::decode(&opened).map_err(|_| OpenError::Damaged)?;
        Ok(())
    }
}
