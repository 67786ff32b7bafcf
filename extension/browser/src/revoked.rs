//! A sign-in that was ended on purpose: by a new password or code, a recovery, an administrator.
//! What is open stays readable; with the lock, this browser's key and the cache are erased.
//! What was changed here and not sent, drafts and what was held stay for the next sign-in.

use mysafe::sync::Local;
use mysafe::vault::{DeviceRecord, Put, Store, Stored, keys};

use crate::record::device_record;
use crate::store::{Device, StoreError};

/// The sign-in was ended.
pub(crate) fn mark() -> Put {
    Put::set(Store::Device, keys::REVOKED, vec![1])
}

/// Signed in again.
pub(crate) fn unmark() -> Put {
    Put::remove(Store::Device, keys::REVOKED)
}

/// Erases key and cache if the sign-in was ended; the vault is locked. Whether it was.
pub(crate) async fn erase(device: &Device) -> Result<bool, StoreError> {
    let marked = async || {
        let mark = device.get(Store::Device, keys::REVOKED).await?;
        Ok::<_, StoreError>(mark.is_some())
    };
    if !marked().await? {
        return Ok(false);
    }
    let _guard = device.lock().await?;
    // Another context may have signed in again meanwhile.
    if !marked().await? {
        return Ok(false);
    }
    let mut puts: Vec<Put> = Stored::without_cache().collect();
    if let Some(record) = device_record(device).await? {
        let without = DeviceRecord { wrap: None, ..record };
        puts.push(Put::set(Store::Device, keys::DEVICE, without.encode()));
    }
    device.apply(puts).await?;
    Ok(true)
}
