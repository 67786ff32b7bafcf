//! Cargo itself, called from within `cargo run`.

use std::process::Command;

use crate::workspace;

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
