//! A backup is put back, by the commands an operator uses: the real server, and devices that run the
//! core's sync over real connections.

use std::process::Command;

use mysafe::sync::RESTORED;
use mysafe_tests::client::{Connection, Device, Person, sign_up};
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::workspace::{built_program, copy_folder};

const ANA: Person = Person {
    name: "Ana Prado",
    address: "ana@example.com",
    password: "violet otters tune 7 quiet cellos",
};

#[test]
fn what_a_backup_does_not_have_comes_back_from_the_devices() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let server = ServerProcess::start(&data);
    let address = server.address();
    let at = address.to_string();
    let mut connection = Connection::open(&at).expect("it is there");
    sign_up(&mut connection, &ANA).expect("signs up");
    drop(connection);
    let (mut one, mut two, mut three) =
        (Device::new(&at, &ANA), Device::new(&at, &ANA), Device::new(&at, &ANA));
    let old = one.add("old");
    one.sync(&at);
    three.sync(&at);
    server.stop();
    copy_folder(&data, &backup);

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
    copy_folder(&backup, &data);

    let begun = Command::new(built_program("mysafe-server"))
        .arg("new-epoch")
        .env("MYSAFE_DATA", &data)
        .output()
        .expect("runs");
    assert!(begun.status.success(), "{}", String::from_utf8_lossy(&begun.stderr));
    let server = ServerProcess::start_at(&data, address, &[]);
    for device in [&mut one, &mut two, &mut three] {
        device.sign_in_again(&at, &ANA);
    }
    assert_eq!(one.sync(&at), [RESTORED]);
    assert_eq!(two.sync(&at), [RESTORED]);
    for device in [&mut three, &mut one, &mut two, &mut Device::new(&at, &ANA)] {
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
