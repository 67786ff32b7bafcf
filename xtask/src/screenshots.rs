//! `cargo xtask screenshots`: pictures of every screen, for people to look at.

use anyhow::{Context, Result, bail};

use crate::build::{self, build};
use crate::{process, test, workspace};

/// Runs the test of the browser suite that takes them; it is ignored in other runs.
pub fn screenshots() -> Result<()> {
    test::install_what_is_missing()?;
    build(&build::Options::default())?;
    let executables = test::build_executables()?;
    let suite = executables
        .iter()
        .find(|one| one.needs_browsers())
        .context("there is no suite of browser tests")?;
    let folder = workspace::target().join("screenshots");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut command = suite.command();
    command.args(["screenshots", "--ignored", "--nocapture", "--test-threads=1"]);
    process::run(command.env("MYSAFE_SCREENSHOTS", &folder))?;
    let pictures = std::fs::read_dir(&folder)?.count();
    if pictures == 0 {
        bail!("no picture was taken");
    }
    println!("{pictures} pictures in {}", folder.display());
    Ok(())
}
