//! Cargo itself, called from within `cargo run`.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{process, workspace};

/// The target of everything that runs in a browser.
pub const WASM: &str = "wasm32-unknown-unknown";

/// A cargo call in the workspace.
///
/// What `cargo run` tells xtask about itself (name, version, folder) is taken out of the
/// environment: it would reach build scripts and make them run again for no reason.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Rust's standard library for it, which a new toolchain lacks.
pub fn install_wasm() -> Result<()> {
    let folder =
        process::read(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if std::path::Path::new(folder.trim()).exists() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!(
            "Rust's standard library for {WASM} is missing: install it the way you installed Rust"
        );
    }
    process::run(Command::new("rustup").args(["target", "add", WASM]))
}
