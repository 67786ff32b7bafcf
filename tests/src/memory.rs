//! A device that keeps its stores in memory, and futures that never wait: the client that uses it
//! blocks wherever it talks to the server.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use mysafe::sync::Local;
use mysafe::vault::{DeviceRecord, LoadError, Put, Store, Stored, Vault, keys};

/// The stores, by name and key.
#[derive(Clone, Default)]
pub struct Memory(RefCell<BTreeMap<(Store, String), Vec<u8>>>);

impl Memory {
    /// The stores of a device that entered the account of this vault.
    pub fn of(vault: &Vault) -> Self {
        let record = DeviceRecord {
            user: vault.user(),
            address: vault.address().to_owned(),
            name: "Name".into(),
            server: "https://mysafe.example.com".into(),
            wrap: None,
        };
        let stores = Self::default();
        stores.store(vec![Put::set(Store::Device, keys::DEVICE, record.encode())]);
        stores
    }

    /// Stores all of it.
    pub fn store(&self, puts: Vec<Put>) {
        let mut values = self.0.borrow_mut();
        for put in puts {
            let key = (put.store, put.key.clone());
            match put.into_bytes() {
                Some(value) => values.insert(key, value),
                None => values.remove(&key),
            };
        }
    }

    /// Brings a vault to what is stored.
    pub fn load(&self, vault: &mut Vault) -> Result<(), LoadError> {
        let Ok(stored) = finish(Stored::read(self));
        finish(vault.load(self, &stored))
    }

    /// How many bytes a store holds.
    pub fn size(&self, store: Store) -> usize {
        let values = self.0.borrow();
        values.iter().filter(|((name, _), _)| *name == store).map(|(_, value)| value.len()).sum()
    }
}

impl Local for Memory {
    type Error = Infallible;
    type Guard = ();

    async fn is_unlocked(&self) -> Result<bool, Infallible> {
        Ok(true)
    }

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

/// What a future gives that is ready at once.
pub fn finish<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the stores are in memory and requests block"),
    }
}
