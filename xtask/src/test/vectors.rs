//! The frozen vectors of the cryptography once more, compiled to WebAssembly and run by Node.

use std::fs;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::tally::{Count, Tally};
use crate::build::wasm;
use crate::{npm, process, workspace};

/// What Node does: the exported function returns how many vectors held, or throws the first that
/// did not.
const SCRIPT: &str = "console.log(require('./vectors.js').run_vectors());\n";

/// The crate that exports them, compiled in one call with the extension.
pub const PACKAGE: &str = "mysafe-tests";

/// Runs them.
pub fn run(tally: &mut Tally) -> Result<()> {
    let folder = workspace::scratch().join("vectors");
    let raw = fs::read(wasm::compiled("mysafe_tests", false))?;
    Bindgen::new().input_bytes("vectors", raw).nodejs(true)?.typescript(false).generate(&folder)?;
    let script = folder.join("run.js");
    fs::write(&script, SCRIPT)?;
    match process::read(&mut npm::node(&script)) {
        Ok(output) => {
            let passed = output.trim().parse().context("Node prints how many vectors held")?;
            tally.add("vectors, WebAssembly", Count { passed, ..Count::default() });
        }
        Err(error) => {
            tally.add("vectors, WebAssembly", Count::of(false));
            tally.note(format!("vectors in WebAssembly: {error:#}"));
        }
    }
    Ok(())
}
