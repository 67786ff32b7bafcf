//! Random histories, tried from a seed that is told. Every run tries the same ones, so that what was green stays
//! green; `MYSAFE_SEED=random` tries others, and `MYSAFE_SEED=NUMBER` repeats a run. The compiler reads it.
//! A history that failed once is tried first, from a file of regressions beside the test.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::WithSource;
use proptest::test_runner::{FailurePersistence, RngAlgorithm, TestRng, TestRunner};

use crate::crypto::{Random, SystemRandom};

const SEED: u64 = 15;

/// The seed to begin with.
pub(super) fn seed() -> u64 {
    match option_env!("MYSAFE_SEED") {
        None => SEED,
        Some("random") => u64::from_be_bytes(SystemRandom.array()),
        Some(number) => number.parse().expect("a number, or random"),
    }
}

/// A runner of so many histories for the test in a file. Without `keep` what fails is not kept, nor
/// made smaller: then it is a planted bug.
pub(super) fn runner(test: &str, file: &'static str, histories: u32, keep: bool) -> TestRunner {
    let seed = seed();
    println!("MYSAFE_SEED={seed} in {test}, {histories} histories");
    let kept = keep.then(|| -> Box<dyn FailurePersistence> { Box::new(WithSource("regressions")) });
    let config = ProptestConfig {
        cases: histories,
        max_shrink_iters: if keep { 200 } else { 0 },
        failure_persistence: kept,
        source_file: Some(file),
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_be_bytes(); 4].concat());
    TestRunner::new_with_rng(config, rng)
}
