//! A backup is put back, by the commands an operator uses: the real server, and devices that run the
//! core's sync over real connections.

use std::path::Path;
use std::process::Command;

use mysafe::crypto::SystemRandom;
use mysafe::model::ApiSecretForm;
use mysafe::protocol::ItemId;
use mysafe::sync::{Local as _, RESTORED, Sync};
use mysafe::vault::{LocalItem, Store, Vault, keys};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::built_program;

#[path = "../examples/demo/account.rs"]
mod account;
#[path = "../examples/demo/connection.rs"]
mod connection;
#[path = "../examples/demo/device.rs"]
mod device;
#[path = "../examples/demo/now.rs"]
mod now;

type Failure = Box<dyn std::error::Error>;

const ANA: account::Person = account::Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 quiet cellos",
};

struct Device {
    vault: Vault,
    local: device::Memory,
    token: String,
}

impl Device {
    fn new(server: &str) -> Self {
        let mut connection = connection::Connection::open(server).expect("it is there");
        let (vault, token) = account::sign_in(&mut connection, &ANA).expect("signs in");
        Self { vault, local: device::Memory::default(), token }
    }

    /// A whole sync; the codes of what it told.
    fn sync(&mut self, server: &str) -> Vec<String> {
        let connection = connection::Connection::open(server).expect("it is there");
        let remote = connection.signed_in(self.token.clone());
        let mut sync = Sync {
            vault: &mut self.vault,
            local: &self.local,
            remote: &remote,
            random: &mut SystemRandom,
            now: now::unix_millis(),
        };
        let outcome = now::finish(sync.run()).expect("syncs");
        assert!(now::finish(self.local.keys(Store::Outbox)).expect("in memory").is_empty());
        outcome.notices.into_iter().map(|notice| notice.code).collect()
    }

    fn add(&mut self, name: &str) -> ItemId {
        let form = ApiSecretForm {
            name: name.into(),
            url: "https://api.example.com".into(),
            client_id: "client".into(),
            client_secret: format!("secret of {name}").into(),
            ..Default::default()
        };
        let change = self.vault.add(&form, 1, &mut SystemRandom).expect("a good form");
        self.local.store(change.puts);
        change.item
    }

    fn local(&self, item: &ItemId) -> LocalItem {
        let get = |store, key: String| now::finish(self.local.get(store, &key)).expect("in memory");
        let state = get(Store::Items, keys::item(item));
        let write = get(Store::Outbox, keys::write(item));
        self.vault.local(item, state.as_deref(), write.as_deref()).expect("whole")
    }

    fn form(&self, item: &ItemId) -> ApiSecretForm {
        self.vault.form(item, &self.local(item)).expect("opens")
    }

    fn rename(&mut self, item: &ItemId, name: &str) {
        let local = self.local(item);
        let form = ApiSecretForm { name: name.into(), ..self.form(item) };
        let change =
            self.vault.edit(item, &form, &local, 2, &mut SystemRandom).expect("a good form");
        self.local.store(change.puts);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for file in std::fs::read_dir(from).expect("a folder").flatten() {
        std::fs::copy(file.path(), to.join(file.file_name())).expect("copied");
    }
}

#[test]
fn what_a_backup_does_not_have_comes_back_from_the_devices() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let server = ServerProcess::start(&data);
    let address = server.address();
    let at = address.to_string();
    let mut connection = connection::Connection::open(&at).expect("it is there");
    account::sign_up(&mut connection, &ANA).expect("signs up");
    drop(connection);
    let (mut one, mut two, mut three) = (Device::new(&at), Device::new(&at), Device::new(&at));
    let old = one.add("old");
    one.sync(&at);
    three.sync(&at);
    server.stop();
    copy(&data, &backup);

    let server = ServerProcess::start_at(&data, address, &[]);
    for name in ["older", "oldest"] {
        one.rename(&old, name);
        one.sync(&at);
    }
    let new = two.add("new");
    two.sync(&at);
    two.rename(&new, "newer");
    two.sync(&at);
    server.stop();
    std::fs::remove_dir_all(&data).expect("gone");
    copy(&backup, &data);

    let begun = Command::new(built_program("mysafe-server"))
        .arg("new-epoch")
        .env("MYSAFE_DATA", &data)
        .output()
        .expect("runs");
    assert!(begun.status.success(), "{}", String::from_utf8_lossy(&begun.stderr));
    let server = ServerProcess::start_at(&data, address, &[]);
    assert_eq!(one.sync(&at), [RESTORED]);
    assert_eq!(two.sync(&at), [RESTORED]);
    for device in [&mut three, &mut one, &mut two, &mut Device::new(&at)] {
        assert_eq!(device.sync(&at), Vec::<String>::new());
        assert_eq!(device.vault.entries().len(), 2, "none twice");
        assert_eq!(device.form(&old).name, "oldest");
        assert_eq!(device.form(&new).name, "newer");
        assert_eq!(*device.form(&new).client_secret, "secret of new");
    }
    // All of them can write on.
    three.rename(&old, "old again");
    assert_eq!(three.sync(&at), Vec::<String>::new());
    one.sync(&at);
    assert_eq!(one.form(&old).name, "old again");
    server.stop();
}
