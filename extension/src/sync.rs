//! Sync without a screen: every five minutes, when unlocked, and when a screen asks.

use std::cell::RefCell;

use futures::future::{FutureExt, LocalBoxFuture, Shared};
use mysafe_browser::{create_alarm, now, run_sync};

pub(crate) const ALARM: &str = "sync";
const MINUTES: f64 = 5.0;

type Running = Shared<LocalBoxFuture<'static, ()>>;

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// Wakes the background every five minutes.
pub(crate) fn arm() {
    create_alarm(ALARM, now() as f64 + MINUTES * 60_000.0, Some(MINUTES));
}

/// One sync. Whoever asks while one runs waits for it and then for one of its own, which others
/// join: what was stored a moment ago is never left behind.
pub(crate) async fn run() {
    let before = RUNNING.with_borrow(Clone::clone);
    if let Some(before) = before {
        before.await;
    }
    let present =
        RUNNING.with_borrow(|running| running.clone().filter(|running| running.peek().is_none()));
    let running = present.unwrap_or_else(|| {
        let sync: Running = async {
            // What failed stays queued and is told by the status; the next one tries again.
            if let Some(seconds) = run_sync().await {
                create_alarm(ALARM, now() as f64 + wait_ms(seconds), Some(MINUTES));
            }
        }
        .boxed_local()
        .shared();
        RUNNING.set(Some(sync.clone()));
        sync
    });
    running.await;
}

/// How long the same alarm waits where the server asks for so many seconds: earlier, never later.
fn wait_ms(seconds: u64) -> f64 {
    (seconds as f64 * 1_000.0).min(MINUTES * 60_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_server_moves_the_next_sync_later() {
        assert_eq!(wait_ms(20), 20_000.0);
        for seconds in [300, 301, u64::MAX] {
            assert_eq!(wait_ms(seconds), 300_000.0);
        }
    }
}
