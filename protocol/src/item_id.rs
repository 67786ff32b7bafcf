//! Ids of items. An id begins with random bytes and ends with a hash of them and of the item's owner: so a
//! server that lost an item knows whose it is. Ids made before this rule are random throughout; they stay
//! valid, and belong to nobody by their form.

use crate::bytes::{ItemId, UserId};
use crate::context::Context;

/// Random bytes in an id. The others are of the hash: 80 bits to find for whoever wants an id of somebody
/// else's item to be their own.
const RANDOM: usize = 6;

impl ItemId {
    /// Makes the id of a new item of this owner.
    pub fn new(owner: &UserId, random: [u8; 16]) -> Self {
        let mut id = random;
        let hash = Context::item_id(owner, &random[..RANDOM]).hash();
        id[RANDOM..].copy_from_slice(&hash.0[..16 - RANDOM]);
        Self(id)
    }

    /// Returns true if the id was made for this owner.
    pub fn is_of(&self, owner: &UserId) -> bool {
        *self == Self::new(owner, self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_its_owner_and_of_nobody_else() {
        let (ana, bea) = (UserId([1; 32]), UserId([2; 32]));
        let id = ItemId::new(&ana, [7; 16]);
        assert_eq!(id.0[..RANDOM], [7; RANDOM]);
        assert!(id.is_of(&ana) && !id.is_of(&bea));
        for byte in 0..16 {
            let mut other = id;
            other.0[byte] ^= 1;
            assert!(!other.is_of(&ana), "byte {byte}");
        }
        assert_ne!(id, ItemId::new(&ana, [8; 16]));
        assert!(!ItemId([7; 16]).is_of(&ana), "an id of former times is nobody's");
    }
}
