//! A server that was restored from a backup: with a new epoch all that any device holds comes back,
//! once; without one it is refused.

use std::rc::Rc;

use mysafe_protocol::ItemId;

use super::device::{Device, account};
use super::line::Break;
use super::server::Server;
use crate::sync::{BOTH_CHANGED, Notice, RESTORED};
use crate::vault::{Store, keys};

/// Three devices of one account: the first wrote names "a" to "d" of an item. The second stopped
/// at "c", the third at "b"; so did the backup.
pub(super) struct Story {
    pub(super) server: Rc<Server>,
    devices: [Option<Device>; 3],
    pub(super) item: ItemId,
    backup: super::server::Data,
}

impl Story {
    fn new() -> Self {
        let (account, server) = account();
        let [mut one, mut two, mut three] = [(); 3].map(|()| Device::new(&account, &server));
        let item = one.add_named("a");
        one.sync_well();
        one.rename(&item, "b");
        one.sync_well();
        three.sync_well();
        let backup = server.backup();
        one.rename(&item, "c");
        one.sync_well();
        two.sync_well();
        one.rename(&item, "d");
        one.sync_well();
        Self { server, devices: [Some(one), Some(two), Some(three)], item, backup }
    }

    pub(super) fn restored() -> Self {
        let story = Self::new();
        story.server.restore(&story.backup, true);
        story
    }

    pub(super) fn device(&mut self, which: usize) -> &mut Device {
        self.devices[which].as_mut().unwrap()
    }

    /// A sync that tells nothing worse than that the server was restored.
    pub(super) fn sync(&mut self, which: usize) {
        sync(self.device(which));
    }

    fn assert_settled(&mut self, name: &str) {
        for which in [0, 1, 2, 0, 1, 2] {
            self.sync(which);
        }
        let item = self.item;
        for device in self.devices.iter().flatten() {
            device.assert_settled();
            assert_eq!(device.name(&item), name);
        }
    }
}

pub(super) fn sync(device: &mut Device) {
    let outcome = device.sync().unwrap();
    let worse = |notice: &&Notice| ![RESTORED, BOTH_CHANGED].contains(&&*notice.code);
    assert_eq!(outcome.notices.iter().filter(worse).collect::<Vec<_>>(), Vec::<&Notice>::new());
}

#[test]
fn all_that_any_device_holds_comes_back_in_any_order() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for order in orders {
        let mut story = Story::restored();
        for which in order {
            story.sync(which);
        }
        story.assert_settled("d");
        // As it was signed: no edit is doubled, none is missing.
        assert_eq!(story.server.revisions(&story.item), [1, 2, 3, 4], "{order:?}");
    }
}

#[test]
fn it_is_told_once_and_only_to_who_has_more() {
    let mut story = Story::restored();
    story.sync(2);
    assert_eq!(story.device(2).notices(), []);
    for _ in 0..3 {
        story.sync(0);
    }
    assert_eq!(story.device(0).notices(), [Notice::general(RESTORED)]);
}

#[test]
fn an_item_that_is_not_in_the_backup_comes_back_with_its_use() {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    one.add_named("old");
    one.sync_well();
    let backup = server.backup();
    let item = one.add_named("new");
    one.used(&item, 7);
    one.sync_well();
    one.rename(&item, "newer");
    one.sync_well();
    let mut two = Device::new(&account, &server);
    two.sync_well();
    server.restore(&backup, true);
    // The second knows its newest revision only; the first has the beginning.
    sync(&mut two);
    sync(&mut one);
    sync(&mut two);
    for device in [&one, &two] {
        device.assert_settled();
        assert_eq!(device.name(&item), "newer");
        assert_eq!(device.entry(&item).last_use, 7);
    }
    let mut three = Device::new(&account, &server);
    three.sync_well();
    assert_eq!((three.name(&item), three.entry(&item).last_use), ("newer", 7));
}

#[test]
fn what_waits_goes_over_what_came_back() {
    for order in [[0, 2], [2, 0]] {
        let mut story = Story::new();
        let item = story.item;
        story.device(0).edit(&item, |form| form.notes = "of one".into());
        story.device(2).edit(&item, |form| form.client_id = "of three".into());
        story.server.restore(&story.backup, true);
        for which in order.into_iter().chain(order) {
            story.sync(which);
        }
        for which in order {
            story.device(which).assert_settled();
            let form = story.device(which).form(&item);
            let fields = [&*form.name, &*form.notes, &*form.client_id];
            assert_eq!(fields, ["d", "of one", "of three"], "{order:?}");
        }
    }
}

