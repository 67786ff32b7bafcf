//! The lint of Firefox's add-on site, on the package for Firefox: no error, no warning.

use anyhow::Result;
use serde_json::Value;

use super::tally::{Count, Tally};
use crate::build::Browser;
use crate::{npm, process};

/// Runs it and counts it as one test.
pub fn run(tally: &mut Tally) -> Result<()> {
    let mut command = npm::program("web-ext/bin/web-ext.js");
    command
        .args(["lint", "--no-config-discovery", "--output=json", "--source-dir"])
        .arg(Browser::Firefox.folder());
    let output = process::quiet(&mut command)?;
    // web-ext ends with an error if it found errors; what it found is in its report all the same.
    let report: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
        anyhow::anyhow!("web-ext gave no report: {}", String::from_utf8_lossy(&output.stderr))
    })?;
    let summary = &report["summary"];
    println!(
        "{} errors, {} warnings, {} notices",
        summary["errors"], summary["warnings"], summary["notices"]
    );
    let clean = summary["errors"] == 0 && summary["warnings"] == 0;
    if !clean {
        println!("{report:#}");
        tally.note("web-ext lint".into());
    }
    tally.add("web-ext lint", Count::of(clean));
    Ok(())
}
