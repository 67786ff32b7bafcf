//! The beginning of every history: everybody accepted the owner, and nobody or everybody may edit the item. Accounts are made
//! once in a process and devices once in a thread: keys cost more than all else here.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::OnceLock;

use mysafe_protocol::bodies::Permission;
use mysafe_protocol::{ItemId, UserId};

use super::acts::Cast;
use super::calls;
use crate::crypto::{AccountKey, Identity, SystemRandom};
use crate::sync::tests::device::{ADDRESS, Device, sealed_record};
use crate::sync::tests::line::Line;
use crate::sync::tests::now;
use crate::sync::tests::server::{Data, Server};
use crate::vault::{Share, Store};

/// The owner's address, and those of the others.
const ADDRESSES: [&str; 4] = [ADDRESS, "bea@example.com", "cho@example.com", "dan@example.com"];

type Values = BTreeMap<(Store, String), Vec<u8>>;

pub(super) struct Beginning {
    pub(super) data: Data,
    disks: Vec<Values>,
    pub(super) item: ItemId,
    pub(super) owner: UserId,
    pub(super) sign_pk: [u8; 32],
}

/// The beginning for so many people. Everybody knows only these: what a device keeps is opened often.
pub(super) fn beginning(cast: Cast) -> &'static Beginning {
    static BEGINNINGS: [[OnceLock<Beginning>; 2]; ADDRESSES.len() + 1] =
        [const { [const { OnceLock::new() }; 2] }; ADDRESSES.len() + 1];
    let beginning = &BEGINNINGS[cast.people][usize::from(cast.given)];
    beginning.get_or_init(|| Beginning::new(cast))
}

fn accounts() -> &'static [String] {
    static SESSIONS: OnceLock<Vec<String>> = OnceLock::new();
    SESSIONS.get_or_init(|| {
        let session = |_| AccountKey::generate(&mut SystemRandom).to_session().to_string();
        (0..ADDRESSES.len()).map(session).collect()
    })
}

/// The account of a person; the owner is the first.
pub(super) fn account(person: usize) -> AccountKey {
    AccountKey::from_session(&accounts()[person]).expect("made here")
}

thread_local! {
    /// Devices with whose they are, to be used again.
    static DEVICES: RefCell<Vec<(usize, Device)>> = const { RefCell::new(Vec::new()) };
    static IDENTITIES: Vec<Rc<Identity>> = (0..ADDRESSES.len())
        .map(|person| Rc::new(Identity::of(&account(person), ADDRESSES[person])))
        .collect();
}

/// The identity of a person; the owner is the first.
pub(super) fn identity(person: usize) -> Rc<Identity> {
    IDENTITIES.with(|all| Rc::clone(&all[person]))
}

/// Gives a device back.
pub(super) fn give_back(person: usize, device: Device) {
    DEVICES.with_borrow_mut(|devices| devices.push((person, device)));
}

impl Beginning {
    fn new(cast: Cast) -> Self {
        let owner = identity(0);
        let record = sealed_record(&account(0), 1);
        let server = Rc::new(Server::new(owner.user(), *owner.sign_pk(), record));
        let mut ana = Device::new(&account(0), &server);
        server.data.borrow_mut().people.insert(server.owner, owner.signed_bundle());
        let item = ana.add_named("CRM");
        ana.sync_well();
        let mut devices = vec![ana];
        for (person, address) in ADDRESSES.iter().enumerate().take(cast.people).skip(1) {
            let mut device = Device::of(&account(person), address, &server);
            let (user, owner) = (device.line.user, server.owner);
            devices[0].with(|sync| now(sync.pin(&user, address))).unwrap().unwrap();
            device.sync_well();
            device.with(|sync| now(sync.pin(&owner, ADDRESS))).unwrap().unwrap();
            devices.push(device);
        }
        let with: Vec<Share> = (1..cast.people)
            .map(|person| calls::share(identity(person).user(), Permission::Edit, None))
            .collect();
        if cast.given {
            calls::change_access(&mut devices[0], &item, &with, &[]).unwrap();
        }
        for device in &mut devices {
            device.sync_well();
        }
        Self {
            disks: devices.iter().map(|one| one.disk.values.borrow().clone()).collect(),
            data: server.backup(),
            owner: server.owner,
            sign_pk: server.sign_pk,
            item,
        }
    }

    /// A device of a person, with empty stores.
    pub(super) fn new_device(person: usize, server: &Rc<Server>) -> Device {
        match person {
            0 => Device::new(&account(0), server),
            _ => Device::of(&account(person), ADDRESSES[person], server),
        }
    }

    /// A device of a person, as it is in the beginning.
    pub(super) fn device(&self, person: usize, server: &Rc<Server>) -> Device {
        let used = DEVICES.with_borrow_mut(|devices| {
            let at = devices.iter().position(|(of, _)| *of == person)?;
            Some(devices.swap_remove(at).1)
        });
        let mut device = used.unwrap_or_else(|| Self::new_device(person, server));
        device.line = Rc::new(Line::of(server, device.line.user));
        device.disk.values.borrow_mut().clone_from(&self.disks[person]);
        device.disk.progress.borrow_mut().clear();
        calls::reload(&mut device);
        device
    }
}
