//! What the server in memory answers when it is asked, and its backups.

use mysafe_protocol::wire::{
    ChangesQuery, ChangesResponse, HistoryResponse, ItemVersion, RecordWriteRequest,
    RevisionsResponse, UseState,
};
use mysafe_protocol::{ItemId, Revision, Signed, limits};

use super::server::{Data, Server};
use crate::sync::RemoteError;

impl Server {
    pub(super) fn changes(&self, query: &ChangesQuery) -> ChangesResponse {
        let data = self.data.borrow();
        let known = query.epoch == Some(data.epoch);
        let after = query.position.filter(|at| known && *at <= data.position).unwrap_or(0);
        let mut positions: Vec<u64> = data
            .items
            .values()
            .map(|stored| stored.position)
            .chain(data.uses.values().map(|(position, _)| *position))
            .chain([data.record.0])
            .filter(|position| *position > after)
            .collect();
        positions.sort_unstable();
        let more = positions.len() > data.page;
        positions.truncate(data.page);
        let until = positions.last().copied().unwrap_or(after);
        let here = |position: u64| position > after && position <= until;
        let uses = data.uses.iter().filter(|(_, (position, _))| here(*position));
        let stored = data.items.values().filter(|stored| here(stored.position));
        let items: Vec<_> = stored.map(|stored| stored.state.clone()).collect();
        ChangesResponse {
            ended: vec![],
            left: self.left_of(&items),
            epoch: data.epoch,
            position: until,
            more,
            items,
            uses: uses
                .map(|(item, (_, blob))| UseState { item: *item, blob: blob.clone() })
                .collect(),
            account: Some(data.record.1.clone()).filter(|_| here(data.record.0)),
            total: more.then_some(data.items.len() as u64),
            time: Some(data.time),
        }
    }

    pub(super) fn write_record(&self, request: &RecordWriteRequest) -> Result<(), RemoteError> {
        let data = &mut *self.data.borrow_mut();
        if data.record.1 == request.record {
            return Ok(());
        }
        if data.record.1.hash() != request.base_hash {
            return Err(RemoteError::Stale(None));
        }
        assert!(request.record.version > request.base);
        data.position += 1;
        data.record = (data.position, request.record.clone());
        Ok(())
    }

    pub(super) fn revisions_after(&self, item: &ItemId, after: u64) -> RevisionsResponse {
        let data = self.data.borrow();
        let all = data.items.get(item).map(|stored| stored.bodies.clone()).unwrap_or_default();
        let revisions = all
            .into_iter()
            .filter(|signed| Revision::read(signed).unwrap().revision > after)
            .take(data.bodies_in_one)
            .collect();
        RevisionsResponse { revisions, lists: Vec::new() }
    }

    pub(super) fn listed_after(&self, item: &ItemId, after: u64) -> RevisionsResponse {
        let data = self.data.borrow();
        let RevisionsResponse { revisions, .. } = self.revisions_after(item, after);
        let stored = data.items.get(item).filter(|_| !revisions.is_empty());
        let lists = stored.map(|stored| stored.lists.clone()).unwrap_or_default();
        RevisionsResponse { revisions, lists }
    }

    /// Earlier versions; of those whose content a restore lost there is nothing.
    pub(super) fn history(&self, item: &ItemId, before: u64) -> HistoryResponse {
        let data = self.data.borrow();
        let bodies = data.items.get(item).map(|stored| stored.bodies.clone()).unwrap_or_default();
        let parts = data.items.get(item).map(|stored| stored.parts.clone()).unwrap_or_default();
        let version = |signed: Signed| {
            let (overview, details) = parts.get(&signed.hash())?.clone();
            Some(ItemVersion { revision: signed, overview, details })
        };
        let mut versions: Vec<ItemVersion> = bodies
            .into_iter()
            .filter(|signed| number(signed) < before)
            .filter_map(version)
            .collect();
        versions.sort_by_key(|version| std::cmp::Reverse(number(&version.revision)));
        // All of one number come together.
        let last = versions.get(limits::HISTORY - 1).map(|version| number(&version.revision));
        let end = last.map_or(versions.len(), |last| {
            versions.partition_point(|version| number(&version.revision) >= last)
        });
        let more = end < versions.len();
        versions.truncate(end);
        let keys = data.items.get(item).map(|stored| stored.keys.clone()).unwrap_or_default();
        HistoryResponse { versions, keys, more, rest: false }
    }

    /// A backup.
    pub(super) fn backup(&self) -> Data {
        self.data.borrow().clone()
    }

    /// The backup is put back. A new epoch begins, if the operator says so.
    pub(super) fn restore(&self, backup: &Data, new_epoch: bool) {
        let mut epoch = self.data.borrow().epoch;
        if new_epoch {
            epoch.0[0] += 1;
        }
        *self.data.borrow_mut() = Data { epoch, ..backup.clone() };
    }
}

fn number(signed: &Signed) -> u64 {
    Revision::read(signed).unwrap().revision
}

impl Data {
    /// Counts a write, and asks to wait where there were enough.
    pub(super) fn count_write(&mut self) -> Result<(), RemoteError> {
        let Some(left) = &mut self.writes_left else { return Ok(()) };
        *left = left.checked_sub(1).ok_or(RemoteError::Busy(3))?;
        Ok(())
    }
}
