//! What a restored server is to get again, as it is stored.

use std::collections::BTreeSet;

use minicbor::bytes::{ByteArray, ByteVec};
use mysafe_protocol::cbor::Malformed;
use mysafe_protocol::wire::AccountRecord;
use mysafe_protocol::{Bytes, ItemId};

use super::host::{Local, Remote};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::vault::keys;

/// What a restored server is to get again.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Again {
    /// The log of its epoch was not read to the end yet.
    pub(super) reading: bool,
    /// Items that it has in an older revision, or not at all.
    pub(super) items: BTreeSet<ItemId>,
    /// The account record that it has, if that is older than the held one or lacks something of it.
    pub(super) record: Option<AccountRecord>,
}

impl Again {
    pub(super) fn encode(&self) -> Vec<u8> {
        let items: Vec<ByteArray<16>> = self.items.iter().map(|item| item.0.into()).collect();
        let record = self
            .record
            .as_ref()
            .map(|record| (record.version, ByteVec::from(record.blob.0.clone())));
        match record {
            None => minicbor::to_vec((self.reading, items)),
            Some((version, blob)) => minicbor::to_vec((self.reading, items, version, blob)),
        }
        .expect("writing to memory cannot fail")
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        type Items = Vec<ByteArray<16>>;
        let (reading, items, record): (bool, Items, _) = match minicbor::decode(bytes) {
            Ok((reading, items)) => (reading, items, None),
            Err(_) => {
                let (reading, items, version, blob): (_, _, _, ByteVec) = minicbor::decode(bytes)?;
                (reading, items, Some(AccountRecord { version, blob: Bytes(blob.into()) }))
            }
        };
        let items = items.into_iter().map(|item| ItemId(item.into())).collect();
        let again = Self { reading, items, record };
        if again.encode() == bytes { Ok(again) } else { Err(Malformed) }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// What the server is to get again.
    pub(super) async fn again(&self) -> Result<Again, SyncError<L::Error>> {
        let read = |bytes: Option<Vec<u8>>| match bytes {
            Some(bytes) => Again::decode(&bytes).ok(),
            None => Some(Again::default()),
        };
        let again = unless_damaged(self.state(keys::AGAIN).await)?.and_then(read);
        // Damaged, all of the log says what it was.
        Ok(again.unwrap_or(Again { reading: true, ..Again::default() }))
    }
}
