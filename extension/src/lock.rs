//! The lock: its alarm, and its mark on the icon. The deadline itself lies in the session, where
//! every context reads it; this is only who acts when nobody else is awake.

use mysafe_browser::{clear_alarm, create_alarm, deadline, is_open, lock_if_due, set_icon};

pub(crate) const ALARM: &str = "lock";

/// The alarm went off: lock, or wait on if there was input meanwhile.
pub(crate) async fn when_due() {
    if lock_if_due().await == Ok(false)
        && let Some(deadline) = deadline().await
    {
        create_alarm(ALARM, deadline, None);
    }
}

/// Shows on the icon whether the vault is open.
pub(crate) async fn show() {
    set_icon(is_open().await != Ok(true)).await;
}

/// Locked: there is nothing to wait for.
pub(crate) async fn disarm() {
    clear_alarm(ALARM).await;
}
