//! The account record: taken as an item is, never behind the accepted one, nor beside it. A server that
//! was restored from a backup gets it again, above both numbers.

use mysafe_protocol::wire::{AccountRecord, RecordWriteRequest};

use super::again::Again;
use super::capped::A_DAY;
use super::host::{Local, Remote, RemoteError};
use super::people::TRIES;
use super::push::server_code;
use super::report::{Notice, Outcome};
use super::{Sync, SyncError, unless_damaged};
use crate::crypto::Random;
use crate::model::{AccountRecordBody, Contact};
use crate::vault::{Held, Put, Refusal, keys};

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// What to store to have this account record.
    pub(super) async fn plan_record(
        &mut self,
        record: &AccountRecord,
    ) -> Result<Result<Vec<Put>, Refusal>, SyncError<L::Error>> {
        let Some(held) = unless_damaged(self.state(keys::ACCOUNT).await)? else {
            return Ok(Err(Refusal::Damaged));
        };
        if let Some(bytes) = held {
            let Ok(held) = Held::decode(&bytes) else { return Ok(Err(Refusal::Damaged)) };
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

    /// Plans what to store of the record in a page, and what to tell. A server whose record is behind the held one
    /// or beside it gets it again: `again` notes that.
    pub(super) async fn plan_page_record(
        &mut self,
        record: &AccountRecord,
        restored: bool,
        again: &mut Again,
    ) -> Result<(Vec<Put>, Option<Notice>), SyncError<L::Error>> {
        let lacks = (restored || again.record.is_some()) && self.lacks_ours(record).await?;
        match self.plan_record(record).await? {
            _ if lacks => again.record = Some(record.clone()),
            Ok(planned) => {
                again.record = None;
                return Ok((planned, None));
            }
            Err(Refusal::WentBack | Refusal::Forked) => again.record = Some(record.clone()),
            Err(refusal) => return Ok((Vec::new(), Some(Notice::general(refusal.code())))),
        }
        Ok((Vec::new(), None))
    }

    /// Whether the record of a restored server, above the held one, knows less people.
    async fn lacks_ours(&self, record: &AccountRecord) -> Result<bool, SyncError<L::Error>> {
        let Some((ours, here)) = self.record_here().await? else { return Ok(false) };
        // A record that is refused for itself is not given anything.
        let Ok(theirs) = self.read_theirs(record) else { return Ok(false) };
        let mut both = here.clone();
        both.unite(&theirs);
        let met = |contact: &Contact| theirs.contacts().contains(contact);
        Ok(record.version > ours.version && !both.contacts().iter().all(met))
    }

    fn read_theirs(&self, record: &AccountRecord) -> Result<AccountRecordBody, Refusal> {
        let opened = self.vault.open_record(record).map_err(|_| Refusal::Forged)?;
        AccountRecordBody::decode(&opened).map_err(|_| Refusal::Unreadable)
    }

    /// Writes the held record again above both where the server's is behind or beside: of a lower one
    /// nothing is taken, one of the same or a higher version is united with it. Three times a day at most.
    pub(super) async fn send_record_again(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<(), SyncError<L::Error>> {
        for _ in 0..TRIES {
            let Some(theirs) = self.again().await?.record else { return Ok(()) };
            let Some((ours, mut body)) = self.record_here().await? else { return Ok(()) };
            if theirs == ours {
                return self.gave_record(&ours, false).await;
            }
            if self.united_today(keys::UNITED_RECORD).await?.len() >= A_DAY {
                let lower = theirs.version < ours.version;
                let refusal = if lower { Refusal::WentBack } else { Refusal::Forked };
                return self.report(Notice::general(refusal.code()), outcome).await;
            }
            match self.read_theirs(&theirs) {
                Ok(theirs_body) if theirs.version >= ours.version => body.unite(&theirs_body),
                Ok(_) => {}
                Err(refusal) => {
                    self.gave_record(&ours, false).await?;
                    return self.report(Notice::general(refusal.code()), outcome).await;
                }
            }
            let (base, base_hash) = (theirs.version, theirs.hash());
            let version = ours.version.max(base) + 1;
            let record = self.vault.seal_record(version, &body, self.random);
            let request = RecordWriteRequest { base, base_hash, record };
            match self.server().await?.write_record(&request).await {
                Ok(()) => return self.gave_record(&request.record, true).await,
                // Another device wrote meanwhile: what that is comes with the changes.
                Err(RemoteError::Stale(_)) => {}
                Err(RemoteError::Refused(code)) => {
                    return self.report(Notice::general(server_code(code)), outcome).await;
                }
                Err(error) => return Err(error.into()),
            }
            self.pull(outcome).await?;
        }
        Ok(())
    }

    /// The server has it. Another context may have taken it, or what came after, meanwhile.
    async fn gave_record(
        &mut self,
        record: &AccountRecord,
        counts: bool,
    ) -> Result<(), SyncError<L::Error>> {
        let _guard = self.lock().await?;
        self.reload().await?;
        let mut again = self.again().await?;
        again.record = None;
        let mut puts = vec![self.vault.seal_state(keys::AGAIN, &again.encode(), self.random)];
        if counts {
            puts.push(self.count_today(keys::UNITED_RECORD).await?);
        }
        if let Ok(planned) = self.plan_record(record).await? {
            puts.extend(planned);
            puts.extend(self.vault.cache(self.random));
        }
        self.local.apply(puts).await.map_err(SyncError::Store)
    }

    /// An account has a record from its first day: a server that never sends it withholds it.
    pub(super) async fn need_record(
        &mut self,
        outcome: &mut Outcome,
    ) -> Result<(), SyncError<L::Error>> {
        if unless_damaged(self.state(keys::ACCOUNT).await)?.is_none_or(|held| held.is_some()) {
            return Ok(());
        }
        let notice = Notice::general(Refusal::Incomplete.code());
        self.report(notice, outcome).await
    }
}
