//! The lock state. `storage.session` is memory that only the extension's own contexts read: it
//! holds the account key while unlocked, the deadline after which every context refuses, and
//! why it locked.

use mysafe::crypto::AccountKey;
use wasm_bindgen::JsValue;

use crate::chrome::{create_alarm, get, read_session, remove_session, write_session};
use crate::revoked;
use crate::settings::settings;
use crate::store::{Device, StoreError};

const KEY: &str = "key";
const DEADLINE: &str = "deadline";
const REASON: &str = "reason";
const MINUTES: &str = "minutes";
const PLACE: &str = "place";
const BROWSER_RAN: &str = "ran";

/// Why the vault is locked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LockReason {
    /// So many minutes without input.
    Idle {
        /// The set time.
        minutes: u32,
    },
    /// The button, the shortcut, or Settings.
    Button,
    /// The browser was closed.
    Browser,
    /// The system locked its screen.
    System,
    /// The session with the server was revoked.
    Expired,
}

impl LockReason {
    fn code(self) -> &'static str {
        match self {
            Self::Idle { .. } => "idle",
            Self::Button => "button",
            Self::Browser => "browser",
            Self::System => "system",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn of(session: &JsValue) -> Self {
        match get(session, REASON).as_string().as_deref() {
            Some("idle") => {
                Self::Idle { minutes: get(session, MINUTES).as_f64().unwrap_or(0.0) as u32 }
            }
            Some("button") => Self::Button,
            Some("system") => Self::System,
            Some("expired") => Self::Expired,
            _ => Self::Browser,
        }
    }
}

/// What the session says.
pub(crate) enum Session {
    /// Unlocked, and the deadline has not passed.
    Open(AccountKey),
    /// Locked.
    Locked(LockReason),
}

/// What a view that opens reads of it.
pub(crate) const KEYS: [&str; 6] = [KEY, DEADLINE, REASON, MINUTES, PLACE, "asked"];

/// Reads the lock state; locks first if the deadline has passed.
pub(crate) async fn read() -> Result<Session, StoreError> {
    of(&read_session(&[KEY, DEADLINE, REASON, MINUTES]).await?).await
}

/// The lock state by what was read; locks first if the deadline has passed.
pub(crate) async fn of(session: &JsValue) -> Result<Session, StoreError> {
    let Some(key) = get(session, KEY).as_string() else {
        return Ok(Session::Locked(LockReason::of(session)));
    };
    if due(session) {
        let reason = idle().await;
        lock(reason).await?;
        return Ok(Session::Locked(reason));
    }
    match AccountKey::from_session(&key) {
        Ok(key) => Ok(Session::Open(key)),
        Err(_) => Err(StoreError::Damaged),
    }
}

fn due(session: &JsValue) -> bool {
    get(session, DEADLINE).as_f64().is_some_and(|deadline| js_sys::Date::now() >= deadline)
}

async fn idle() -> LockReason {
    LockReason::Idle { minutes: settings().await.lock_after.unwrap_or(0) }
}

/// Whether the vault is unlocked at this moment; every use of a secret asks first.
pub async fn is_open() -> Result<bool, StoreError> {
    let session = read_session(&[KEY, DEADLINE]).await?;
    Ok(!get(&session, KEY).is_undefined() && !due(&session))
}

/// Puts the key into the session: the vault is open in every context.
pub(crate) async fn begin(key: &str) -> Result<(), StoreError> {
    let deadline = next_deadline().await;
    remove_session(&[REASON, MINUTES]).await?;
    write_session(&[
        (KEY, key.into()),
        (DEADLINE, deadline.map_or(JsValue::NULL, JsValue::from_f64)),
        (BROWSER_RAN, JsValue::TRUE),
    ])
    .await?;
    arm(deadline);
    Ok(())
}

/// Locks: the key and everything remembered of what was open leave the session at once. If the
/// sign-in was ended on purpose, this browser's own copy of the key goes too.
pub async fn lock(reason: LockReason) -> Result<(), StoreError> {
    // The reason first: who sees the key gone asks for it at once.
    tell_reason(reason).await?;
    remove_session(&[KEY, DEADLINE, PLACE]).await?;
    let device = Device::open().await;
    // A store that does not open is asked again before anything of it is shown.
    if let Ok(device) = device
        && revoked::erase(&device).await?
    {
        tell_reason(LockReason::Expired).await?;
    }
    Ok(())
}

async fn tell_reason(reason: LockReason) -> Result<(), StoreError> {
    let mut values = vec![(REASON, JsValue::from_str(reason.code()))];
    if let LockReason::Idle { minutes } = reason {
        values.push((MINUTES, minutes.into()));
    }
    Ok(write_session(&values).await?)
}

/// Locks if the deadline has passed. For the background's alarm and each view's clock.
pub async fn lock_if_due() -> Result<bool, StoreError> {
    let session = read_session(&[KEY, DEADLINE]).await?;
    if get(&session, KEY).is_undefined() || !due(&session) {
        return Ok(false);
    }
    lock(idle().await).await?;
    Ok(true)
}

/// When the vault locks by itself, Unix milliseconds; `None` if locked or never.
pub async fn deadline() -> Option<f64> {
    let session = read_session(&[DEADLINE]).await.ok()?;
    get(&session, DEADLINE).as_f64()
}

/// The user did something: the deadline moves. Does nothing while locked; whether it is open.
pub async fn touch() -> bool {
    let open = is_open().await == Ok(true);
    if open {
        let deadline = next_deadline().await;
        let value = deadline.map_or(JsValue::NULL, JsValue::from_f64);
        if write_session(&[(DEADLINE, value)]).await.is_ok() {
            arm(deadline);
        }
    }
    open
}

async fn next_deadline() -> Option<f64> {
    let minutes = settings().await.lock_after?;
    Some(js_sys::Date::now() + f64::from(minutes) * 60_000.0)
}

fn arm(deadline: Option<f64>) {
    if let Some(deadline) = deadline {
        create_alarm("lock", deadline, None);
    }
}

/// Keeps where the user is, for the next opening within two minutes. Cleared on lock.
pub async fn remember_place(place: &str) {
    if is_open().await == Ok(true) {
        let _ = write_session(&[(PLACE, place.into())]).await;
    }
}

/// Where the user was, by what was read.
pub(crate) fn place_of(session: &JsValue) -> Option<String> {
    get(session, PLACE).as_string()
}
