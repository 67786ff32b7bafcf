//! The contract of the server's interface: Schemathesis against the real server, in an environment of Python
//! that is made here, with the versions of `tests/contract/requirements.txt`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::install;
use super::tally::{Count, Tally};
use crate::cargo::cargo;
use crate::{process, workspace};

/// Options of `cargo xtask contract`.
#[derive(clap::Args)]
pub struct Options {
    /// Random cases of each route and role at most, beside those that cover the description.
    #[arg(long, default_value_t = 50)]
    cases: u32,
    /// The seed of the cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The short pass of `cargo xtask test`.
const SHORT: Options = Options { cases: 5, seed: 1 };

/// Builds the server, then has it judged.
pub fn contract(options: &Options) -> Result<()> {
    process::run(&mut cargo(&["build", "--locked", "--package", "mysafe-server"]))?;
    process::run(&mut cargo(&[
        "build",
        "--locked",
        "--package",
        "mysafe-tests",
        "--example",
        "contract",
    ]))?;
    judge(options)
}

/// The same in short, with what was built.
pub fn run(tally: &mut Tally) -> Result<()> {
    let result = judge(&SHORT);
    tally.add("contract of the interface", Count::of(result.is_ok()));
    if let Err(error) = result {
        tally.note(format!("contract of the interface: {error:#}"));
    }
    Ok(())
}

fn judge(options: &Options) -> Result<()> {
    let program = schemathesis()?;
    process::run(
        Command::new(workspace::target().join("debug/examples/contract"))
            .arg(program)
            .args([options.cases.to_string(), options.seed.to_string()]),
    )
}

/// Installs Schemathesis unless the installed packages are those of the list. Returns the program.
fn schemathesis() -> Result<PathBuf> {
    let folder = workspace::scratch().join("schemathesis");
    let list = workspace::path("tests/contract/requirements.txt");
    let wanted = fs::read(&list)?;
    let installed = folder.join("installed.txt");
    let program = folder.join("bin/schemathesis");
    if fs::read(&installed).is_ok_and(|was| was == wanted) {
        return Ok(program);
    }
    if process::find("python3").is_none() {
        install::packages(&["python3", "python3-venv"])?;
    }
    let make = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(&folder);
        process::quiet(&mut command)
    };
    // Debian's Python comes without what makes environments.
    if !make()?.status.success() {
        install::packages(&["python3-venv"])?;
        let made = make()?;
        if !made.status.success() {
            bail!("python3 -m venv: {}", String::from_utf8_lossy(&made.stderr));
        }
    }
    eprintln!("pip install -r {}", list.display());
    process::run(
        Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&list),
    )?;
    fs::write(installed, wanted)?;
    Ok(program)
}
