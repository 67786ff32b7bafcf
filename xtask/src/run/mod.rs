//! `cargo xtask run`: everything built, a server on this machine, a browser with the extension.

mod browser;
mod demo;
mod server;

use std::path::PathBuf;

use anyhow::Result;

use crate::build::{self, build};
use crate::workspace;
use browser::Program;
use server::Server;

/// Options of `cargo xtask run`.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Which browser to open. Without it the first one found.
    #[arg(long)]
    browser: Option<Program>,
    /// Begins with two accounts of 300 API secrets each.
    #[arg(long)]
    demo: bool,
    /// Builds faster: a larger extension with readable names in stack traces.
    #[arg(long)]
    dev: bool,
}

/// Runs until the browser is closed or Ctrl+C is pressed.
pub fn run(options: &Options) -> Result<()> {
    build(&build::Options { dev: options.dev })?;
    let data = folder(if options.demo { "demo" } else { "data" });
    if options.demo && data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    let mut server = Server::start(&data)?;
    println!("\nThe server: {}\nIts data:   {}", server::URL, data.display());
    if options.demo {
        demo::fill()?;
    }
    match browser::choose(options.browser) {
        Ok(program) => {
            browser::open(program, &folder("profile"))?;
            server.stop()
        }
        Err(why) => {
            println!("\n{why}\n{}", browser::by_hand());
            println!("The server runs until you press Ctrl+C.");
            server.wait()
        }
    }
}

fn folder(name: &str) -> PathBuf {
    workspace::target().join("run").join(name)
}
