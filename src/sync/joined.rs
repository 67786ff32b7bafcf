//! Shares that wait for somebody to join: who has the address now is asked for at each sync, and one act of
//! the owner completes them.

use std::collections::{BTreeMap, BTreeSet};

use mysafe_protocol::cbor::{Fields, Malformed};
use mysafe_protocol::{ItemId, Status, UserId};

use super::host::{Local, Remote, RemoteError};
use super::people::ContactError;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::model::{AccountRecordBody, Pending};
use crate::vault::{OpenError, Put, Right, Share, ShareError, Store, Vault, keys};

/// Addresses asked for at one sync, so that many that never join cost little.
const AT_ONCE: usize = 5;

/// Why a share that waited is not completed. It waits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompleteError {
    /// Nothing waits for this address.
    #[error("not pending")]
    NotPending,
    /// The time that was chosen is over.
    #[error("over")]
    Over,
    /// The person is not accepted.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// The item is not shared.
    #[error(transparent)]
    Share(#[from] ShareError),
}

/// Why nothing waits for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// Only its owner may.
    #[error("not the owner")]
    NotOwner,
    /// It is not here.
    #[error("no such item")]
    Gone,
    /// The item is not active.
    #[error("inactive")]
    Inactive,
    /// This is the owner's own address.
    #[error("the owner")]
    Yourself,
    /// The account record could not be changed.
    #[error(transparent)]
    Record(#[from] ContactError),
}

/// Who has which address of those that shares wait for.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Joined {
    people: BTreeMap<String, UserId>,
    /// The last address that was asked for: the next sync goes on behind it.
    last: String,
}

impl Joined {
    fn encode(&self) -> Vec<u8> {
        let person = |(address, user): (&String, &UserId)| {
            let mut fields = Fields::new();
            fields.put(1, address);
            fields.put_bytes(2, &user.0);
            fields
        };
        let people: Vec<Fields> = self.people.iter().map(person).collect();
        let mut fields = Fields::new();
        fields.put_list(1, people.iter());
        fields.put(2, &self.last);
        fields.encode()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::decode(bytes)?;
        let person = |mut fields: Fields| Ok((fields.need(1)?, UserId(fields.need_array(2)?)));
        let people = fields.take_list(1)?.ok_or(Malformed)?.into_iter().map(person);
        Ok(Self { people: people.collect::<Result<_, Malformed>>()?, last: fields.need(2)? })
    }

    /// Who has joined.
    pub(super) fn users(self) -> impl Iterator<Item = UserId> {
        self.people.into_values()
    }

    /// Which of these to ask for now: none that is known, those behind the last ones first.
    fn next(&self, waiting: &BTreeSet<&str>) -> Vec<String> {
        let unknown: Vec<&str> =
            waiting.iter().copied().filter(|address| !self.people.contains_key(*address)).collect();
        let (before, behind): (Vec<&str>, Vec<&str>) =
            unknown.into_iter().partition(|address| *address <= self.last.as_str());
        behind.into_iter().chain(before).take(AT_ONCE).map(str::to_owned).collect()
    }
}

/// The shares that wait for somebody who has joined, and who that is: `stored` is what a device has under
/// [`keys::JOINED`].
pub fn joined(
    vault: &Vault,
    contacts: &AccountRecordBody,
    stored: Option<&[u8]>,
) -> Result<Vec<(Pending, UserId)>, OpenError> {
    let Some(stored) = stored else { return Ok(Vec::new()) };
    let opened = vault.open_state(keys::JOINED, stored)?;
    let joined = Joined::decode(&opened).map_err(|_| OpenError::Damaged)?;
    let own = |pending: &Pending| vault.entry(&pending.item).is_some_and(is_open_to_others);
    let pending = contacts.pending().into_iter().filter(own);
    let with = |pending: Pending| joined.people.get(&pending.address).map(|user| (pending, *user));
    Ok(pending.filter_map(with).collect())
}