#[test]
fn what_somebody_wrote_on_the_restored_server_is_merged() {
    let mut story = Story::restored();
    let item = story.item;
    story.device(2).edit(&item, |form| form.notes = "of three".into());
    story.sync(2);
    // The number is behind the one held by the first.
    story.sync(0);
    story.sync(2);
    for which in [0, 2] {
        let form = story.device(which).form(&item);
        assert_eq!((&*form.name, &*form.notes), ("d", "of three"));
        story.device(which).assert_settled();
    }
    assert_eq!(story.server.revisions(&item), [1, 2, 3, 4, 5], "over the held one");
    assert!(story.device(0).notices().iter().all(|notice| notice.code != BOTH_CHANGED));
    // The second held a revision of the same number as the third's: the way leads back to it.
    story.device(1).sync().unwrap();
    story.device(1).assert_settled();
}

#[test]
fn a_field_that_both_changed_is_told() {
    let mut story = Story::restored();
    let item = story.item;
    story.device(2).rename(&item, "e");
    story.sync(2);
    story.sync(0);
    assert_eq!(story.device(0).name(&item), "d");
    let told = Notice::of(BOTH_CHANGED, item);
    assert!(story.device(0).notices().contains(&told));
    let names = story.server.versions().into_iter().filter(|state| state.item == item);
    assert_eq!(names.count(), 4, "the other value is in the history");
}

#[test]
fn a_device_without_the_bodies_between_writes_above() {
    let mut story = Story::restored();
    let item = story.item;
    story.device(0).disk.values.borrow_mut().remove(&(Store::State, keys::bodies(&item)));
    story.sync(0);
    story.sync(2);
    for which in [0, 2] {
        assert_eq!(story.device(which).name(&item), "d");
        story.device(which).assert_settled();
    }
    assert_eq!(story.server.revisions(&item), [4, 5], "the third body is nowhere");
}

#[test]
fn a_server_that_went_back_without_a_word_gets_again_what_it_lost() {
    let mut story = Story::new();
    let item = story.item;
    let new = story.device(0).add_named("new");
    story.device(0).sync_well();
    story.server.restore(&story.backup, false);
    story.device(0).rename(&item, "e");
    story.device(0).sync().unwrap();
    assert_eq!(story.device(0).notices(), [Notice::general(RESTORED)]);
    for item in [item, new] {
        assert_eq!(story.device(0).entry(&item).trouble, None);
    }
    // Other devices may stand behind what came again: a new epoch makes them read all.
    story.server.data.borrow_mut().epoch = mysafe_protocol::ServerEpoch([9; 16]);
    story.assert_settled("e");
    assert_eq!(story.server.revisions(&item), [1, 2, 3, 4, 5]);
}

#[test]
fn an_identifier_that_another_item_has_on_the_backup_stops_nothing() {
    let (account, server) = account();
    let mut one = Device::new(&account, &server);
    let named = |device: &mut Device, item: &ItemId, identifier: &str| {
        device.edit(item, |form| form.identifier = identifier.into());
        device.sync_well();
    };
    let items = ["one", "two"].map(|name| one.add_named(name));
    one.sync_well();
    named(&mut one, &items[0], "A");
    named(&mut one, &items[1], "B");
    let backup = server.backup();
    named(&mut one, &items[0], "C");
    named(&mut one, &items[1], "A");
    named(&mut one, &items[0], "B");
    server.restore(&backup, true);
    sync(&mut one);
    one.assert_settled();
    assert_eq!(items.map(|item| one.form(&item).identifier), ["B", "A"]);
}

#[test]
fn ended_at_any_request_or_transaction_it_goes_on() {
    let mut ends = 0;
    for at in 0..14 {
        for how in [Some(Break::Before), Some(Break::After), None] {
            let mut story = Story::new();
            let item = story.item;
            story.device(0).add_named("new");
            story.device(0).sync_well();
            story.device(0).edit(&item, |form| form.notes = "waits".into());
            story.server.data.borrow_mut().page = 1;
            story.backup.page = 1;
            story.server.restore(&story.backup, true);
            let device = story.device(0);
            match how {
                Some(how) => device.line.breaks.set(Some((at, how))),
                None => device.disk.refuses.set(Some(at)),
            }
            ends += usize::from(device.sync().is_err());
            device.line.breaks.set(None);
            let device = story.devices[0].take().unwrap();
            story.devices[0] = Some(device.restarted());
            story.assert_settled("d");
            assert_eq!(story.device(1).form(&item).notes, "waits");
            assert_eq!(story.server.revisions(&item), [1, 2, 3, 4, 5], "{at} {how:?}");
        }
    }
    assert!(ends > 20, "{ends}");
}
