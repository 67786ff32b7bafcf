//! The data folder: modes, the write-ahead log, the key file.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;

use crate::keys::KeysError;
use crate::testing::{Member, Server};
use crate::{AppState, Clock, StartError, database, keys};

#[tokio::test]
async fn files_are_the_servers_own_and_the_database_is_in_wal_mode() {
    let server = Server::open().await;
    Member::new(&server, "ana@example.com").await;
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = &server.settings.data;
    assert_eq!(mode(data), 0o700);
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(data).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    assert!(names.contains(keys::FILE) && names.contains(&format!("{}-wal", database::FILE)));
    for connection in [
        &mut *server.state.database.read().await.unwrap(),
        &mut *server.state.database.write().await.unwrap(),
    ] {
        let mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(mode, "wal");
        let keys: i64 =
            sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(keys, 1);
        // 2 is FULL: what was answered survives the loss of power.
        let synchronous: i64 =
            sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(synchronous, 2);
    }
}

#[tokio::test]
async fn a_database_goes_with_its_own_key_file_only() {
    let server = Server::open().await;
    server.state.database.close().await;
    let path = server.settings.data.join(keys::FILE);
    let original = std::fs::read(&path).unwrap();
    let open = || AppState::open(server.settings.clone(), Clock::system());
    std::fs::remove_file(&path).unwrap();
    let missing = open().await.err().unwrap();
    assert!(matches!(missing, StartError::Keys(KeysError::Missing)));
    assert!(!path.exists(), "no new keys for an old database");

    let other = Server::open().await;
    std::fs::copy(other.settings.data.join(keys::FILE), &path).unwrap();
    let wrong = open().await.err().unwrap();
    assert!(matches!(wrong, StartError::Keys(KeysError::OtherDatabase)));

    std::fs::write(&path, original).unwrap();
    open().await.ok().unwrap();
}

#[tokio::test]
async fn a_folder_may_have_any_name() {
    let server = Server::with(|settings| {
        settings.data = settings.data.join("with blank, ? # % and ç/data");
    })
    .await;
    assert!(server.settings.data.join(database::FILE).is_file());
}
