//! What all requests share.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use mysafe_protocol::ServerEpoch;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::database::Database;
use crate::events::Feed;
use crate::keys::{Keys, KeysError};
use crate::mail::Post;
use crate::metrics::Metrics;
use crate::rates::Rates;
use crate::server;
use crate::settings::Settings;
use crate::turns::Turns;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made or used.
    #[error("the data folder {folder}: {cause}")]
    Folder {
        /// The folder.
        folder: String,
        /// Why.
        cause: io::Error,
    },
    /// The key file.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The address to listen on.
    #[error("cannot listen: {0}")]
    Listen(io::Error),
}

/// What all requests share; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What is behind an [`AppState`].
pub struct Shared {
    /// What the operator set.
    pub settings: Settings,
    /// Where everything is stored.
    pub database: Database,
    /// The life of that database.
    pub epoch: ServerEpoch,
    /// The key file's content.
    pub keys: Keys,
    /// Counts tries.
    pub rates: Rates,
    /// Lets each account do so much at once.
    pub turns: Turns,
    /// Tells the time.
    pub clock: Clock,
    /// Counts what happens.
    pub metrics: Metrics,
    /// Brings letters to people.
    pub post: Post,
    /// Who hears of changes at once.
    pub feed: Feed,
    /// Whether the server is about to stop.
    pub stopping: watch::Sender<bool>,
}

impl std::ops::Deref for AppState {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// Opens the data folder: makes it, the key file and the database where they are missing.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Self, StartError> {
        let folder =
            |cause| StartError::Folder { folder: settings.data.display().to_string(), cause };
        if !settings.data.is_dir() {
            let mut builder = DirBuilder::new();
            builder.recursive(true).mode(0o700).create(&settings.data).map_err(folder)?;
        }
        fs::metadata(&settings.data).map_err(folder)?;
        let database = Database::open(&settings.data, settings.database_url.as_deref()).await?;
        let keys = match Keys::read(&settings.data)? {
            Some(keys) => keys,
            None if server::epoch_of(&database).await?.is_none() => Keys::create(&settings.data)?,
            None => return Err(KeysError::Missing.into()),
        };
        let epoch = server::claim(&database, &keys).await?;
        let post = Post::new(&settings);
        Ok(Self(Arc::new(Shared {
            post,
            rates: Rates::new(&settings.limits),
            turns: Turns::new(settings.limits.account_requests),
            feed: Feed::new(&settings.limits),
            settings,
            database,
            epoch,
            keys,
            clock,
            metrics: Metrics::recorder(),
            stopping: watch::Sender::new(false),
        })))
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}
