//! The sequences that once broke the rules, turned round: each ends well.
//!
//! Not expressible here: withheld parts and bodies, quotas, clocks, groups, the account record.

use crate::act::{Act, Model};
use crate::beside::Choice;
use crate::body::Author::{self, A, B, C, Z};
use crate::body::{GRANT_C, GRANT_D, Id, NONE};
use crate::bug::Bug;
use crate::invariants::Fault;
use crate::world::Answer::{Refused, Taken};
use crate::world::{Setting, World};
use crate::{HELPED, HONEST, ONE_WAY};

/// A sequence while it is told.
pub(crate) struct Story {
    pub(crate) model: Model,
    pub(crate) world: World,
    fault: Option<Fault>,
}

impl Story {
    /// Begins with everybody at (2,1).
    pub(crate) fn new(setting: Setting, bug: Option<Bug>) -> Story {
        Story { model: Model::new(setting, bug), world: World::new(&setting), fault: None }
    }

    /// Does an act.
    pub(crate) fn then(mut self, act: Act) -> Story {
        let (world, fault) = self.model.perform(&self.world, act);
        self.world = world;
        self.fault = self.fault.or(fault);
        self
    }

    /// An honest server: backup, one act, restore.
    fn lost(self, act: Act) -> Story {
        self.then(Act::Backup).then(act).then(Act::Restore)
    }

    /// A device syncs with an honest server.
    fn syncs(self, who: Author) -> Story {
        self.then(Act::Sync(who, NONE, Taken))
    }

    /// A lying server shows a device the body with these numbers by this author.
    pub(crate) fn shown(self, who: Author, body: (u8, u8, Author)) -> Story {
        let id = self.body(body);
        self.then(Act::Sync(who, id, Taken))
    }

    /// Returns the body with these numbers by this author.
    pub(crate) fn body(&self, (epoch, number, author): (u8, u8, Author)) -> Id {
        let table = &self.model.table;
        let fits = |id: &&Id| {
            let body = table.get(**id);
            (table.epoch(**id), body.number, body.author) == (epoch, number, author)
        };
        *self.world.bodies.iter().find(fits).expect("a body with these numbers")
    }

    /// Returns epoch, number and grants of the version that a device holds.
    fn held(&self, who: Author) -> (u8, u8, u8) {
        let (table, held) = (&self.model.table, self.world.device(who).held);
        (table.epoch(held), table.get(held).number, table.access(held).grants)
    }

    /// Returns true if a device shows this author's first edit.
    fn shows(&self, who: Author, edit_of: Author) -> bool {
        self.model.table.shown(self.world.device(who).held) & edit_of.edit(0) != 0
    }

    /// Returns true if local history has a line of this author's first edit.
    fn has_line(&self, who: Author, edit_of: Author) -> bool {
        self.world.device(who).lines & edit_of.edit(0) != 0
    }

    /// Asserts that no invariant broke and, with an honest server, that all come together.
    fn ends_well(mut self) -> Story {
        assert_eq!(self.fault, None);
        if !self.model.setting.lying {
            assert_eq!(self.model.settle(&self.world), None);
        }
        self
    }
}

fn honest() -> Story {
    Story::new(HONEST, None)
}

fn helped() -> Story {
    Story::new(HELPED, None)
}

#[test]
fn sequence_1_a_healing_rekey_brings_nobody_back() {
    let story = honest().lost(Act::RemoveZ(A, Taken)).then(Act::RemoveD(B, Taken)).syncs(A);
    assert_eq!(story.held(A), (4, 3, GRANT_C));
    story.ends_well();
}

#[test]
fn sequence_2_an_honest_restore_leaves_nobody_forked() {
    let story = honest().then(Act::Backup).then(Act::Edit(A, Taken)).syncs(C);
    let story = story.then(Act::Restore).then(Act::RemoveD(B, Taken));
    let story = story.syncs(A).syncs(B).syncs(C);
    assert_eq!(story.held(C), story.held(A));
    assert!(story.shows(B, A), "the lost edit is merged");
    story.ends_well();
}

#[test]
fn sequence_2_an_editor_whose_lost_write_nobody_saw_waits_for_accept() {
    let story = honest().lost(Act::Edit(C, Taken)).then(Act::RemoveD(B, Taken)).syncs(C);
    assert_eq!(story.held(C).0, 2, "forked");
    let story = story.then(Act::Accept(C, NONE, Choice::Theirs, Taken));
    assert_eq!(story.held(C).0, 3);
    assert!(story.has_line(C, C), "the lost write is a line in local history");
    assert!(story.world.device(C).read_only());
    story.ends_well();
}

#[test]
fn sequence_3_a_confirmed_edit_survives_the_healing_rekey() {
    let story = honest().lost(Act::RemoveZ(A, Taken)).then(Act::Edit(B, Taken)).syncs(A);
    assert!(story.shows(A, B));
    story.ends_well();
}

#[test]
fn sequence_4_the_owner_heals_over_an_edit_of_somebody_removed() {
    let story = honest().lost(Act::RemoveZ(A, Taken)).then(Act::ZEdits);
    let story = story.syncs(C).then(Act::Edit(C, Taken)).syncs(A);
    assert_eq!(story.held(A), (4, 4, GRANT_C | GRANT_D));
    assert!(!story.shows(A, Z) && story.has_line(A, Z) && story.has_line(A, C));
    story.ends_well();
}