fn is_open_to_others(entry: &crate::vault::Entry) -> bool {
    entry.access.right == Right::Own && entry.status == Status::Active
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// A share waits until somebody has keys.
    pub async fn invite(
        &mut self,
        pending: &Pending,
    ) -> Result<Result<(), InviteError>, SyncError<L::Error>> {
        self.reload().await?;
        match self.vault.entry(&pending.item) {
            None => return Ok(Err(InviteError::Gone)),
            Some(entry) if entry.access.right != Right::Own => {
                return Ok(Err(InviteError::NotOwner));
            }
            Some(entry) if entry.status != Status::Active => return Ok(Err(InviteError::Inactive)),
            Some(_) if pending.address == self.vault.address() => {
                return Ok(Err(InviteError::Yourself));
            }
            Some(_) => {}
        }
        let invite = |record: &mut AccountRecordBody| {
            record.invite(pending);
            Ok(())
        };
        Ok(self.change_record(invite).await?.map_err(InviteError::from))
    }

    /// A share waits no more.
    pub async fn uninvite(
        &mut self,
        item: &ItemId,
        address: &str,
    ) -> Result<Result<(), ContactError>, SyncError<L::Error>> {
        let uninvite = |record: &mut AccountRecordBody| {
            record.uninvite(item, address);
            Ok(())
        };
        self.change_record(uninvite).await
    }

    /// The owner completes a share that waited with this person, whom they saw with that address: the
    /// person is accepted, the item shared, and nothing waits any more. Done again after an answer was
    /// lost, it goes on where it was.
    pub async fn complete(
        &mut self,
        item: &ItemId,
        address: &str,
        user: &UserId,
    ) -> Result<Result<(), CompleteError>, SyncError<L::Error>> {
        let waiting = self.contacts().await?.pending();
        let waits = |pending: &Pending| pending.item == *item && pending.address == address;
        let Some(pending) = waiting.into_iter().find(waits) else {
            return Ok(Err(CompleteError::NotPending));
        };
        let Pending { permission, until, .. } = pending;
        if until.is_some_and(|until| until <= self.now / 1_000) {
            return Ok(Err(CompleteError::Over));
        }
        if let Err(error) = self.pin(user, address).await? {
            if matches!(error, ContactError::Nobody | ContactError::Refused(_)) {
                // Somebody else may have the address now.
                self.forget_joined(address).await?;
            }
            return Ok(Err(error.into()));
        }
        match self.share(item, &[Share { user: *user, permission, until }]).await? {
            Ok(()) | Err(ShareError::NoChange) => {}
            Err(error) => return Ok(Err(error.into())),
        }
        Ok(self.uninvite(item, address).await?.map_err(CompleteError::from))
    }

    /// Asks who has joined of those for whom shares wait, some at a time, and stores it. A server that
    /// does not answer is asked by the next sync.
    pub(super) async fn ask_who_joined(&mut self) -> Result<(), SyncError<L::Error>> {
        let Some((_, contacts)) = self.record_here().await? else { return Ok(()) };
        let pending = contacts.pending();
        let waiting: BTreeSet<&str> =
            pending.iter().map(|pending| pending.address.as_str()).collect();
        let before = self.who_joined().await?;
        let mut joined = before.clone();
        joined.people.retain(|address, _| waiting.contains(address.as_str()));
        for address in joined.next(&waiting) {
            let found = match self.find(&address).await {
                Ok(found) => found,
                // Not now: too many searches, say.
                Err(SyncError::Remote(RemoteError::Refused(_))) => break,
                Err(error) => return Err(error),
            };
            let person = found.into_iter().find(|person| person.address == address);
            joined.people.extend(person.map(|person| (person.address, person.user)));
            joined.last = address;
        }
        if waiting.is_empty() {
            joined = Joined::default();
        }
        self.store_joined(before, joined).await
    }

    async fn forget_joined(&mut self, address: &str) -> Result<(), SyncError<L::Error>> {
        let before = self.who_joined().await?;
        let mut joined = before.clone();
        joined.people.remove(address);
        self.store_joined(before, joined).await
    }

    pub(super) async fn who_joined(&self) -> Result<Joined, SyncError<L::Error>> {
        match self.state(keys::JOINED).await? {
            Some(bytes) => Joined::decode(&bytes).map_err(|_| SyncError::Damaged),
            None => Ok(Joined::default()),
        }
    }

    /// Of two contexts that asked at once the last one's answer stays: the next sync asks again.
    async fn store_joined(
        &mut self,
        before: Joined,
        joined: Joined,
    ) -> Result<(), SyncError<L::Error>> {
        if joined == before {
            return Ok(());
        }
        let _guard = self.lock().await?;
        let put = match joined.people.is_empty() && joined.last.is_empty() {
            true => Put::remove(Store::State, keys::JOINED),
            false => self.vault.seal_state(keys::JOINED, &joined.encode(), self.random),
        };
        self.local.apply(vec![put]).await.map_err(SyncError::Store)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_of_it_is_read_back_and_has_one_encoding() {
        let people = [("a@example.com", 1), ("b@example.com", 2)];
        let people = people.map(|(address, byte)| (address.to_owned(), UserId([byte; 32])));
        let joined = Joined { people: people.into(), last: "c@example.com".into() };
        let bytes = joined.encode();
        assert_eq!(Joined::decode(&bytes), Ok(joined));
        for length in 0..bytes.len() {
            assert!(Joined::decode(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn all_are_asked_for_in_turn_and_whoever_joined_no_more() {
        let all: Vec<String> = (0..12).map(|number| format!("{number:02}@example.com")).collect();
        let waiting: BTreeSet<&str> = all.iter().map(String::as_str).collect();
        let mut joined = Joined::default();
        joined.people.insert(all[1].clone(), UserId([1; 32]));
        let mut asked = Vec::new();
        for _ in 0..3 {
            let next = joined.next(&waiting);
            joined.last.clone_from(next.last().unwrap());
            asked.extend(next);
        }
        let expected = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 2, 3, 4];
        assert_eq!(asked, expected.map(|place: usize| all[place].clone()));
        assert_eq!(Joined::default().next(&BTreeSet::new()), [""; 0]);
    }
}
