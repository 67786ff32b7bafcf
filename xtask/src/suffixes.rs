//! The rules of the Public Suffix List as `src/matching/suffixes.rs` reads them: one a line, with
//! names as they stand in addresses (RFC 5891).

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};

use crate::workspace;

#[derive(clap::Args)]
pub struct Options {
    /// The list, from <https://publicsuffix.org/list/public_suffix_list.dat>.
    list: PathBuf,
}

pub fn make(options: &Options) -> Result<()> {
    let list = std::fs::read_to_string(&options.list)
        .with_context(|| options.list.display().to_string())?;

    std::fs::write(workspace::path("src/matching/suffixes.txt"), rules(&list)?)?;
    Ok(())
}

/// The rules, one a line, without an end of the last.
fn rules(list: &str) -> Result<String> {
    let version = list.lines().find_map(|line| line.strip_prefix("// VERSION: "));
    let version = version.context("the list says no version")?;
    let mut rules = vec![format!(
        "# publicsuffix.org, {version}. This Source Code Form is subject to the terms of the Mozilla \
         Public License, v. 2.0. You can obtain one at https://mozilla.org/MPL/2.0/."
    )];
    for rule in list.lines().filter_map(rule) {
        let mark = ["*.", "!"].into_iter().find(|mark| rule.starts_with(mark)).unwrap_or_default();
        let name = &rule[mark.len()..];
        ensure!(!name.contains(['*', '!']), "{rule:?} is no rule known here");
        let name = idna::domain_to_ascii(name).map_err(|_| anyhow!("{name:?} is no name"))?;
        rules.push(format!("{mark}{name}"));
    }
    Ok(rules.join("\n"))
}

/// A line's rule, which ends at white space (publicsuffix.org, "Format").
fn rule(line: &str) -> Option<&str> {
    line.split_whitespace().next().filter(|rule| !rule.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::rules;

    #[test]
    fn rules_stand_as_addresses_have_them() {
        let list = "// VERSION: now\n// words\n\nuk\nco.uk\n*.ck\n!www.ck\n公司.cn and more\nck\n";
        let made = rules(list).unwrap();
        let made: Vec<&str> = made.lines().skip(1).collect();
        assert_eq!(made, ["uk", "co.uk", "*.ck", "!www.ck", "xn--55qx5d.cn", "ck"]);
    }

    #[test]
    fn a_list_of_another_kind_is_refused() {
        assert!(rules("com\n").is_err());
        assert!(rules("// VERSION: now\na.*.b\n").is_err());
    }
}
