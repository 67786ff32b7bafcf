//! Finding people. What the server answers to a search is its word: somebody is shown only if the keys
//! that come along make this id, with this address.

use mysafe_protocol::wire::Person;
use mysafe_protocol::{UserId, limits};

use super::host::{Local, Remote};
use super::report::{Notice, Outcome};
use super::{Sync, SyncError};
use crate::crypto::Random;
use crate::vault::{People, Refusal, Store, keys};

/// For how many names a sync asks.
const MOST_NAMES: usize = 5;

impl<L: Local, R: Remote, G: Random> Sync<'_, L, R, G> {
    /// People whose address, or a word of whose name, begins with a text. Whose keys do not fit the id
    /// and the address is left out, and that is told. Nobody is pinned; their names are kept.
    pub async fn find(&mut self, text: &str) -> Result<Vec<Person>, SyncError<L::Error>> {
        let mut found = self.server().await?.people(text).await?.people;
        found.truncate(limits::FOUND);
        let told = found.len();
        found.retain(|person| People::fits(&person.user, &person.address, &person.bundle));
        if found.len() < told {
            let code = Refusal::Forged.code().to_owned();
            let notice = Notice::general(&code);
            self.report(notice, &mut Outcome::default()).await?;
        }
        let names = found.iter().map(|person| (person.user, person.name.clone()));
        let names: Vec<(UserId, String)> = names.collect();
        let _guard = self.lock().await?;
        let stored = self.local.get(Store::State, keys::NAMES).await.map_err(SyncError::Store)?;
        if let Some(stored) = stored {
            self.vault.load_names(&stored);
        }
        if let Some(put) = self.vault.learn_names(names, self.random) {
            self.local.apply(vec![put]).await.map_err(SyncError::Store)?;
        }
        Ok(found)
    }

    /// Asks for the names of people whose items are here, as far as nobody told them yet. Who gets no
    /// answer is shown by the address alone.
    pub(super) async fn learn_owners(&mut self) -> Result<(), SyncError<L::Error>> {
        for address in self.vault.nameless_owners().into_iter().take(MOST_NAMES) {
            match self.find(&address).await {
                Ok(_) | Err(SyncError::Remote(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Asks for the keys of these people, as far as they can be had. What does not fit an id is told.
    pub async fn know_all(&mut self, users: &[UserId]) -> Result<(), SyncError<L::Error>> {
        for user in users {
            // Whose keys cannot be had is shown without an address.
            let _ = self.know(user).await?;
        }
        Ok(())
    }
}
