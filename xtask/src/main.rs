//! `cargo xtask`: the only build tool of this workspace. Each sub-command is a module; nothing here
//! needs more than Rust and Node to start with.

mod bench;
mod build;
mod cargo;
mod check;
mod fuzz;
mod icons;
mod npm;
mod process;
mod run;
mod screenshots;
mod suffixes;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs and tests MySafe.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = false)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the extension: dist/chrome, dist/firefox and a packed zip of each.
    Build(build::Options),
    /// Builds everything, starts the server and opens a browser with the extension.
    Run(run::Options),
    /// Format, lints on host and wasm32, documentation, licences.
    Check,
    /// Everything that CI checks. Installs what is missing where it may.
    Test,
    /// Has Schemathesis judge the server by the description of its interface, as owner, editor, viewer and
    /// stranger. Needs Python 3.10 or newer; installs the rest.
    Contract(test::ContractOptions),
    /// Measures whether the time of an answer tells if an address has an account: Welch's t below 4.5.
    Timing(test::TimingOptions),
    /// Searches for inputs that break what reads bytes of others, guided by coverage. Needs a C++ compiler.
    Fuzz(fuzz::Options),
    /// Measures what there are budgets for; builds first.
    Bench(bench::Options),
    /// Takes a picture of every screen, light and dark, popup and tab: target/screenshots.
    Screenshots,
    /// Draws the toolbar icons again from their SVG. Needs rsvg-convert.
    Icons,
    /// Makes src/matching/suffixes.txt of a public_suffix_list.dat.
    Suffixes(suffixes::Options),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Build(options) => build::build(&options),
        Command::Run(options) => run::run(&options),
        Command::Check => check::check(),
        Command::Test => test::test(),
        Command::Contract(options) => test::contract(&options),
        Command::Timing(options) => test::timing(&options),
        Command::Fuzz(options) => fuzz::fuzz(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Screenshots => screenshots::screenshots(),
        Command::Icons => icons::draw(),
        Command::Suffixes(options) => suffixes::make(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
