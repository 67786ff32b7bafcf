//! The server as it is released, one person's account on it, and that person's browser.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use mysafe_tests::browser::{Browser, Extension, View, Which};
use mysafe_tests::client::{Connection, Person, sign_up};
use mysafe_tests::display::Display;
use mysafe_tests::recorder::Recorder;
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::wait::wait_for;
use mysafe_tests::workspace;

/// Whose account it is.
pub const PERSON: Person = Person {
    name: "Ana Souza",
    address: "ana@example.com",
    password: "Lantern-otter 58 brave quilts",
};

/// An extension page with the same module as the popup, and nothing else.
const EMPTY_PAGE: &str = "<!doctype html><meta charset=\"utf-8\"><script type=\"module\" src=\"empty.js\"></script><body></body>";

/// The parts. They end in this order.
pub struct Stage {
    browser: Option<Browser>,
    _display: Display,
    pub server: ServerProcess,
    pub recorder: Recorder,
    _folder: tempfile::TempDir,
}

impl Stage {
    /// Sets it up. The browser knows no account yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let server = ServerProcess::start_at(
            &folder.path().join("data"),
            address.expect("a free port"),
            &[("MYSAFE_LOG", "warn")],
        );
        let host = server.address().to_string();
        sign_up(&mut Connection::open(&host).expect("the server accepts"), &PERSON)
            .expect("signs up");
        let recorder = Recorder::start(server.address());
        let profile = folder.path().join("profile");
        unpack(&profile);
        let display = Display::start();
        let browser = Browser::start(Which::Chromium, &display, &profile, &Extension::built());
        Self { browser: Some(browser), _display: display, server, recorder, _folder: folder }
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        self.browser.as_ref().expect("it runs")
    }

    /// The server, for a client without a browser.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// Signs in; gives the tab at the moment at which the password is sent off.
    pub fn sign_in(&self) -> View {
        let tab = self.browser().wait_for_tab("popup/index.html#/welcome");
        tab.fill("textbox", "Server address", &self.recorder.url());
        tab.click("button", "Continue");
        tab.click("button", "Sign in");
        tab.fill("textbox", "Email", PERSON.address);
        tab.fill("textbox", "Master password", PERSON.password);
        tab.click("button", "Sign in");
        tab
    }

    /// Waits until something is so; looks often, because it is timed.
    pub fn until(&self, what: &str, mut so: impl FnMut() -> bool) {
        let seen = wait_for(Duration::from_secs(300), || so().then_some(()));
        assert!(seen.is_some(), "not so: {what}");
    }

    /// Ends the browser as its menu does.
    pub fn end(&mut self) {
        self.browser.take().expect("it runs").close();
    }
}

/// Lays the extension where the harness would unpack it, with one page more.
fn unpack(profile: &Path) {
    let folder = profile.join("unpacked-extension");
    std::fs::create_dir_all(profile).expect("a folder");
    let built = workspace::root().join("dist/chrome");
    let copied = Command::new("cp").arg("-r").arg(&built).arg(&folder).status();
    assert!(copied.is_ok_and(|status| status.success()), "{} is built", built.display());
    std::fs::write(folder.join("empty.html"), EMPTY_PAGE).expect("written");
    std::fs::write(folder.join("empty.js"), include_str!("empty.js")).expect("written");
}
