//! The order of one sync, and the writes that a user's act sends at once.

use crate::beside::{Choice, Outcome, next_list};
use crate::body::{Author, Body, GRANT_D, GRANT_Z, Id, NONE};
use crate::bug::Bug;
use crate::device::Verdict;
use crate::world::Step;

impl Step<'_> {
    /// Runs one sync of a device that is shown a version: it reads, applies rule R, re-keys, and
    /// sends the edit that waits.
    pub(crate) fn sync(&mut self, who: Author, shown: Id) {
        if self.world.left && !self.setting.lying && self.table.names(shown, Author::Z) {
            self.world.device_mut(who).told = true;
        }
        match self.verdict(who, shown) {
            Verdict::Same => {}
            Verdict::Accepted => self.hold(who, shown),
            Verdict::AccessEnded | Verdict::Forged => return,
            Verdict::WentBack | Verdict::Forked => match self.rule_r(who, shown, None) {
                Outcome::SentAgain | Outcome::United => {}
                Outcome::Refused | Outcome::Waits => return,
            },
        }
        let held = self.world.device(who).held;
        let stale = self.world.device(who).stale(self.table, held);
        if who.owns() && stale && !self.table.get(held).deleted {
            let grants = self.table.access(held).grants & !GRANT_Z;
            if !self.rekey(who, grants) {
                return;
            }
        }
        self.send_pending(who);
    }

    /// Makes an edit and sends it at once; it waits if the rules or the server stop it.
    pub(crate) fn edit(&mut self, who: Author) {
        let device = self.world.device_mut(who);
        device.pending = who.edit(device.made);
        device.made += 1;
        self.send_pending(who);
    }

    /// Sends the edit that waits, where the rules let it go.
    fn send_pending(&mut self, who: Author) {
        let device = self.world.device(who);
        let (held, pending) = (device.held, device.pending);
        let before_rekey = who.owns() && self.bug == Some(Bug::EditBeforeRekey);
        let stale = device.stale(self.table, held) && !before_rekey;
        let read_only = device.read_only() && self.bug != Some(Bug::AcceptLetsWrite);
        let may = self.table.may_edit(held, who) && !self.table.get(held).deleted;
        if pending == 0 || stale || read_only || !may {
            return;
        }
        let content = self.table.shown(held) | pending;
        let edited = Body { content, readable: true, author: who, ..self.next(held) };
        let id = self.table.body(edited);
        if self.write(who, id) {
            self.world.device_mut(who).pending = 0;
        }
    }

    /// Re-keys over the held version with these grants; returns true if the server took it.
    pub(crate) fn rekey(&mut self, who: Author, grants: u8) -> bool {
        let held = self.world.device(who).held;
        let ended = if self.world.device(who).told { GRANT_Z } else { 0 };
        let list = next_list(self.table, who, held, grants & !ended, self.bug);
        let list = self.table.list(list);
        let content = self.table.shown(held);
        let rekeyed = Body { list, content, readable: true, author: who, ..self.next(held) };
        let id = self.table.body(rekeyed);
        self.write(who, id)
    }

    /// Deletes the item, as its owner.
    pub(crate) fn delete(&mut self, who: Author) {
        let held = self.world.device(who).held;
        let deleted =
            Body { content: 0, readable: false, deleted: true, author: who, ..self.next(held) };
        let id = self.table.body(deleted);
        self.write(who, id);
    }

    /// C writes a revision that does not open.
    pub(crate) fn noise(&mut self) {
        let held = self.world.device(Author::C).held;
        if self.world.device(Author::C).stale(self.table, held) {
            return;
        }
        let noise = Body { content: 0, readable: false, ..self.next(held) };
        let id = self.table.body(Body { author: Author::C, ..noise });
        self.write(Author::C, id);
    }

    /// The user accepts the server's state: on an item of others it is held as it is, on an own
    /// one it is united with the held one by the user's choice.
    pub(crate) fn accept(&mut self, who: Author, shown: Id, choice: Choice) {
        if who.owns() {
            self.rule_r(who, shown, Some(choice));
            return;
        }
        let table = &self.table;
        let device = &mut self.world.devices[who as usize];
        let before = device.held;
        device.lines |= table.shown(before);
        device.owed.retain(|owed| !table.leads(before, *owed));
        device.owed.push(before);
        device.owed.sort_unstable();
        device.held = shown;
    }

    /// Returns the frame of a revision over this one: next number, same list.
    fn next(&self, held: Id) -> Body {
        let before = *self.table.get(held);
        Body { number: before.number + 1, prev: held, also: NONE, ..before }
    }

    /// Returns the grants with D turned on or off.
    pub(crate) fn with_d(&self, who: Author, on: bool) -> u8 {
        let grants = self.table.access(self.world.device(who).held).grants;
        if on { grants | GRANT_D } else { grants & !GRANT_D }
    }
}
