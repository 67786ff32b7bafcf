//! The account record: taken as an item is, never behind the accepted one, nor beside it.

use mysafe_protocol::wire::AccountRecord;

use super::host::{Local, Remote};
use super::report::{Notice, Outcome};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::model::AccountRecordBody;
use crate::vault::{Held, Put, Refusal, keys};

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// What to store to have this account record.
    pub(super) async fn plan_record(
        &mut self,
        record: &AccountRecord,
    ) -> Result<Result<Vec<Put>, Refusal>, SyncError<L::Error>> {
        if let Some(bytes) = self.state(keys::ACCOUNT).await? {
            let held = Held::decode(&bytes).map_err(|_| SyncError::Damaged)?;
            if record.version < held.revision {
                return Ok(Err(Refusal::WentBack));
            }
            if record.version == held.revision && record.hash() != held.hash {
                return Ok(Err(Refusal::Forked));
            }
        }
        let Ok(opened) = self.vault.open_record(record) else { return Ok(Err(Refusal::Forged)) };
        let Ok(body) = AccountRecordBody::decode(&opened) else {
            return Ok(Err(Refusal::Unreadable));
        };
        self.vault.meet(&body);
        Ok(Ok(self.vault.hold_record(record, self.random)))
    }

    /// An account has a record from its first day: a server that never sends it withholds it.
    pub(super) async fn need_record(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<(), SyncError<L::Error>> {
        if self.state(keys::ACCOUNT).await?.is_some() {
            return Ok(());
        }
        let notice = Notice { code: Refusal::Incomplete.code().to_owned(), item: None, name: None };
        self.report(notice, outcome).await
    }
}
