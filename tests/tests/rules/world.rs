//! The state that the search walks through: the server and the devices around it.

use crate::beside::bodies_beside;
use crate::body::{Author, Content, FIRST, GRANT_Z, Id, NONE, Table};
use crate::bug::Bug;
use crate::device::{Device, Verdict, judge};
use crate::invariants::Fault;

/// The devices in the order of `World::devices`.
pub(crate) const DEVICES: [Author; 4] = [Author::A, Author::B, Author::C, Author::D];

/// The bounds within which acts are tried.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    /// The server lies and Z helps it.
    pub(crate) lying: bool,
    /// How many devices act: the first ones of `DEVICES`.
    pub(crate) devices: usize,
    /// How many edits each device makes.
    pub(crate) edits: u8,
    /// How many revisions of noise C writes.
    pub(crate) noise: u8,
    /// How many edits Z makes as a member, or bodies Z signs for a lying server.
    pub(crate) by_z: u8,
    /// How many bodies C signs over two branches for a lying server.
    pub(crate) by_c: u8,
    /// Whether the owner's device writes a line in local history of what the history along prev of
    /// the next version lacks. The rules say nothing of it.
    pub(crate) line_beside: bool,
    /// Step 5 asks that every way back is one of allowed steps, and Accept asks the same, as rule R
    /// does. The rules let one way be enough, so that a server may hide the others.
    pub(crate) every_way: bool,
    /// A server that lies may be honest from any state on: all come together then.
    pub(crate) turns_honest: bool,
    /// How many (b) and (c) each device writes: three in the rules.
    pub(crate) cap: u8,
}

/// One state.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// The devices, as in `DEVICES`.
    pub(crate) devices: Vec<Device>,
    /// The newest version of an honest server; `NONE` with a lying one.
    pub(crate) newest: Id,
    /// The version in the backup of an honest server.
    pub(crate) backup: Id,
    /// Z named left, and the server knows.
    pub(crate) left: bool,
    /// Whether the backup knows that Z named left.
    pub(crate) backup_left: bool,
    /// All that a lying server can show, sorted; an honest one needs no list.
    pub(crate) bodies: Vec<Id>,
    /// How many bodies Z signed.
    pub(crate) by_z: u8,
    /// How many bodies of noise or over two branches C signed.
    pub(crate) by_c: u8,
    /// Every edit that a device of the owner held. Only invariants read this.
    pub(crate) seen: Content,
}

impl World {
    /// Returns the state with which every search begins.
    pub(crate) fn new(setting: &Setting) -> World {
        World {
            devices: vec![Device::new(FIRST); setting.devices],
            newest: if setting.lying { NONE } else { FIRST },
            backup: NONE,
            left: false,
            backup_left: false,
            bodies: if setting.lying { vec![FIRST] } else { Vec::new() },
            by_z: 0,
            by_c: 0,
            seen: 0,
        }
    }

    /// Returns a device.
    pub(crate) fn device(&self, who: Author) -> &Device {
        &self.devices[who as usize]
    }

    /// Returns a device, to change it.
    pub(crate) fn device_mut(&mut self, who: Author) -> &mut Device {
        &mut self.devices[who as usize]
    }
}

/// What a lying server does with a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The server takes the write and confirms it.
    Taken,
    /// The server keeps the write and says that it refused.
    Refused,
}

/// The rules at work on one state: all that acts have in common.
pub(crate) struct Step<'a> {
    /// All bodies.
    pub(crate) table: &'a mut Table,
    /// The rule that is broken on purpose.
    pub(crate) bug: Option<Bug>,
    /// The bounds.
    pub(crate) setting: &'a Setting,
    /// The state, changed by the act.
    pub(crate) world: World,
    /// The answer of a lying server to every write of this act.
    pub(crate) answer: Answer,
    /// The first broken invariant.
    pub(crate) fault: Option<Fault>,
}

impl Step<'_> {
    /// Notes a broken invariant.
    pub(crate) fn report(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Sends a write of a device; returns true if the server confirms it. The held version moves
    /// with the confirmation.
    pub(crate) fn write(&mut self, who: Author, id: Id) -> bool {
        if let Some(person) = self.knows_ended(who, id) {
            self.report(Fault::WrittenForRemoved { who, id, person });
        }
        let taken = self.server_takes(id);
        if taken {
            self.hold(who, id);
        }
        taken
    }

    /// Returns the answer of the six steps to a version.
    pub(crate) fn verdict(&self, who: Author, new: Id) -> Verdict {
        let held = self.world.device(who).held;
        let verdict = judge(self.table, self.bug, who, held, new);
        let every_way = self.setting.every_way && self.bug != Some(Bug::OneWayIsEnough);
        if verdict == Verdict::Accepted
            && every_way
            && bodies_beside(self.table, held, new).is_none()
        {
            return Verdict::Forged;
        }
        verdict
    }

    /// Sends held bodies again as they were signed, (a) of rule R.
    pub(crate) fn send_again(&mut self, who: Author) {
        if !self.setting.lying {
            self.world.newest = self.world.device(who).held;
        }
    }

    /// Returns the person in the list of a body whose access ended, as the writing device knows.
    fn knows_ended(&self, who: Author, id: Id) -> Option<Author> {
        let device = self.world.device(who);
        let told = device.stale(self.table, id).then_some(Author::Z);
        told.or_else(|| device.returns(self.table, id))
    }

    /// Returns true if the server takes a write and says so.
    fn server_takes(&mut self, id: Id) -> bool {
        if self.setting.lying {
            self.publish(id);
            return self.answer == Answer::Taken;
        }
        let body = self.table.get(id);
        let replaces = body.prev == self.world.newest || body.also == self.world.newest;
        let stale = self.world.left && self.table.access(id).grants & GRANT_Z != 0;
        if replaces && !stale {
            self.world.newest = id;
        }
        replaces && !stale
    }

    /// Gives a body to a lying server.
    pub(crate) fn publish(&mut self, id: Id) {
        if let Err(place) = self.world.bodies.binary_search(&id) {
            self.world.bodies.insert(place, id);
        }
    }

    /// Moves the held version of a device.
    pub(crate) fn hold(&mut self, who: Author, id: Id) {
        let before = self.world.device(who).held;
        if self.lowers(before, id) {
            self.report(Fault::HeldLowered { who, before, id });
        }
        let rose = self.table.epoch(id) > self.table.epoch(before);
        let shown = self.table.shown(id);
        let line = self.table.history(before) & !self.table.history(id);
        let device = &mut self.world.devices[who as usize];
        if self.setting.line_beside && self.bug != Some(Bug::NoLineBeside) {
            device.lines |= line;
        }
        device.held = id;
        device.settle_owed(self.table, self.bug, rose);
        let returned = device.returns(self.table, id);
        device.notice_removals(self.table);
        if !device.read_only()
            && let Some(person) = returned
        {
            self.report(Fault::Returned { who, id, person });
        }
        if who.owns() {
            self.world.seen |= shown;
        }
    }

    /// Returns true if numbers go down, or another list takes the place of the held epoch's.
    fn lowers(&self, before: Id, id: Id) -> bool {
        let (table, old, new) = (&self.table, self.table.get(before), self.table.get(id));
        let (old_epoch, new_epoch) = (table.epoch(before), table.epoch(id));
        new_epoch < old_epoch
            || new.number < old.number
            || (new_epoch == old_epoch && new.list != old.list)
    }
}
