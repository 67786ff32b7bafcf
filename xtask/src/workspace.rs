//! Where things lie in this workspace.

use std::path::{Path, PathBuf};

/// The top folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies in the workspace")
}

/// A path below the top folder.
pub fn path(below: &str) -> PathBuf {
    root().join(below)
}

/// Cargo's folder of results.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), PathBuf::from)
}

/// Where xtask keeps its own intermediate results.
pub fn scratch() -> PathBuf {
    target().join("xtask")
}
