//! The people whose keys are known here, by their ids. An id commits to address and keys, so a
//! bundle that fits its id needs no trust; whose id it is, is for the contacts to say.

use std::collections::BTreeMap;

use mysafe_protocol::{Bundle, Signed, UserId};

use super::refusal::Refusal;

/// Bundles that fit their ids.
#[derive(Default)]
pub struct People(BTreeMap<UserId, Bundle>);

impl People {
    /// Takes the bundle that a server gave for an id, or refuses it.
    pub fn add(&mut self, user: &UserId, signed: &Signed) -> Result<(), Refusal> {
        let bundle = Bundle::accept(signed).map_err(|_| Refusal::Forged)?;
        if bundle.user() != *user {
            return Err(Refusal::Forged);
        }
        self.0.insert(*user, bundle);
        Ok(())
    }

    /// Address and keys of somebody.
    pub fn get(&self, user: &UserId) -> Option<&Bundle> {
        self.0.get(user)
    }
}
