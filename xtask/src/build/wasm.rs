//! From Rust to WebAssembly with its JavaScript glue: cargo, wasm-bindgen (a library here, so that
//! there is nothing to install), wasm-opt of npm's `binaryen`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{split, stamp};
use crate::cargo::{WASM, cargo, install_wasm};
use crate::{npm, process, workspace};

/// The WebAssembly features that rustc turns on for this target. wasm-opt has to be told, because
/// wasm-bindgen drops the section that says so.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// A crate that becomes a WebAssembly module.
pub struct Module {
    /// Cargo's name of the package.
    pub package: &'static str,
    /// The stem of the files made from it.
    pub name: &'static str,
    /// The folder of the extension that they go to.
    pub folder: &'static str,
    /// The parts that come after the first, by the names that its sources give them.
    pub parts: &'static [&'static str],
}

impl Module {
    /// The names of the WebAssembly files, the first part before the others.
    pub fn wasm(&self) -> impl Iterator<Item = String> {
        let parts = self.parts.iter().map(|part| split::file_of(part));
        std::iter::once(format!("{}_bg.wasm", self.name)).chain(parts)
    }
}

/// A module and its glue, ready for the browser.
pub struct Bound {
    /// The folder that holds exactly these files.
    pub folder: PathBuf,
}

impl Bound {
    /// Bytes of one of the files.
    pub fn size(&self, file: &str) -> Result<u64> {
        Ok(fs::metadata(self.folder.join(file))?.len())
    }
}

/// For whom a module is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// For people.
    Release,
    /// The same with the names of its functions and not made smaller, for a profile.
    WithNames,
    /// For who works on it.
    Dev,
}

fn profile(dev: bool) -> &'static str {
    if dev { "debug" } else { "release" }
}

/// Compiles packages to WebAssembly, in one call so that they share what they have in common.
pub fn compile(packages: &[&str], dev: bool) -> Result<()> {
    install_wasm()?;
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
pub fn bind(module: &Module, how: How) -> Result<Bound> {
    let dev = how == How::Dev;
    let input = compiled(module.name, dev);
    let raw = fs::read(&input).with_context(|| input.display().to_string())?;
    // Beside what is made for people, which takes long to make small.
    let place = if how == How::WithNames { "names" } else { profile(dev) };
    let home = workspace::scratch().join(place).join(module.name);
    let folder = home.join("files");
    // The compiled module itself names its version of wasm-bindgen, the lock file that of wasm-opt,
    // and these source files the options of both.
    let lock = fs::read(workspace::path("xtask/package-lock.json"))?;
    let inputs = stamp::of(&[&raw, &lock, include_bytes!("wasm.rs"), include_bytes!("split.rs")]);
    fs::create_dir_all(&home)?;
    stamp::unless_done(&home.join("stamp"), &inputs, || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        glue(module, raw, &folder, how)?;
        if how == How::Release {
            for file in module.wasm() {
                optimise(&folder.join(file))?;
            }
        }
        Ok(())
    })?;
    Ok(Bound { folder })
}

fn glue(module: &Module, raw: Vec<u8>, folder: &Path, how: How) -> Result<()> {
    let name = module.name;
    let raw = if module.parts.is_empty() { raw } else { split::split(name, &raw, folder)? };
    Bindgen::new()
        .input_bytes(name, raw)
        .web(true)?
        .typescript(false)
        .debug(how == How::Dev)
        .remove_name_section(how == How::Release)
        .remove_producers_section(true)
        // The other parts import them.
        .keep_lld_exports(!module.parts.is_empty())
        .generate(folder)
        .with_context(|| format!("wasm-bindgen cannot make the glue of {name}"))?;
    let script = folder.join(format!("{name}.js"));
    let text = fs::read_to_string(&script)?;
    fs::write(script, without_assignment_to_inner_html(&text))?;
    Ok(())
}

/// Leptos makes a template of each part of a `view!` that never changes, and gives the browser its
/// HTML: text of ours, known when compiling. What a user typed always becomes a text node. The
/// add-on lint cannot know the difference and knows no exceptions, so the one assignment in the
/// glue is written in another form. A test sees to it that no screen sets HTML itself.
fn without_assignment_to_inner_html(glue: &str) -> String {
    glue.replace(
        "arg0.innerHTML = getStringFromWasm0(arg1, arg2);",
        r#"Reflect.set(arg0, "innerHTML", getStringFromWasm0(arg1, arg2));"#,
    )
}

/// Makes a module small, in place.
pub fn optimise(wasm: &Path) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                found.push(path);
            }
        }
    }

    #[test]
    fn no_screen_makes_html_of_text() {
        let mut files = Vec::new();
        for folder in ["popup/src", "extension/src", "extension/browser/src"] {
            sources(&workspace::path(folder), &mut files);
        }
        assert!(files.len() > 10, "the sources were not found");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for call in ["inner_html", "outer_html", "insert_adjacent_html", "document.write"] {
                assert!(!text.contains(call), "{} sets HTML by {call}", file.display());
            }
        }
    }

    #[test]
    fn the_only_assignment_of_html_in_the_glue_is_rewritten() {
        let glue = "f(arg0) {\n    arg0.innerHTML = getStringFromWasm0(arg1, arg2);\n}";
        assert!(!without_assignment_to_inner_html(glue).contains("innerHTML ="));
        assert_eq!(without_assignment_to_inner_html("arg0.text = x;"), "arg0.text = x;");
    }
}
