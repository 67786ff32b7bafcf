//! The signed bodies before what is held of an item. A server that was restored from a backup gets
//! them again, so that other devices find the way from what they hold.

use minicbor::bytes::ByteVec;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{Bytes, ItemId, Revision, Signed, limits};

use super::host::{Local, Remote};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::keys;

/// Bodies of an item, oldest first: the newest of them, each the one before the next.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Chain(pub(super) Vec<Signed>);

impl Chain {
    /// From the old head over the accepted bodies to before the new head.
    pub(super) fn grow(&mut self, old: &Signed, between: &[Signed], new: &Signed) {
        let (before, newest) = (old.hash(), new.hash());
        if before == newest {
            return;
        }
        self.0.push(old.clone());
        let mut at = before;
        for signed in between {
            if signed.hash() == newest {
                break;
            }
            // What another context had taken already is among them too.
            if prev(signed) == Some(at) {
                at = signed.hash();
                self.0.push(signed.clone());
            }
        }
        self.0.drain(..self.0.len().saturating_sub(limits::AGAIN));
    }

    /// Those from which an unbroken way leads to this one.
    pub(super) fn to(mut self, newest: &Signed) -> Self {
        let (mut want, mut from) = (prev(newest), self.0.len());
        while from > 0 && want == Some(self.0[from - 1].hash()) {
            from -= 1;
            want = prev(&self.0[from]);
        }
        self.0.drain(..from);
        self
    }

    /// Those between the body of this hash and the newest, to which these lead; `None` if that one
    /// is not on the way, as far as it is known here.
    pub(super) fn after(&self, hash: Hash, newest: &Signed) -> Option<Vec<Signed>> {
        let at = self.0.iter().chain([newest]).position(|signed| prev(signed) == Some(hash))?;
        Some(self.0[at..].to_vec())
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let list: Vec<(ByteVec, ByteVec)> = self
            .0
            .iter()
            .map(|signed| (signed.body.0.clone().into(), signed.signature.0.clone().into()))
            .collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(ByteVec, ByteVec)> = minicbor::decode(bytes)?;
        let signed = |(body, signature): (ByteVec, ByteVec)| Signed {
            body: Bytes(body.into()),
            signature: Bytes(signature.into()),
        };
        let chain = Self(list.into_iter().map(signed).collect());
        if chain.encode() == bytes { Ok(chain) } else { Err(Malformed) }
    }
}

fn prev(signed: &Signed) -> Option<Hash> {
    Revision::read(signed).ok()?.prev
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// The bodies kept of an item.
    pub(super) async fn chain(&self, item: &ItemId) -> Result<Chain, SyncError<L::Error>> {
        // Damaged, it leads nowhere.
        let stored = unless_damaged(self.state(&keys::bodies(item)).await)?.flatten();
        Ok(stored.and_then(|bytes| Chain::decode(&bytes).ok()).unwrap_or_default())
    }
}
