//! What is measured in the packed extension in both browsers, at the released server, and in native code:
//! by the example `bench` of the tests crate, which prints figures by name.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Row, row};
use crate::cargo::cargo;
use crate::{process, workspace};

/// What is measured.
#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    /// All of it. `overviews` are the milliseconds that the bare decryption of the overviews of ten
    /// thousand items takes in WebAssembly.
    All { overviews: f64 },
    /// The server while one account floods it.
    Flood,
    /// The popup.
    Popup,
}

/// Runs it.
pub fn rows(part: Part) -> Result<Vec<Row>> {
    compile()?;
    let mut program = program();
    match part {
        Part::All { .. } => {}
        Part::Flood => drop(program.arg("flood")),
        Part::Popup => drop(program.arg("popup")),
    }
    let figures: Value =
        serde_json::from_str(&process::read(&mut program)?).context("it prints the figures")?;
    let figure =
        |name: &str| figures[name].as_f64().with_context(|| format!("it does not tell {name:?}"));
    let mut rows = Vec::new();
    if part == Part::Flood {
        return flood(&figure);
    }
    let counts: [&[u32]; 2] = match part {
        Part::All { .. } => [&[1_000, 10_000, 100_000], &[1_000, 10_000]],
        Part::Flood | Part::Popup => [&[10_000], &[10_000]],
    };
    for (browser, counts) in ["Chromium", "Firefox"].into_iter().zip(counts) {
        for count in counts {
            let kept = |budget: f64| (*count == 10_000).then_some(budget);
            let figure = |name: &str| figure(&format!("{browser}, {name}"));
            let mut put = |name: &str, value: f64, unit, budget| {
                rows.push(row(&format!("{name}, {browser}"), value, unit, budget));
            };
            for screen in ["This page", "API secrets"] {
                let painted = figure(&format!("{screen}, {count} painted"))?;
                put(&format!("{screen}, {count} items painted"), painted, "ms", kept(100.0));
                let times = figure(&format!("{screen}, {count}, times"))?;
                put(
                    &format!("{screen}, {count} items, times an empty page"),
                    times,
                    "x",
                    kept(2.0),
                );
            }
            let empty = figure(&format!("empty page, {count}"))?;
            put(&format!("empty page with the same module, at {count}"), empty, "ms", None);
            let answers = figure(&format!("answers, {count}"))?;
            put(&format!("{count} items, takes input"), answers, "ms", None);
            let frame = figure(&format!("first frame, {count}"))?;
            put(&format!("first frame, {count} items"), frame, "ms", None);
        }
        for what in ["opening", "typing", "scrolling"] {
            let longest = figure(&format!("{browser}, longest {what}"))?;
            let name = format!("longest task of 50 ms or more, {what}, {browser}");
            rows.push(row(&name, longest, "ms", Some(50.0)));
        }
    }
    let Part::All { overviews } = part else { return Ok(rows) };
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
        row("first page of it, server", figure("first page, server")?, "ms", None),
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
    rows.extend(flood(&figure)?);
    for part in ["overview", "details", "key", "signed body", "signature", "ids", "encoding"] {
        let bytes = figure(&format!("item, {part}"))?;
        rows.push(row(&format!("an item of a first sync: {part}"), bytes, "B", None));
    }
    Ok(rows)
}

/// A neighbour's check while one account floods the server.
fn flood(figure: &impl Fn(&str) -> Result<f64>) -> Result<Vec<Row>> {
    let (alone, flooded) = (figure("neighbour, p99 alone")?, figure("neighbour, p99 in a flood")?);
    Ok(vec![
        row("a neighbour's check, p99", alone, "ms", None),
        row("the same while one account floods", flooded, "ms", Some(100.0)),
        row("the same, times the check alone", flooded / alone, "x", None),
        row("requests of the flood", figure("requests of the flood")?, "", None),
    ])
}

/// Prints in which functions of the popup the time goes.
pub fn profile() -> Result<()> {
    compile()?;
    process::run(program().arg("profile"))
}

fn compile() -> Result<()> {
    // Both in one call, so that they share what they have in common.
    process::run(
        cargo(&["build", "--locked", "--profile", "server", "--package", "mysafe-server"]).args([
            "--package",
            "mysafe-tests",
            "--bin",
            "mysafe-server",
            "--example",
            "bench",
        ]),
    )
}

fn program() -> Command {
    Command::new(workspace::target().join("server/examples/bench"))
}
