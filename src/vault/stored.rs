//! What an unlocked context has in memory of what its device stores. Every context loads all of it
//! by [`Vault::load`]: without the people nothing of others opens, without the pins nobody is
//! accepted.

use super::cache::PIECES;
use super::local::{Put, Store, keys};
use super::open::{OpenError, Vault};
use crate::crypto::{Opened, Opening};
use crate::model::AccountRecordBody;
use crate::sync::Local;

/// What is loaded, as it is stored.
#[derive(Default)]
pub struct Stored {
    head: Option<Vec<u8>>,
    people: Option<Vec<u8>>,
    names: Option<Vec<u8>>,
    record: Option<Vec<u8>>,
    /// Of the cache, as far as they were read.
    pieces: Vec<Option<Vec<u8>>>,
}

/// The sealed cache, still to be opened.
pub struct SealedCache<'b> {
    /// Its head, then its pieces.
    openings: Vec<Opening<'b>>,
    numbers: Vec<usize>,
}

/// The cache, opened as far as it was read.
pub struct OpenedCache {
    pub(super) head: Opened,
    /// With their numbers.
    pub(super) pieces: Vec<(usize, Opened)>,
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
    /// Under which keys all of it is stored; [`Self::of`] takes the values in this order.
    pub fn keys() -> Vec<(Store, String)> {
        Self::keys_with(PIECES)
    }

    /// The same for what every first screen needs.
    pub fn first_keys() -> Vec<(Store, String)> {
        Self::keys_with(1)
    }

    /// With so many pieces of the cache.
    fn keys_with(pieces: usize) -> Vec<(Store, String)> {
        let head = [
            (Store::Cache, keys::CACHE),
            (Store::State, keys::PEOPLE),
            (Store::State, keys::NAMES),
            (Store::Device, keys::RECORD),
        ];
        let head = head.into_iter().map(|(store, key)| (store, key.to_owned()));
        head.chain((0..pieces).map(piece_key)).collect()
    }

    /// The values of [`Self::keys`], or of the first of them.
    pub fn of(values: impl IntoIterator<Item = Option<Vec<u8>>>) -> Self {
        let mut values = values.into_iter();
        let [head, people, names, record] = [(); 4].map(|()| values.next().flatten());
        Self { head, people, names, record, pieces: values.collect() }
    }

    /// Reads all of it, as one question.
    pub async fn read<L: Local>(local: &L) -> Result<Self, L::Error> {
        Ok(Self::of(local.get_all(&Self::keys()).await?))
    }

    /// Whether there is a cache.
    pub fn has_cache(&self) -> bool {
        self.head.is_some()
    }

    /// The cache, still to be opened; none if there is none.
    pub fn sealed(&self, vault: &Vault) -> Result<Option<SealedCache<'_>>, LoadError> {
        let Some(head) = &self.head else { return Ok(None) };
        let pieces = self.pieces.iter().enumerate();
        let pieces = pieces.filter_map(|(number, piece)| Some((number, piece.as_deref()?)));
        let (numbers, pieces): (Vec<_>, Vec<_>) = pieces.unzip();
        let opening = |key: &str, blob| vault.opening_cache(key, blob);
        let openings = std::iter::once(opening(keys::CACHE, head.as_slice()))
            .chain(numbers.iter().zip(pieces).map(|(at, piece)| opening(&keys::piece(*at), piece)));
        let openings = openings.collect::<Result<_, _>>().map_err(|_| LoadError::Cache)?;
        Ok(Some(SealedCache { openings, numbers }))
    }

    /// What removes the cache.
    pub fn without_cache() -> impl Iterator<Item = Put> {
        let cache = Self::keys().into_iter().filter(|(store, _)| *store == Store::Cache);
        cache.map(|(store, key)| Put::remove(store, key))
    }
}

fn piece_key(number: usize) -> (Store, String) {
    (Store::Cache, keys::piece(number))
}

impl SealedCache<'_> {
    /// What is to be opened.
    pub fn openings(&self) -> &[Opening<'_>] {
        &self.openings
    }

    /// What is opened, in the same order.
    pub fn opened(self, opened: Vec<Opened>) -> Option<OpenedCache> {
        let mut opened = opened.into_iter();
        let head = opened.next()?;
        Some(OpenedCache { head, pieces: self.numbers.into_iter().zip(opened).collect() })
    }
}

/// Opens the cache. No vault is held meanwhile: screens draw from it.
pub async fn opened<L: Local>(
    local: &L,
    sealed: Result<Option<SealedCache<'_>>, LoadError>,
) -> Result<Option<OpenedCache>, LoadError> {
    let Some(sealed) = sealed? else { return Ok(None) };
    let opened = local.open(sealed.openings()).await.map_err(|_| LoadError::Cache)?;
    sealed.opened(opened).ok_or(LoadError::Cache).map(Some)
}

/// Reads pieces of the cache, as one question, and opens them; how they are opened, a vault tells.
pub async fn pieces<L: Local>(
    local: &L,
    numbers: Vec<usize>,
    opening: impl for<'b> Fn(&str, &'b [u8]) -> Result<Opening<'b>, OpenError>,
) -> Result<Vec<(usize, Opened)>, LoadError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = numbers.iter().map(|number| piece_key(*number)).collect();
    let stored = local.get_all(&wanted).await.map_err(|_| LoadError::Cache)?;
    let mut openings = Vec::with_capacity(numbers.len());
    for ((_, key), blob) in wanted.iter().zip(&stored) {
        let blob = blob.as_deref().ok_or(LoadError::Cache)?;
        openings.push(opening(key, blob).map_err(|_| LoadError::Cache)?);
    }
    let opened = local.open(&openings).await.map_err(|_| LoadError::Cache)?;
    Ok(numbers.into_iter().zip(opened).collect())
}

impl Vault {
    /// Brings memory to what is stored.
    pub async fn load<L: Local>(&mut self, local: &L, stored: &Stored) -> Result<(), LoadError> {
        let opened = opened(local, stored.sealed(self)).await;
        self.take(stored, opened)
    }

    /// The same with the cache as [`opened`] gave it: whose keys are known, their names, the items,
    /// and whom the user accepted.
    pub fn take(
        &mut self,
        stored: &Stored,
        opened: Result<Option<OpenedCache>, LoadError>,
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
            self.load_people(people);
        }
        if let Some(names) = &stored.names {
            self.load_names(names);
        }
        Ok(stored.record.as_ref().map(|record| self.read_record(record)).transpose()?)
    }
}
