//! Where this browser stands: no account, locked, or open.

use std::rc::Rc;

use futures::channel::oneshot;
use mysafe::crypto::{AccountKey, SystemRandom};
use mysafe::sync::{Local, has_account};
use mysafe::vault::{
    DeviceRecord, LoadError, Store, Stored, UnlockError as CoreError, Vault, opened,
};
use zeroize::Zeroizing;

use crate::around::Around;
use crate::early;
use crate::finishing::FirstScreen;
use crate::open::Open;
use crate::record::{device_key, device_record, record_of};
use crate::revoked;
use crate::rows::Lists;
use crate::session::{self, LockReason, Session};
use crate::settings::expects_account;
use crate::store::{Device, StoreError};

/// Where this browser stands.
#[derive(Clone)]
pub enum Standing {
    /// No account yet.
    New,
    /// Locked.
    Locked(Locked),
    /// Unlocked.
    Open(Rc<Open>),
}

/// What the unlock screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locked {
    /// The account's mail address.
    pub address: String,
    /// The person's name.
    pub name: String,
    /// The server's base address.
    pub server: String,
    /// Why it is locked; none at the first unlock of a fresh browser.
    pub reason: Option<LockReason>,
    /// This browser holds no sealed key any more: sign in again.
    pub sign_in_again: bool,
}

/// Why a vault does not unlock.
#[derive(Debug, Clone, PartialEq)]
pub enum UnlockError {
    /// Not the master password.
    WrongPassword,
    /// This browser holds no sealed key: sign in again.
    NoWrap,
    /// The store failed, or holds another account's key.
    Store(StoreError),
}

/// Where this browser stands now. Locks first if the deadline has passed.
pub async fn standing() -> Result<Standing, StoreError> {
    match found(Stored::keys(), async { (session::read().await, ()) }).await? {
        (Found::Open(unlocked), ()) => {
            let Unlocked { device, record, key, stored } = *unlocked;
            let vault = vault_of(&device, &record, key, &stored).await?;
            Ok(Standing::Open(Open::whole_of(device, record, vault)))
        }
        (Found::Other(other), ()) => Ok(other),
    }
}

/// The same for a first screen, with the code for that alone: of many items those are there at first that
/// it shows, and [`Open::finish`] is to be called when they are painted. `None` if there is no such
/// screen, or what is stored does not open like that: then it is up to [`standing`]. What else there is to
/// know when a view opens comes with it.
pub async fn standing_for(
    first: impl FnOnce(&Around) -> Option<FirstScreen>,
) -> (Around, Result<Option<Standing>, StoreError>) {
    let (tell, told) = oneshot::channel();
    let around = async {
        let (around, session) = Around::look().await;
        let session = match session {
            Ok(session) => session::of(&session).await,
            Err(error) => Err(error.into()),
        };
        // Nobody hears it where there is no vault to open.
        let _ = tell.send((session, first(&around)));
        around
    };
    let told = async { told.await.unwrap_or((Err(StoreError::Damaged), None)) };
    futures::join!(around, first_standing(told))
}

async fn first_standing(
    told: impl Future<Output = (Result<Session, StoreError>, Option<FirstScreen>)>,
) -> Result<Option<Standing>, StoreError> {
    let (unlocked, first) = match found(Stored::first_keys(), told).await? {
        (Found::Open(unlocked), Some(first)) => (unlocked, first),
        (Found::Open(_), None) => return Ok(None),
        (Found::Other(other), _) => return Ok(Some(other)),
    };
    let Unlocked { device, record, key, stored } = *unlocked;
    let mut vault = locked_vault(&record, key)?;
    let opened = opened(&device, stored.sealed(&vault)).await;
    let shown = match vault.glance(&stored, opened) {
        Ok(glance) => first.show(&device, &mut vault, glance).await,
        Err(error) => Err(error),
    };
    match shown {
        Ok((shown, rest)) => {
            let lists = Lists::in_order(&vault, &shown);
            Ok(Some(Standing::Open(Open::new(device, record, vault, lists, rest))))
        }
        Err(LoadError::Cache) => Ok(None),
        Err(LoadError::Damaged) => Err(StoreError::Damaged),
    }
}

/// What there is to find out before a vault is opened.
enum Found {
    /// It is unlocked.
    Open(Box<Unlocked>),
    /// There is nothing to open.
    Other(Standing),
}

/// What a vault is opened from.
struct Unlocked {
    device: Device,
    record: DeviceRecord,
    key: AccountKey,
    stored: Stored,
}

