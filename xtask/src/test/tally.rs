//! How many tests of each kind ran, and what failed.

use std::fmt;

/// Tests of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that are there but are not run here.
    pub skipped: usize,
}

impl Count {
    /// One test.
    pub fn of(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), skipped: 0 }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// All counts, in the order in which the kinds first came.
#[derive(Default)]
pub struct Tally {
    kinds: Vec<(String, Count)>,
    notes: Vec<String>,
}

impl Tally {
    /// Counts tests of a kind.
    pub fn add(&mut self, kind: &str, count: Count) {
        match self.kinds.iter_mut().find(|(name, _)| name == kind) {
            Some((_, sum)) => *sum = sum.plus(count),
            None => self.kinds.push((kind.to_owned(), count)),
        }
    }

    /// Remembers what failed, to be told again at the end.
    pub fn note(&mut self, failure: String) {
        self.notes.push(failure);
    }

    /// The sum of all kinds.
    pub fn all(&self) -> Count {
        self.kinds.iter().fold(Count::default(), |sum, (_, count)| sum.plus(*count))
    }

    /// The last line of a run, which programs may read.
    pub fn closing_line(&self) -> String {
        let Count { passed, failed, .. } = self.all();
        format!("{passed} passed, {failed} failed")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "FAILED  {note}")?;
        }
        writeln!(f, "{:<28} {:>6} {:>6} {:>8}", "kind", "passed", "failed", "not run")?;
        for (name, Count { passed, failed, skipped }) in &self.kinds {
            if passed + failed + skipped == 0 {
                continue;
            }
            writeln!(f, "{name:<28} {passed:>6} {failed:>6} {skipped:>8}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_a_kind_add_up_and_the_closing_line_sums_all_kinds() {
        let mut tally = Tally::default();
        tally.add("server", Count { passed: 3, failed: 0, skipped: 1 });
        tally.add("checks", Count::of(true));
        tally.add("server", Count { passed: 2, failed: 1, skipped: 0 });
        assert_eq!(tally.kinds[0], ("server".into(), Count { passed: 5, failed: 1, skipped: 1 }));
        assert_eq!(tally.closing_line(), "6 passed, 1 failed");
    }
}
