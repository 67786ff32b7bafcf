//! `cargo xtask check`: what can be said about the code without running it.

mod dependencies;

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::cargo::{WASM, cargo, install_wasm};
use crate::process;

/// The crates that run in a browser.
const IN_THE_BROWSER: [&str; 6] = [
    "mysafe",
    "mysafe-protocol",
    "mysafe-browser",
    "mysafe-background",
    "mysafe-popup",
    "mysafe-strength",
];

/// One check: a name for people, and how to do it.
pub struct Check {
    /// What is checked.
    pub name: &'static str,
    /// Prints what is wrong and fails, or does not.
    pub run: fn() -> Result<()>,
}

/// All checks, quick ones first.
pub const CHECKS: [Check; 5] = [
    Check { name: "format", run: format },
    Check { name: "licences and banned crates", run: dependencies::check },
    Check { name: "lints, host", run: lint_host },
    Check { name: "lints, wasm32", run: lint_wasm },
    Check { name: "documentation", run: documentation },
];

/// Does them all, even after one has failed.
pub fn check() -> Result<()> {
    let mut failed = Vec::new();
    for check in CHECKS {
        let start = Instant::now();
        let result = (check.run)();
        let state = if result.is_ok() { "ok" } else { "FAILED" };
        println!("{:<28} {state:<6} {:>4} s", check.name, start.elapsed().as_secs());
        if let Err(error) = result {
            eprintln!("{error:#}");
            failed.push(check.name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

fn format() -> Result<()> {
    process::run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn lint_host() -> Result<()> {
    let mut command = cargo(&["clippy", "--locked", "--quiet", "--workspace", "--all-targets"]);
    process::run(command.args(["--", "-D", "warnings"]))
}

fn lint_wasm() -> Result<()> {
    install_wasm()?;
    let mut command = cargo(&["clippy", "--locked", "--quiet", "--lib", "--target", WASM]);
    process::run(in_the_browser(&mut command).args(["--", "-D", "warnings"]))
}

/// The crates of the browser are documented for the browser: what they are made of is not there on
/// the host.
fn documentation() -> Result<()> {
    let mut host = cargo(&[
        "doc",
        "--locked",
        "--quiet",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    process::run(host.env("RUSTDOCFLAGS", "-D warnings"))
}

fn in_the_browser(command: &mut Command) -> &mut Command {
    for package in IN_THE_BROWSER {
        command.args(["--package", package]);
    }
    command
}
