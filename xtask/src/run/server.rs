//! The server, as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::{process, workspace};

/// What the server listens on.
pub const ADDRESS: &str = "127.0.0.1:8787";

/// Where the server is found.
pub const URL: &str = "http://127.0.0.1:8787";

/// A running server. Stopped on drop.
pub struct Server(Child);

impl Server {
    /// Builds it, starts it on SQLite in `data`, and returns once it accepts connections.
    pub fn start(data: &Path) -> Result<Self> {
        process::run(&mut cargo(&["build", "--locked", "--package", "mysafe-server"]))?;
        std::fs::create_dir_all(data)?;
        let mut child = Command::new(workspace::target().join("debug/mysafe-server"))
            .arg("serve")
            .env("MYSAFE_DATA", data)
            .env("MYSAFE_LISTEN", ADDRESS)
            // Several accounts can be made by hand, as there is nobody to invite anyone.
            .env("MYSAFE_SIGNUPS", "open")
            // A line for each request would push what we print off the screen.
            .env("MYSAFE_LOG", "info,mysafe_server::observe=warn")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start mysafe-server")?;
        let log = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let mut server = Self(child);
        let mut lines = log.lines().map_while(Result::ok);
        if !lines
            .by_ref()
            .inspect(|line| eprintln!("{line}"))
            .any(|line| line.contains("listening on"))
        {
            bail!("the server ended with {}; is something else on {ADDRESS}?", server.0.wait()?);
        }
        std::thread::spawn(move || lines.for_each(|line| eprintln!("{line}")));
        Ok(server)
    }

    /// Until it ends, which Ctrl+C makes it do.
    pub fn wait(&mut self) -> Result<()> {
        self.0.wait()?;
        Ok(())
    }

    /// Asks it to finish what it is doing and to end.
    pub fn stop(&mut self) -> Result<()> {
        process::run(Command::new("kill").arg(self.0.id().to_string()))?;
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Not reached by Ctrl+C, which the server gets itself; here something went wrong before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
