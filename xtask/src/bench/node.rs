//! What is measured in WebAssembly, by Node: the module is that of the tests crate, with the same
//! core and the same profile as the extension's.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use super::{Row, row};
use crate::build::wasm;
use crate::{npm, process, workspace};

/// The row of what a first sync is compared with.
pub const OVERVIEWS: &str = "bare decryption of 10000 overviews, WebAssembly";

/// Compiles what it needs, and no more.
pub fn alone() -> Result<Vec<Row>> {
    npm::install("xtask")?;
    wasm::compile(&["mysafe-tests"], false)?;
    rows()
}

/// Runs the script beside this file and reads the figures it prints.
pub fn rows() -> Result<Vec<Row>> {
    let folder = workspace::scratch().join("bench");
    let raw = fs::read(wasm::compiled("mysafe_tests", false))?;
    Bindgen::new()
        .input_bytes("bench", raw)
        .nodejs(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(&folder)?;
    // As what is shipped.
    wasm::optimise(&folder.join("bench_bg.wasm"))?;
    let script = folder.join("run.js");
    fs::write(&script, include_str!("node.js"))?;
    let printed = process::read(&mut npm::node(&script))?;
    let figures: Value = serde_json::from_str(&printed).context("Node prints the figures")?;
    let figure =
        |name: &str| figures[name].as_f64().with_context(|| format!("Node does not tell {name:?}"));
    let mut rows = vec![
        row("unlock, times the bare Argon2id", figure("unlock")?, "x", Some(1.2)),
        row("Argon2id, WebAssembly", figure("argon2id")?, "ms", None),
    ];
    for count in [1_000, 10_000, 100_000] {
        let name = format!("match one address among {count}, WebAssembly");
        rows.push(row(&name, figure(&format!("match {count}"))?, "µs", Some(50.0)));
        let name = format!("all that match one address among {count}, WebAssembly");
        rows.push(row(&name, figure(&format!("match all {count}"))?, "µs", None));
        let name = format!("one address alone among {count}, without an index of all, WebAssembly");
        rows.push(row(&name, figure(&format!("near {count}"))?, "ms", None));
        let name = format!("making the index of {count}, WebAssembly");
        rows.push(row(&name, figure(&format!("index {count}"))?, "ms", None));
        let name = format!("matching by reading each address, {count}");
        rows.push(row(&name, figure(&format!("compare {count}"))?, "µs", None));
    }
    rows.push(row(
        "one keystroke of search over 10000, WebAssembly",
        figure("search")?,
        "ms",
        Some(8.0),
    ));
    rows.push(row(OVERVIEWS, figure("overviews")?, "ms", None));
    let verifying = figure("signatures")?;
    rows.push(row("signatures of 100 revisions, WebAssembly", verifying, "ms", None));
    rows.push(row("open the sealed cache of 10000", figure("open")?, "ms", None));
    rows.push(row("the same without Web Crypto", figure("open here")?, "ms", None));
    rows.push(row("sealed cache of 10000", figure("cache")?, "kB", None));
    Ok(rows)
}
