//! A device: the version it holds, and the six steps by which it accepts another.

use crate::body::{Author, Content, GRANT_D, GRANT_Z, Id, Table};
use crate::bug::Bug;

/// The state of one device for the item.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Device {
    /// The version that the device holds.
    pub(crate) held: Id,
    /// An edit that no server confirmed yet.
    pub(crate) pending: Content,
    /// How many edits were made here.
    pub(crate) made: u8,
    /// Edits that are lines in local history.
    pub(crate) lines: Content,
    /// Versions held before the user accepted the server's state; the item takes no write until
    /// a version leads back to each.
    pub(crate) owed: Vec<Id>,
    /// The server said that Z's access has ended.
    pub(crate) told: bool,
    /// How often this device wrote (b) or (c).
    pub(crate) united: u8,
    /// A list without Z was held here. Only invariants read this.
    pub(crate) z_removed: bool,
    /// One more than the highest sharing of a list without D that was held here. Only invariants
    /// read this.
    pub(crate) d_removed: u8,
}

impl Device {
    /// Returns a device that holds this version and nothing else.
    pub(crate) fn new(held: Id) -> Device {
        Device {
            held,
            pending: 0,
            made: 0,
            lines: 0,
            owed: Vec::new(),
            told: false,
            united: 0,
            z_removed: false,
            d_removed: 0,
        }
    }

    /// Returns true if the item takes no write here since the user accepted the server's state.
    pub(crate) fn read_only(&self) -> bool {
        !self.owed.is_empty()
    }

    /// Returns true if this device knows that the list of a body names somebody whose access has
    /// ended.
    pub(crate) fn stale(&self, table: &Table, id: Id) -> bool {
        self.told && table.names(id, Author::Z)
    }

    /// Remembers the removals that the list of a held body shows.
    pub(crate) fn notice_removals(&mut self, table: &Table) {
        let list = table.access(self.held);
        self.z_removed |= list.grants & GRANT_Z == 0;
        if list.grants & GRANT_D == 0 {
            self.d_removed = self.d_removed.max(list.sharing + 1);
        }
    }

    /// Returns the person whom the list of a body names although this device held their removal.
    pub(crate) fn returns(&self, table: &Table, id: Id) -> Option<Author> {
        let list = table.access(id);
        if list.grants & GRANT_Z != 0 && self.z_removed {
            return Some(Author::Z);
        }
        (list.grants & GRANT_D != 0 && list.sharing < self.d_removed).then_some(Author::D)
    }

    /// Ends the read-only state where the held version leads back to all that was held before.
    ///
    /// `rose` says that the version before this one had a lower epoch.
    pub(crate) fn settle_owed(&mut self, table: &Table, bug: Option<Bug>, rose: bool) {
        let chain = table.chain(self.held);
        let led_back = |owed: Id| {
            let list = table.get(owed).list;
            chain.iter().any(|id| *id == owed || table.get(*id).list == list)
        };
        let next_epoch = rose && bug == Some(Bug::AcceptEndsAtNextEpoch);
        self.owed.retain(|owed| !led_back(*owed) && !next_epoch);
    }
}

/// The answer of the six steps to a version that a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the version held.
    Same,
    /// The device takes it.
    Accepted,
    /// The list names neither the owner nor this device's user: nothing else is read.
    AccessEnded,
    /// Rule R is tried before this is reported.
    WentBack,
    /// Rule R is tried before this is reported.
    Forked,
    /// A signature does not count, whatever is held.
    Forged,
}

/// Applies steps 2 to 6 to a version, as `who` who holds `held`.
///
/// Step 1 and the hashes of parts have nothing to compare in the model: there is one item and one
/// owner, and a server that withholds something is `incomplete`, which moves nothing.
pub(crate) fn judge(table: &Table, bug: Option<Bug>, who: Author, held: Id, new: Id) -> Verdict {
    if new == held {
        return Verdict::Same;
    }
    // Step 2.
    if !table.names(new, who) {
        return Verdict::AccessEnded;
    }
    let (body, before) = (table.get(new), table.get(held));
    let lists = if table.epoch(new) < table.epoch(held) {
        Some(Verdict::WentBack)
    } else if table.epoch(new) == table.epoch(held) && body.list != before.list {
        Some(Verdict::Forked)
    } else {
        None
    };
    // Steps 3, 4 and 6 compare with nothing held.
    if !stands_alone(table, new) {
        return Verdict::Forged;
    }
    if bug == Some(Bug::HeldLowered) && lists == Some(Verdict::WentBack) {
        return Verdict::Accepted;
    }
    // Step 5.
    match lists {
        Some(verdict) => verdict,
        None if body.number < before.number => Verdict::WentBack,
        None if body.number == before.number || !leads_over_fetched(table, new, held) => {
            Verdict::Forked
        }
        None => Verdict::Accepted,
    }
}

/// Returns true if a version passes what compares with nothing held: its author may edit by its
/// own list, and only the owner deletes.
pub(crate) fn stands_alone(table: &Table, id: Id) -> bool {
    let body = table.get(id);
    table.may_edit(id, body.author) && (!body.deleted || body.author.owns())
}

/// Returns true if prev or also leads to the held version over bodies with numbers above it.
///
/// A lying server hides every other way, so one way of allowed steps is enough here.
fn leads_over_fetched(table: &Table, from: Id, held: Id) -> bool {
    let body = table.get(from);
    [body.prev, body.also].into_iter().any(|parent| {
        parent != crate::body::NONE
            && table.allowed(body, parent)
            && (parent == held
                || (table.get(parent).number > table.get(held).number
                    && leads_over_fetched(table, parent, held)))
    })
}
