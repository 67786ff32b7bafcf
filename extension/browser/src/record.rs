//! The device's record: whose account this browser has.

use mysafe::sync::Local;
use mysafe::vault::{DeviceRecord, Store, keys};

use crate::store::{Device, StoreError};

/// The record of this device, if it has an account.
pub(crate) async fn device_record(device: &Device) -> Result<Option<DeviceRecord>, StoreError> {
    record_of(device.get(Store::Device, keys::DEVICE).await?)
}

/// Where the device's record lies.
pub(crate) fn device_key() -> (Store, String) {
    (Store::Device, keys::DEVICE.to_owned())
}

/// The record from what is stored.
pub(crate) fn record_of(stored: Option<Vec<u8>>) -> Result<Option<DeviceRecord>, StoreError> {
    stored.map(|bytes| DeviceRecord::decode(&bytes).map_err(|_| StoreError::Damaged)).transpose()
}
