//! What is measured in the packed extension in Chromium, at the released server, and in native code:
//! by the example `bench` of the tests crate, which prints figures by name.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Row, row};
use crate::cargo::cargo;
use crate::{process, workspace};

/// Runs it. `overviews` are the milliseconds that the bare decryption of the overviews of ten
/// thousand items takes in WebAssembly.
pub fn rows(overviews: f64) -> Result<Vec<Row>> {
    // Both in one call, so that they share what they have in common.
    process::run(cargo(&["build", "--locked", "--release", "--package", "mysafe-server"]).args([
        "--package",
        "mysafe-tests",
        "--bin",
        "mysafe-server",
        "--example",
        "bench",
    ]))?;
    let program = workspace::target().join("release/examples/bench");
    let printed = process::read(&mut Command::new(program))?;
    let figures: Value = serde_json::from_str(&printed).context("it prints the figures")?;
    let figure =
        |name: &str| figures[name].as_f64().with_context(|| format!("it does not tell {name:?}"));
    let mut rows = Vec::new();
    for count in [1_000, 10_000, 100_000] {
        let kept = |budget: f64| (count == 10_000).then_some(budget);
        let (open, empty) = (figure(&format!("open {count}"))?, figure(&format!("empty {count}"))?);
        let times = figure(&format!("open, times {count}"))?;
        rows.push(row(&format!("popup, {count} items painted"), open, "ms", kept(100.0)));
        rows.push(row("an empty page with the popup's module", empty, "ms", None));
        rows.push(row(&format!("popup, {count} items, times that"), times, "x", kept(2.0)));
    }
    for what in ["typing", "scrolling"] {
        let longest = figure(&format!("gap {what}"))?;
        rows.push(row(&format!("popup, longest task, {what}"), longest, "ms", Some(50.0)));
    }
    for count in [1_000, 10_000, 100_000] {
        let name = format!("match one address among {count}, native");
        rows.push(row(&name, figure(&format!("match {count}"))?, "µs", Some(50.0)));
    }
    let usable = figure("first sync, first rows")?;
    rows.extend([
        row("first sync of 10000, bytes", figure("first sync, bytes")? / 1e6, "MB", Some(8.0)),
        row("first sync of 10000, first rows", usable, "ms", None),
        row("the same, times the bare decryption", usable / overviews, "x", Some(3.0)),
        row("first sync of 10000, all rows", figure("first sync, all rows")?, "ms", None),
        row("first sync of 10000, server", figure("first sync, server")?, "ms", None),
        row("sync of one change, bytes", figure("one change, bytes")? / 1000.0, "kB", Some(4.0)),
        row(
            "sync of one change, server, part of a first sync",
            figure("one change, server")? / figure("first sync, server")?,
            "x",
            Some(1.0 / 50.0),
        ),
        row("server memory after those", figure("server memory")?, "MiB", Some(100.0)),
        row("server memory, most", figure("server memory, most")?, "MiB", None),
    ]);
    Ok(rows)
}
