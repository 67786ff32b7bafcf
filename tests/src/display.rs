//! A screen of its own for a browser (Xvfb with the window manager openbox), and its clipboard as
//! another program sees it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::Group;

/// A running X display. Ends with all its windows on drop.
#[derive(Debug)]
pub struct Display {
    name: String,
    // In the order of ending: first the window manager, then the server.
    _window_manager: Group,
    _server: Group,
}

impl Display {
    /// Starts Xvfb on a display number that is free, large enough for a page of 1280x800.
    #[track_caller]
    pub fn start() -> Self {
        let mut server = Group::start(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1440x1080x24",
                    "-nolisten",
                    "tcp",
                    "-noreset",
                ])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let mut number = String::new();
        let stdout = server.child().stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb prints its display number");
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        let name = format!(":{}", number.trim());
        let window_manager = Group::start(
            Command::new("openbox")
                .env("DISPLAY", &name)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        Self { name, _window_manager: window_manager, _server: server }
    }

    /// Its name, for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What another program reads from the clipboard; empty if there is nothing.
    pub fn clipboard(&self) -> String {
        let output = self
            .command("timeout")
            .args(["5", "xclip", "-selection", "clipboard", "-target", "UTF8_STRING", "-o"])
            .output()
            .expect("xclip is installed");
        assert_ne!(output.status.code(), Some(124), "the clipboard's owner does not answer");
        String::from_utf8(output.stdout).expect("UTF8_STRING is UTF-8")
    }

    /// Another program copies `text`.
    pub fn set_clipboard(&self, text: &str) {
        let mut xclip = self
            .command("xclip")
            .args(["-selection", "clipboard", "-i"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("xclip is installed");
        xclip
            .stdin
            .take()
            .expect("stdin is piped")
            .write_all(text.as_bytes())
            .expect("xclip reads");
        assert!(xclip.wait().expect("xclip is our child").success(), "xclip failed");
    }

    /// Presses keys wherever the focus of the display is, as xdotool names them.
    pub fn press(&self, keys: &[&str]) {
        let pressed = self.command("xdotool").arg("key").args(keys).status();
        assert!(pressed.expect("xdotool is installed").success(), "xdotool key {keys:?}");
    }

    /// How many windows can be seen: a menu is one.
    pub fn windows(&self) -> usize {
        let found =
            self.command("xdotool").args(["search", "--onlyvisible", "--name", ""]).output();
        let found = found.expect("xdotool is installed").stdout;
        String::from_utf8_lossy(&found).lines().count()
    }

    /// A picture of the whole display.
    pub fn picture(&self, file: &Path) {
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder"))
            .expect("the folder can be made");
        let taken = self.command("import").args(["-window", "root"]).arg(file).status();
        assert!(taken.expect("import is installed").success(), "import {}", file.display());
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.name);
        command
    }
}
