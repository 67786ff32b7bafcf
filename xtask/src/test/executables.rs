//! The native tests: cargo builds all of them once, with one set of features, and each is run
//! directly. That way a test in the browsers does not build the workspace a second time.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::output;
use super::tally::{Count, Tally};
use crate::cargo::cargo;
use crate::process;

/// A program full of tests.
pub struct Executable {
    package: String,
    target: String,
    file: PathBuf,
    /// The folder of its package, where cargo would run it.
    folder: PathBuf,
}

/// Builds every target of the workspace, the server program among them; returns the tests.
pub fn build() -> Result<Vec<Executable>> {
    let messages = process::read(&mut cargo(&[
        "build",
        "--locked",
        "--workspace",
        "--all-targets",
        "--message-format=json-render-diagnostics",
    ]))?;
    let mut executables = Vec::new();
    for line in messages.lines() {
        let message: Value = serde_json::from_str(line)?;
        if message["reason"] == "compiler-artifact" && message["profile"]["test"] == true {
            executables.extend(Executable::of(&message));
        }
    }
    if executables.is_empty() {
        bail!("cargo built no test");
    }
    // The same order in every run, whatever was compiled first.
    executables.sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
    Ok(executables)
}

impl Executable {
    fn of(message: &Value) -> Option<Self> {
        let folder = PathBuf::from(message["manifest_path"].as_str()?).parent()?.to_owned();
        let package = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let package = package.lines().find_map(|line| line.strip_prefix("name = "))?;
        Some(Self {
            package: package.trim_matches('"').to_owned(),
            target: message["target"]["name"].as_str()?.to_owned(),
            file: message["executable"].as_str()?.into(),
            folder,
        })
    }

    /// Whether it opens browsers, and so needs the built extension.
    pub fn needs_browsers(&self) -> bool {
        self.package == "mysafe-tests" && self.target == "browser"
    }

    /// Which kind a test of this program counts as.
    fn kind(&self, test: &str) -> &'static str {
        let test = test.to_lowercase();
        match (&*self.package, &*self.target) {
            ("mysafe-tests", "browser") if test.contains("chromium") => "browser, Chromium",
            ("mysafe-tests", "browser") if test.contains("firefox") => "browser, Firefox",
            ("mysafe-tests", "browser") => "browser, other",
            ("mysafe-tests", "invariants") => "invariants",
            ("mysafe-tests", "vectors") => "vectors, native",
            ("mysafe-tests", "hostile") => "hostile server",
            ("mysafe-server", _) => "server",
            _ => "unit, native",
        }
    }

    /// A call of it as cargo would make it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.file);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }

    fn names(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let listing =
            process::read(self.command().args(["--list", "--format", "terse"]).args(arguments))?;
        Ok(output::names(&listing))
    }

    /// Runs all its tests that are not ignored and counts them. Prints what they print where one
    /// failed, or as they go with `--nocapture`.
    pub fn run(&self, arguments: &[&str], tally: &mut Tally) -> Result<()> {
        let start = Instant::now();
        let live = arguments.contains(&"--nocapture");
        let ignored = self.names(&["--ignored"])?;
        let names: Vec<String> =
            self.names(&[])?.into_iter().filter(|name| !ignored.contains(name)).collect();
        // What tests print is kept of those that pass, too: some tell their seeds.
        let shown = if live { &[][..] } else { &["--show-output"] };
        let text = listen(self.command().args(arguments).args(shown), live)?;
        let failures = output::failures(&text);
        let failed = failures.as_ref().is_none_or(|names| !names.is_empty());
        if failed && !live {
            println!("{text}");
        }
        for name in &names {
            let passed = failures.as_ref().is_some_and(|failures| !failures.contains(name));
            tally.add(self.kind(name), Count::of(passed));
            if !passed {
                tally.note(format!("{} ({}): {name}", self.package, self.target));
            }
        }
        for name in &ignored {
            tally.add(self.kind(name), Count { skipped: 1, ..Count::default() });
        }
        if !names.is_empty() {
            let state = if failed { "FAILED" } else { "ok" };
            let who = format!("{} ({})", self.package, self.target);
            println!(
                "{who:<40} {:>4} tests, {state}, {:.1} s",
                names.len(),
                start.elapsed().as_secs_f32()
            );
            for seed in output::seeds(&text) {
                println!("    {seed}");
            }
        }
        Ok(())
    }
}

/// Runs the examples in the documentation.
pub fn run_examples_in_documentation(tally: &mut Tally) -> Result<()> {
    let text = listen(&mut cargo(&["test", "--locked", "--quiet", "--workspace", "--doc"]), false)?;
    let [passed, failed, skipped] = output::results(&text);
    if !text.contains("test result: ") || failed > 0 {
        println!("{text}");
        tally.note("examples in the documentation".into());
    }
    // A run without any result line did not come to its end.
    let failed = if text.contains("test result: ") { failed } else { 1 };
    tally.add("documentation examples", Count { passed, failed, skipped });
    Ok(())
}

/// Runs a program to its end and returns both its outputs, in the order in which they were written.
fn listen(command: &mut Command, live: bool) -> Result<String> {
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().context("cannot start a test")?;
    // Our own ends of the pipe would keep it open for ever.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut text = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if live {
            println!("{line}");
        }
        text.push_str(&line);
        text.push('\n');
    }
    child.wait()?;
    Ok(text)
}
