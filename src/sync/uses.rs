//! Use records from the server. One may come in an earlier page than its item: it is put aside
//! until the item is here.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};
use mysafe_protocol::ItemId;
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::UseState;

use super::host::{Local, Remote};
use super::report::Notice;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::model::UseBody;
use crate::vault::{Put, Refusal, UseNews, keys};

const WRITTEN: &str = "writing to memory cannot fail";

/// Uses of items that are not here, by item.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Aside(pub(super) BTreeMap<ItemId, UseBody>);

impl Aside {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut to = Encoder::new(Vec::new());
        to.array(self.0.len() as u64).expect(WRITTEN);
        for (item, used) in &self.0 {
            to.array(if used.seen { 2 } else { 3 }).expect(WRITTEN);
            to.bytes(&item.0).and_then(|to| to.u64(used.last_use)).expect(WRITTEN);
            if !used.seen {
                to.bool(false).expect(WRITTEN);
            }
        }
        to.into_writer()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Decoder::new(bytes);
        let mut aside = Self::default();
        for _ in 0..from.array()?.ok_or(Malformed)? {
            let short = from.array()? == Some(2);
            let item = ItemId::try_from(from.bytes()?).map_err(|_| Malformed)?;
            let last_use = from.u64()?;
            let seen = if short { true } else { from.bool()? };
            aside.0.insert(item, UseBody { last_use, seen });
        }
        if aside.encode() == bytes { Ok(aside) } else { Err(Malformed) }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Takes the use records of a page, after its items: what to store, and what to tell.
    pub(super) async fn plan_uses(
        &mut self,
        uses: &[UseState],
    ) -> Result<(Vec<Put>, Vec<Notice>), SyncError<L::Error>> {
        // Damaged, these uses are known once they change again.
        let stored = unless_damaged(self.state(keys::ASIDE).await)?.flatten();
        let aside = stored.as_deref().and_then(|bytes| Aside::decode(bytes).ok());
        let mut aside = aside.unwrap_or_default();
        let (mut puts, mut notices) = (Vec::new(), Vec::new());
        for used in uses {
            match self.vault.accept_use(&used.item, &used.blob) {
                Ok(UseNews::Taken) => {}
                Ok(UseNews::OursIsLater) => {
                    // Another device sent an earlier one after ours.
                    puts.extend(self.vault.waiting_use(&used.item, self.random));
                }
                Ok(UseNews::NotHere(theirs)) => {
                    let known = aside.0.entry(used.item).or_default();
                    *known = known.merge(theirs);
                }
                Err(_) => {
                    let code = Refusal::Forged.code().to_owned();
                    notices.push(Notice::of(&code, used.item));
                }
            }
        }
        aside.0.retain(|item, used| !self.vault.used_at(item, *used));
        let changed = aside.encode();
        if stored.as_ref().map_or(!aside.0.is_empty(), |stored| *stored != changed) {
            puts.push(self.vault.seal_state(keys::ASIDE, &changed, self.random));
        }
        Ok((puts, notices))
    }
}
