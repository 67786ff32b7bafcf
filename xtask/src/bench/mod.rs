//! `cargo xtask bench`: what there are budgets for, measured. Ratios are made within one run, their
//! two sides in turns, because the machine is never quiet; each figure is a median.

mod node;
mod outside;

use std::fs;

use anyhow::{Result, bail};
use serde_json::json;

use crate::build::{self, Browser};
use crate::workspace;

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Options {
    /// Prints `{"rows": [{"name", "value", "unit", "budget", "within"}]}`.
    #[arg(long)]
    json: bool,
    /// Fails if a row is over its budget, or over what `docs/performance.md` allows it with a reason.
    #[arg(long)]
    check: bool,
    /// Measures a part of it alone, for a step of work.
    #[arg(long, conflicts_with = "check")]
    only: Option<Part>,
    /// Prints in which functions of the popup the time goes, while it opens and while it is scrolled.
    #[arg(long, conflicts_with_all = ["check", "json", "only"])]
    profile: bool,
}

/// A part of what is measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// What runs in WebAssembly, by Node.
    Wasm,
    /// The server while one account floods it.
    Flood,
    /// The popup in both browsers.
    Popup,
}

/// One figure.
struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    /// At most; `None` where there is nothing to keep, for scale alone.
    budget: Option<f64>,
}

impl Row {
    fn within(&self) -> bool {
        self.budget.is_none_or(|budget| self.value <= budget)
    }
}

fn row(name: &str, value: f64, unit: &'static str, budget: Option<f64>) -> Row {
    Row { name: name.to_owned(), value, unit, budget }
}

/// Builds, measures, tells.
pub fn bench(options: &Options) -> Result<()> {
    if options.profile {
        build::build_with_names()?;
        return outside::profile();
    }
    if options.only == Some(Part::Wasm) {
        return tell(&node::alone()?, options);
    }
    // What building prints is not for who reads JSON.
    build::build_quietly(&["mysafe-tests"])?;
    if options.only == Some(Part::Flood) {
        return tell(&outside::rows(outside::Part::Flood)?, options);
    }
    if options.only == Some(Part::Popup) {
        return tell(&outside::rows(outside::Part::Popup)?, options);
    }
    let mut rows = sizes()?;
    rows.extend(node::rows()?);
    let overviews = rows.iter().find(|row| row.name == node::OVERVIEWS);
    let overviews = overviews.expect("it was measured").value;
    rows.extend(outside::rows(outside::Part::All { overviews })?);
    tell(&rows, options)
}

fn tell(rows: &[Row], options: &Options) -> Result<()> {
    one_name_each(rows)?;
    if options.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({ "name": row.name, "value": row.value, "unit": row.unit,
                        "budget": row.budget, "within": row.within() })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&json!({ "rows": rows }))?);
    } else {
        for row in rows {
            let budget = row.budget.map_or("-".to_owned(), |budget| format!("{budget}"));
            let mark = if row.within() { "" } else { "  over" };
            println!("{:<58} {:>10.2} {:<3} {budget:>8}{mark}", row.name, row.value, row.unit);
        }
    }
    if options.check {
        let known = fs::read_to_string(workspace::path("docs/performance.md"))?;
        let over = unexplained(rows, &known);
        if !over.is_empty() {
            bail!("over budget, and over what docs/performance.md allows: {}", over.join(", "));
        }
    }
    Ok(())
}

/// Whoever reads JSON takes rows by their names.
fn one_name_each(rows: &[Row]) -> Result<()> {
    let mut names = std::collections::BTreeSet::new();
    match rows.iter().find(|row| !names.insert(&row.name)) {
        Some(row) => bail!("two rows have the name {:?}", row.name),
        None => Ok(()),
    }
}

/// The rows over budget that the document does not explain, and those over what it allows them: in its
/// table "Over budget" the first cell of a row is the name, the second a figure and its unit.
fn unexplained(rows: &[Row], document: &str) -> Vec<String> {
    let section = document.split("\n## Over budget\n").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let allowed = |name: &str| -> Option<f64> {
        let line = section
            .lines()
            .find_map(|line| line.strip_prefix("| ")?.strip_prefix(name)?.strip_prefix(" | "))?;
        line.split_whitespace().next()?.replace(',', "").parse().ok()
    };
    let over = rows.iter().filter(|row| {
        !row.within() && allowed(&row.name).is_none_or(|allowed| row.value > allowed)
    });
    over.map(|row| format!("{} ({:.2} {})", row.name, row.value, row.unit)).collect()
}

/// What is downloaded and what is compiled, in thousands of bytes.
fn sizes() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for browser in [Browser::Chrome, Browser::Firefox] {
        let bytes = fs::metadata(browser.zip())?.len();
        let name = format!("packed extension, {}", browser.name());
        let budget = build::BUDGET as f64 / 1000.0;
        rows.push(row(&name, bytes as f64 / 1000.0, "kB", Some(budget)));
    }
    for name in build::wasm_files() {
        let bytes = fs::metadata(Browser::Chrome.folder().join(&name))?.len();
        rows.push(row(&name, bytes as f64 / 1000.0, "kB", None));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::{Row, one_name_each, unexplained};

    fn row(name: &str, value: f64) -> Row {
        super::row(name, value, "ms", Some(1.0))
    }

    #[test]
    fn a_row_over_budget_fails_unless_the_document_says_why_and_how_far() {
        let rows = [row("a", 2.0), row("b", 2.0), row("c", 1.0), row("a, b", 2000.0)];
        let document = "# P\n| b | 9 ms | elsewhere |\n\n## Over budget\n\n| row | at most | why |\n\
            | a | 2.5 ms | so |\n| a, b | 2,000 ms | so |\n\n## More\n| b | 9 ms | x |";
        assert_eq!(unexplained(&rows, document), ["b (2.00 ms)"]);
        let lower = document.replace("2.5 ms", "1.9 ms").replace("2,000", "1,999");
        let over = ["a (2.00 ms)", "b (2.00 ms)", "a, b (2000.00 ms)"];
        assert_eq!(unexplained(&rows, &lower), over);
        assert_eq!(unexplained(&rows, ""), over);
    }

    #[test]
    fn no_two_rows_have_one_name() {
        assert!(one_name_each(&[row("a", 1.0), row("b", 1.0)]).is_ok());
        assert!(one_name_each(&[row("a", 1.0), row("b", 1.0), row("a", 2.0)]).is_err());
    }
}