#[test]
fn sequence_5_a_replay_does_not_let_an_editor_write() {
    let story = helped().then(Act::RemoveD(A, Taken)).then(Act::RemoveZ(A, Taken));
    let story = story.shown(C, (4, 3, A));
    let old = story.body((2, 1, A));
    let story = story.then(Act::Accept(C, old, Choice::Theirs, Taken)).shown(C, (3, 2, A));
    assert_eq!(story.held(C).0, 3);
    assert!(story.world.device(C).read_only());
    let story = story.then(Act::Edit(C, Taken));
    assert_eq!(story.held(C), (3, 2, GRANT_C | crate::body::GRANT_Z), "nothing was written");
    story.ends_well();
}

#[test]
fn sequence_7_noise_hides_no_good_edit() {
    let story = honest().then(Act::Edit(C, Taken)).then(Act::Noise(Taken)).syncs(A);
    let story = story.then(Act::Edit(A, Taken));
    assert_eq!(story.held(A).1, 4);
    assert!(story.shows(A, C) && story.shows(A, A));
    story.ends_well();
}

#[test]
fn sequence_8_history_goes_back_over_the_held_branch() {
    let story = honest().lost(Act::RemoveZ(A, Taken)).then(Act::ZEdits).syncs(A);
    let united = *story.model.table.get(story.world.device(A).held);
    assert_eq!(story.model.table.epoch(united.prev), 3, "prev is the held version");
    assert_eq!(story.model.table.get(united.also).author, Z);
    story.ends_well();
}

#[test]
fn sequence_9_a_late_edit_is_taken_and_rekeyed_in_the_same_sync() {
    let story = honest().then(Act::ZEdits).then(Act::ZLeaves).syncs(A);
    assert_eq!(story.held(A), (3, 3, GRANT_C | GRANT_D));
    assert!(story.shows(A, Z));
    story.ends_well();
}

#[test]
fn sequence_12_a_held_deletion_stays() {
    let story = honest().lost(Act::Delete(A, Taken)).then(Act::Edit(B, Taken)).syncs(A);
    assert_eq!(story.held(A), (3, 3, 0));
    assert!(story.model.table.get(story.world.device(A).held).deleted);
    assert!(story.has_line(A, B));
    story.ends_well();
}

#[test]
fn sequence_13_an_editor_bridges_no_branches() {
    let story = Story::new(ONE_WAY, None).then(Act::Edit(A, Taken));
    let story = story.then(Act::RemoveD(B, Taken));
    let bridge = story.body((3, 2, B));
    let story = story.then(Act::CSigns(bridge)).shown(B, (2, 3, C));
    assert_eq!(story.held(B), (3, 2, GRANT_C | crate::body::GRANT_Z));
    story.ends_well();
}

#[test]
fn sequence_14_a_device_that_missed_the_removal_writes_on_the_restored_server() {
    let story = honest().lost(Act::RemoveZ(A, Taken)).then(Act::Edit(B, Taken));
    assert_eq!(story.held(B).0, 2, "the one documented exception");
    story.ends_well();
}

/// Returns sequence 36 up to A's acceptance of the body that C signed.
pub(crate) fn poisoned(bug: Option<Bug>) -> Story {
    let story = Story::new(ONE_WAY, bug).then(Act::Edit(A, Taken)).then(Act::RemoveD(B, Taken));
    let story = story.then(Act::Edit(B, Taken)).shown(C, (2, 2, A));
    let poison = story.body((3, 2, B));
    story.then(Act::CSigns(poison)).shown(A, (2, 3, C))
}

#[test]
fn sequence_36_an_editors_also_adds_no_list_to_the_chain() {
    let story = poisoned(None).shown(A, (3, 3, B));
    assert_eq!(story.held(A).0, 4, "A re-keyed above both");
    assert_eq!(story.held(A).2 & GRANT_D, 0, "D stays out");
    let story = story.shown(B, (4, 4, A));
    assert_eq!(story.held(B), story.held(A));
    story.ends_well();
}

#[test]
fn sequence_37_the_owners_edit_waits_for_the_rekey() {
    let story = helped().then(Act::Tell(A)).then(Act::Edit(A, Taken));
    assert_eq!(story.held(A).1, 1, "the edit waits");
    let story = story.shown(A, (2, 1, A));
    assert_eq!(story.held(A), (3, 3, GRANT_C | GRANT_D));
    assert!(story.shows(A, A));
    story.ends_well();
}

#[test]
fn a_refused_write_that_reaches_others_loses_no_edit() {
    let story = helped().then(Act::Edit(A, Taken)).then(Act::Delete(B, Taken));
    let edited = story.body((2, 2, A));
    let story = story.then(Act::Sync(B, edited, Refused));
    let story = story.shown(A, (3, 3, B));
    assert!(story.has_line(B, A), "the line was stored before the write was sent");
    story.ends_well();
}

#[test]
fn an_editor_who_passes_over_an_edit_leaves_a_line_of_it() {
    let story = helped().then(Act::Edit(A, Taken));
    let newest = story.body((2, 2, A));
    let story = story.then(Act::CSigns(newest)).shown(A, (2, 3, C));
    assert!(
        !story.shows(A, A) && story.has_line(A, A),
        "prev passes the edit over, also leads to it"
    );
    story.ends_well();
}

#[test]
fn a_version_with_one_forbidden_way_back_is_refused_whole() {
    let story = helped().then(Act::RemoveZ(B, Taken));
    let (first, removal) = (story.body((2, 1, A)), story.body((3, 2, B)));
    let story = story.then(Act::ZSigns(first, first, removal)).shown(A, (2, 3, Z));
    assert_eq!(story.held(A).1, 1, "else B, shown A's version, could never write again");
    story.ends_well();
}
