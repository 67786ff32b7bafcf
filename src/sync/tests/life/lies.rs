//! The lies of a server, told with the help of people who have, or had, a key.

use std::rc::Rc;

use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{EpochKey, ItemState};

use super::acts::Forged;
use super::ledger::grant;
use super::world::World;
use crate::crypto::{Random, SystemRandom};
use crate::sync::tests::hand::{Hand, Parts};
use crate::sync::tests::server_shares::Share;

impl World {
    /// The server shows a device some version that there once was.
    pub(super) fn show_earlier(&mut self, seat: usize, number: usize) {
        self.split(seat);
        let hash = self.ledger.order[number % self.ledger.order.len()];
        self.show_as_newest(hash);
    }

    /// Somebody signs a revision in an epoch whose key they once had, and the server shows it to a device.
    pub(super) fn forge(&mut self, seat: usize, who: usize, forged: Forged) {
        let user = self.other(who).user();
        let envelope = |hash: &Hash| {
            let envelopes = &self.ledger.epoch_of(hash).envelopes;
            envelopes.iter().find(|envelope| envelope.user == user).map(|one| one.blob.clone())
        };
        let order = &self.ledger.order;
        let opened: Vec<&Hash> = order.iter().filter(|hash| envelope(hash).is_some()).collect();
        let epochs = opened.iter().map(|hash| self.ledger.revision(hash).epoch);
        let Some(epoch) = (if forged.newest { epochs.max() } else { epochs.min() }) else { return };
        let over = opened.into_iter().rfind(|hash| self.ledger.revision(hash).epoch == epoch);
        let over = *over.expect("of that epoch");
        let key = envelope(&over).expect("opened");
        let state = ItemState { key, ..self.ledger.state(&over) };
        let hand = Hand::over(Rc::clone(&self.others[who % self.others.len()]), state);
        let mut revision = hand.next();
        let numbers = order.iter().map(|hash| self.ledger.revision(hash).revision);
        if forged.above {
            revision.revision = numbers.max().unwrap_or_default() + 1;
        }
        revision.also = order.last().copied().filter(|newest| forged.also && *newest != over);
        let mut overview = hand.try_overview().unwrap_or_default();
        overview.tags.push(format!("forged {}", self.step));
        let mut parts = hand.seal(&revision, &overview, "forged");
        if forged.noise {
            let details = [&[1], &SystemRandom.array::<160>()[..]].concat();
            parts = Parts { details, ..parts };
        }
        let request = hand.sign(revision, parts);
        let Some(hash) = self.ledger.add(request) else { return };
        self.split(seat);
        self.show_as_newest(hash);
    }

    /// The view says that this is the newest version, and has every body that there is.
    fn show_as_newest(&mut self, hash: Hash) {
        let state = self.ledger.state(&hash);
        let mut hashes = self.ledger.order.clone();
        hashes.sort_by_key(|hash| self.ledger.revision(hash).revision);
        let data = &mut *self.server.data.borrow_mut();
        data.position += 1;
        let position = data.position;
        let Some(stored) = data.items.get_mut(&self.item) else { return };
        let signed = |hash: &Hash| self.ledger.versions[hash].request.revision.clone();
        stored.bodies = hashes.iter().map(signed).collect();
        for hash in &hashes {
            let epoch = self.ledger.revision(hash).epoch;
            if stored.keys.iter().all(|key| key.epoch != epoch) {
                let key = self.ledger.epoch_of(hash).key.clone();
                stored.keys.push(EpochKey { epoch, key });
            }
            let list = self.ledger.epoch_of(hash).list.clone();
            stored.lists.extend(list.filter(|list| !stored.lists.contains(list)));
        }
        (stored.state, stored.position) = (state, position);
        let (epoch, number) = (self.ledger.epoch_of(&hash), self.ledger.revision(&hash).epoch);
        for other in &self.others {
            let (at, user) = ((self.item, other.user()), other.user());
            let envelope = epoch.envelopes.iter().find(|envelope| envelope.user == user);
            let (Some(envelope), Some(given)) = (envelope, grant(&epoch.grants, &user)) else {
                if let Some(share) = data.shares.get_mut(&at) {
                    (share.ended, share.listed, share.position) = (true, false, position);
                }
                continue;
            };
            let mut envelopes =
                data.shares.remove(&at).map(|one| one.envelopes).unwrap_or_default();
            envelopes.push(EpochKey { epoch: number, key: envelope.blob.clone() });
            let permission = given.permission;
            let share = Share { permission, envelopes, ended: false, listed: true, position };
            data.shares.insert(at, share);
        }
    }
}
