//! A device that keeps its stores in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

use mysafe::sync::Local;
use mysafe::vault::{Put, Store};

/// The stores, by name and key.
#[derive(Default)]
pub struct Memory(RefCell<BTreeMap<(Store, String), Vec<u8>>>);

impl Memory {
    /// Stores all of it.
    pub fn store(&self, puts: Vec<Put>) {
        let mut values = self.0.borrow_mut();
        for Put { store, key, value } in puts {
            match value {
                Some(value) => values.insert((store, key), value),
                None => values.remove(&(store, key)),
            };
        }
    }
}

impl Local for Memory {
    type Error = Infallible;
    type Guard = ();

    async fn lock(&self) -> Result<(), Infallible> {
        Ok(())
    }

    async fn get(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.borrow().get(&(store, key.to_owned())).cloned())
    }

    async fn keys(&self, store: Store) -> Result<Vec<String>, Infallible> {
        Ok(self
            .0
            .borrow()
            .keys()
            .filter(|(name, _)| *name == store)
            .map(|(_, key)| key.clone())
            .collect())
    }

    async fn apply(&self, puts: Vec<Put>) -> Result<(), Infallible> {
        self.store(puts);
        Ok(())
    }
}
