//! Where this browser stands: no account, locked, or open.

use std::rc::Rc;

use mysafe::crypto::{AccountKey, SystemRandom};
use mysafe::sync::Local;
use mysafe::vault::{
    DeviceRecord, Glance, LoadError, Stored, UnlockError as CoreError, Vault, opened,
};
use zeroize::Zeroizing;

use crate::early;
use crate::finishing::FirstScreen;
use crate::open::Open;
use crate::record::{device_key, device_record, record_of};
use crate::revoked;
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
    standing_for(async { None }).await
}

/// The same for a first screen, if it is for one: of many items those are there at first that it shows,
/// and [`Open::finish`] is to be called when they are painted.
pub async fn standing_for(
    first: impl Future<Output = Option<FirstScreen>>,
) -> Result<Standing, StoreError> {
    let stored = async {
        // At once, as one question; while it is locked, the sealed ones are of no use and harm nobody.
        let wanted = [device_key()].into_iter().chain(Stored::keys()).collect::<Vec<_>>();
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
    let (stored, session) = futures::join!(stored, session::read());
    let (device, Some(record), stored) = stored? else {
        return if expects_account().await { Err(StoreError::Gone) } else { Ok(Standing::New) };
    };
    match session? {
        Session::Open(key) => {
            let (vault, rest) = vault_of(&device, &record, key, &stored, first).await?;
            Ok(Standing::Open(Open::new(device, record, vault, rest)))
        }
        Session::Locked(reason) => {
            // A browser that was closed has locked without doing anything.
            let revoked = revoked::erase(&device).await?;
            Ok(Standing::Locked(Locked {
                address: record.address,
                name: record.name,
                server: record.server,
                reason: Some(if revoked { LockReason::Expired } else { reason }),
                sign_in_again: revoked || record.wrap.is_none(),
            }))
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
    Ok(Open::new(device, record, vault, None))
}

/// The vault, and what of it is not decoded yet. A cache that does not open is made again from the items.
async fn vault_of(
    device: &Device,
    record: &DeviceRecord,
    key: AccountKey,
    stored: &Stored,
    first: impl Future<Output = Option<FirstScreen>>,
) -> Result<(Vault, Option<Glance>), StoreError> {
    let mut vault =
        Vault::open(key, &record.user, &record.address, None).map_err(|_| StoreError::Damaged)?;
    let opened = opened(device, stored.opening(&vault)).await;
    let taken = match first.await {
        None => vault.take(stored, opened).map(|()| None),
        Some(first) => {
            let glance = vault.glance(stored, opened);
            glance.and_then(|glance| first.show(&mut vault, glance))
        }
    };
    let rest = match taken {
        Ok(rest) => rest,
        Err(LoadError::Cache) => {
            let _guard = device.lock().await?;
            let put = vault.rebuild(device, &mut SystemRandom).await?;
            device.apply(vec![put]).await?;
            None
        }
        Err(LoadError::Damaged) => return Err(StoreError::Damaged),
    };
    Ok((vault, rest))
}

/// The vault from what the device stores.
pub(crate) async fn open_vault(
    device: &Device,
    record: &DeviceRecord,
    key: AccountKey,
) -> Result<Vault, StoreError> {
    let stored = Stored::read(device).await?;
    let (vault, _) = vault_of(device, record, key, &stored, async { None }).await?;
    Ok(vault)
}
