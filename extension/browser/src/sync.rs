//! Running a sync in this context, and what the others hear of it.

use std::cell::Cell;

use mysafe::crypto::SystemRandom;
use mysafe::protocol::UserId;
use mysafe::sync::{Local, Progress, RemoteError, Sync, SyncError, has_account};
use mysafe::vault::{DeviceRecord, Put, Store, Token, TokenError, Vault, keys};
use wasm_bindgen::JsValue;

use crate::chrome::{get, message, object, read_session, write_session};
use crate::events::announce_change;
use crate::now;
use crate::record::device_record;
use crate::remote::SignedIn;
use crate::revoked;
use crate::session::{self, Session};
use crate::standing::open_vault;
use crate::store::{Device, StoreError};

pub(crate) const STATUS: &str = "sync";

/// The least time between two tellings that pages came.
const BETWEEN_PAGES_MS: f64 = 500.0;

thread_local! {
    /// When it was last told that pages came.
    static ANNOUNCED: Cell<f64> = const { Cell::new(0.0) };
}

/// Where sync stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SyncStatus {
    /// The server did not answer last time.
    pub offline: bool,
    /// The sign-in here has ended: revoked or expired.
    pub ended: bool,
    /// A sync is under way.
    pub running: bool,
    /// Changes that are not on the server yet.
    pub waiting: u32,
    /// How far a sync that takes a while is.
    pub progress: Option<Progress>,
    /// When the last whole sync ended, Unix milliseconds.
    pub last: Option<u64>,
    /// The code of a failure of the store that ended the last sync ([`StoreError::code`]).
    pub trouble: Option<&'static str>,
}

impl SyncStatus {
    pub(crate) fn of(value: &JsValue) -> Self {
        let flag = |name| get(value, name).as_bool().unwrap_or(false);
        let number = |name| get(value, name).as_f64().map(|number| number as u64);
        Self {
            offline: flag("offline"),
            ended: flag("ended"),
            running: flag("running"),
            waiting: get(value, "waiting").as_f64().unwrap_or(0.0) as u32,
            progress: number("done")
                .zip(number("total"))
                .map(|(done, total)| Progress { done, total }),
            last: number("last"),
            trouble: get(value, "trouble")
                .as_string()
                .and_then(|code| StoreError::read_code(&code)),
        }
    }

    async fn tell(self) {
        let number = |number: Option<u64>| {
            number.map_or(JsValue::NULL, |number| JsValue::from_f64(number as f64))
        };
        let value = object(&[
            ("offline", self.offline.into()),
            ("ended", self.ended.into()),
            ("running", self.running.into()),
            ("waiting", self.waiting.into()),
            ("done", number(self.progress.map(|progress| progress.done))),
            ("total", number(self.progress.map(|progress| progress.total))),
            ("last", number(self.last)),
            ("trouble", self.trouble.map_or(JsValue::NULL, JsValue::from_str)),
        ]);
        let _ = write_session(&[(STATUS, value)]).await;
    }
}

/// Where sync stands, as last told; the waiting changes are counted anew.
pub async fn sync_status() -> SyncStatus {
    let mut status = told().await;
    if let Ok(device) = Device::open().await {
        status.waiting = waiting(&device).await;
    }
    status
}

async fn told() -> SyncStatus {
    match read_session(&[STATUS]).await {
        Ok(stored) => SyncStatus::of(&get(&stored, STATUS)),
        Err(_) => SyncStatus::default(),
    }
}

/// A page of many is stored: lists fill as they come, but not more often than they can draw.
pub(crate) async fn took_page(progress: Option<Progress>) {
    SyncStatus { progress, ..told().await }.tell().await;
    let now = js_sys::Date::now();
    if now - ANNOUNCED.get() > BETWEEN_PAGES_MS {
        ANNOUNCED.set(now);
        announce_change();
    }
}

async fn waiting(device: &Device) -> u32 {
    let keys = device.keys(Store::Outbox).await.unwrap_or_default();
    keys.iter().filter(|key| key.starts_with("item/")).count() as u32
}

/// Asks the background for a sync; returns when it is done.
pub async fn sync_now() -> SyncStatus {
    let _ = message("sync").await;
    sync_status().await
}

