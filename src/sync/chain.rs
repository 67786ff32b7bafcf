//! The signed bodies that lead to the held revision of an item. A server that was restored from a backup
//! gets them again, so that other devices find the way from what they hold.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use mysafe_protocol::bodies;
use mysafe_protocol::bytes::Hash;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::{Bytes, ItemId, Revision, Signed, UserId, limits};

use super::host::{Local, Remote};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::keys;

/// The bodies that are kept of an item, oldest first, without that of the held revision. The signature of
/// each was verified when it came.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Kept(pub(super) Vec<Signed>);

/// The chain held: the held revision and all bodies that it is reached from by steps that the rules allow.
pub(super) struct Chain {
    pub(super) bodies: bodies::Chain,
    signed: BTreeMap<Hash, Signed>,
    pub(super) reached: BTreeSet<Hash>,
}

impl Kept {
    /// Adds the former head and the bodies that came between. The newest stay that lead to the new head.
    pub(super) fn grow(&mut self, old: &Signed, between: &[Signed], new: &Signed, owner: &UserId) {
        if old.hash() == new.hash() {
            return;
        }
        self.0.push(old.clone());
        self.0.extend(between.iter().cloned());
        self.lead_to(new, owner);
    }

    /// Drops the bodies that do not lead to this head; of the others the newest stay.
    pub(super) fn lead_to(&mut self, head: &Signed, owner: &UserId) {
        let newest = head.hash();
        let chain = self.chain(head, owner);
        let mut kept: Vec<(u64, Signed)> = Vec::with_capacity(chain.reached.len());
        for hash in chain.reached.iter().filter(|hash| **hash != newest) {
            if let (Some(body), Some(signed)) = (chain.bodies.get(hash), chain.signed.get(hash)) {
                kept.push((body.revision, signed.clone()));
            }
        }
        kept.sort_by_key(|(number, _)| *number);
        kept.drain(..kept.len().saturating_sub(limits::AGAIN));
        self.0 = kept.into_iter().map(|(_, signed)| signed).collect();
    }

    /// Returns the chain that ends with this head.
    pub(super) fn chain(&self, head: &Signed, owner: &UserId) -> Chain {
        let (mut bodies, mut signed) = (bodies::Chain::default(), BTreeMap::new());
        for body in self.0.iter().chain([head]) {
            if let Ok(revision) = Revision::read(body) {
                bodies.insert(body.hash(), revision);
                signed.insert(body.hash(), body.clone());
            }
        }
        let reached = bodies.reached(head.hash(), owner);
        Chain { bodies, signed, reached }
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
        let kept = Self(list.into_iter().map(signed).collect());
        if kept.encode() == bytes { Ok(kept) } else { Err(Malformed) }
    }
}

impl Chain {
    /// Whether a body is in the chain.
    pub(super) fn has(&self, hash: &Hash) -> bool {
        self.reached.contains(hash)
    }

    /// Returns the body of a hash if it is in the chain.
    pub(super) fn held(&self, hash: &Hash) -> Option<&Revision> {
        self.bodies.get(hash).filter(|_| self.has(hash))
    }

    /// Whether a list is one of those that the bodies of the chain name.
    pub(super) fn names(&self, list: Option<Hash>) -> bool {
        let bodies = self.reached.iter().filter_map(|hash| self.bodies.get(hash));
        bodies.into_iter().any(|body| body.list == list)
    }

    /// Returns the signed bodies of the chain that these do not lead to, oldest first.
    pub(super) fn without(&self, others: &BTreeSet<Hash>) -> Vec<Signed> {
        let mut missing: Vec<&Hash> = self.reached.difference(others).collect();
        missing.sort_by_key(|hash| self.bodies.get(hash).map(|body| body.revision));
        missing.into_iter().filter_map(|hash| self.signed.get(hash).cloned()).collect()
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Returns the bodies kept of an item.
    pub(super) async fn kept(&self, item: &ItemId) -> Result<Kept, SyncError<L::Error>> {
        // Damaged, they lead nowhere.
        let stored = unless_damaged(self.state(&keys::bodies(item)).await)?.flatten();
        Ok(stored.and_then(|bytes| Kept::decode(&bytes).ok()).unwrap_or_default())
    }
}
