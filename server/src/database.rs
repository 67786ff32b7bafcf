//! The database: SQLite in the data folder, or PostgreSQL. One text of each query and migration
//! for both: `$1` for parameters, BIGINT for numbers, and BLOB, which is BYTEA in PostgreSQL.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyPool, ConnectOptions, Executor, Transaction};

mod hashes;
#[cfg(test)]
mod tests;

/// A connection: what queries run on.
pub type Connection = sqlx::AnyConnection;

/// Migrations in their order, with what they are for. New ones are added, old ones never change.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "start", include_str!("../migrations/0001_start.sql")),
    (2, "recovery", include_str!("../migrations/0002_recovery.sql")),
    (3, "again", include_str!("../migrations/0003_again.sql")),
    (4, "epochs", include_str!("../migrations/0004_epochs.sql")),
    (5, "mail", include_str!("../migrations/0005_mail.sql")),
    (6, "sharing", include_str!("../migrations/0006_sharing.sql")),
    (7, "lists", include_str!("../migrations/0007_lists.sql")),
    (8, "hashes", include_str!("../migrations/0008_hashes.sql")),
    (hashes::MOVED, "moved", include_str!("../migrations/0009_moved.sql")),
    (10, "bundles", include_str!("../migrations/0010_bundles.sql")),
    (11, "released", include_str!("../migrations/0011_released.sql")),
    (12, "storage", include_str!("../migrations/0012_storage.sql")),
    (13, "items", include_str!("../migrations/0013_items.sql")),
];

/// The database's file in the data folder.
pub const FILE: &str = "mysafe.sqlite";

/// How long a query waits for a connection or for SQLite's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// Applied to each SQLite connection. Write-ahead logging lets readers go on while one writes;
/// `synchronous = FULL` makes a commit survive the loss of power.
const SQLITE: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
                      PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Connections to read and to write with.
#[derive(Clone)]
pub struct Database {
    readers: AnyPool,
    writers: AnyPool,
    begin: &'static str,
}

impl Database {
    /// Opens the database and brings its tables up to date.
    pub async fn open(data: &Path, url: Option<&str>) -> Result<Self, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let (database, blob) = match url {
            None => (Self::sqlite(&data.join(FILE)).await?, "BLOB"),
            Some(url) => (Self::postgres(url).await?, "BYTEA"),
        };
        migrations(blob, |version| version < hashes::MOVED).run(&database.writers).await?;
        if !hashes::is_done(&database.writers).await? {
            hashes::move_all(&database).await?;
        }
        migrations(blob, |_| true).run(&database.writers).await?;
        Ok(database)
    }

    async fn sqlite(path: &Path) -> Result<Self, sqlx::Error> {
        // Made here and not by SQLite, so that nobody else may read it; the files SQLite puts
        // beside it take its mode.
        OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        let url = format!("sqlite://{}", percent_encoded(path));
        let pool = |most| {
            AnyPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE).after_connect(
                |connection, _| {
                    Box::pin(async move { connection.execute(SQLITE).await.map(|_| ()) })
                },
            )
        };
        // SQLite has one writer at a time. Waiting for the one connection is fair and wakes at
        // once; waiting for SQLite's own lock is neither.
        let writers = pool(1).connect_with(options(&url)?).await?;
        let readers = pool(8).connect_with(options(&url)?).await?;
        // IMMEDIATE: a transaction that will write takes the lock before it reads.
        Ok(Self { readers, writers, begin: "BEGIN IMMEDIATE" })
    }

    async fn postgres(url: &str) -> Result<Self, sqlx::Error> {
        let pool = AnyPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(PATIENCE)
            .connect_with(options(url)?)
            .await?;
        Ok(Self { readers: pool.clone(), writers: pool, begin: "BEGIN" })
    }

    /// A connection for queries that only read. Each query sees one state of the database; two
    /// queries may see two.
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<Any>, sqlx::Error> {
        self.readers.acquire().await
    }

    /// A transaction that writes. Dropped without `commit` it never was.
    pub async fn write(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        self.writers.begin_with(self.begin).await
    }

    /// Closes all connections; SQLite then folds its log into the file.
    pub async fn close(&self) {
        for pool in [&self.readers, &self.writers] {
            pool.close().await;
            // A connection that is on its way back while the first call waits for the last of them is
            // idle after that, and open: sqlx 0.8 looks at the idle ones before it waits.
            pool.close().await;
        }
    }
}

fn options(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    // Slow requests show in the request log; statements would only repeat the code.
    Ok(url.parse::<AnyConnectOptions>()?.disable_statement_logging())
}

/// Returns the migrations of some versions. The database may have had all others.
fn migrations(blob: &str, which: impl Fn(i64) -> bool) -> Migrator {
    let ignore_missing = !MIGRATIONS.iter().all(|(version, ..)| which(*version));
    let migrations: Vec<_> = MIGRATIONS
        .iter()
        .filter(|(version, ..)| which(*version))
        .map(|(version, description, sql)| {
            let sql = sql.replace("BLOB", blob);
            let kind = MigrationType::Simple;
            Migration::new(*version, Cow::Borrowed(description), kind, Cow::Owned(sql), false)
        })
        .collect();
    Migrator { migrations: Cow::Owned(migrations), ignore_missing, ..Migrator::DEFAULT }
}

/// A path as part of a URL: blanks, `?`, `#` and `%` may be in a folder's name.
fn percent_encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                encoded.push(char::from(*byte));
            }
            other => write!(encoded, "%{other:02X}").expect("writing to a string cannot fail"),
        }
    }
    encoded
}
