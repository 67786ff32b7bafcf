//! Access given, taken, left and handed over while the server dies, at the same moments. Who has access, who
//! is on the list, the key, the envelopes and the content are all as before or all as after; the client
//! goes on by itself or by doing it again, and it is done once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use mysafe::crypto::SystemRandom;
use mysafe::protocol::bodies::{AccessList, Permission, Status};
use mysafe::protocol::wire::ChangesQuery;
use mysafe::protocol::{ItemId, Revision};
use mysafe::sync::{LeaveError, Remote as _};
use mysafe::vault::{Share, ShareError};
use mysafe_tests::client::{Connection, Device, Person, sign_up};
use mysafe_tests::memory::finish;

use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::{built_program, copy_folder};

use super::before::OLD as ANA;
use super::gate::{self, Death, Gate, Moment};

const BEA: Person = Person {
    name: "Bea Lima",
    address: "bea@example.com",
    password: "seven copper kites nap upwards",
};

/// What somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Share,
    Revoke,
    Leave,
    /// Bea makes an item of her own of it.
    Copy,
    /// Ana deletes hers, which is inactive.
    Delete,
}

/// What the server has.
#[derive(Clone, PartialEq, Eq, Debug)]
struct State {
    revision: (u64, u64, Status),
    /// Ana's list names Bea.
    listed: bool,
    /// Bea gets the item, with an envelope.
    reads: bool,
    /// Items that are Bea's own.
    own: usize,
}

/// Ana's and Bea's devices, whose server is off.
struct Before {
    folder: tempfile::TempDir,
    ana: Device,
    bea: Device,
    item: ItemId,
}

fn serve(data: &std::path::Path) -> ServerProcess {
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let settings = [("MYSAFE_LOG", "off"), ("MYSAFE_SIGNUPS", "open")];
    ServerProcess::start_at(data, address.expect("a free port"), &settings)
}

impl Before {
    fn make(act: Act) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let server = serve(&data);
        let at = server.address().to_string();
        let [mut ana, mut bea] = [&ANA, &BEA].map(|person| {
            sign_up(&mut Connection::open(&at).expect("it is there"), person).expect("signs up");
            let confirmed = Command::new(built_program("mysafe-server"))
                .args(["confirm", person.address])
                .env("MYSAFE_DATA", &data)
                .output();
            assert!(confirmed.expect("runs").status.success());
            let mut device = Device::new(&at, person);
            device.sync(&at);
            device
        });
        let item = ana.add("CRM");
        ana.sync(&at);
        let (user, owner) = (bea.vault.user(), ana.vault.user());
        ana.with(&at, |sync| finish(sync.pin(&user, BEA.address))).unwrap().unwrap();
        bea.with(&at, |sync| finish(sync.pin(&owner, ANA.address))).unwrap().unwrap();
        if act != Act::Share {
            share(&mut ana, &at, &item, &bea).expect("shared");
            bea.sync(&at);
        }
        match act {
            Act::Copy => {
                let local = bea.local(&item);
                let copy = bea.vault.copy(&item, &local, 1, &mut SystemRandom).expect("copied");
                bea.store(copy.puts);
            }
            Act::Delete => {
                let random = &mut SystemRandom;
                let local = ana.local(&item);
                let off = ana.vault.set_active(&item, false, &local, 1, random).expect("off");
                ana.store(off.puts);
                ana.sync(&at);
                let local = ana.local(&item);
                let gone = ana.vault.delete(&item, &local, 1, random).expect("deleted");
                ana.store(gone.puts);
            }
            Act::Share | Act::Revoke | Act::Leave => {}
        }
        server.stop();
        Self { folder, ana, bea, item }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A copy of both devices as they are now.
    fn devices(&self) -> (Device, Device) {
        (self.ana.again(), self.bea.again())
    }

    fn state(&self, at: SocketAddr) -> State {
        let at = at.to_string();
        let (ana, bea) = (self.ana.remote(&at), self.bea.remote(&at));
        let state = finish(ana.item(&self.item)).expect("its owner has it always");
        let revision = Revision::read(&state.revision).expect("reads");
        let sign_pk = self.bea.vault.person(&state.owner).expect("known").sign_pk;
        let user = self.bea.vault.user();
        let listed = state.list.as_ref().is_some_and(|list| {
            let list = AccessList::accept(list, &sign_pk).expect("signed");
            assert_eq!(revision.list, Some(state.list.as_ref().expect("a list").hash()));
            assert_eq!(list.epoch, revision.epoch);
            list.of(&user).is_some()
        });
        let hers = finish(bea.item(&self.item));
        if let Ok(hers) = &hers {
            // All of it is of one epoch: it is accepted as a whole.
            let accepted = self.bea.vault.accept(&self.item, None, hers, &[]);
            assert!(accepted.is_ok(), "{:?}", accepted.err());
        }
        let all = ChangesQuery { epoch: None, position: None, limit: None };
        let page = finish(bea.changes(&all)).expect("a page");
        let own = page.items.iter().filter(|item| item.owner == user).count();
        let Revision { epoch, revision, status, .. } = revision;
        State { revision: (epoch, revision, status), listed, reads: hers.is_ok(), own }
    }
}

