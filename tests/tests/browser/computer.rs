//! A person's computer: a display and a browser with the packed extension.

use std::path::PathBuf;

use mysafe_tests::browser::{Browser, Extension, View, Which};
use mysafe_tests::display::Display;

/// The parts. They end in this order.
pub struct Computer {
    browser: Option<Browser>,
    pub display: Display,
    which: Which,
    profile: PathBuf,
    extension: Extension,
    complaints: Vec<String>,
}

impl Computer {
    /// Sets it up; the browser starts on a profile folder.
    #[track_caller]
    pub fn new(which: Which, profile: PathBuf, extension: Extension) -> Self {
        println!("browser: {which}");
        let display = Display::start();
        let (browser, complaints) = (None, Vec::new());
        let mut computer = Self { browser, display, which, profile, extension, complaints };
        computer.start_browser();
        computer
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
        self.browser =
            Some(Browser::start(self.which, &self.display, &self.profile, &self.extension));
    }

    /// Ends the browser as its menu does.
    #[track_caller]
    pub fn close_browser(&mut self) {
        let browser = self.browser.take().expect("the browser runs");
        let lines = browser.console();
        self.complaints.extend(lines.into_iter().filter(|line| !expected(line)));
        browser.close();
    }

    /// From now on the browser starts on another profile.
    pub fn change_profile(&mut self, profile: PathBuf) {
        self.profile = profile;
    }

    /// The profile folder.
    pub fn profile(&self) -> PathBuf {
        self.profile.clone()
    }

    /// The errors on the consoles of all browsers closed so far.
    pub fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

/// A browser's own words on a list that draws what can be seen, on a request that failed, or that nobody waits for any more because the
/// popup was closed, and Firefox's on a background page that ended while it wrote: the tests make
/// some of each. What such a page was writing is whole or not there, and written at its next start.
fn expected(line: &str) -> bool {
    let own = [
        "Failed to load resource",
        "blocked by CORS policy",
        "Cross-Origin Request Blocked",
        "after context unloaded",
        "while context is inactive",
        "has been aborted due to page navigation",
        // A worker that was ended while it began.
        "Failed to load the script unexpectedly",
        // Rows are placed while the list is scrolled: only those that can be seen are drawn.
        "scroll-linked positioning effect",
    ];
    own.iter().any(|text| line.contains(text))
}
