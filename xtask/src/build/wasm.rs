//! From Rust to WebAssembly with its JavaScript glue: cargo, wasm-bindgen (a library here, so that
//! there is nothing to install), wasm-opt of npm's `binaryen`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::stamp;
use crate::cargo::{WASM, cargo};
use crate::{npm, process, workspace};

/// The WebAssembly features that rustc turns on for this target. wasm-opt has to be told, because
/// wasm-bindgen drops the section that says so.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// A crate that becomes a WebAssembly module.
pub struct Module {
    /// Cargo's name of the package.
    pub package: &'static str,
    /// The stem of the files made from it.
    pub name: &'static str,
    /// The folder of the extension that they go to.
    pub folder: &'static str,
}

/// A module and its glue, ready for the browser.
pub struct Bound {
    /// The folder that holds exactly these files.
    pub folder: PathBuf,
    name: &'static str,
}

impl Bound {
    /// Bytes of the WebAssembly file.
    pub fn wasm_size(&self) -> Result<u64> {
        Ok(fs::metadata(self.folder.join(format!("{}_bg.wasm", self.name)))?.len())
    }
}

fn profile(dev: bool) -> &'static str {
    if dev { "debug" } else { "release" }
}

/// Compiles packages to WebAssembly, in one call so that they share what they have in common.
pub fn compile(packages: &[&str], dev: bool) -> Result<()> {
    let mut command = cargo(&["build", "--locked", "--lib", "--target", WASM]);
    if !dev {
        command.arg("--release");
    }
    for package in packages {
        command.args(["--package", package]);
    }
    process::run(&mut command)
}

/// What cargo made of a library.
pub fn compiled(name: &str, dev: bool) -> PathBuf {
    workspace::target().join(WASM).join(profile(dev)).join(format!("{name}.wasm"))
}

/// Makes the glue and, unless `dev`, the module small.
pub fn bind(module: &Module, dev: bool) -> Result<Bound> {
    let input = compiled(module.name, dev);
    let raw = fs::read(&input).with_context(|| input.display().to_string())?;
    let home = workspace::scratch().join(profile(dev)).join(module.name);
    let folder = home.join("files");
    // The compiled module itself names its version of wasm-bindgen, the lock file that of wasm-opt,
    // and this source file the options of both.
    let lock = fs::read(workspace::path("xtask/package-lock.json"))?;
    let inputs = stamp::of(&[&raw, &lock, include_bytes!("wasm.rs")]);
    fs::create_dir_all(&home)?;
    stamp::unless_done(&home.join("stamp"), &inputs, || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        glue(module.name, raw, &folder, dev)?;
        if !dev {
            optimise(&folder.join(format!("{}_bg.wasm", module.name)))?;
        }
        Ok(())
    })?;
    Ok(Bound { folder, name: module.name })
}

fn glue(name: &str, raw: Vec<u8>, folder: &Path, dev: bool) -> Result<()> {
    Bindgen::new()
        .input_bytes(name, raw)
        .web(true)?
        .typescript(false)
        .debug(dev)
        .remove_name_section(!dev)
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen cannot make the glue of {name}"))
}

fn optimise(wasm: &Path) -> Result<()> {
    let small = wasm.with_extension("small");
    process::run(
        npm::program("binaryen/bin/wasm-opt")
            .arg(wasm)
            .args(FEATURES)
            .args(["-Oz", "--strip-debug", "--strip-producers", "-o"])
            .arg(&small),
    )?;
    fs::rename(small, wasm)?;
    Ok(())
}