fn share(ana: &mut Device, at: &str, item: &ItemId, bea: &Device) -> Result<(), String> {
    let with = [Share { user: bea.vault.user(), permission: Permission::Edit, until: None }];
    match ana.with(at, |sync| finish(sync.share(item, &with))) {
        Ok(Ok(()) | Err(ShareError::NoChange)) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

impl Act {
    /// Does it, or does it again.
    fn make(
        self,
        ana: &mut Device,
        bea: &mut Device,
        at: &str,
        item: &ItemId,
    ) -> Result<(), String> {
        let user = bea.vault.user();
        let told = match self {
            Self::Share => return share(ana, at, item, bea),
            Self::Revoke => match ana.with(at, |sync| finish(sync.revoke(item, &[user]))) {
                Ok(Ok(()) | Err(ShareError::NoChange)) => return Ok(()),
                other => format!("{other:?}"),
            },
            Self::Leave => match bea.with(at, |sync| finish(sync.leave(item))) {
                Ok(Ok(()) | Err(LeaveError::Gone)) => return Ok(()),
                other => format!("{other:?}"),
            },
            Self::Copy => match bea.with(at, |sync| finish(sync.run())) {
                Ok(_) => return Ok(()),
                Err(error) => error.to_string(),
            },
            Self::Delete => match ana.with(at, |sync| finish(sync.run())) {
                Ok(_) => return Ok(()),
                Err(error) => error.to_string(),
            },
        };
        Err(told)
    }

    /// The request that does it.
    fn decides(self, request: &str) -> bool {
        match self {
            Self::Leave => request.starts_with("DELETE /v1/items/"),
            _ => request.starts_with("PUT /v1/items/"),
        }
    }
}

/// It with nothing in its way: what was there, what is there then, and the requests it makes.
fn undisturbed(before: &Before, act: Act) -> (State, State, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    copy_folder(&before.data(), &data);
    let server = serve(&data);
    let start = before.state(server.address());
    let gate = Gate::start(server, &data, None);
    let (mut ana, mut bea) = before.devices();
    act.make(&mut ana, &mut bea, &gate.address().to_string(), &before.item).expect("done");
    let (server, requests) = gate.end();
    let server = server.expect("it lives");
    let done = before.state(server.address());
    assert_ne!(start, done);
    server.kill();
    (start, done, requests)
}

/// It with the server's death in it: whether it was done by then; `None` if the server lived.
fn killed(before: &Before, act: Act, [start, done]: [&State; 2], death: Death) -> Option<bool> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    copy_folder(&before.data(), &data);
    let gate = Gate::start(serve(&data), &data, Some(death));
    let (mut ana, mut bea) = before.devices();
    let made = act.make(&mut ana, &mut bea, &gate.address().to_string(), &before.item);
    let (survived, _) = gate.end();
    if let Some(server) = survived {
        made.expect("nothing was in its way");
        server.kill();
        return None;
    }
    let server = serve(&data);
    let at = server.address().to_string();
    let state = before.state(server.address());
    // A removal takes two: the server ends the access, then the item gets a new key.
    let ended = State { reads: false, ..*start };
    let between = act == Act::Revoke && state == ended;
    assert!(state == *start || state == *done || between, "{act:?}, {death:?}: {state:?}");

    // The browser was closed meanwhile; what it has stored is enough to go on.
    let (mut ana, mut bea) = (ana.again(), bea.again());
    act.make(&mut ana, &mut bea, &at, &before.item).expect("done");
    assert_eq!(before.state(server.address()), *done, "{act:?}, {death:?}, then again");
    assert_eq!(ana.sync(&at), Vec::<String>::new(), "{act:?}, {death:?}");
    let told = bea.sync(&at);
    let known = |code: &String| ["access_ended", "deleted"].contains(&code.as_str());
    assert!(told.iter().all(known), "{act:?}, {death:?}: {told:?}");
    assert_eq!(
        bea.vault.entry(&before.item).is_some_and(|entry| entry.status != Status::Deleted),
        done.reads && done.revision.2 != Status::Deleted
    );
    server.kill();
    Some(state == *done)
}

fn at_each_moment(act: Act) {
    let before = Before::make(act);
    let (start, done, requests) = undisturbed(&before, act);
    let decides = requests.iter().position(|request| act.decides(request));
    let decides = decides.unwrap_or_else(|| panic!("{act:?}: {requests:?}"));
    let mut moments = 0;
    for (index, request) in requests.iter().enumerate() {
        let mut kill = |at| {
            let was = killed(&before, act, [&start, &done], Death { request: index, at });
            moments += u32::from(was.is_some());
            was
        };
        assert_eq!(kill(Moment::Before), Some(index > decides), "{request}: not reached");
        for offset in gate::offsets().step_by(if index == decides { 1 } else { gate::IN_A_FRAME }) {
            match kill(Moment::Writing(offset)) {
                Some(was) => assert!(!was || index >= decides, "{request}"),
                None => break,
            }
        }
        assert_eq!(kill(Moment::Answered), Some(index >= decides), "{request}: not answered");
    }
    println!("{act:?}: killed at {moments} moments of {requests:?}");
    assert!(moments >= 12, "{act:?}: {moments}");
}

#[test]
fn access_is_given_wholly_or_not_at_all() {
    at_each_moment(Act::Share);
}

#[test]
fn access_is_taken_wholly_or_not_at_all() {
    at_each_moment(Act::Revoke);
}

#[test]
fn access_is_left_wholly_or_not_at_all() {
    at_each_moment(Act::Leave);
}

#[test]
fn an_item_is_handed_over_wholly_or_not_at_all() {
    at_each_moment(Act::Copy);
    at_each_moment(Act::Delete);
}
