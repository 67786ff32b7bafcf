//! The second reader: the frozen vectors and a recorded account, read by Python without a library of the
//! product (`tests/second`).

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::tally::{Count, Tally};
use crate::{process, workspace};

/// The folder of its own Python, with the packages that `requirements.txt` pins by hash.
fn environment() -> PathBuf {
    workspace::scratch().join("second")
}

/// Installs the packages unless the installed ones are those of the requirements.
pub fn install() -> Result<()> {
    let requirements = workspace::path("tests/second/requirements.txt");
    let wanted = fs::read(&requirements)?;
    let installed = environment().join("installed-requirements.txt");
    if fs::read(&installed).is_ok_and(|was| was == wanted) {
        return Ok(());
    }
    if process::find("python3").is_none() {
        bail!("python3 is missing: install Python 3.10 or newer, with its module venv");
    }
    eprintln!("pip install -r {}", requirements.display());
    let mut python = Command::new("python3");
    process::run(python.args(["-m", "venv", "--clear"]).arg(environment()))
        .context("Debian has the module venv in the package python3-venv")?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let mut install = Command::new(environment().join("bin/python"));
    install.args(pip).args(["--require-hashes", "--no-deps", "-r"]).arg(requirements);
    process::run(&mut install)?;
    fs::write(installed, wanted)?;
    Ok(())
}

/// Runs it, and counts every vector, case and recorded value as a test.
pub fn run(tally: &mut Tally) -> Result<()> {
    let mut python = Command::new(environment().join("bin/python"));
    // Nothing is left beside the sources.
    python.arg("-B").arg(workspace::path("tests/second/run.py"));
    match process::read(&mut python) {
        Ok(output) => {
            println!("{}", output.trim());
            let counts: Value = serde_json::from_str(&output)?;
            let passed = ["vectors", "cases", "opened"]
                .iter()
                .filter_map(|name| counts[name].as_u64())
                .sum::<u64>();
            let passed = usize::try_from(passed)?;
            tally.add("vectors, second reader", Count { passed, ..Count::default() });
        }
        Err(error) => {
            tally.add("vectors, second reader", Count::of(false));
            tally.note(format!("second reader: {error:#}"));
        }
    }
    Ok(())
}
