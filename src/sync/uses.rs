//! Use records from the server. One may come in an earlier page than its item: it is put aside
//! until the item is here.

use std::collections::BTreeMap;

use minicbor::bytes::ByteArray;
use mysafe_protocol::ItemId;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::UseState;

use super::host::{Local, Remote};
use super::report::Notice;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Put, Refusal, UseNews, keys};

/// Last uses of items that are not here, by item.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Aside(pub(super) BTreeMap<ItemId, u64>);

impl Aside {
    pub(super) fn encode(&self) -> Vec<u8> {
        let list: Vec<(ByteArray<16>, u64)> =
            self.0.iter().map(|(item, last_use)| (item.0.into(), *last_use)).collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(ByteArray<16>, u64)> = minicbor::decode(bytes)?;
        let aside =
            Self(list.into_iter().map(|(item, last)| (ItemId(item.into()), last)).collect());
        if aside.encode() == bytes { Ok(aside) } else { Err(Malformed) }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Takes the use records of a page, after its items: what to store, and what to tell.
    pub(super) async fn plan_uses(
        &mut self,
        uses: &[UseState],
    ) -> Result<(Vec<Put>, Vec<Notice>), SyncError<L::Error>> {
        let stored = self.state(keys::ASIDE).await?;
        let mut aside = match &stored {
            Some(bytes) => Aside::decode(bytes).map_err(|_| SyncError::Damaged)?,
            None => Aside::default(),
        };
        let (mut puts, mut notices) = (Vec::new(), Vec::new());
        for used in uses {
            match self.vault.accept_use(&used.item, &used.blob) {
                Ok(UseNews::Taken) => {}
                Ok(UseNews::OursIsLater) => {
                    // Another device sent an earlier one after ours.
                    puts.extend(self.vault.waiting_use(&used.item, self.random));
                }
                Ok(UseNews::NotHere(last_use)) => {
                    let known = aside.0.entry(used.item).or_default();
                    *known = (*known).max(last_use);
                }
                Err(_) => {
                    let code = Refusal::Forged.code().to_owned();
                    notices.push(Notice { code, item: Some(used.item) });
                }
            }
        }
        aside.0.retain(|item, last_use| !self.vault.used_at(item, *last_use));
        let changed = aside.encode();
        if stored.as_ref().map_or(!aside.0.is_empty(), |stored| *stored != changed) {
            puts.push(self.vault.seal_state(keys::ASIDE, &changed, self.random));
        }
        Ok((puts, notices))
    }
}
