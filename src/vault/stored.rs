//! What an unlocked context has in memory of what its device stores. Every context loads all of it
//! by [`Vault::load`]: without the people nothing of others opens, without the pins nobody is
//! accepted.

use super::local::{Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::{Opened, Opening};
use crate::model::AccountRecordBody;
use crate::sync::Local;

/// What is loaded, as it is stored.
#[derive(Default)]
pub struct Stored {
    cache: Option<Vec<u8>>,
    people: Option<Vec<u8>>,
    names: Option<Vec<u8>>,
    record: Option<Vec<u8>>,
}

/// Why it is not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The cache does not open; people and pins are known. It can be made again from the items.
    #[error("cache")]
    Cache,
    /// Something that cannot be made again is damaged.
    #[error("damaged")]
    Damaged,
}

impl From<OpenError> for LoadError {
    fn from(_: OpenError) -> Self {
        Self::Damaged
    }
}

impl Stored {
    /// Under which keys it is stored; [`Self::of`] takes the values in this order.
    pub fn keys() -> [(Store, String); 4] {
        [
            (Store::Cache, keys::CACHE),
            (Store::State, keys::PEOPLE),
            (Store::State, keys::NAMES),
            (Store::Device, keys::RECORD),
        ]
        .map(|(store, key)| (store, key.to_owned()))
    }

    /// The values of [`Self::keys`].
    pub fn of(values: impl IntoIterator<Item = Option<Vec<u8>>>) -> Self {
        let mut values = values.into_iter();
        let [cache, people, names, record] = [(); 4].map(|()| values.next().flatten());
        Self { cache, people, names, record }
    }

    /// Reads them, as one question.
    pub async fn read<L: Local>(local: &L) -> Result<Self, L::Error> {
        Ok(Self::of(local.get_all(&Self::keys()).await?))
    }

    /// Whether there is a cache.
    pub fn has_cache(&self) -> bool {
        self.cache.is_some()
    }

    /// The cache, still to be opened; none if there is none.
    pub fn opening(&self, vault: &Vault) -> Result<Option<Opening<'_>>, LoadError> {
        let opening = self.cache.as_deref().map(|cache| vault.opening(cache));
        opening.transpose().map_err(|_| LoadError::Cache)
    }
}

/// Opens the cache. No vault is held meanwhile: screens draw from it.
pub async fn opened<L: Local>(
    local: &L,
    opening: Result<Option<Opening<'_>>, LoadError>,
) -> Result<Option<Opened>, LoadError> {
    match opening? {
        Some(opening) => local.open(opening).await.map(Some).map_err(|_| LoadError::Cache),
        None => Ok(None),
    }
}

impl Vault {
    /// Brings memory to what is stored.
    pub async fn load<L: Local>(&mut self, local: &L, stored: &Stored) -> Result<(), LoadError> {
        let opened = opened(local, stored.opening(self)).await;
        self.take(stored, opened)
    }

    /// The same with the cache as [`opened`] gave it: whose keys are known, their names, the items,
    /// and whom the user accepted.
    pub fn take(
        &mut self,
        stored: &Stored,
        opened: Result<Option<Opened>, LoadError>,
    ) -> Result<(), LoadError> {
        let contacts = self.take_people(stored)?;
        let read = opened.and_then(|opened| self.read(opened).map_err(|_| LoadError::Cache));
        // After the items: what the pins say now holds for them, not what they said when it was stored.
        if let Some(contacts) = contacts {
            self.meet(&contacts);
        }
        read
    }

    /// Whose keys are known, and their names; the account record, for whom the user accepted.
    pub(super) fn take_people(
        &mut self,
        stored: &Stored,
    ) -> Result<Option<AccountRecordBody>, LoadError> {
        if let Some(people) = &stored.people {
            self.load_people(people)?;
        }
        if let Some(names) = &stored.names {
            self.load_names(names)?;
        }
        Ok(stored.record.as_ref().map(|record| self.read_record(record)).transpose()?)
    }
}
