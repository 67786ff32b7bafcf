//! What the tests need besides Rust, Node and Python. It is installed where we may, otherwise we say what
//! to install.

use std::process::Command;

use anyhow::{Result, bail};

use super::second;
use crate::{npm, process};

/// Programs that the tests start: any of these names, and Debian's package.
const PROGRAMS: [(&[&str], &str); 8] = [
    (&["chromium", "chromium-browser", "google-chrome"], "chromium"),
    (&["firefox-esr", "firefox"], "firefox-esr"),
    (&["Xvfb"], "xvfb"),
    (&["openbox"], "openbox"),
    (&["xclip"], "xclip"),
    (&["xdotool"], "xdotool"),
    (&["import"], "imagemagick"),
    // Mail over TLS needs a certificate.
    (&["openssl"], "openssl"),
];

/// Everything for `cargo xtask test`.
pub fn all() -> Result<()> {
    npm::install("xtask")?;
    npm::install("tests")?;
    second::install()?;
    browsers()
}

/// Browsers, and the display that they stand on.
pub fn browsers() -> Result<()> {
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(names, _)| !names.iter().any(|name| process::find(name).is_some()))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    // A font, or the pictures of the screens show boxes.
    packages(&[&["fonts-dejavu-core"], &missing[..]].concat())
}

/// Installs packages of Debian where we may, or says which.
pub fn packages(missing: &[&str]) -> Result<()> {
    let packages = missing.join(" ");
    if process::find("apt-get").is_none() {
        bail!("missing: {packages} (these are the names of Debian's packages)");
    }
    if !process::is_root() {
        bail!("missing: {packages}\ninstall them with: sudo apt-get install {packages}");
    }
    eprintln!("apt-get install {packages}");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-o", "Dpkg::Use-Pty=0"]);
        command.stdout(std::process::Stdio::null());
        command
    };
    process::run(apt().arg("update"))?;
    process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(missing))
}
