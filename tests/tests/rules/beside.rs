//! Rule R: the server is behind or beside what a device holds.

use crate::body::{Author, Body, Content, GRANT_D, GRANT_Z, Id, List, NONE, Table};
use crate::bug::Bug;
use crate::device::stands_alone;
use crate::world::Step;

/// Whose content a united write takes, if the user chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The held content.
    Mine,
    /// The content that the server shows.
    Theirs,
}

/// What became of a version that leads not to the held one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// (a): the held bodies were sent again.
    SentAgain,
    /// (b) or (c) was sent and the server took it.
    United,
    /// (b) or (c) was sent and the server refused it.
    Refused,
    /// Nothing was sent: `forked` or `went_back`.
    Waits,
}

impl Step<'_> {
    /// Applies rule R as a device. With a choice it is the user's act, which the cap does not stop.
    pub(crate) fn rule_r(&mut self, who: Author, new: Id, choice: Option<Choice>) -> Outcome {
        let held = self.world.device(who).held;
        let Some(beside) = bodies_beside(self.table, held, new) else { return Outcome::Waits };
        let read_only = self.world.device(who).read_only();
        if beside.is_empty() {
            let resent = bodies_beside(self.table, new, held).unwrap_or_default();
            let begins = resent.iter().any(|id| self.begins_epoch(*id));
            let may = who.owns() || (self.table.may_edit(held, who) && !begins);
            if !may || read_only {
                return Outcome::Waits;
            }
            self.send_again(who);
            return Outcome::SentAgain;
        }
        let (body, other) = (*self.table.get(held), *self.table.get(new));
        let may = who.owns() || self.table.may_edit(held, who);
        let unites = body.list == other.list
            && !body.deleted
            && !other.deleted
            && !self.world.device(who).stale(self.table, held);
        if !may || read_only || !(unites || who.owns()) {
            return Outcome::Waits;
        }
        let spent = self.world.device(who).united >= self.setting.cap;
        if spent && choice.is_none() {
            return Outcome::Waits;
        }
        let list = if unites { body.list } else { self.united_list(who, held, new) };
        let merged = unites || self.authors_may_edit(held, &beside);
        let (content, line) = self.united_content(held, new, merged, choice);
        let united = Body {
            number: 1 + body.number.max(other.number),
            list,
            author: who,
            prev: held,
            also: new,
            deleted: body.deleted,
            content,
            readable: !body.deleted,
        };
        let united = match self.bug {
            Some(Bug::NoSecondParent) => Body { prev: new, also: NONE, ..united },
            _ => united,
        };
        let id = self.table.body(united);
        // The line is stored with the write that waits: a refused write may reach others all the same.
        let late = self.bug == Some(Bug::LineAfterAnswer);
        if !late {
            self.world.device_mut(who).lines |= line;
        }
        if !self.write(who, id) {
            return Outcome::Refused;
        }
        let device = self.world.device_mut(who);
        device.lines |= line;
        if choice.is_none() {
            device.united += 1;
        }
        Outcome::United
    }

    /// Returns true if a body begins an epoch.
    fn begins_epoch(&self, id: Id) -> bool {
        let body = self.table.get(id);
        body.prev == NONE || self.table.get(body.prev).list != body.list
    }

    /// Returns the new list of (c).
    fn united_list(&mut self, who: Author, held: Id, new: Id) -> Id {
        let table = &self.table;
        let (mine, theirs) = (*table.access(held), *table.access(new));
        let server_list = table.get(new).list;
        let in_chain = table.chain(held).iter().any(|id| table.get(*id).list == server_list);
        let deleted = table.get(held).deleted || table.get(new).deleted;
        let ended = if self.world.device(who).told { GRANT_Z } else { 0 };
        let grants = match self.bug {
            Some(Bug::ListFromServer) => theirs.grants,
            Some(Bug::HeldListReused) => mine.grants,
            _ if deleted => 0,
            _ if in_chain => mine.grants,
            _ => mine.grants & theirs.grants,
        } & !ended;
        let above = if self.bug == Some(Bug::EpochReused) { 0 } else { 1 };
        let epoch = above + mine.epoch.max(theirs.epoch);
        let sharing = mine.sharing.max(theirs.sharing);
        self.table.list(List { epoch, grants, sharing, maker: who, parents: (held, new) })
    }

    /// Returns true if the author of every body beside is the owner or may edit in the held list.
    fn authors_may_edit(&self, held: Id, beside: &[Id]) -> bool {
        let known = |id: &Id| self.table.may_edit(held, self.table.get(*id).author);
        beside.iter().all(known)
    }

    /// Returns the content of a united write, and what becomes a line in local history.
    fn united_content(
        &self,
        held: Id,
        new: Id,
        merged: bool,
        choice: Option<Choice>,
    ) -> (Content, Content) {
        let table = &self.table;
        let (mine, theirs) = (table.shown(held), table.shown(new));
        let deleted = table.get(held).deleted || table.get(new).deleted;
        if self.bug == Some(Bug::OtherContentDropped) {
            return (mine, 0);
        }
        match choice {
            Some(Choice::Theirs) if !deleted => (theirs, mine & !theirs),
            Some(Choice::Mine) => (mine, theirs & !mine),
            _ if deleted || !merged => (mine, theirs & !mine),
            _ => {
                let base = merge_base(table, held, new);
                // A field that only one side changed takes that side's value.
                ((mine & theirs) | ((mine | theirs) & !base), 0)
            }
        }
    }
}

/// Returns the bodies beside the chain of the held version, back to it or to a first revision;
/// nothing if one of them fails, so that nothing is sent.
pub(crate) fn bodies_beside(table: &Table, held: Id, new: Id) -> Option<Vec<Id>> {
    if !stands_alone(table, new) {
        return None;
    }
    let mut beside = Vec::new();
    let mut open = vec![new];
    while let Some(id) = open.pop() {
        if table.leads(held, id) || beside.contains(&id) {
            continue;
        }
        let body = table.get(id);
        for parent in [body.prev, body.also] {
            if parent != NONE {
                if !table.allowed(body, parent) {
                    return None;
                }
                open.push(parent);
            }
        }
        beside.push(id);
    }
    Some(beside)
}

/// Returns the content of the newest body in both chains.
fn merge_base(table: &Table, held: Id, new: Id) -> Content {
    let other = table.chain(new);
    let common = table.chain(held);
    let common = common.iter().filter(|id| other.binary_search(id).is_ok());
    let newest = common.max_by_key(|id| (table.get(**id).number, table.epoch(**id), **id));
    newest.map_or(0, |id| table.shown(*id))
}

/// Returns the list of a re-key by the owner's act over the held version.
pub(crate) fn next_list(
    table: &Table,
    who: Author,
    held: Id,
    grants: u8,
    bug: Option<Bug>,
) -> List {
    let list = table.access(held);
    let added = grants & GRANT_D != 0 && list.grants & GRANT_D == 0;
    let above = if bug == Some(Bug::EpochKeptAtRekey) { 0 } else { 1 };
    List {
        epoch: list.epoch + above,
        grants,
        sharing: list.sharing + u8::from(added),
        maker: who,
        parents: (held, NONE),
    }
}

/// Returns true if step 5 allows every step back from a version.
pub(crate) fn clean(table: &Table, id: Id) -> bool {
    let body = table.get(id);
    [body.prev, body.also]
        .into_iter()
        .filter(|parent| *parent != NONE)
        .all(|parent| table.allowed(body, parent) && clean(table, parent))
}
