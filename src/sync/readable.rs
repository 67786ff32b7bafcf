//! The newest version of an item that opens. Somebody who may edit can upload parts that do not open: such a
//! version counts, and the newest one along prev that opens is listed, shown, copied and written over.

use std::collections::BTreeMap;

use mysafe_protocol::bytes::Hash;
use mysafe_protocol::wire::{ItemState, ItemVersion};
use mysafe_protocol::{Bytes, ItemId, Revision, Signed, Status};

use super::host::{Local, Remote, RemoteError};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{Accepted, LocalItem, Readable};

/// The result of a search along prev.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// The version that opens.
    pub(super) readable: Readable,
    /// The server lacks the parts of a version on the way.
    pub(super) lacks: bool,
}

/// The versions that the server gave so far.
struct Versions {
    newest: Hash,
    by_hash: BTreeMap<Hash, ItemVersion>,
    keys: BTreeMap<u64, Bytes>,
    bodies: BTreeMap<Hash, Signed>,
    /// The number before which older ones can be asked for.
    before: Option<u64>,
    /// All bodies were asked for.
    asked: bool,
}

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// Goes back along prev from an accepted revision that does not open, until one does. Where the way
    /// ends, the version that is shown here stays.
    pub(super) async fn find_readable(
        &mut self,
        state: &ItemState,
        accepted: &Accepted,
        here: &LocalItem,
        between: &[Signed],
    ) -> Result<Found, SyncError<L::Error>> {
        let item = &state.item;
        let kept = self.kept(item).await?.0;
        let mut versions = Versions {
            before: Some(accepted.revision.revision),
            bodies: between.iter().chain(&kept).map(|body| (body.hash(), body.clone())).collect(),
            newest: accepted.held.hash,
            by_hash: BTreeMap::new(),
            keys: BTreeMap::new(),
            asked: false,
        };
        versions.keys.insert(accepted.revision.epoch, accepted.key.clone());
        if let Some(state) = &here.state
            && let Ok(revision) = Revision::read(&state.revision)
        {
            versions.keys.entry(revision.epoch).or_insert_with(|| state.key.clone());
        }
        let (mut lacks, mut want) = (false, accepted.revision.prev);
        while let Some(hash) = want {
            if let Some(readable) = shown_at(here, &hash) {
                return Ok(Found { readable, lacks });
            }
            self.ask_for_version(item, &hash, &mut versions).await?;
            let version = versions.by_hash.get(&hash);
            let signed = version.map(|version| &version.revision).or(versions.bodies.get(&hash));
            let Some(revision) = signed.and_then(|signed| self.vault.read_revision(signed)) else {
                break;
            };
            if revision.item != *item {
                break;
            }
            match version.filter(|version| revision.fits(&version.overview, &version.details)) {
                Some(_) if revision.status == Status::Deleted => {}
                Some(version) => {
                    let key = versions.keys.get(&revision.epoch).cloned().unwrap_or_default();
                    let earlier = earlier(state, version, key);
                    if self.vault.opens(&earlier) {
                        return Ok(Found { readable: Readable::Earlier(Box::new(earlier)), lacks });
                    }
                }
                None => lacks = true,
            }
            want = revision.prev;
        }
        Ok(Found { readable: shown(here), lacks })
    }

    /// Asks the server for older versions until the one of this hash is among them, or there are no more;
    /// then for its body.
    async fn ask_for_version(
        &mut self,
        item: &ItemId,
        hash: &Hash,
        versions: &mut Versions,
    ) -> Result<(), SyncError<L::Error>> {
        while let Some(before) = versions.before.filter(|_| !versions.by_hash.contains_key(hash)) {
            let Some(answer) = answered(self.server().await?.history(item, before).await)? else {
                versions.before = None;
                break;
            };
            let bodies: Vec<Signed> =
                answer.versions.iter().map(|version| version.revision.clone()).collect();
            self.know_authors(&bodies).await?;
            let lowest = bodies.last().and_then(|last| Revision::read(last).ok());
            let lowest = lowest.map(|lowest| lowest.revision).filter(|lowest| *lowest < before);
            versions.before = lowest.filter(|_| answer.more);
            let by_hash = answer.versions.into_iter();
            versions.by_hash.extend(by_hash.map(|version| (version.revision.hash(), version)));
            for key in answer.keys {
                versions.keys.entry(key.epoch).or_insert(key.key);
            }
        }
        let known = versions.by_hash.contains_key(hash) || versions.bodies.contains_key(hash);
        if !known && !versions.asked {
            versions.asked = true;
            let newest = versions.newest;
            let bodies = self.bodies_after(item, 0, &newest).await?.unwrap_or_default();
            versions.bodies.extend(bodies.into_iter().map(|body| (body.hash(), body)));
        }
        Ok(())
    }

    /// Returns all bodies of an item above a number up to its newest, with their authors' keys known. The
    /// server may give them in several answers; none if it denies them.
    pub(super) async fn bodies_after(
        &mut self,
        item: &ItemId,
        mut after: u64,
        newest: &Hash,
    ) -> Result<Option<Vec<Signed>>, SyncError<L::Error>> {
        let mut bodies: Vec<Signed> = Vec::new();
        loop {
            let Some(answer) = answered(self.server().await?.revisions(item, after).await)? else {
                return Ok(None);
            };
            let more = answer.revisions;
            self.know_authors(&more).await?;
            let last = more.last().and_then(|last| self.vault.read_revision(last));
            let found = more.iter().any(|signed| signed.hash() == *newest);
            bodies.extend(more);
            // An endless answer would need endless revisions that somebody signed.
            match last.filter(|last| last.revision > after && !found) {
                Some(last) => after = last.revision,
                None => return Ok(Some(bodies)),
            }
        }
    }
}

/// Returns an answer; none if the server denies it, and an error if there is no server, no sign-in, or
/// no time for it.
pub(super) fn answered<T, E>(answer: Result<T, RemoteError>) -> Result<Option<T>, SyncError<E>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(
            error @ (RemoteError::Offline
            | RemoteError::Busy(_)
            | RemoteError::SignInEnded
            | RemoteError::Revoked),
        ) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// Returns a version as an item, with the key of its epoch.
pub(super) fn earlier(state: &ItemState, version: &ItemVersion, key: Bytes) -> ItemState {
    ItemState {
        item: state.item,
        owner: state.owner,
        revision: version.revision.clone(),
        overview: version.overview.clone(),
        details: version.details.clone(),
        key,
        list: None,
    }
}

/// Returns the version that is shown of what is here.
fn shown(here: &LocalItem) -> Readable {
    match (&here.state, &here.readable) {
        (Some(state), Readable::Newest) if !here.without_pending().is_deleted() => {
            Readable::Earlier(Box::new(ItemState { list: None, ..state.clone() }))
        }
        (Some(_), Readable::Earlier(earlier)) => Readable::Earlier(earlier.clone()),
        _ => Readable::Nothing,
    }
}

/// Returns the same if the way along prev has come to it.
fn shown_at(here: &LocalItem, hash: &Hash) -> Option<Readable> {
    let is_at = |state: &ItemState| state.revision.hash() == *hash;
    let readable = shown(here);
    let state = here.state.as_ref().is_some_and(is_at);
    match &readable {
        Readable::Earlier(earlier) if state || is_at(earlier) => Some(readable),
        _ => None,
    }
}
