//! The device's stores in IndexedDB, and the lock that makes one context write at a time.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Transaction, TransactionMode};
use js_sys::{Promise, Uint8Array};
use mysafe::crypto::{Opened, Opening, SealError};
use mysafe::protocol::UserId;
use mysafe::sync::{Local, Progress};
use mysafe::vault::{DeviceRecord, Put, Store, Value, keys};
use wasm_bindgen::prelude::*;
use web_sys::IdbTransaction;

use crate::aes;
use crate::chrome::get;
pub(crate) use crate::store_error::StoreError;

const NAME: &str = "mysafe";
const VERSION: u32 = 1;
const LOCK: &str = "mysafe-store";

/// An open connection to the device's stores.
#[derive(Clone)]
pub(crate) struct Device {
    database: Rc<Connection>,
}

/// Closed when it is dropped; what runs is finished first. One that stayed open without anybody to
/// hear that a newer version waits would keep that out for good.
struct Connection {
    database: Database,
    /// Why it was closed before that.
    left: Left,
}

type Left = Rc<RefCell<Option<StoreError>>>;

impl Connection {
    /// A transaction, unless the stores were left to whoever removes them or makes them newer.
    fn transaction(
        &self,
        names: &[&str],
        mode: TransactionMode,
    ) -> Result<Transaction, StoreError> {
        match &*self.left.borrow() {
            Some(left) => Err(left.clone()),
            None => Ok(self.database.transaction(names, mode)?),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.close();
    }
}

impl Device {
    /// Opens the stores, making them if need be.
    pub(crate) async fn open() -> Result<Self, StoreError> {
        let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let Ok(database) = event.database() else { return };
            let present = database.store_names();
            for store in Store::ALL {
                if !present.iter().any(|name| name == store.name()) {
                    let made = database.create_object_store(store.name(), ObjectStoreParams::new());
                    drop(made);
                }
            }
        });
        let mut database = request.await?;
        // A newer version, or a removal, must not wait for this context.
        let left = Left::default();
        let leaving = Rc::clone(&left);
        database.on_version_change(move |event| {
            let removed = get(&event, "newVersion").is_null();
            *leaving.borrow_mut() =
                Some(if removed { StoreError::Gone } else { StoreError::Newer });
            if let Ok(database) = event.database() {
                database.close();
            }
        });
        Ok(Self { database: Rc::new(Connection { database, left }) })
    }

    /// Empties every store.
    pub(crate) async fn clear(&self) -> Result<(), StoreError> {
        let names: Vec<&str> = Store::ALL.iter().map(|store| store.name()).collect();
        let transaction = self.database.transaction(&names, TransactionMode::ReadWrite)?;
        for name in names {
            transaction.object_store(name)?.clear()?;
        }
        transaction.commit()?.await?;
        Ok(())
    }
}

impl Local for Device {
    type Error = StoreError;
    type Guard = Guard;

    async fn is_unlocked(&self) -> Result<bool, StoreError> {
        crate::session::is_open().await
    }

    async fn lock(&self) -> Result<Guard, StoreError> {
        Guard::acquire(LOCK).await
    }

    async fn took_page(&self, progress: Option<Progress>) {
        crate::sync::took_page(progress).await;
    }

    async fn get(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = store.name();
        let transaction = self.database.transaction(&[name], TransactionMode::ReadOnly)?;
        bytes(transaction.object_store(name)?.get(JsValue::from_str(key))?.await?)
    }

    async fn get_all(
        &self,
        wanted: &[(Store, String)],
    ) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let mut names: Vec<&str> = wanted.iter().map(|(store, _)| store.name()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let transaction = self.database.transaction(&names, TransactionMode::ReadOnly)?;
        let asked: Result<Vec<_>, StoreError> = wanted
            .iter()
            .map(|(store, key)| {
                let store = transaction.object_store(store.name())?;
                Ok(store.get(JsValue::from_str(key))?.into_future())
            })
            .collect();
        futures::future::try_join_all(asked?).await?.into_iter().map(bytes).collect()
    }

    async fn keys(&self, store: Store) -> Result<Vec<String>, StoreError> {
        let name = store.name();
        let transaction = self.database.transaction(&[name], TransactionMode::ReadOnly)?;
        let keys = transaction.object_store(name)?.get_all_keys(None, None)?.await?;
        Ok(keys.iter().filter_map(JsValue::as_string).collect())
    }

