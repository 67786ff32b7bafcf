//! Whether a time has passed: one test for everything that ends by time.

/// Seconds after which this clock alone is believed.
const ALONE: u64 = 24 * 60 * 60;

/// This device's clock, and how far ahead of it the server's was in its latest answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Now by this clock, Unix milliseconds.
    pub now: u64,
    /// Seconds that the server's clock is ahead; none before any answer.
    pub ahead: Option<i64>,
}

impl Clock {
    /// Whether a time, in Unix seconds, has passed: this clock and the server's say so, or this clock has
    /// said so for a day. A clock that is hours wrong ends nothing.
    pub fn passed(&self, until: u64) -> bool {
        let here = self.now / 1_000;
        let server = self.ahead.and_then(|ahead| here.checked_add_signed(ahead));
        here >= until.saturating_add(ALONE)
            || (here >= until && server.is_some_and(|server| server >= until))
    }

    /// Whether access until a time is over; without one it never is.
    pub fn is_over(&self, until: Option<u64>) -> bool {
        until.is_some_and(|until| self.passed(until))
    }
}

/// A clock with which the server's agrees, Unix milliseconds.
impl From<u64> for Clock {
    fn from(now: u64) -> Self {
        Self { now, ahead: Some(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_passed_when_both_clocks_say_so_or_this_one_for_a_day() {
        let passed = |here: u64, ahead| Clock { now: here * 1_000, ahead }.passed(1_000_000);
        assert!(passed(1_000_000, Some(0)) && !passed(999_999, Some(0)));
        assert!(!passed(1_018_000, Some(-18_001)), "this clock is five hours fast");
        assert!(!passed(999_999, Some(3_600)), "the server's is an hour fast");
        assert!(passed(1_086_400, Some(-1_000_000)), "the server denies it for a day");
        assert!(!passed(1_086_399, None) && passed(1_086_400, None), "no server ever answered");
    }
}
