//! A module in parts, by what its sources mark with `wasm_split`: the first has what runs before the mark,
//! the others come when they are called. What belongs where follows from the relocations that the linker
//! keeps (see the build script of the crate).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::Options;

/// The script that fetches the parts; the glue of the first imports it.
const LOADER: &str = "./__wasm_split.js";

/// The WebAssembly file of a part.
pub fn file_of(part: &str) -> String {
    format!("split_{part}.wasm")
}

/// Splits a module whose glue will be the script `name`; gives the first part, writes the others to the
/// folder.
pub fn split(name: &str, raw: &[u8], folder: &Path) -> Result<Vec<u8>> {
    let first = folder.join("first.wasm");
    let glue = format!("./{name}.js");
    let mut options = Options::new(raw);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.link_name = LOADER;
    options.main_module = &glue;
    options.emit_dwarf = false;
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .with_context(|| format!("{name} cannot be split"))?;
    let bytes = fs::read(&first)?;
    fs::remove_file(first)?;
    Ok(bytes)
}
