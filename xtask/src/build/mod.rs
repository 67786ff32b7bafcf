//! `cargo xtask build`: from the sources to two unpacked extensions and a packed zip of each.

mod archive;
mod browser;
mod manifest;
mod package;
mod split;
mod stamp;
pub mod wasm;

use anyhow::Result;

pub use browser::Browser;

use crate::{npm, workspace};
use wasm::{How, Module};

/// What a packed extension may weigh, in bytes.
pub const BUDGET: u64 = 1_500_000;

/// Options of `cargo xtask build`.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Faster to build, larger, with readable names in stack traces.
    #[arg(long)]
    pub dev: bool,
}

/// The WebAssembly modules, and where in the extension each goes.
const MODULES: [Module; 3] = [
    Module {
        package: "mysafe-popup",
        name: "mysafe_popup",
        folder: "popup",
        parts: &["application"],
    },
    Module {
        package: "mysafe-background",
        name: "mysafe_background",
        folder: "extension",
        parts: &[],
    },
    Module {
        package: "mysafe-strength",
        name: "mysafe_strength",
        folder: "popup/strength",
        parts: &[],
    },
];

/// Builds everything that changed and prints the sizes.
pub fn build(options: &Options) -> Result<()> {
    build_with(options, &[])
}

/// The same, compiling further packages to WebAssembly in the same call of cargo: a second call
/// could choose other features of the crates that they share, and compile those again.
pub fn build_with(options: &Options, further: &[&'static str]) -> Result<()> {
    let (modules, packages) = make(how(options), further)?;
    for (name, size) in modules {
        println!("{:<34} {:>9}", name, kilobytes(size));
    }
    for (browser, size) in packages {
        println!("{:<34} {:>9}", shown(&browser.zip()), kilobytes(size));
        if size > BUDGET && !options.dev {
            println!("{:<34} is over its budget of {}", "", kilobytes(BUDGET));
        }
    }
    Ok(())
}

/// The same for a release, without a word on standard output.
pub fn build_quietly(further: &[&'static str]) -> Result<()> {
    make(How::Release, further).map(drop)
}

/// The same with the names of functions left in, so that a profile tells them.
pub fn build_with_names() -> Result<()> {
    make(How::WithNames, &[]).map(drop)
}

/// The WebAssembly files, as they lie in the extension.
pub fn wasm_files() -> impl Iterator<Item = String> {
    MODULES
        .iter()
        .flat_map(|module| module.wasm().map(move |file| format!("{}/{file}", module.folder)))
}

fn how(options: &Options) -> How {
    if options.dev { How::Dev } else { How::Release }
}

/// What was made, with its size in bytes.
type Sizes<T> = Vec<(T, u64)>;

fn make(how: How, further: &[&'static str]) -> Result<(Sizes<String>, Sizes<Browser>)> {
    let dev = how == How::Dev;
    if !dev {
        npm::install("xtask")?;
    }
    let packages: Vec<&str> =
        MODULES.iter().map(|module| module.package).chain(further.iter().copied()).collect();
    wasm::compile(&packages, dev)?;
    let (mut bound, mut modules) = (Vec::new(), Vec::new());
    for (module, files) in MODULES.iter().zip(bind_all(how)?) {
        for file in module.wasm() {
            modules.push((file.clone(), files.size(&file)?));
        }
        bound.push((module.folder, files));
    }
    Ok((modules, pack_all(&bound)?))
}

/// Both packages at the same time: compressing uses one core each.
fn pack_all(bound: &[(&'static str, wasm::Bound)]) -> Result<Vec<(Browser, u64)>> {
    std::thread::scope(|scope| {
        let steps = [Browser::Chrome, Browser::Firefox].map(|browser| {
            scope.spawn(move || {
                let files = package::files(browser, bound)?;
                package::unpack(&files, &browser.folder())?;
                Ok((browser, archive::pack(&files, &browser.zip())?))
            })
        });
        steps.into_iter().map(|step| step.join().expect("no step panics")).collect()
    })
}

/// All modules at the same time: wasm-opt takes long and uses one core.
fn bind_all(how: How) -> Result<Vec<wasm::Bound>> {
    std::thread::scope(|scope| {
        let steps: Vec<_> =
            MODULES.iter().map(|module| scope.spawn(move || wasm::bind(module, how))).collect();
        steps.into_iter().map(|step| step.join().expect("no step panics")).collect()
    })
}

fn shown(path: &std::path::Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}

fn kilobytes(bytes: u64) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}
