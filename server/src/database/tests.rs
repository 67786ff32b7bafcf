//! A database of the former form is brought up to date, also by a start that is interrupted.

use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use tempfile::TempDir;

use super::{Database, FILE, hashes, migrations};

/// The last version in which numbers named revisions.
const FORMER: i64 = 7;
const ITEMS: u8 = 3;
const REVISIONS: i64 = 150;

fn body(item: u8, number: i64) -> Vec<u8> {
    format!("body {number} of item {item}").into_bytes()
}

/// A database of the former form. Each item has many revisions, and of every tenth the parts were lost.
async fn former() -> (TempDir, Database) {
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(&folder.path().join(FILE)).await.unwrap();
    migrations("BLOB", |version| version <= FORMER).run(&database.writers).await.unwrap();
    let mut on = database.write().await.unwrap();
    sqlx::query(
        "INSERT INTO users (id, address, name, administrator, bundle, bundle_signature, sign_pk, \
         opaque_record, wrap, created) VALUES ($1, 'a@b', 'Ana', 1, $1, $1, $1, $1, $1, 1)",
    )
    .bind(&[1; 32][..])
    .execute(&mut *on)
    .await
    .unwrap();
    for item in 0..ITEMS {
        sqlx::query(
            "INSERT INTO items (id, owner, revision, key, position) VALUES ($1, $2, $3, $1, $4)",
        )
        .bind(&[item; 16][..])
        .bind(&[1; 32][..])
        .bind(REVISIONS)
        .bind(i64::from(item))
        .execute(&mut *on)
        .await
        .unwrap();
        for number in 1..=REVISIONS {
            sqlx::query(
                "INSERT INTO revisions (item, revision, body, signature, overview, details, lost) \
                 VALUES ($1, $2, $3, $4, $3, $4, $5)",
            )
            .bind(&[item; 16][..])
            .bind(number)
            .bind(body(item, number))
            .bind(&[7; 64][..])
            .bind(i64::from(number % 10 == 0))
            .execute(&mut *on)
            .await
            .unwrap();
        }
    }
    on.commit().await.unwrap();
    (folder, database)
}

/// Opens the database and checks that nothing of it is lost.
async fn check(folder: &TempDir) {
    let database = Database::open(folder.path(), None).await.unwrap();
    let mut on = database.read().await.unwrap();
    for item in 0..ITEMS {
        let rows = sqlx::query(
            "SELECT hash, revision, body, signature, overview, details, lost FROM revisions \
             WHERE item = $1 ORDER BY revision",
        )
        .bind(&[item; 16][..])
        .fetch_all(&mut *on)
        .await
        .unwrap();
        assert_eq!(rows.len(), usize::try_from(REVISIONS).unwrap());
        for (row, number) in rows.iter().zip(1..) {
            let blob = |column: usize| row.get::<Vec<u8>, _>(column);
            assert_eq!((row.get::<i64, _>(1), blob(2)), (number, body(item, number)));
            assert_eq!(blob(0), Sha256::digest(body(item, number)).to_vec());
            assert_eq!([blob(3), blob(4), blob(5)], [vec![7; 64], blob(2), vec![7; 64]]);
            assert_eq!(row.get::<i64, _>(6), i64::from(number % 10 == 0));
        }
        let head: Vec<u8> = sqlx::query_scalar("SELECT head FROM items WHERE id = $1")
            .bind(&[item; 16][..])
            .fetch_one(&mut *on)
            .await
            .unwrap();
        assert_eq!(head, Sha256::digest(body(item, REVISIONS)).to_vec());
    }
    drop(on);
    database.close().await;
}

#[tokio::test]
async fn every_revision_of_a_former_database_gets_its_hash() {
    let (folder, database) = former().await;
    database.close().await;
    check(&folder).await;
    // The next start finds nothing to do.
    check(&folder).await;
}

#[tokio::test]
async fn a_start_that_was_interrupted_goes_on_where_it_was() {
    let (folder, database) = former().await;
    migrations("BLOB", |version| version < hashes::MOVED).run(&database.writers).await.unwrap();
    let mut transaction = database.write().await.unwrap();
    assert!(hashes::move_batch(&mut transaction).await.unwrap() > 0);
    transaction.commit().await.unwrap();
    // The second batch is not committed.
    let mut transaction = database.write().await.unwrap();
    assert!(hashes::move_batch(&mut transaction).await.unwrap() > 0);
    drop(transaction);
    database.close().await;
    check(&folder).await;
}

#[tokio::test]
async fn what_a_former_database_stores_is_counted() {
    let (folder, database) = former().await;
    let mut on = database.write().await.unwrap();
    let deleted = sqlx::query("UPDATE items SET deleted = 1 WHERE id = $1").bind(&[2; 16][..]);
    deleted.execute(&mut *on).await.unwrap();
    on.commit().await.unwrap();
    database.close().await;
    let database = Database::open(folder.path(), None).await.unwrap();
    let mut on = database.read().await.unwrap();
    let bytes = |item: u8| {
        // Body and overview are one text, signature and details one blob; and the item's key.
        let revision = |number| 2 * body(item, number).len() + 2 * 64 + 512;
        16 + (1..=REVISIONS).map(revision).sum::<usize>()
    };
    let mut all = 0;
    for item in 0..ITEMS {
        let stored: i64 = sqlx::query_scalar("SELECT bytes FROM items WHERE id = $1")
            .bind(&[item; 16][..])
            .fetch_one(&mut *on)
            .await
            .unwrap();
        assert_eq!(usize::try_from(stored).unwrap(), bytes(item));
        all += stored;
    }
    let stored: Vec<(i64, i64)> =
        sqlx::query_as("SELECT bytes, items FROM storage").fetch_all(&mut *on).await.unwrap();
    assert_eq!(stored, [(all, i64::from(ITEMS) - 1)]);
}
