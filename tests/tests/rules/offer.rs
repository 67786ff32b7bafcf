//! The acts that there are in a state. An act that changes nothing leads to the same state again.

use crate::act::{Act, Model};
use crate::beside::{Choice, bodies_beside};
use crate::body::{Author, GRANT_D, GRANT_Z, Id, NONE};
use crate::device::{Verdict, judge, stands_alone};
use crate::world::{Answer, DEVICES, World};

impl Model {
    /// Returns every act that can change this state.
    pub(crate) fn acts(&self, world: &World) -> Vec<Act> {
        let mut acts = Vec::new();
        let answers: &[Answer] =
            if self.setting.lying { &[Answer::Taken, Answer::Refused] } else { &[Answer::Taken] };
        for who in DEVICES.into_iter().take(self.setting.devices) {
            for answer in answers {
                self.acts_of_user(world, who, *answer, &mut acts);
            }
            self.acts_of_reading(world, who, answers, &mut acts);
        }
        if self.setting.lying {
            self.acts_of_liar(world, &mut acts);
        } else {
            self.acts_of_server(world, &mut acts);
        }
        acts
    }

    /// Adds the edits, and what the owner does about access.
    fn acts_of_user(&self, world: &World, who: Author, answer: Answer, acts: &mut Vec<Act>) {
        let device = world.device(who);
        let (table, held) = (&self.table, device.held);
        if table.get(held).deleted || who == Author::D {
            return;
        }
        if device.made < self.setting.edits && device.pending == 0 {
            acts.push(Act::Edit(who, answer));
        }
        if who == Author::C {
            if world.by_c < self.setting.noise && !device.read_only() {
                acts.push(Act::Noise(answer));
            }
            return;
        }
        let list = table.access(held);
        if list.grants & GRANT_Z != 0 {
            acts.push(Act::RemoveZ(who, answer));
        }
        if list.grants & GRANT_D != 0 {
            acts.push(Act::RemoveD(who, answer));
        } else if list.sharing == 0 {
            acts.push(Act::ShareD(who, answer));
        }
        if answer == Answer::Taken && !device.stale(table, held) {
            acts.push(Act::Delete(who, answer));
        }
    }

    /// Adds the syncs, and the user's acceptance where it is offered.
    fn acts_of_reading(&self, world: &World, who: Author, answers: &[Answer], acts: &mut Vec<Act>) {
        let held = world.device(who).held;
        let shown: &[Id] =
            if self.setting.lying { &world.bodies } else { std::slice::from_ref(&world.newest) };
        for id in shown {
            for answer in answers {
                acts.push(Act::Sync(who, self.named(*id), *answer));
            }
            let verdict = judge(&self.table, self.bug, who, held, *id);
            let offered = matches!(verdict, Verdict::Forked | Verdict::WentBack);
            let hidden = self.setting.every_way && bodies_beside(&self.table, held, *id).is_none();
            if !offered || hidden || !stands_alone(&self.table, *id) {
                continue;
            }
            if !who.owns() {
                acts.push(Act::Accept(who, self.named(*id), Choice::Theirs, Answer::Taken));
            } else if world.device(who).united >= self.setting.cap {
                for choice in [Choice::Mine, Choice::Theirs] {
                    acts.push(Act::Accept(who, self.named(*id), choice, Answer::Taken));
                }
            }
        }
    }

    /// Returns the name of a version in an act: an honest server shows its newest only.
    fn named(&self, id: Id) -> Id {
        if self.setting.lying { id } else { NONE }
    }

    /// Adds Z's honest acts, backup and restore.
    fn acts_of_server(&self, world: &World, acts: &mut Vec<Act>) {
        let member = self.table.names(world.newest, Author::Z) && !world.left;
        let deleted = self.table.get(world.newest).deleted;
        if member && !deleted && world.by_z < self.setting.by_z {
            acts.push(Act::ZEdits);
        }
        if member {
            acts.push(Act::ZLeaves);
        }
        if world.backup != world.newest {
            acts.push(Act::Backup);
            if world.backup != NONE {
                acts.push(Act::Restore);
            }
        }
    }

    /// Adds what a lying server has signed for it.
    fn acts_of_liar(&self, world: &World, acts: &mut Vec<Act>) {
        for who in [Author::A, Author::B] {
            let device = world.device(who);
            if !device.told && self.table.names(device.held, Author::Z) {
                acts.push(Act::Tell(who));
            }
        }
        if world.by_z < self.setting.by_z {
            self.acts_of_z(world, acts);
        }
        if world.by_c < self.setting.by_c {
            let held = world.device(Author::C).held;
            let beside = world.bodies.iter().filter(|id| !self.table.leads(held, **id));
            acts.extend(beside.map(|id| Act::CSigns(*id)));
        }
    }

    /// Adds each body that Z can sign: a list that names Z, one parent of it, any other parent.
    fn acts_of_z(&self, world: &World, acts: &mut Vec<Act>) {
        let mut lists: Vec<Id> = Vec::new();
        for id in &world.bodies {
            let list = self.table.get(*id).list;
            let known = lists.iter().any(|other| self.table.get(*other).list == list);
            if !known && self.table.names(*id, Author::Z) {
                lists.push(*id);
            }
        }
        for list in lists {
            let inside =
                |id: Id| id != NONE && self.table.get(id).list == self.table.get(list).list;
            for prev in &world.bodies {
                for also in std::iter::once(&NONE).chain(&world.bodies) {
                    if prev != also && (inside(*prev) || inside(*also)) {
                        acts.push(Act::ZSigns(list, *prev, *also));
                    }
                }
            }
        }
    }
}
