//! The licences of all crates that we use, and crates that we never use.
//! `docs/decisions/0005-licences-without-cargo-deny.md` says why this is not cargo-deny.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::cargo::cargo;
use crate::process;

/// Licences under which a crate may be part of MySafe, which is itself under Apache-2.0.
const ALLOWED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "NCSA",
    "Unicode-3.0",
    "Zlib",
];

/// Crates that we never use, and why.
const BANNED: [(&str, &str); 3] = [
    ("native-tls", "TLS of the operating system: rustls is the same everywhere"),
    ("openssl", "a C library to install; rustls and RustCrypto do the same"),
    ("openssl-sys", "a C library to install; rustls and RustCrypto do the same"),
];

/// Reads what cargo knows of all crates of the lock file, on all platforms.
pub fn check() -> Result<()> {
    let metadata = process::read(&mut cargo(&["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    let wrong: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let name = package["name"].as_str().unwrap_or_default();
            let version = package["version"].as_str().unwrap_or_default();
            Some(format!("{name} {version}: {}", objection(name, package["license"].as_str())?))
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
}

/// What is wrong with a crate of this name and licence, if anything.
fn objection(name: &str, licence: Option<&str>) -> Option<String> {
    if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| *banned == name) {
        return Some(format!("not allowed: {reason}"));
    }
    let Some(licence) = licence else { return Some("names no licence".into()) };
    // Lax: older crates write MIT/Apache-2.0.
    let expression = match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) => expression,
        Err(error) => {
            return Some(format!("cannot read its licence {licence:?}: {}", error.reason));
        }
    };
    let allowed = expression
        .evaluate(|required| required.license.id().is_some_and(|id| ALLOWED.contains(&id.name)));
    (!allowed).then(|| format!("its licence is not on our list: {licence}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_licence_of_several_is_enough() {
        assert_eq!(objection("a", Some("MIT OR GPL-3.0-only")), None);
        assert_eq!(objection("a", Some("MIT/Apache-2.0")), None);
        assert_eq!(objection("a", Some("Apache-2.0 WITH LLVM-exception")), None);
    }

    #[test]
    fn all_licences_that_hold_together_have_to_be_allowed() {
        assert_eq!(objection("a", Some("(MIT OR Apache-2.0) AND Unicode-3.0")), None);
        assert!(objection("a", Some("MIT AND GPL-3.0-only")).unwrap().contains("not on our list"));
    }

    #[test]
    fn an_unknown_missing_or_foreign_licence_is_refused() {
        assert!(objection("a", Some("AGPL-3.0-only")).is_some());
        assert!(objection("a", Some("Whatever-1.0")).unwrap().contains("cannot read"));
        assert!(objection("a", None).unwrap().contains("no licence"));
    }

    #[test]
    fn a_banned_crate_is_refused_whatever_its_licence() {
        assert!(objection("openssl", Some("Apache-2.0")).unwrap().contains("not allowed"));
    }
}
