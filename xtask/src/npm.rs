//! The npm packages that xtask and the tests use, in the versions of their lock files.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{process, workspace};

/// Installs the packages of a folder unless the installed ones are those of its lock file.
pub fn install(folder: &str) -> Result<()> {
    let folder = workspace::path(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    // npm's own record in node_modules has another form, so the lock file is kept beside it.
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|was| was == lock) {
        return Ok(());
    }
    if process::find("npm").is_none() {
        bail!("npm is missing: install Node.js 20 or newer");
    }
    eprintln!("npm ci in {}", folder.display());
    process::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder),
    )?;
    fs::write(installed, lock)?;
    Ok(())
}

/// A program of an npm package of xtask, started by Node.
pub fn program(script: &str) -> Command {
    node(&workspace::path("xtask/node_modules").join(script))
}

/// A script, started by Node.
pub fn node(script: &Path) -> Command {
    let mut command = Command::new("node");
    command.arg(script);
    command
}
