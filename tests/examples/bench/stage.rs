//! The server as it is released, one person's account on it, and that person's browser.

use std::net::TcpListener;
use std::time::Duration;

use mysafe_tests::browser::{Browser, Extension, View, Which};
use mysafe_tests::client::{Connection, Person, sign_up};
use mysafe_tests::display::Display;
use mysafe_tests::recorder::Recorder;
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::wait::wait_for;

/// Whose account it is.
pub const PERSON: Person = Person {
    name: "Ana Souza",
    address: "ana@example.com",
    password: "Lantern-otter 58 brave quilts",
};

/// An extension page with the same module as the popup, and nothing else.
const EMPTY_PAGE: &str =
    "<meta charset=\"utf-8\"><script type=\"module\" src=\"empty.js\"></script><body></body>";
/// The script that runs first on each page.
const CLOCK: &str = "<script src=\"/first_of_test.js\"></script>";

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
    pub fn new(which: Which) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let server = ServerProcess::start_at(
            &folder.path().join("data"),
            address.expect("a free port"),
            &[("MYSAFE_LOG", "warn"), ("MYSAFE_SIGNUPS", "open")],
        );
        let host = server.address().to_string();
        sign_up(&mut Connection::open(&host).expect("the server accepts"), &PERSON)
            .expect("signs up");
        let recorder = Recorder::start(server.address());
        let profile = folder.path().join("profile");
        let empty = format!("<!doctype html>{CLOCK}{EMPTY_PAGE}");
        let extension = Extension::changed(
            folder.path(),
            include_str!("clock.js"),
            &[("empty.html", &empty), ("empty.js", include_str!("empty.js"))],
        );
        let display = Display::start();
        let browser = Browser::start(which, &display, &profile, &extension);
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

    /// Signs in and waits for the list of an account that has no items.
    pub fn signed_in(&self) {
        let tab = self.sign_in();
        let text = || tab.evaluate_as_extension("document.body.textContent").unwrap_or_default();
        self.until("the list", || text().contains("No API secrets yet."));
        tab.close();
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
