//! What a journey happens on: a display, a browser with the packed extension, the real server behind
//! the wire tap, a website.

use std::cell::RefCell;
use std::path::PathBuf;

use mysafe_tests::browser::{Browser, Extension, View, Which};
use mysafe_tests::display::Display;
use mysafe_tests::recorder::Recorder;
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::website::Website;

/// The parts. They end in this order.
pub struct Stage {
    browser: Option<Browser>,
    server: Option<ServerProcess>,
    pub recorder: Recorder,
    pub site: Website,
    pub display: Display,
    which: Which,
    profile: &'static str,
    unsightly: RefCell<Vec<String>>,
    unsaid: Vec<String>,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Sets it up; the browser starts with a fresh profile.
    #[track_caller]
    pub fn new(which: Which) -> Self {
        println!("browser: {which}");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("server")).expect("a folder");
        let server = ServerProcess::start(&folder.path().join("server/data"));
        let recorder = Recorder::start(server.address());
        let mut stage = Self {
            browser: None,
            server: Some(server),
            recorder,
            site: Website::start(),
            display: Display::start(),
            which,
            profile: "profile",
            unsightly: RefCell::default(),
            unsaid: Vec::new(),
            folder,
        };
        stage.start_browser();
        stage
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        self.browser.as_ref().expect("the browser runs")
    }

    /// Clicks the toolbar button.
    #[track_caller]
    pub fn popup(&self) -> View {
        self.browser().open_popup()
    }

    /// Clicks the toolbar button and goes to the first list: reopened soon after on the same page, the
    /// popup is where it was.
    #[track_caller]
    pub fn popup_at_list(&self) -> View {
        let popup = self.popup();
        popup.click("link", "This page");
        popup.see("combobox", "Search");
        popup
    }

    /// Starts the browser on the profile it had.
    #[track_caller]
    pub fn start_browser(&mut self) {
        let profile = self.profile();
        self.browser =
            Some(Browser::start(self.which, &self.display, &profile, &Extension::built()));
    }

    /// Ends the browser as its menu does.
    #[track_caller]
    pub fn close_browser(&mut self) {
        let browser = self.browser.take().expect("the browser runs");
        let lines = browser.console();
        self.unsaid.extend(lines.into_iter().filter(|line| !expected(line)));
        browser.close();
    }

    /// From now on another computer's browser: a profile that knows nothing.
    pub fn change_computer(&mut self) {
        self.profile = "second-profile";
    }

    /// The profile folder.
    pub fn profile(&self) -> PathBuf {
        self.folder.path().join(self.profile)
    }

    /// The folder of the server: its data and its log.
    pub fn server_folder(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// Ends the server as its host does.
    #[track_caller]
    pub fn stop_server(&mut self) {
        self.server.take().expect("the server runs").stop();
    }

    /// Starts it again on its data, at the address it had.
    #[track_caller]
    pub fn start_server(&mut self) {
        let data = self.server_folder().join("data");
        self.server = Some(ServerProcess::start_at(&data, self.recorder.upstream(), &[]));
    }

    /// Has axe look at a screen, light and dark. What it finds is told at the end, all of it.
    #[track_caller]
    pub fn sight(&self, screen: &str, view: &View) {
        self.in_both_looks(view, |look| {
            let found = view.axe().into_iter().map(|line| format!("{screen}, {look}: {line}"));
            self.unsightly.borrow_mut().extend(found);
        });
    }

    /// Does something while the page is dark, then while it is light.
    #[track_caller]
    pub fn in_both_looks(&self, view: &View, act: impl Fn(&str)) {
        for (dark, look) in [(true, "dark"), (false, "light")] {
            self.browser().set_dark(dark);
            // With its picture, an open page of Chromium takes the colours over.
            view.screenshot(&self.folder.path().join("look.png"));
            view.wait_until(look, |view| view.is_dark() == dark);
            view.wait_still();
            act(look);
        }
    }

    /// Fails if axe found anything, or the extension left an error on a console.
    #[track_caller]
    pub fn no_complaints(&self) {
        let unsightly = self.unsightly.borrow();
        assert!(unsightly.is_empty(), "axe found:\n{}", unsightly.join("\n"));
        assert!(self.unsaid.is_empty(), "on the consoles:\n{}", self.unsaid.join("\n"));
    }
}

/// A browser's own words on a request that failed, or that nobody waits for any more because the
/// popup was closed, and Firefox's on a background page that ended while it wrote: the journey makes
/// some of each. What such a page was writing is whole or not there, and written at its next start.
fn expected(line: &str) -> bool {
    let own = [
        "Failed to load resource",
        "blocked by CORS policy",
        "Cross-Origin Request Blocked",
        "Promise rejected after context unloaded",
        "has been aborted due to page navigation",
    ];
    own.iter().any(|text| line.contains(text))
}
