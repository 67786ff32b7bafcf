//! A browser with the extension, on a fresh profile.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::build::Browser;
use crate::{npm, process};

/// A browser that can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Program {
    /// Chromium.
    Chromium,
    /// Google's own build.
    Chrome,
    /// Firefox, a release or ESR.
    Firefox,
}

impl Program {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser"],
            Self::Chrome => &["google-chrome", "google-chrome-stable", "chrome"],
            Self::Firefox => &["firefox", "firefox-esr"],
        }
    }

    fn file(self) -> Option<PathBuf> {
        self.names().iter().find_map(|name| process::find(name)).or_else(|| self.application())
    }

    /// macOS keeps programs elsewhere.
    fn application(self) -> Option<PathBuf> {
        let file = match self {
            Self::Chromium => "/Applications/Chromium.app/Contents/MacOS/Chromium",
            Self::Chrome => "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            Self::Firefox => "/Applications/Firefox.app/Contents/MacOS/firefox",
        };
        Some(PathBuf::from(file)).filter(|file| file.exists())
    }
}

/// The browser asked for, or the first one found; an explanation if there is none to open.
pub fn choose(asked: Option<Program>) -> Result<Program> {
    let display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if cfg!(target_os = "linux") && !display {
        bail!("There is no display here, so no browser is opened.");
    }
    let all = [Program::Chromium, Program::Firefox, Program::Chrome];
    let candidates = asked.map_or(all.to_vec(), |one| vec![one]);
    match candidates.iter().find(|program| program.file().is_some()) {
        Some(program) => Ok(*program),
        None => bail!("None of these browsers is installed here: {candidates:?}."),
    }
}

/// Opens it and waits until it is closed.
pub fn open(program: Program, profile: &Path) -> Result<()> {
    let Some(file) = program.file() else { bail!("{program:?} is gone") };
    if profile.exists() {
        std::fs::remove_dir_all(profile)?;
    }
    std::fs::create_dir_all(profile)?;
    println!("{} opens. Close it, or press Ctrl+C, to end.", file.display());
    match program {
        Program::Chromium => process::run(&mut chromium(&file, profile)),
        Program::Chrome => {
            // Since version 137 Chrome itself ignores --load-extension.
            println!("\nChrome loads no unpacked extension by itself.\n{}", by_hand());
            process::run(chrome(&file, profile).arg("chrome://extensions"))
        }
        Program::Firefox => process::run(&mut firefox(&file)),
    }
}

fn chrome(file: &Path, profile: &Path) -> Command {
    let mut command = Command::new(file);
    // Its log is about the desktop around it, not about us.
    command.stderr(std::process::Stdio::null());
    command.args(["--no-first-run", "--no-default-browser-check"]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    if process::is_root() {
        // Chromium does not start for root with its sandbox.
        command.arg("--no-sandbox");
    }
    command
}

fn chromium(file: &Path, profile: &Path) -> Command {
    let mut command = chrome(file, profile);
    command.arg(format!("--load-extension={}", Browser::Chrome.folder().display()));
    command
}

/// web-ext makes a profile for each run, and takes extensions without a signature.
fn firefox(file: &Path) -> Command {
    let mut command = npm::program("web-ext/bin/web-ext.js");
    command.args(["run", "--no-config-discovery", "--no-input", "--no-reload", "--source-dir"]);
    command.arg(Browser::Firefox.folder()).arg("--firefox").arg(file);
    command
}

/// How to load the extension without us.
pub fn by_hand() -> String {
    format!(
        "To load the extension by hand:\n  \
         Chrome, Chromium: open chrome://extensions, turn on \"Developer mode\", click \"Load unpacked\", choose\n    {}\n  \
         Firefox: open about:debugging#/runtime/this-firefox, click \"Load Temporary Add-on…\", choose\n    {}",
        Browser::Chrome.folder().display(),
        Browser::Firefox.folder().join("manifest.json").display(),
    )
}