/// Finds it out, with what is stored under these keys and what comes with the state of the session.
async fn found<F>(
    keys: Vec<(Store, String)>,
    session: impl Future<Output = (Result<Session, StoreError>, F)>,
) -> Result<(Found, F), StoreError> {
    let stored = async {
        // At once, as one question; while it is locked, the sealed ones are of no use and harm nobody.
        let wanted = [device_key()].into_iter().chain(keys).collect::<Vec<_>>();
        let (device, early) = futures::join!(Device::open(), early::stored(&wanted));
        let device = device?;
        let mut found = match early {
            Some(found) => found,
            None => device.get_all(&wanted).await?,
        }
        .into_iter();
        let record = record_of(found.next().flatten())?;
        Ok::<_, StoreError>((device, record, Stored::of(found)))
    };
    // Two processes are asked; neither needs what the other says.
    let (stored, (session, with)) = futures::join!(stored, session);
    let (device, Some(record), stored) = stored? else {
        return match expects_account().await {
            true => Err(StoreError::Gone),
            false => Ok((Found::Other(Standing::New), with)),
        };
    };
    match session? {
        Session::Open(key) => {
            let unlocked = Box::new(Unlocked { device, record, key, stored });
            Ok((Found::Open(unlocked), with))
        }
        Session::Locked(reason) => {
            // A browser that was closed has locked without doing anything.
            let revoked = revoked::erase(&device).await?;
            let locked = Standing::Locked(Locked {
                address: record.address,
                name: record.name,
                server: record.server,
                reason: Some(if revoked { LockReason::Expired } else { reason }),
                sign_in_again: revoked || record.wrap.is_none(),
            });
            Ok((Found::Other(locked), with))
        }
    }
}

/// Whether this browser has no account yet.
pub async fn is_new() -> bool {
    // Without opening a vault: the background has no code for that.
    match Device::open().await {
        Ok(device) => matches!(device_record(&device).await, Ok(None)) && !expects_account().await,
        Err(_) => false,
    }
}

/// Unlocks with the master password; works without the server. Hashes the password, which takes
/// a few hundred milliseconds: paint first.
pub async fn unlock(password: Zeroizing<String>) -> Result<Rc<Open>, UnlockError> {
    let device = Device::open().await.map_err(UnlockError::Store)?;
    let record = device_record(&device).await.map_err(UnlockError::Store)?;
    let record = record.ok_or(UnlockError::NoWrap)?;
    let key = record.unlock(&password).map_err(|error| match error {
        CoreError::WrongPassword => UnlockError::WrongPassword,
        CoreError::NoWrap => UnlockError::NoWrap,
        CoreError::Forged => UnlockError::Store(StoreError::Damaged),
    })?;
    let text = key.to_session();
    let open = open(device, record, key).await.map_err(UnlockError::Store)?;
    session::begin(&text).await.map_err(UnlockError::Store)?;
    Ok(open)
}

async fn open(
    device: Device,
    record: DeviceRecord,
    key: AccountKey,
) -> Result<Rc<Open>, StoreError> {
    let vault = open_vault(&device, &record, key).await?;
    Ok(Open::whole_of(device, record, vault))
}

/// The account's vault with nothing in it yet.
fn locked_vault(record: &DeviceRecord, key: AccountKey) -> Result<Vault, StoreError> {
    Vault::open(key, &record.user, &record.address).map_err(|_| StoreError::Damaged)
}

/// The vault. A cache that does not open is made again from the items.
async fn vault_of(
    device: &Device,
    record: &DeviceRecord,
    key: AccountKey,
    stored: &Stored,
) -> Result<Vault, StoreError> {
    let mut vault = locked_vault(record, key)?;
    match vault.load(device, stored).await {
        Ok(()) => Ok(vault),
        Err(LoadError::Cache) => {
            let _guard = device.lock().await?;
            if !has_account(device, &record.user).await? {
                return Err(StoreError::Locked);
            }
            let puts = vault.rebuild(device, &mut SystemRandom).await?;
            device.apply(puts).await?;
            Ok(vault)
        }
        Err(LoadError::Damaged) => Err(StoreError::Damaged),
    }
}

/// The vault from what the device stores.
pub(crate) async fn open_vault(
    device: &Device,
    record: &DeviceRecord,
    key: AccountKey,
) -> Result<Vault, StoreError> {
    let stored = Stored::read(device).await?;
    vault_of(device, record, key, &stored).await
}
