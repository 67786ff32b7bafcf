//! The bundles of people that a device keeps: a record of them that is damaged is made again, and of many
//! those are dropped that nothing here refers to.

use std::collections::BTreeSet;

use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::{ItemId, Revision, Signed, UserId};

use super::host::{Local, Remote};
use super::push::Done;
use super::report::{Notice, Outcome};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::{Put, Readable, Refusal, Store, keys};

/// So many bundles may come before those are dropped that nothing refers to: a server that names strangers
/// fills no device, and no sync looks through all items for a few.
pub(super) const SPARE: usize = 200;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Makes a damaged record of people again: it is told once, and the server is asked for the keys of all
    /// whom items here refer to. What is interrupted goes on with the next sync.
    pub(super) async fn mend_people(&mut self, outcome: &mut Outcome) -> Done<L> {
        if self.vault.has_damaged_people() {
            self.begin_mending(outcome).await?;
        } else if unless_damaged(self.state(keys::MENDING).await)? == Some(None) {
            return Ok(());
        }
        for user in self.people_of_items().await? {
            // An item stays closed while its author's keys cannot be had.
            let _ = self.know(&user).await?;
        }
        let _guard = self.lock().await?;
        let put = Put::remove(Store::State, keys::MENDING);
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    async fn begin_mending(&mut self, outcome: &mut Outcome) -> Done<L> {
        {
            let _guard = self.lock().await?;
            self.reload().await?;
            if !self.vault.has_damaged_people() {
                // Another context was here.
                return Ok(());
            }
            let mending = self.vault.seal_state(keys::MENDING, &[], self.random);
            let puts = vec![self.vault.seal_people(self.random), mending];
            self.local.apply(puts).await.map_err(SyncError::Store)?;
        }
        self.report(Notice::general(Refusal::Damaged.code()), outcome).await
    }

    /// Drops the bundles that nothing here refers to, once many have come since that was done last.
    pub(super) async fn drop_bundles(&mut self) -> Done<L> {
        let kept = match unless_damaged(self.state(keys::KEPT_BUNDLES).await)?.flatten() {
            Some(bytes) => read_count(&bytes).unwrap_or_default(),
            None => 0,
        };
        if self.vault.bundles() <= kept + SPARE {
            return Ok(());
        }
        let _guard = self.lock().await?;
        self.reload().await?;
        let mut wanted = self.people_of_items().await?;
        wanted.extend(self.people_elsewhere().await?);
        self.vault.keep_bundles(&wanted);
        let mut count = Fields::new();
        count.put(1, self.vault.bundles() as u64);
        let count = self.vault.seal_state(keys::KEPT_BUNDLES, &count.encode(), self.random);
        let puts = vec![self.vault.seal_people(self.random), count];
        self.local.apply(puts).await.map_err(SyncError::Store)
    }

    /// Everybody whom an item here names: owners, authors, those in lists, and who wrote a body that is kept.
    async fn people_of_items(&self) -> Result<BTreeSet<UserId>, SyncError<L::Error>> {
        let mut people = BTreeSet::new();
        let author = |signed: &Signed| Revision::read(signed).ok().map(|revision| revision.author);
        let stored = self.local.keys(Store::Items).await.map_err(SyncError::Store)?;
        for item in stored.iter().filter_map(|key| key.parse::<ItemId>().ok()) {
            people.extend(self.kept(&item).await?.0.iter().filter_map(author));
            let Some(local) = unless_damaged(self.local_item(&item).await)? else { continue };
            let list = self.vault.access(&local).ok().flatten();
            people.extend(list.iter().flat_map(AccessList::users));
            let earlier = match local.readable {
                Readable::Earlier(earlier) => Some(*earlier),
                Readable::Newest | Readable::Nothing => None,
            };
            for state in local.state.into_iter().chain(earlier) {
                people.insert(state.owner);
                people.extend(author(&state.revision));
            }
        }
        people.remove(&self.vault.user());
        Ok(people)
    }

    /// Everybody else whom this device refers to: contacts, those whose items are held back, who left, who
    /// has joined, and who wrote a version of local history.
    async fn people_elsewhere(&self) -> Result<BTreeSet<UserId>, SyncError<L::Error>> {
        let mut people = BTreeSet::new();
        if let Some(record) = unless_damaged(self.record_here().await)?.flatten() {
            people.extend(record.1.contacts().iter().map(|contact| contact.user));
        }
        let aside = unless_damaged(self.put_aside().await)?.unwrap_or_default();
        let ended = unless_damaged(self.ended().await)?.unwrap_or_default();
        people.extend(aside.0.iter().map(|(_, user)| *user));
        people.extend(ended.0.keys().map(|(_, user, _)| *user));
        people.extend(unless_damaged(self.who_joined().await)?.unwrap_or_default().users());
        let stored = self.local.keys(Store::State).await.map_err(SyncError::Store)?;
        for key in stored.iter().filter(|key| key.starts_with(keys::PAST)) {
            let blob = self.local.get(Store::State, key).await.map_err(SyncError::Store)?;
            let write = blob.and_then(|blob| self.vault.open_past(key, &blob).ok());
            let revision = write.and_then(|write| Revision::read(&write.revision).ok());
            people.extend(revision.map(|revision| revision.author));
        }
        Ok(people)
    }
}

fn read_count(bytes: &[u8]) -> Result<usize, Malformed> {
    let count = Fields::decode(bytes)?.need::<u64>(1)?;
    usize::try_from(count).map_err(|_| Malformed)
}
