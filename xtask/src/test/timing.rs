//! Whether the time of an answer tells if an address has an account (`tests/examples/timing`).

use std::process::Command;

use anyhow::Result;

use crate::cargo::cargo;
use crate::{process, workspace};

/// Options of `cargo xtask timing`.
#[derive(clap::Args)]
pub struct Options {
    /// Samples of each kind and route.
    #[arg(long, default_value_t = 10_000)]
    samples: usize,
}

/// Builds the server, then measures it. Fails if the times differ.
pub fn timing(options: &Options) -> Result<()> {
    process::run(&mut cargo(&["build", "--locked", "--package", "mysafe-server"]))?;
    process::run(&mut cargo(&[
        "build",
        "--locked",
        "--package",
        "mysafe-tests",
        "--example",
        "timing",
    ]))?;
    let program = workspace::target().join("debug/examples/timing");
    process::run(Command::new(program).arg(options.samples.to_string()))
}
