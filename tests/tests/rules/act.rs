//! The acts, and how each is done.

use crate::beside::Choice;
use crate::body::{Author, Body, Content, GRANT_Z, Id, NONE, Table};
use crate::bug::Bug;
use crate::invariants::{Fault, check};
use crate::world::{Answer, Setting, Step, World};

/// One act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A device edits and sends at once.
    Edit(Author, Answer),
    /// C writes noise.
    Noise(Answer),
    /// Z, a member, edits over the server's newest.
    ZEdits,
    /// Z names left, and an honest server knows.
    ZLeaves,
    /// A lying server tells a device that Z's access has ended.
    Tell(Author),
    /// A device of the owner removes Z.
    RemoveZ(Author, Answer),
    /// A device of the owner removes D.
    RemoveD(Author, Answer),
    /// A device of the owner adds D again.
    ShareD(Author, Answer),
    /// A device of the owner deletes the item.
    Delete(Author, Answer),
    /// An honest server makes a backup.
    Backup,
    /// An honest server is restored from the backup.
    Restore,
    /// A device syncs; a lying server shows this version.
    Sync(Author, Id, Answer),
    /// The user accepts the state that the server shows.
    Accept(Author, Id, Choice, Answer),
    /// Z signs a body for a lying server: under the list of the first body, prev, also.
    ZSigns(Id, Id, Id),
    /// C signs a body over the held version for a lying server, also another one.
    CSigns(Id),
}

impl Act {
    /// Returns the answer of a lying server to the writes of this act.
    fn answer(self) -> Answer {
        match self {
            Act::Edit(_, answer)
            | Act::Noise(answer)
            | Act::RemoveZ(_, answer)
            | Act::RemoveD(_, answer)
            | Act::ShareD(_, answer)
            | Act::Delete(_, answer)
            | Act::Sync(_, _, answer)
            | Act::Accept(_, _, _, answer) => answer,
            _ => Answer::Taken,
        }
    }

    /// Returns the act in words.
    pub(crate) fn describe(self, table: &Table) -> String {
        let answered = if self.answer() == Answer::Refused { ", kept but refused" } else { "" };
        let text = match self {
            Act::Edit(who, _) => format!("{who:?} edits"),
            Act::Noise(_) => "C writes noise".to_owned(),
            Act::ZEdits => "Z edits".to_owned(),
            Act::ZLeaves => "Z leaves".to_owned(),
            Act::Tell(who) => format!("{who:?} hears that Z's access has ended"),
            Act::RemoveZ(who, _) => format!("{who:?} removes Z"),
            Act::RemoveD(who, _) => format!("{who:?} removes D"),
            Act::ShareD(who, _) => format!("{who:?} adds D"),
            Act::Delete(who, _) => format!("{who:?} deletes"),
            Act::Backup => "backup".to_owned(),
            Act::Restore => "restore".to_owned(),
            Act::Sync(who, NONE, _) => format!("{who:?} syncs"),
            Act::Sync(who, id, _) => format!("{who:?} is shown {}", table.describe(id)),
            Act::Accept(who, NONE, choice, _) => format!("{who:?} accepts ({choice:?})"),
            Act::Accept(who, id, choice, _) => {
                format!("{who:?} accepts {} ({choice:?})", table.describe(id))
            }
            Act::ZSigns(list, prev, also) => {
                format!("Z signs by list of #{list} over #{prev}, also #{also}")
            }
            Act::CSigns(also) => format!("C signs over the held version, also #{also}"),
        };
        text + answered
    }
}

/// The machine that does acts: the rules with their table of bodies.
pub(crate) struct Model {
    /// All bodies.
    pub(crate) table: Table,
    /// The bounds.
    pub(crate) setting: Setting,
    /// The rule that is broken on purpose.
    pub(crate) bug: Option<Bug>,
}

impl Model {
    /// Returns a model of these bounds.
    pub(crate) fn new(setting: Setting, bug: Option<Bug>) -> Model {
        Model { table: Table::new(bug), setting, bug }
    }

    /// Does an act and checks the invariants.
    pub(crate) fn perform(&mut self, world: &World, act: Act) -> (World, Option<Fault>) {
        let mut step = Step {
            table: &mut self.table,
            bug: self.bug,
            setting: &self.setting,
            world: world.clone(),
            answer: act.answer(),
            fault: None,
        };
        step.perform(act);
        let (world, fault) = (step.world, step.fault);
        let fault = fault.or_else(|| check(&self.table, &world));
        (world, fault)
    }
}

impl Step<'_> {
    /// Does an act.
    fn perform(&mut self, act: Act) {
        match act {
            Act::Edit(who, _) => self.edit(who),
            Act::Noise(_) => {
                self.world.by_c += 1;
                self.noise();
            }
            Act::ZEdits => self.z_edits(),
            Act::ZLeaves => self.world.left = true,
            Act::Tell(who) => self.world.device_mut(who).told = true,
            Act::RemoveZ(who, _) => {
                let grants = self.table.access(self.world.device(who).held).grants & !GRANT_Z;
                self.rekey(who, grants);
            }
            Act::RemoveD(who, _) => {
                self.rekey(who, self.with_d(who, false));
            }
            Act::ShareD(who, _) => {
                self.rekey(who, self.with_d(who, true));
            }
            Act::Delete(who, _) => self.delete(who),
            Act::Backup => {
                self.world.backup = self.world.newest;
                self.world.backup_left = self.world.left;
            }
            Act::Restore => {
                self.world.newest = self.world.backup;
                self.world.left = self.world.backup_left;
            }
            Act::Sync(who, id, _) => self.sync(who, self.shown(id)),
            Act::Accept(who, id, choice, _) => self.accept(who, self.shown(id), choice),
            Act::ZSigns(list, prev, also) => self.z_signs(list, prev, also),
            Act::CSigns(also) => {
                self.world.by_c += 1;
                let held = self.world.device(Author::C).held;
                self.sign(Author::C, held, held, also, self.table.shown(held));
            }
        }
    }

    /// Returns the version that an act names.
    fn shown(&self, id: Id) -> Id {
        if id == NONE { self.world.newest } else { id }
    }

    /// Z edits as a member, over the server's newest.
    fn z_edits(&mut self) {
        let newest = self.world.newest;
        let edit = Author::Z.edit(self.world.by_z);
        self.world.by_z += 1;
        let before = *self.table.get(newest);
        let content = self.table.shown(newest) | edit;
        let edited = Body {
            number: before.number + 1,
            author: Author::Z,
            prev: newest,
            also: NONE,
            content,
            readable: true,
            ..before
        };
        self.world.newest = self.table.body(edited);
    }

    /// Z signs a body with a content of its own.
    fn z_signs(&mut self, list: Id, prev: Id, also: Id) {
        let edit = Author::Z.edit(self.world.by_z);
        self.world.by_z += 1;
        self.sign(Author::Z, list, prev, also, edit);
    }

    /// Signs a body for a lying server, one above both parents.
    fn sign(&mut self, author: Author, list: Id, prev: Id, also: Id, content: Content) {
        let number = |id: Id| if id == NONE { 0 } else { self.table.get(id).number };
        let signed = Body {
            number: 1 + number(prev).max(number(also)),
            list: self.table.get(list).list,
            author,
            prev,
            also,
            deleted: false,
            content,
            readable: true,
        };
        let id = self.table.body(signed);
        self.publish(id);
    }
}
