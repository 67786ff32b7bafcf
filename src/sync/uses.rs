//! Use records from the server. One may come in an earlier page than its item: it is put aside
//! until the item is here.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};
use mysafe_protocol::ItemId;
use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::wire::UseState;

use super::host::{Local, Remote};
use super::report::Notice;
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::model::UseBody;
use crate::vault::{Put, Refusal, UseNews, keys};

const WRITTEN: &str = "writing to memory cannot fail";

/// Uses of items that are not here, by item, with the fields of a later version.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Aside(pub(super) BTreeMap<ItemId, (UseBody, Fields)>);

impl Aside {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut to = Encoder::new(Vec::new());
        to.array(self.0.len() as u64).expect(WRITTEN);
        for (item, (used, later)) in &self.0 {
            let length = match (later.is_empty(), used.seen) {
                (true, true) => 2,
                (true, false) => 3,
                (false, _) => 4,
            };
            to.array(length).expect(WRITTEN);
            to.bytes(&item.0).and_then(|to| to.u64(used.last_use)).expect(WRITTEN);
            if length > 2 {
                to.bool(used.seen).expect(WRITTEN);
            }
            if length > 3 {
                to.bytes(&later.encode()).expect(WRITTEN);
            }
        }
        to.into_writer()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Decoder::new(bytes);
        let mut aside = Self::default();
        for _ in 0..from.array()?.ok_or(Malformed)? {
            let length = from.array()?.ok_or(Malformed)?;
            let item = ItemId::try_from(from.bytes()?).map_err(|_| Malformed)?;
            let last_use = from.u64()?;
            let seen = if length > 2 { from.bool()? } else { true };
            let later = if length > 3 { Fields::decode(from.bytes()?)? } else { Fields::new() };
            aside.0.insert(item, (UseBody { last_use, seen }, later));
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
                Ok(UseNews::NotHere(theirs, mut later)) => {
                    let (known, beside) = aside.0.entry(used.item).or_default();
                    if theirs.last_use >= known.last_use {
                        std::mem::swap(beside, &mut later);
                    }
                    beside.adopt(&later);
                    *known = known.merge(theirs);
                }
                Err(_) => {
                    let code = Refusal::Forged.code().to_owned();
                    notices.push(Notice::of(&code, used.item));
                }
            }
        }
        aside.0.retain(|item, (used, later)| !self.vault.used_at(item, *used, later));
        let changed = aside.encode();
        if stored.as_ref().map_or(!aside.0.is_empty(), |stored| *stored != changed) {
            puts.push(self.vault.seal_state(keys::ASIDE, &changed, self.random));
        }
        Ok((puts, notices))
    }
}
