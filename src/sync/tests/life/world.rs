//! One item, its owner and others with their devices, and a server with one honest view and some that lie.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use mysafe_protocol::ItemId;
use mysafe_protocol::bytes::Hash;

use super::acts::Cast;
use super::beginning::{Beginning, account, beginning, identity};
use super::calls;
use super::ledger::Ledger;
use crate::crypto::Identity;
use crate::sync::tests::device::Device;
use crate::sync::tests::keyring::Keyring;
use crate::sync::tests::server::{Data, Server};
use crate::vault::{Store, keys};

/// The views of the server: an honest one, and those of a lying server.
const VIEWS: usize = 3;

/// One device.
pub(super) struct Seat {
    /// Given back when the world ends.
    device: Option<Device>,
    /// The person who sits there; the owner is the first.
    pub(super) person: usize,
    /// The view that the server shows it.
    pub(super) view: usize,
    /// Every version that it ever held.
    pub(super) heads: BTreeSet<Hash>,
    /// The held state, as it is stored.
    stored: Option<Vec<u8>>,
}

impl Seat {
    pub(super) fn device(&self) -> &Device {
        self.device.as_ref().expect("the world has not ended")
    }

    pub(super) fn device_mut(&mut self) -> &mut Device {
        self.device.as_mut().expect("the world has not ended")
    }
}

pub(super) struct World {
    pub(super) server: Rc<Server>,
    pub(super) item: ItemId,
    pub(super) seats: Vec<Seat>,
    /// Everybody but the owner.
    pub(super) others: Vec<Rc<Identity>>,
    pub(super) ledger: Ledger,
    /// The views that the server does not show now.
    views: Vec<Option<Data>>,
    shown: usize,
    pub(super) backup: Data,
    /// Unix seconds, on every clock.
    pub(super) time: u64,
    pub(super) step: usize,
    /// Some act gave a version back, which takes tags away.
    pub(super) takes_tags: bool,
    /// Devices whose users left while a lying server listened, which did not pass it on.
    pub(super) left: BTreeSet<usize>,
}

impl World {
    pub(super) fn new(cast: Cast) -> Self {
        let beginning = beginning(cast);
        let Beginning { item, owner, sign_pk, .. } = *beginning;
        let data = RefCell::new(beginning.data.clone());
        let server = Rc::new(Server { sign_pk, owner, data });
        let persons = [0, 0].into_iter().chain(1..cast.people).chain(cast.second.then_some(1));
        let seat = |person: usize| {
            let device = Some(beginning.device(person, &server));
            Seat { device, person, view: 0, heads: BTreeSet::new(), stored: None }
        };
        let seats: Vec<Seat> = persons.map(seat).collect();
        let mut ledger = Ledger::new(item, &identity(0), account(0));
        ledger.keyrings = (1..cast.people).map(|person| Keyring::new(identity(person))).collect();
        let first = ledger.collect(&server.data.borrow());
        for keyring in 0..ledger.keyrings.len() {
            let user = ledger.keyrings[keyring].user();
            let given = first.iter().filter(|hash| ledger.permission(hash, &user).is_some());
            let given: Vec<_> = given.map(|hash| (*hash, user)).collect();
            ledger.shared.extend(given);
        }
        let mut world = Self {
            others: (1..cast.people).map(identity).collect(),
            backup: server.backup(),
            views: (0..VIEWS).map(|_| None).collect(),
            shown: 0,
            time: 10_000,
            step: 0,
            takes_tags: false,
            left: BTreeSet::new(),
            server,
            item,
            seats,
            ledger,
        };
        world.set_clocks();
        world.remember_heads();
        world
    }

    /// The device of this seat is another one, which has nothing.
    pub(super) fn install(&mut self, seat: usize) {
        let person = self.seats[seat].person;
        self.seats[seat].device = Some(Beginning::new_device(person, &self.server));
        self.seats[seat].heads.clear();
        self.set_clocks();
    }

    pub(super) fn other(&self, number: usize) -> &Identity {
        &self.others[number % self.others.len()]
    }

    /// The server shows this view.
    pub(super) fn show_view(&mut self, view: usize) {
        if view != self.shown {
            let next = self.views[view].take().unwrap_or_else(|| self.server.backup());
            self.views[self.shown] = Some(self.server.data.replace(next));
            self.shown = view;
        }
        self.server.data.borrow_mut().time = self.time;
    }

    /// The server shows the device of this seat a view of its own, which begins as the view before.
    pub(super) fn split(&mut self, seat: usize) {
        self.show_view(self.seats[seat].view);
        let view = 1 + seat % (VIEWS - 1);
        if self.seats[seat].view != view {
            self.seats[seat].view = view;
            self.show_view(view);
        }
    }

    pub(super) fn set_clocks(&mut self) {
        for seat in &mut self.seats {
            calls::set_clock(seat.device_mut(), self.time);
        }
        self.server.data.borrow_mut().time = self.time;
    }

    /// Notes what each device holds. Returns the versions that are new there, with device and list.
    pub(super) fn remember_heads(&mut self) -> Vec<(usize, Hash, Option<Hash>)> {
        let (key, mut new) = (keys::item(&self.item), Vec::new());
        for (number, seat) in self.seats.iter_mut().enumerate() {
            let stored = seat.device().value(Store::State, &key);
            if stored == seat.stored {
                continue;
            }
            seat.stored = stored;
            if let Some(held) = seat.device().held(&self.item) {
                seat.heads.insert(held.hash);
                new.push((number, held.hash, held.list));
            }
        }
        new
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // A device whose act panicked may hold a lock.
        if std::thread::panicking() {
            return;
        }
        for seat in &mut self.seats {
            if let Some(device) = seat.device.take() {
                super::beginning::give_back(seat.person, device);
            }
        }
    }
}
