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
    /// Fails if a row is over its budget that `docs/performance.md` does not explain.
    #[arg(long)]
    check: bool,
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
    // What building prints is not for who reads JSON.
    build::build_quietly(&["mysafe-tests"])?;
    let mut rows = sizes()?;
    rows.extend(node::rows()?);
    let overviews = rows.iter().find(|row| row.name == node::OVERVIEWS);
    rows.extend(outside::rows(overviews.expect("it was measured").value)?);
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
        for row in &rows {
            let budget = row.budget.map_or("-".to_owned(), |budget| format!("{budget}"));
            let mark = if row.within() { "" } else { "  over" };
            println!("{:<58} {:>10.2} {:<3} {budget:>8}{mark}", row.name, row.value, row.unit);
        }
    }
    if options.check {
        let known = fs::read_to_string(workspace::path("docs/performance.md"))?;
        let over = unexplained(&rows, &known);
        if !over.is_empty() {
            bail!("over budget and not in docs/performance.md: {}", over.join(", "));
        }
    }
    Ok(())
}

/// The rows over budget that the document does not name as such, in the first cell of a row of its
/// table "Over budget".
fn unexplained(rows: &[Row], document: &str) -> Vec<String> {
    let section = document.split("\n## Over budget\n").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let known: Vec<&str> =
        section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    let over = rows.iter().filter(|row| !row.within() && !known.contains(&row.name.as_str()));
    over.map(|row| row.name.clone()).collect()
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
    for module in ["popup/mysafe_popup", "extension/mysafe_background"] {
        let file = Browser::Chrome.folder().join(format!("{module}_bg.wasm"));
        let bytes = fs::metadata(file)?.len();
        rows.push(row(&format!("{module}_bg.wasm"), bytes as f64 / 1000.0, "kB", None));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::{Row, unexplained};

    fn row(name: &str, value: f64) -> Row {
        super::row(name, value, "ms", Some(1.0))
    }

    #[test]
    fn a_row_over_budget_fails_unless_the_document_says_why() {
        let rows = [row("a", 2.0), row("b", 2.0), row("c", 1.0)];
        let document = "# P\n| b | elsewhere |\n\n## Over budget\n\n| row | why |\n| a | so |\n\n## More\n| b | x |";
        assert_eq!(unexplained(&rows, document), ["b"]);
        assert_eq!(unexplained(&rows, ""), ["a", "b"]);
    }
}
