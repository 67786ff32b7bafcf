//! What a sync tells: what it did, and what it refused. Refusals are kept, sealed, until the
//! user closes them.

use minicbor::bytes::ByteVec;
use mysafe_protocol::ItemId;
use mysafe_protocol::cbor::Malformed;

use super::host::{Local, Remote};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Put, keys};

/// The code of a notice that nothing was refused: two browsers changed the same field of an item,
/// and both values are kept, one of them in the history.
pub const BOTH_CHANGED: &str = "both_changed";

/// The code of a notice that nothing was refused: an item that was deleted here was changed on
/// another browser meanwhile, and stays.
pub const NOT_DELETED: &str = "not_deleted";

/// The code of a notice that nothing was refused: the server was restored from a backup, and gets
/// again what it lost.
pub const RESTORED: &str = "restored";

/// Something the user must see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// A stable code: `forged`, `went_back`, `forked`, `incomplete`, `unreadable`,
    /// [`BOTH_CHANGED`], [`NOT_DELETED`], [`RESTORED`], or one of the server's.
    pub code: String,
    /// About which item, if about one.
    pub item: Option<ItemId>,
}

/// The notices not closed yet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reports(pub Vec<Notice>);

impl Reports {
    /// Adds a notice once.
    pub fn add(&mut self, notice: Notice) {
        if !self.0.contains(&notice) {
            self.0.push(notice);
        }
    }

    /// The plaintext of `device/state` for reports.
    pub fn encode(&self) -> Vec<u8> {
        let list: Vec<(&str, ByteVec)> = self
            .0
            .iter()
            .map(|notice| {
                let item = notice.item.map(|item| item.0.to_vec()).unwrap_or_default();
                (notice.code.as_str(), item.into())
            })
            .collect();
        minicbor::to_vec(list).expect("writing to memory cannot fail")
    }

    /// Reads the plaintext of `device/state` for reports.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let list: Vec<(String, ByteVec)> = minicbor::decode(bytes)?;
        let notices = list
            .into_iter()
            .map(|(code, item)| Notice { code, item: ItemId::try_from(item.as_slice()).ok() });
        let reports = Self(notices.collect());
        if reports.encode() == bytes { Ok(reports) } else { Err(Malformed) }
    }
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// The stored notices with more of them, to store.
    pub(super) async fn reports_with(
        &mut self,
        notices: &[Notice],
    ) -> Result<Put, SyncError<L::Error>> {
        let mut reports = match self.state(keys::REPORTS).await? {
            Some(bytes) => Reports::decode(&bytes).map_err(|_| SyncError::Damaged)?,
            None => Reports::default(),
        };
        for notice in notices {
            reports.add(notice.clone());
        }
        Ok(self.vault.seal_reports(&reports, self.random))
    }
}

/// What a sync did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Writes the server has now.
    pub sent: u32,
    /// Items taken from the server.
    pub taken: u32,
    /// Refused, by the client or by the server; already stored as reports.
    pub notices: Vec<Notice>,
}