    async fn open(&self, openings: &[Opening<'_>]) -> Result<Vec<Opened>, SealError> {
        aes::open_all(openings).await
    }

    async fn apply(&self, puts: Vec<Put>) -> Result<(), StoreError> {
        self.write(puts, None).await
    }
}

impl Device {
    /// Stores these if the stores are still those of an account; fails with [`StoreError::Locked`] if they are
    /// not. One transaction asks and stores: no lock is waited for, and no sign-out comes between.
    pub(crate) async fn apply_for(&self, user: &UserId, puts: Vec<Put>) -> Result<(), StoreError> {
        self.write(puts, Some(user)).await
    }

    async fn write(&self, puts: Vec<Put>, user: Option<&UserId>) -> Result<(), StoreError> {
        let mut names: Vec<&str> = puts.iter().map(|put| put.store.name()).collect();
        names.extend(user.map(|_| Store::Device.name()));
        names.sort_unstable();
        names.dedup();
        if puts.is_empty() {
            return Ok(());
        }
        // Before the transaction, which ends as soon as nobody asks for anything.
        let values = puts.iter().map(async |put| {
            Ok::<_, StoreError>(match &put.value {
                Some(Value::Bytes(bytes)) => Some(Uint8Array::from(bytes.as_slice())),
                Some(Value::Seal(sealing)) => Some(aes::seal(sealing).await?.as_slice().into()),
                None => None,
            })
        });
        let values = futures::future::try_join_all(values).await?;
        let transaction = self.database.transaction(&names, TransactionMode::ReadWrite)?;
        let raw = IdbTransaction::from(transaction);
        let transaction = Transaction::from(raw.clone());
        if let Some(user) = user {
            let store = transaction.object_store(Store::Device.name())?;
            let record = bytes(store.get(JsValue::from_str(keys::DEVICE))?.await?)?;
            let record = record.and_then(|record| DeviceRecord::decode(&record).ok());
            if record.is_none_or(|record| record.user != *user) {
                return Err(StoreError::Locked);
            }
        }
        for (put, value) in puts.iter().zip(values) {
            let store = transaction.object_store(put.store.name())?;
            let key = JsValue::from_str(&put.key);
            match value {
                Some(value) => {
                    store.put(&value, Some(&key))?;
                }
                None => {
                    store.delete(key)?;
                }
            }
        }
        // Committed at once: a page that goes before it is asked to takes what it wrote along.
        match transaction.commit()?.await {
            Ok(done) if done.is_committed() => Ok(()),
            _ => Err(why_aborted(&raw)),
        }
    }
}

/// A stored value.
pub(crate) fn bytes(value: Option<JsValue>) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = value.map(|value| value.dyn_into::<Uint8Array>()).transpose();
    Ok(bytes.map_err(|_| StoreError::Damaged)?.map(|bytes| bytes.to_vec()))
}

fn why_aborted(transaction: &IdbTransaction) -> StoreError {
    match transaction.error().map(|error| error.name()) {
        Some(name) if name == "QuotaExceededError" => StoreError::Full,
        name => StoreError::Unavailable(name.unwrap_or_else(|| "aborted".to_owned())),
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, held: &js_sys::Function) -> Promise;
}

/// The right to do something, write above all, across all contexts of the extension (Web Locks
/// API). Given back when dropped, and by the browser when the context dies.
pub(crate) struct Guard {
    release: Option<oneshot::Sender<()>>,
}

impl Guard {
    pub(crate) async fn acquire(name: &str) -> Result<Self, StoreError> {
        let (release, released) = oneshot::channel::<()>();
        let (granted, grant) = oneshot::channel::<()>();
        let parts = Rc::new(RefCell::new(Some((granted, released))));
        let held = Closure::once_into_js(move || {
            let parts = parts.borrow_mut().take();
            wasm_bindgen_futures::future_to_promise(async move {
                if let Some((granted, released)) = parts {
                    let _ = granted.send(());
                    let _ = released.await;
                }
                Ok(JsValue::UNDEFINED)
            })
        });
        let _ = request_lock(name, held.unchecked_ref());
        grant.await.map_err(|_| StoreError::Unavailable("lock".into()))?;
        Ok(Self { release: Some(release) })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.send(());
        }
    }
}
