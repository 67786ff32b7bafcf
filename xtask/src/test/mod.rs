//! `cargo xtask test`: everything that CI checks, in an order in which quick answers come first and
//! nothing is compiled twice.

mod contract;
mod executables;
mod install;
mod lint;
mod output;
mod second;
mod tally;
mod timing;
mod vectors;

use std::time::Instant;

use anyhow::Result;

pub use contract::{Options as ContractOptions, contract};
pub use executables::build as build_executables;
pub use install::all as install_what_is_missing;
pub use timing::{Options as TimingOptions, timing};

use crate::build;
use crate::check::CHECKS;
use tally::{Count, Tally};

/// Runs it all. What fails is told again at the end, with how many tests of each kind ran.
pub fn test() -> Result<()> {
    let start = Instant::now();
    let mut tally = Tally::default();
    let result = steps(&mut tally);
    if let Err(error) = &result {
        // What stops the run, such as code that does not compile, is a failure like any other.
        tally.add("build and set-up", Count { failed: 1, ..Count::default() });
        tally.note(format!("{error:#}"));
    }
    println!("\n{tally}");
    println!("{} in all", minutes(start));
    println!("{}", tally.closing_line());
    if tally.all().failed == 0 { Ok(()) } else { std::process::exit(1) }
}

fn steps(tally: &mut Tally) -> Result<()> {
    timed("install what is missing", install::all)?;
    for check in CHECKS {
        let result = timed(check.name, check.run);
        tally.add("checks", Count::of(result.is_ok()));
        if let Err(error) = result {
            tally.note(format!("{}: {error:#}", check.name));
        }
    }
    let executables = timed("build the tests and the server", build_executables)?;
    // Together they take less: the one ends in a long step on one core, some of the others wait.
    std::thread::scope(|scope| {
        let extension = scope.spawn(|| {
            timed("build the extension", || {
                build::build_with(&build::Options::default(), &[vectors::PACKAGE])
            })
        });
        let native = timed("native tests", || {
            executables
                .iter()
                .filter(|one| !one.needs_browsers())
                .try_for_each(|one| one.run(&[], tally))?;
            executables::run_examples_in_documentation(tally)
        });
        native.and(extension.join().expect("building does not panic"))
    })?;
    timed("contract of the interface", || contract::run(tally))?;
    timed("vectors in WebAssembly", || vectors::run(tally))?;
    timed("second reader", || second::run(tally))?;
    timed("lint of the add-on", || lint::run(tally))?;
    timed("tests in the browsers", || {
        // One browser at a time: both are heavy, and there is one clipboard on a display.
        let arguments = ["--test-threads=1", "--nocapture"];
        executables
            .iter()
            .filter(|one| one.needs_browsers())
            .try_for_each(|one| one.run(&arguments, tally))
    })
}

fn timed<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n== {name}");
    let start = Instant::now();
    let result = step();
    let state = if result.is_ok() { "" } else { ", FAILED" };
    println!("== {name}: {}{state}", minutes(start));
    result
}

fn minutes(start: Instant) -> String {
    let seconds = start.elapsed().as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}
