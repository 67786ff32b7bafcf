//! `cargo xtask fuzz`: the targets of `fuzz/` under libFuzzer, guided by coverage. It needs the stable
//! toolchain and a C++ compiler, which builds libFuzzer itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cargo::cargo;
use crate::{process, workspace};

/// The flags that make LLVM count edges and compare operands, as libFuzzer reads them.
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The longest input in bytes: no reader has a limit that only a longer one meets.
const LONGEST: &str = "-max_len=4096";

#[derive(clap::Args)]
pub struct Options {
    /// The target; all of them, one after the other, without one.
    target: Option<String>,
    /// How long each runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Afterwards adds to fuzz/corpus the fewest inputs that reach code which no input there reaches.
    #[arg(long)]
    keep: bool,
    /// Runs one input again, as a file, and nothing else.
    #[arg(long, requires = "target", value_name = "FILE")]
    input: Option<PathBuf>,
}

/// Runs the targets; stops at the first that fails.
pub fn fuzz(options: &Options) -> Result<()> {
    let program = build()?;
    let names = process::read(&mut Command::new(&program))?;
    let names: Vec<&str> = match &options.target {
        Some(wanted) if !names.lines().any(|name| name == wanted) => {
            bail!("no target {wanted}; there are: {}", names.replace('\n', " "))
        }
        Some(wanted) => vec![wanted],
        None => names.lines().collect(),
    };
    for name in names {
        let target = Target {
            program: &program,
            name,
            folder: workspace::scratch().join("fuzz").join(name),
        };
        match &options.input {
            Some(input) => process::run(target.command().arg(input))?,
            None => target.run(options.seconds, options.keep)?,
        }
    }
    Ok(())
}

/// Builds the program that has all targets. A target triple keeps the flags from build scripts.
fn build() -> Result<PathBuf> {
    let version = process::read(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc says for which machine it is")?;
    if process::find("c++").is_none() {
        bail!("libFuzzer needs a C++ compiler: install g++ or clang");
    }
    let mut command =
        cargo(&["build", "--locked", "--package", "mysafe-fuzz", "--profile", "fuzz"]);
    command.args(["--features", "libfuzzer", "--target", host]);
    process::run(command.env("RUSTFLAGS", COVERAGE.join(" ")))?;
    Ok(workspace::target().join(host).join("fuzz/mysafe-fuzz"))
}

struct Target<'t> {
    program: &'t Path,
    name: &'t str,
    /// The folder in which it leaves what it finds.
    folder: PathBuf,
}

impl Target<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.env("MYSAFE_FUZZ_TARGET", self.name);
        command
    }

    fn run(&self, seconds: u32, keep: bool) -> Result<()> {
        let [found, seeds, failed] =
            ["found", "seeds", "failed"].map(|name| self.folder.join(name));
        // The program writes what is checked in into it, and merging adds what was found.
        if seeds.exists() {
            fs::remove_dir_all(&seeds)?;
        }
        for folder in [&found, &seeds, &failed] {
            fs::create_dir_all(folder)?;
        }
        println!("\n== {}: {seconds} s", self.name);
        let mut command = self.command();
        command.env("MYSAFE_FUZZ_SEEDS", &seeds).args([&found, &seeds]);
        command.args([LONGEST, "-timeout=5", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        command.arg(format!("-max_total_time={seconds}"));
        command.arg(format!("-artifact_prefix={}/", failed.display()));
        process::run(&mut command).with_context(|| {
            let (name, failed) = (self.name, failed.display());
            format!(
                "{name} failed. The input lies in {failed}; `cargo xtask fuzz {name} --input FILE` runs it \
                 again. With the mend, `base64 -w0 FILE` becomes a line of fuzz/corpus/{name}.txt."
            )
        })?;
        if keep { self.keep(&found, &seeds) } else { Ok(()) }
    }

    /// Adds inputs to the corpus: the fewest that reach all edges of code that were reached.
    fn keep(&self, found: &Path, seeds: &Path) -> Result<()> {
        let mut merge = self.command();
        // By edges alone: how often each is passed would keep many more inputs.
        merge.args(["-set_cover_merge=1", "-use_counters=0", LONGEST]).args([seeds, found]);
        process::run(&mut merge)?;
        let path = workspace::path("fuzz/corpus").join(self.name).with_extension("txt");
        let text = if path.exists() { fs::read_to_string(&path)? } else { String::new() };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for file in fs::read_dir(seeds)? {
            let file = file?;
            if !file.file_name().to_string_lossy().starts_with("seed-") {
                lines.push(STANDARD.encode(fs::read(file.path())?));
            }
        }
        lines.sort_by_key(|line| (line.len(), line.clone()));
        lines.dedup();
        fs::write(path, lines.join("\n") + "\n")?;
        Ok(())
    }
}
