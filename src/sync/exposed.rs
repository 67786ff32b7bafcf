//! Who could have read the client secret of an own item since when, and whether it was changed since they
//! could: for the owner, who then asks its provider for another one.

use mysafe_protocol::{ItemId, Revision, Signed, UserId};

use super::host::{Local, Remote, RemoteError};
use super::report::Outcome;
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{EpochReaders, LocalItem, Refusal, Right};

/// Somebody who could read an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exposed {
    /// Who.
    pub user: UserId,
    /// Since when, Unix milliseconds, by the owner's clock.
    pub since: u64,
    /// Until when; none if they still can.
    pub until: Option<u64>,
    /// The client secret is another one now than any that they could read.
    pub rotated: bool,
    /// All that was given is known. Otherwise they may have had access earlier: the server does not have
    /// the lists of all epochs.
    pub complete: bool,
}

/// Why it is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExposedError {
    /// Only its owner is told.
    #[error("not the owner")]
    NotOwner,
    /// It is not here, or not on the server yet.
    #[error("no such item")]
    Gone,
    /// What the server says of it is refused; that is told.
    #[error("refused: {0}")]
    Refused(Refusal),
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Who could have read an own item; of these people, or of everybody if none are named. Whoever never
    /// could is left out.
    pub async fn exposed(
        &mut self,
        item: &ItemId,
        users: &[UserId],
    ) -> Result<Result<Vec<Exposed>, ExposedError>, SyncError<L::Error>> {
        self.reload().await?;
        match self.vault.entry(item).map(|entry| entry.access.right) {
            None => return Ok(Err(ExposedError::Gone)),
            Some(Right::Own) => {}
            Some(_) => return Ok(Err(ExposedError::NotOwner)),
        }
        let local = self.local_item(item).await?.without_pending();
        if local.state.is_none() {
            return Ok(Err(ExposedError::Gone));
        }
        let (bodies, lists) = self.all_bodies(item).await?;
        self.know_authors(&bodies).await?;
        let epochs = match self.vault.readers(item, &local, &bodies, &lists) {
            Ok(epochs) => epochs,
            Err(refusal) => {
                self.refuse(item, refusal.code(), &mut Outcome::default()).await?;
                return Ok(Err(ExposedError::Refused(refusal)));
            }
        };
        let mut exposed = exposed(&epochs, users);
        for (one, last) in &mut exposed {
            let theirs: Vec<(u64, u64)> = epochs
                .iter()
                .filter(|epoch| epoch.readers.as_ref().is_none_or(|all| all.contains(&one.user)))
                .map(|epoch| epoch.revisions)
                .collect();
            one.rotated =
                one.until.is_some() && self.is_rotated(item, &local, &theirs, *last).await?;
        }
        Ok(Ok(exposed.into_iter().map(|(one, _)| one).collect()))
    }

    /// All signed bodies and lists of an item.
    pub(super) async fn all_bodies(
        &mut self,
        item: &ItemId,
    ) -> Result<(Vec<Signed>, Vec<Signed>), SyncError<L::Error>> {
        let (mut bodies, mut lists, mut after) = (Vec::new(), Vec::new(), 0);
        loop {
            let answer = self.server().await?.listed(item, after).await?;
            let last = answer.revisions.last().and_then(|signed| Revision::read(signed).ok());
            bodies.extend(answer.revisions);
            lists.extend(answer.lists);
            // An answer that does not lead on is the last one.
            match last.filter(|last| last.revision > after) {
                Some(last) => after = last.revision,
                None => return Ok((bodies, lists)),
            }
        }
    }

    /// Whether none of these revisions, the last of them `last`, has the client secret of now. Where that
    /// cannot be seen it is not said.
    async fn is_rotated(
        &mut self,
        item: &ItemId,
        local: &LocalItem,
        theirs: &[(u64, u64)],
        last: u64,
    ) -> Result<bool, SyncError<L::Error>> {
        let Some(newest) = self.vault.newest_on_server(local) else { return Ok(false) };
        let first = theirs.first().map_or(0, |(first, _)| *first);
        let (mut earlier, mut keys, mut before) = (Vec::new(), Vec::new(), newest);
        if last >= newest {
            return Ok(false);
        }
        loop {
            let answer = match self.server().await?.history(item, before).await {
                Ok(answer) => answer,
                Err(RemoteError::Refused(_) | RemoteError::Malformed) => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            let more = answer.more;
            earlier.extend(answer.versions);
            keys = if keys.is_empty() { answer.keys } else { keys };
            let Ok(history) = self.vault.history(item, local, &earlier, &keys, more) else {
                return Ok(false);
            };
            let read = |number: u64| theirs.iter().any(|(a, b)| (*a..=*b).contains(&number));
            let mut versions = history.versions.iter().filter(|version| read(version.revision));
            if versions.any(|version| version.unreadable || !version.secret_differs()) {
                return Ok(false);
            }
            if history.versions.last().is_some_and(|version| version.revision <= first) {
                return Ok(true);
            }
            match history.more_before {
                Some(next) if next < before => before = next,
                _ => return Ok(false),
            }
        }
    }
}

/// Whom the epochs name, in the order of ids, and the last revision each could read.
fn exposed(epochs: &[EpochReaders], users: &[UserId]) -> Vec<(Exposed, u64)> {
    let complete = epochs.iter().all(|epoch| epoch.readers.is_some());
    let mut named: Vec<UserId> =
        epochs.iter().filter_map(|epoch| epoch.readers.as_ref()).flatten().copied().collect();
    named.sort_unstable();
    named.dedup();
    named.retain(|user| users.is_empty() || users.contains(user));
    let of = |user: UserId| {
        let names = |epoch: &&EpochReaders| {
            epoch.readers.as_ref().is_some_and(|readers| readers.contains(&user))
        };
        let first = epochs.iter().find(names)?;
        let last = epochs.iter().rposition(|epoch| names(&epoch))?;
        let until = epochs.get(last + 1).map(|epoch| epoch.since);
        let since = first.since;
        Some((Exposed { user, since, until, rotated: false, complete }, epochs[last].revisions.1))
    };
    named.into_iter().filter_map(of).collect()
}
