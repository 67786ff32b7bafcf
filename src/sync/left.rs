//! Whose access to own items ended, by time or by their own act: the owner takes them off the list,
//! with a new key. What a client does by itself adds nobody, so a server that lies here only takes
//! access away, which it can anyway.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use mysafe_protocol::bodies::AccessList;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::Left;
use mysafe_protocol::{ItemId, UserId};

use super::host::{Local, Remote, RemoteError};
use super::push::{Done, full_code, server_code};
use super::report::Outcome;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Put, ShareError, Store, keys};

/// Who is to be taken off the lists of which items.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Ended(pub(super) BTreeSet<(ItemId, UserId)>);

impl Ended {
    pub(super) fn encode(&self) -> Vec<u8> {
        let bytes = |id: &[u8]| ByteVec::from(id.to_vec());
        let list: Vec<(ByteVec, ByteVec)> =
            self.0.iter().map(|(item, user)| (bytes(&item.0), bytes(&user.0))).collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(ByteVec, ByteVec)> = minicbor::decode(bytes)?;
        let pair = |(item, user): &(ByteVec, ByteVec)| {
            let item = ItemId::try_from(item.as_slice()).map_err(|_| Malformed)?;
            Ok((item, UserId::try_from(user.as_slice()).map_err(|_| Malformed)?))
        };
        let ended = Self(list.iter().map(pair).collect::<Result<_, Malformed>>()?);
        if ended.encode() == bytes { Ok(ended) } else { Err(Malformed) }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// What to store to take these off later, also if this is the last that the server says of it.
    pub(super) async fn plan_left(
        &mut self,
        left: &[Left],
    ) -> Result<Option<Put>, SyncError<L::Error>> {
        if left.is_empty() {
            return Ok(None);
        }
        let mut ended = self.ended().await?;
        ended.0.extend(left.iter().map(|left| (left.item, left.user)));
        Ok(Some(self.vault.seal_state(keys::LEFT, &ended.encode(), self.random)))
    }

    /// Notes somebody whose access to an own item the server ended: the list follows, also after an
    /// interruption.
    pub(super) async fn note_ended(&mut self, item: &ItemId, user: &UserId) -> Done<L> {
        let _guard = self.lock().await?;
        let left = [Left { item: *item, user: *user }];
        let put = self.plan_left(&left).await?;
        self.local.apply(put.into_iter().collect()).await.map_err(SyncError::Store)
    }

    /// Takes off the lists whoever is to be. Where that cannot be done now it is tried again.
    pub(super) async fn take_off(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<(), SyncError<L::Error>> {
        let mut items: BTreeMap<ItemId, Vec<UserId>> = BTreeMap::new();
        for (item, user) in self.ended().await?.0 {
            items.entry(item).or_default().push(user);
        }
        // Their time is over by the clocks, whatever the server says.
        for item in self.vault.over(&self.clock().await?) {
            items.entry(item).or_default();
        }
        for (item, users) in items {
            if self.is_for_another_device(&item).await? {
                continue;
            }
            let waits = match self.revoke(&item, &users).await {
                // Who restores a deleted item gives it to nobody.
                Ok(
                    Ok(())
                    | Err(ShareError::NoChange | ShareError::NotOwner | ShareError::Inactive),
                ) => false,
                // What is refused was told; what waits or is written to comes first.
                Ok(Err(ShareError::Refused(_) | ShareError::Unsent | ShareError::Busy)) => true,
                Ok(Err(ShareError::KeyChanged(_))) => {
                    self.refuse(&item, "key_changed", outcome).await?;
                    true
                }
                Ok(Err(_)) => true,
                Err(SyncError::Remote(RemoteError::Refused(code))) => {
                    self.refuse(&item, server_code(code), outcome).await?;
                    true
                }
                Err(SyncError::Remote(RemoteError::Full(of))) => {
                    self.refuse(&item, full_code(of, false), outcome).await?;
                    true
                }
                Err(error) => return Err(error),
            };
            if !waits {
                self.forget_left(&item, &users).await?;
            }
        }
        Ok(())
    }

    /// Whose access to an item ended, of those whom its list names.
    pub(super) async fn ended_of(
        &self,
        item: &ItemId,
        list: Option<&AccessList>,
    ) -> Result<Vec<UserId>, SyncError<L::Error>> {
        let named = |user: &UserId| list.is_some_and(|list| list.of(user).is_some());
        let ended = self.ended().await?.0.into_iter().filter(|(of, _)| of == item);
        Ok(ended.map(|(_, user)| user).filter(named).collect())
    }

    /// These people are to be taken off the list of this item no more. Who was noted meanwhile stays.
    pub(super) async fn forget_left(&mut self, item: &ItemId, users: &[UserId]) -> Done<L> {
        let _guard = self.lock().await?;
        let mut ended = self.ended().await?;
        let before = ended.0.len();
        ended.0.retain(|(other, user)| other != item || !users.contains(user));
        if ended.0.len() == before {
            return Ok(());
        }
        let put = match ended.0.is_empty() {
            true => Put::remove(Store::State, keys::LEFT),
            false => self.vault.seal_state(keys::LEFT, &ended.encode(), self.random),
        };
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }

    pub(super) async fn ended(&self) -> Result<Ended, SyncError<L::Error>> {
        match self.state(keys::LEFT).await? {
            Some(bytes) => Ended::decode(&bytes).map_err(|_| SyncError::Damaged),
            None => Ok(Ended::default()),
        }
    }
}
