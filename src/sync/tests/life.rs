//! The whole life of sharing: any order of acts by two to four people on their devices, with a server that is
//! honest and restored, or lies with the help of people who lost access. After each act nobody opens what was
//! written after they were removed, nothing that is held goes down, and the list in force is the owner's. In
//! the end, with an honest server, everybody has the same.
//!
//! CI tries the same histories each time. `MYSAFE_HISTORIES` says how many, and `MYSAFE_SEED` which ones (`seeds.rs`).

mod acts;
mod beginning;
mod calls;
mod ending;
mod ledger;
mod lies;
mod perform;
mod rules;
mod sequences;
mod world;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use acts::{History, honest_history, lying_history};
use world::World;

use super::seeds::seed;
use crate::vault::planted::Planted;

/// Histories of each of the two tests.
const HISTORIES: u32 = 1_000;

/// The counts of all histories of a test.
#[derive(Default)]
struct Done {
    histories: Cell<usize>,
    acts: Cell<usize>,
    keys: Cell<usize>,
}

/// Goes through one history.
fn live((cast, acts): &History, done: &Done) -> Result<(), String> {
    let mut world = World::new(*cast);
    let mut all = || {
        for (device, act) in acts {
            world.perform(*device, *act)?;
        }
        world.end_honestly()
    };
    let lived = all();
    done.histories.set(done.histories.get() + 1);
    done.acts.set(done.acts.get() + world.step);
    done.keys.set(done.keys.get() + world.ledger.tried);
    lived
}

/// Tries random histories; tells the seed.
fn try_histories(test: &str, histories: impl Strategy<Value = History>) {
    let seed = seed();
    let count = option_env!("MYSAFE_HISTORIES").map(|count| count.parse().expect("a number"));
    let count: u32 = count.unwrap_or(HISTORIES);
    println!("MYSAFE_SEED={seed} in {test}, {count} histories");
    let config = ProptestConfig {
        cases: count,
        max_shrink_iters: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_be_bytes(); 4].concat());
    let done = Done::default();
    let tried = TestRunner::new_with_rng(config, rng)
        .run(&histories, |history| live(&history, &done).map_err(TestCaseError::fail));
    let Done { histories, acts, keys } = &done;
    println!("{test}: {} histories, {} acts, {} keys", histories.get(), acts.get(), keys.get());
    match tried {
        Err(TestError::Fail(why, history)) => {
            panic!("MYSAFE_SEED={seed}: {why}\n{history:?}")
        }
        tried => assert!(tried.is_ok(), "{tried:?}"),
    }
}

#[test]
fn whatever_an_honest_server_loses_nobody_comes_back_and_all_end_with_the_same() {
    try_histories("life with an honest server", honest_history());
}

#[test]
fn whatever_a_server_lies_nobody_comes_back_and_all_end_with_the_same() {
    try_histories("life with a lying server", lying_history());
}

/// The number of the first of these histories that breaks a rule, with a bug planted or without.
fn first_broken(bug: Option<Planted>, most: u32) -> Option<u32> {
    Planted::plant(bug);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let strategy = lying_history();
    let done = Done::default();
    let first = (1..=most).find(|_| {
        let history = strategy.new_tree(&mut runner).expect("nothing is filtered").current();
        !matches!(catch_unwind(AssertUnwindSafe(|| live(&history, &done))), Ok(Ok(())))
    });
    Planted::plant(None);
    first
}

/// Histories within which a planted bug shows.
const CATCHING: u32 = 1_000;

/// The property is worth what it catches.
#[test]
fn every_planted_bug_is_caught() {
    for bug in Planted::ALL {
        let first = first_broken(Some(bug), CATCHING).expect("the bug shows");
        println!("{bug:?} shows in history {first}");
        assert_eq!(
            first_broken(None, first),
            None,
            "the same histories break no rule without {bug:?}"
        );
    }
}
