//! Fills a fresh server with two accounts. The program that does it lies with the tests, because it
//! needs the core; xtask does not, and so is compiled in a few seconds.

use anyhow::Result;

use super::server;
use crate::cargo::cargo;
use crate::process;

/// Makes the accounts and prints how to sign in.
pub fn fill() -> Result<()> {
    let mut command =
        cargo(&["run", "--locked", "--quiet", "--package", "mysafe-tests", "--example", "demo"]);
    process::run(command.args(["--", server::ADDRESS]))
}
