//! The people an account met: their keys from the server, and the pins in the account record, which
//! every device of the account has.

use std::collections::BTreeSet;

use mysafe_protocol::wire::{AccountRecord, ErrorCode, ItemState, RecordWriteRequest};
use mysafe_protocol::{Revision, Signed, UserId, limits};

use super::host::{Local, Remote, RemoteError};
use super::report::{Notice, Outcome};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::model::{AccountRecordBody, KeyChanged};
use crate::vault::{Refusal, Store, keys};

/// How often a change is made again over what other devices wrote meanwhile.
pub(super) const TRIES: u32 = 3;

/// Why somebody is not pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// The address is pinned to other keys than those of this person.
    #[error("key_changed")]
    KeyChanged(UserId),
    /// The server knows nobody of this id.
    #[error("nobody")]
    Nobody,
    /// What the server says is refused; that is told.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Other devices wrote each time.
    #[error("busy")]
    Busy,
}

/// What was done, or why not.
pub(super) type Done<T, E, L> = Result<Result<T, E>, SyncError<<L as Local>::Error>>;

/// The state of somebody's account on a server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Account {
    /// Nothing.
    Gone,
    /// A bundle, and no confirmed mailbox: it may have kept that of an account that it lost.
    Unconfirmed,
    /// A bundle and a confirmed mailbox, or it does not say.
    Here,
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Everybody met so far, as the accepted account record says.
    pub async fn contacts(&self) -> Result<AccountRecordBody, SyncError<L::Error>> {
        Ok(self.record().await?.1)
    }

    /// Pins an address never seen before to this person: the user's act, at the first contact. The
    /// address is the one that the user saw: it is refused and told if the keys are of another.
    pub async fn pin(&mut self, user: &UserId, address: &str) -> Done<(), ContactError, L> {
        if let Err(error) = self.know_at(user, address).await? {
            return Ok(Err(error));
        }
        let pin = |record: &mut AccountRecordBody| {
            record.pin(*user, address).map_err(|KeyChanged { .. }| ContactError::KeyChanged(*user))
        };
        self.change_record(pin).await
    }

    /// The user compared the safety number with this person, whose address they saw: other keys of
    /// the address are replaced.
    pub async fn verify(&mut self, user: &UserId, address: &str) -> Done<(), ContactError, L> {
        if let Err(error) = self.know_at(user, address).await? {
            return Ok(Err(error));
        }
        let verify = |record: &mut AccountRecordBody| {
            record.verify(*user, address);
            Ok(())
        };
        let done = self.change_record(verify).await?;
        if done.is_ok() {
            self.take_aside(&mut Outcome::default()).await?;
        }
        Ok(done)
    }

    /// Whether the server says that it does not know somebody.
    pub(super) async fn is_gone(&self, user: &UserId) -> Result<bool, SyncError<L::Error>> {
        Ok(self.account_of(user).await? == Account::Gone)
    }

    /// Asks the server what it has of somebody's account.
    async fn account_of(&self, user: &UserId) -> Result<Account, SyncError<L::Error>> {
        match self.server().await?.bundle(user).await {
            Ok(answer) if !answer.confirmed => Ok(Account::Unconfirmed),
            Err(RemoteError::Refused(ErrorCode::NotFound)) => Ok(Account::Gone),
            // Any other refusal says nothing about them: they keep their access.
            Ok(_) | Err(RemoteError::Refused(_) | RemoteError::Malformed) => Ok(Account::Here),
            Err(error) => Err(error.into()),
        }
    }

    /// Notes whom the server does not know of those whom a refused list names. First those of whom it
    /// has nothing; where there are none, those of whom it has no confirmed mailbox. Whether there are any.
    pub(super) async fn note_unknown(
        &mut self,
        users: &[UserId],
        outcome: &mut Outcome,
    ) -> Result<bool, SyncError<L::Error>> {
        let (mut gone, mut perhaps) = (Vec::new(), Vec::new());
        for user in users.iter().filter(|user| !outcome.unknown.contains(user)) {
            match self.account_of(user).await? {
                Account::Gone => gone.push(*user),
                Account::Unconfirmed => perhaps.push(*user),
                Account::Here => {}
            }
        }
        let unknown = if gone.is_empty() { perhaps } else { gone };
        outcome.unknown.extend(unknown.iter().copied());
        Ok(!unknown.is_empty())
    }

    /// Asks for somebody's keys, unless they are known. What does not fit the id is refused and told.
    pub async fn know(&mut self, user: &UserId) -> Done<(), ContactError, L> {
        if *user == self.vault.user() || self.vault.person(user).is_some() {
            return Ok(Ok(()));
        }
        let bundle = match self.server().await?.bundle(user).await {
            Ok(answer) => answer.bundle,
            Err(RemoteError::Refused(ErrorCode::NotFound)) => {
                return Ok(Err(ContactError::Nobody));
            }
            Err(error) => return Err(error.into()),
        };
        let known = {
            let _guard = self.lock().await?;
            self.reload().await?;
            let known = self.vault.know(user, &bundle);
            // Over a damaged record nothing is stored before the next sync makes it again.
            if known.is_ok() && !self.vault.has_damaged_people() {
                let put = self.vault.seal_people(self.random);
                self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
            }
            known
        };
        match known {
            Ok(()) => Ok(Ok(())),
            Err(refusal) => self.refused(refusal).await,
        }
    }

    /// Asks for the keys of an item's owner and author, as far as they can be had.
    pub(super) async fn know_signers(
        &mut self,
        state: &ItemState,
    ) -> Result<(), SyncError<L::Error>> {
        let _ = self.know(&state.owner).await?;
        self.know_authors(std::slice::from_ref(&state.revision)).await
    }

    /// Asks for the keys of whoever wrote these, as far as they can be had.
    pub(super) async fn know_authors(
        &mut self,
        bodies: &[Signed],
    ) -> Result<(), SyncError<L::Error>> {
        let authors: BTreeSet<UserId> =
            bodies.iter().filter_map(|signed| Some(Revision::read(signed).ok()?.author)).collect();
        for author in authors.iter().take(limits::GRANTS) {
            // Whose keys cannot be had, their revisions are refused.
            let _ = self.know(author).await?;
        }
        Ok(())
    }

    /// Knows somebody whom the user saw with this address.
    async fn know_at(&mut self, user: &UserId, address: &str) -> Done<(), ContactError, L> {
        if let Err(error) = self.know(user).await? {
            return Ok(Err(error));
        }
        match self.vault.person(user) {
            Some(person) if person.address == address => Ok(Ok(())),
            Some(_) => self.refused(Refusal::Forged).await,
            None => Ok(Err(ContactError::Nobody)),
        }
    }

    /// Changes the account record on the server, over whatever other devices wrote meanwhile, and
    /// then here. What changes nothing is not sent.
    pub(super) async fn change_record(
        &mut self,
        change: impl Fn(&mut AccountRecordBody) -> Result<(), ContactError>,
    ) -> Done<(), ContactError, L> {
        for _ in 0..TRIES {
            let (record, before) = self.record().await?;
            let mut body = before.clone();
            if let Err(error) = change(&mut body) {
                return Ok(Err(error));
            }
            if body == before {
                return Ok(Ok(()));
            }
            let (base, base_hash) = (record.version, record.hash());
            let record = self.vault.seal_record(base + 1, &body, self.random);
            let request = RecordWriteRequest { base, base_hash, record };
            match self.server().await?.write_record(&request).await {
                Ok(()) => return self.hold(&request.record).await,
                Err(RemoteError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
            self.pull(&mut Outcome::default()).await?;
            self.send_record_again(&mut Outcome::default()).await?;
            if self.record().await?.0.version <= base {
                // It says that there is another one, and withholds it.
                return self.refused(Refusal::Incomplete).await;
            }
        }
        Ok(Err(ContactError::Busy))
    }

    /// The server has it. Another context may have taken it, or what came after, meanwhile.
    async fn hold(&mut self, record: &AccountRecord) -> Done<(), ContactError, L> {
        let planned = {
            let _guard = self.lock().await?;
            self.reload().await?;
            let planned = self.plan_record(record).await?;
            if let Ok(puts) = &planned {
                let puts = [&puts[..], &self.vault.cache(self.random)].concat();
                self.local.apply(puts).await.map_err(SyncError::Store)?;
            }
            planned
        };
        match planned {
            Ok(_) | Err(Refusal::WentBack) => Ok(Ok(())),
            Err(refusal) => self.refused(refusal).await,
        }
    }

    pub(super) async fn refused<T>(&mut self, refusal: Refusal) -> Done<T, ContactError, L> {
        let notice = Notice::general(refusal.code());
        self.report(notice, &mut Outcome::default()).await?;
        Ok(Err(ContactError::Refused(refusal)))
    }

    /// The accepted account record, and what is in it.
    pub(super) async fn record(
        &self,
    ) -> Result<(AccountRecord, AccountRecordBody), SyncError<L::Error>> {
        self.record_here().await?.ok_or(SyncError::Damaged)
    }

    /// The same; none before it came.
    pub(super) async fn record_here(
        &self,
    ) -> Result<Option<(AccountRecord, AccountRecordBody)>, SyncError<L::Error>> {
        let stored = self.local.get(Store::Device, keys::RECORD).await.map_err(SyncError::Store)?;
        let Some(stored) = stored else { return Ok(None) };
        let record: AccountRecord =
            minicbor_serde::from_slice(&stored).map_err(|_| SyncError::Damaged)?;
        let opened = self.vault.open_record(&record)?;
        let body = AccountRecordBody::decode(&opened).map_err(|_| SyncError::Damaged)?;
        Ok(Some((record, body)))
    }
}