/// The token is of no more use; the vault stays readable until lock. Not so if one has signed in
/// again since the token was read, or out.
async fn end_sign_in(
    device: &Device,
    user: &UserId,
    token: &[u8],
    revoked: bool,
) -> Result<bool, StoreError> {
    let _guard = device.lock().await?;
    if !has_account(device, user).await? {
        return Ok(false);
    }
    if device.get(Store::Session, keys::SESSION).await?.is_some_and(|now| now != token) {
        return Ok(false);
    }
    let mut puts = vec![Put::remove(Store::Session, keys::SESSION)];
    if revoked {
        puts.push(revoked::mark());
    }
    device.apply(puts).await?;
    Ok(true)
}

/// Seals a session again that an earlier version sealed without its server. Returns what is stored.
async fn bind(
    device: &Device,
    vault: &Vault,
    record: &DeviceRecord,
    token: &Token,
    blob: Vec<u8>,
) -> Result<Vec<u8>, StoreError> {
    if token.server.is_some() {
        return Ok(blob);
    }
    let _guard = device.lock().await?;
    let stored = device.get(Store::Session, keys::SESSION).await?;
    if stored.as_ref() != Some(&blob) || !has_account(device, &record.user).await? {
        return Ok(blob);
    }
    let bound = Token { server: Some(record.server.clone()), ..token.clone() };
    let sealed = vault.seal_token(&bound, &mut SystemRandom).into_bytes().unwrap_or(blob);
    device.apply(vec![Put::set(Store::Session, keys::SESSION, sealed.clone())]).await?;
    Ok(sealed)
}

/// One whole sync, if the vault is open. The background calls this. What the store fails by is told
/// by the status. Returns after how many seconds the server takes more, if it takes no more for now.
pub async fn run_sync() -> Option<u64> {
    let synced = sync_once().await;
    let wait = synced.as_ref().ok().copied().flatten();
    let failed = synced.err().filter(|error| *error != StoreError::Locked);
    let trouble = failed.as_ref().map(StoreError::code);
    let before = told().await;
    if before.trouble != trouble {
        SyncStatus { trouble, running: false, progress: None, ..before }.tell().await;
        announce_change();
    }
    wait
}

async fn sync_once() -> Result<Option<u64>, StoreError> {
    let Session::Open(key) = session::read().await? else { return Ok(None) };
    let device = Device::open().await?;
    let Some(record) = device_record(&device).await? else { return Ok(None) };
    let mut vault = open_vault(&device, &record, key).await?;
    let mut status = sync_status().await;
    let blob = device.get(Store::Session, keys::SESSION).await?;
    let opened = blob.map(|blob| (vault.open_token(&blob, &record.server), blob));
    let (token, blob) = match opened {
        Some((Ok(token), blob)) => (token, blob),
        Some((Err(TokenError::Damaged), _)) => return Err(StoreError::Damaged),
        // The token goes to nobody if somebody changed the server's address on this device.
        Some((Err(TokenError::OtherServer), _)) | None => {
            status.ended = true;
            status.running = false;
            status.tell().await;
            return Ok(None);
        }
    };
    let blob = bind(&device, &vault, &record, &token, blob).await?;
    let remote = SignedIn { base: record.server.clone(), token: token.token };
    status.running = true;
    status.progress = None;
    status.tell().await;
    let random = &mut SystemRandom;
    let mut sync = Sync { vault: &mut vault, local: &device, remote: &remote, random, now: now() };
    let ran = sync.run().await;
    status.running = false;
    status.progress = None;
    status.waiting = waiting(&device).await;
    let result = match ran {
        Ok(outcome) => {
            status.offline = false;
            status.ended = false;
            if outcome.wait.is_none() {
                status.last = Some(now());
            }
            Ok(outcome.wait)
        }
        Err(SyncError::Remote(error @ (RemoteError::SignInEnded | RemoteError::Revoked))) => {
            let ended =
                end_sign_in(&device, &record.user, &blob, error == RemoteError::Revoked).await;
            status.ended = *ended.as_ref().unwrap_or(&true);
            ended.map(|_| None)
        }
        Err(SyncError::Remote(_)) => {
            status.offline = true;
            Ok(None)
        }
        Err(SyncError::Store(error)) => Err(error),
        Err(SyncError::Damaged) => Err(StoreError::Damaged),
        Err(SyncError::Locked | SyncError::SignedOut) => Err(StoreError::Locked),
    };
    status.tell().await;
    announce_change();
    result
}
