//! Waiting for a condition with a deadline.

use std::time::{Duration, Instant};

/// How long a step waits for what it needs before it fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks every 20 ms until `condition` has an answer; `None` when `patience` is over.
pub fn wait_for<T>(patience: Duration, mut condition: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(answer) = condition() {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
