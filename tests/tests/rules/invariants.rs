//! The invariants: what must be true after each act.

use crate::act::{Act, Model};
use crate::beside::clean;
use crate::body::{Author, Id, NONE, Table};
use crate::device::stands_alone;
use crate::world::{Answer, DEVICES, World};

/// A broken invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A device wrote under a list with somebody whose access, as it knew, had ended.
    WrittenForRemoved {
        /// The device.
        who: Author,
        /// The body.
        id: Id,
        /// The person removed.
        person: Author,
    },
    /// A list in force at a device names somebody whose removal it held.
    Returned {
        /// The device.
        who: Author,
        /// The body with the list.
        id: Id,
        /// The person removed.
        person: Author,
    },
    /// The held version went down, or a second list took the place of the held epoch's.
    HeldLowered {
        /// The device.
        who: Author,
        /// The version held before.
        before: Id,
        /// The version held then.
        id: Id,
    },
    /// Edits that the owner's devices held are nowhere any more.
    EditLost {
        /// The edits.
        edits: u32,
    },
    /// A device never came to hold the newest version.
    Apart {
        /// The device.
        who: Author,
    },
}

/// Checks one state by itself.
pub(crate) fn check(table: &Table, world: &World) -> Option<Fault> {
    let kept = [Author::A, Author::B].iter().fold(0, |kept, who| {
        let device = world.device(*who);
        kept | table.history(device.held) | device.lines
    });
    let edits = world.seen & !kept;
    (edits != 0).then_some(Fault::EditLost { edits })
}

/// How often everybody syncs before all must hold the same.
const ROUNDS: usize = 6;

impl Model {
    /// Lets every device sync with an honest server, in turn, until nothing changes; returns the
    /// fault that shows up, and one if the devices stay apart.
    pub(crate) fn settle(&mut self, world: &World) -> Option<Fault> {
        let mut world = world.clone();
        for _ in 0..ROUNDS {
            let before = world.clone();
            for who in DEVICES.into_iter().take(self.setting.devices) {
                let (next, fault) = self.perform(&world, Act::Sync(who, NONE, Answer::Taken));
                if fault.is_some() {
                    return fault;
                }
                world = next;
            }
            if world == before {
                break;
            }
        }
        DEVICES
            .into_iter()
            .take(self.setting.devices)
            .find(|who| self.apart(&world, *who))
            .map(|who| Fault::Apart { who })
    }

    /// Lets a server that lied be honest from now on, with each body in turn as its newest; returns
    /// the fault that shows up while everybody syncs.
    pub(crate) fn turns_honest(&mut self, world: &World) -> Option<Fault> {
        let lying = std::mem::replace(&mut self.setting.lying, false);
        let bodies = world.bodies.iter().filter(|id| self.could_be_newest(**id));
        let bodies: Vec<Id> = bodies.copied().collect();
        let fault = bodies.into_iter().find_map(|newest| {
            let honest = World { newest, bodies: Vec::new(), ..world.clone() };
            self.settle(&honest)
        });
        self.setting.lying = lying;
        fault
    }

    /// Returns true if an honest server can have a body as its newest: it passes the server's check.
    fn could_be_newest(&self, id: Id) -> bool {
        stands_alone(&self.table, id) && clean(&self.table, id)
    }

    /// Returns true if a device holds not the newest version, without a reason that the rules name.
    fn apart(&self, world: &World, who: Author) -> bool {
        let held = world.device(who).held;
        if held == world.newest || !self.table.names(world.newest, who) {
            return false;
        }
        !(self.holds_unseen_write(world, who))
    }

    /// Returns true if a member holds a write of an editor that no device of the owner ever saw.
    ///
    /// A server that lied may also have shown a write that it told the owner it refused.
    fn holds_unseen_write(&self, world: &World, who: Author) -> bool {
        let chain = self.table.chain(world.device(who).held);
        let unseen = |id: &&Id| {
            (self.setting.turns_honest || !self.table.get(**id).author.owns())
                && !self.table.leads(world.device(Author::A).held, **id)
                && !self.table.leads(world.device(Author::B).held, **id)
        };
        !who.owns() && chain.iter().any(|id| unseen(&id))
    }
}
