//! A program in a process group of its own, so that all it started ends with it.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use crate::wait::wait_for;

/// A running program and everything it started. Killed on drop.
#[derive(Debug)]
pub struct Group {
    child: Child,
}

impl Group {
    /// Starts the program as the leader of a new process group.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let child = command.process_group(0).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")) }
    }

    /// The leader, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The leader's process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status, if it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the program is our child")
    }

    /// Waits for it to end by itself; `None` if it still runs after `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        wait_for(patience, || self.ended())
    }

    /// Sends a signal ("TERM", "KILL", "STOP") to the whole group.
    pub fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        // The group may be gone already; that is what was wanted then.
        let _ = Command::new("kill")
            .args(["-s", name, "--", &group])
            .stderr(std::process::Stdio::null())
            .status();
    }

    /// Ends the whole group at once.
    pub fn kill(&mut self) {
        self.signal("KILL");
        let _ = self.child.wait();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
