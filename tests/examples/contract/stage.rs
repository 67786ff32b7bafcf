//! The server with four people, and items that three of them have.

use std::path::{Path, PathBuf};
use std::process::Command;

use mysafe::protocol::bodies::Permission;
use mysafe::protocol::{ItemId, UserId};
use mysafe::vault::Share;
use mysafe_tests::client::{Connection, Device, Person, finish, sign_in, sign_up};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::built_program;
use serde_json::{Value, json};

const OWNER: Person = Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 cellos",
};
const EDITOR: Person = Person {
    name: "Bea Lima",
    address: "bea@example.com",
    password: "seven amber kites over harbours",
};
const VIEWER: Person = Person {
    name: "Cho Kim",
    address: "cho@example.com",
    password: "eleven brass owls count trains",
};
const STRANGER: Person = Person {
    name: "Dan Okafor",
    address: "dan@example.com",
    password: "nine copper lamps in the bay",
};

/// Items that stay as they are.
const STABLE: usize = 3;
/// Items whose access may be given up or ended.
const SPARE: usize = 6;

/// Who asks.
pub struct Role {
    /// The role's name.
    pub name: &'static str,
    /// Names a session.
    pub token: String,
    /// Names another session, which may end.
    pub spare_token: String,
    /// The ids that requests of this role may name.
    pub known: Value,
}

/// A running server with all of it.
pub struct Stage {
    /// In the order in which they ask.
    pub roles: Vec<Role>,
    server: ServerProcess,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Starts the server and makes the accounts and items.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let first = ServerProcess::start(&data);
        let address = first.address();
        first.stop();
        let settings = [("MYSAFE_SIGNUPS", "open"), ("MYSAFE_LOG", "info")];
        let server = ServerProcess::start_at(&data, address, &settings);
        let at = address.to_string();
        let [mut owner, editor, viewer, stranger] =
            [&OWNER, &EDITOR, &VIEWER, &STRANGER].map(|person| {
                let mut connection = Connection::open(&at).expect("it is there");
                sign_up(&mut connection, person).expect("signs up");
                confirm(&data, person);
                let mut device = Device::new(&at, person);
                device.sync(&at);
                device
            });
        let items = share(&at, &mut owner, &editor, &viewer);
        let users = [&owner, &editor, &viewer, &stranger].map(|device| device.vault.user());
        let known = known(&items, &users);
        let role = |name, device: &Device, person| {
            let mut connection = Connection::open(&at).expect("it is there");
            let (_, spare_token) = sign_in(&mut connection, person).expect("signs in");
            Role { name, token: device.token().to_owned(), spare_token, known: known.clone() }
        };
        let roles = vec![
            role("stranger", &stranger, &STRANGER),
            role("viewer", &viewer, &VIEWER),
            role("editor", &editor, &EDITOR),
            role("owner", &owner, &OWNER),
        ];
        Self { roles, server, folder }
    }

    /// The address at which the server listens.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// A folder that is gone afterwards.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The lines of the log by which the server tells of its own faults.
    pub fn faults(&self) -> Vec<String> {
        let log = self.server.log();
        let is_fault = |line: &&str| line.contains("ERROR") || line.contains("panicked");
        log.lines().filter(is_fault).map(str::to_owned).collect()
    }
}

fn confirm(data: &PathBuf, person: &Person) {
    let mut command = Command::new(built_program("mysafe-server"));
    let confirmed = command.args(["confirm", person.address]).env("MYSAFE_DATA", data).output();
    assert!(confirmed.expect("runs").status.success(), "{}", person.address);
}

/// Items of the owner that one person may edit and one may view.
fn share(at: &str, owner: &mut Device, editor: &Device, viewer: &Device) -> Vec<ItemId> {
    let with = [(editor, Permission::Edit), (viewer, Permission::View)]
        .map(|(device, permission)| Share { user: device.vault.user(), permission, until: None });
    for (share, person) in with.iter().zip([&EDITOR, &VIEWER]) {
        let pinned = owner.with(at, |sync| finish(sync.pin(&share.user, person.address)));
        pinned.expect("an answer").expect("pinned");
    }
    let items: Vec<ItemId> =
        (0..STABLE + SPARE).map(|number| owner.add(&format!("Number {number}"))).collect();
    owner.sync(at);
    for item in &items {
        let shared = owner.with(at, |sync| finish(sync.share(item, &with)));
        shared.expect("an answer").expect("shared");
    }
    items
}

/// The ids that the hooks put in place of invented ones.
fn known(items: &[ItemId], users: &[UserId]) -> Value {
    let text = |items: &[ItemId]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
    let users: Vec<_> = users.iter().map(ToString::to_string).collect();
    json!({ "items": text(&items[..STABLE]), "spare": text(&items[STABLE..]), "users": users })
}
