//! The two browsers, headed, with the real extension in them.
//!
//! `Browser` starts and ends one, opens web pages, extension pages and the toolbar popup; what is on
//! them is read and done through [`View`].

mod cdp;
mod changed;
mod chromium;
mod chromium_console;
mod chromium_menu;
mod chromium_page;
mod firefox;
mod firefox_background;
mod firefox_menu;
mod firefox_page;
mod inside;
mod keys;
mod marionette;
mod menu;
mod script;
mod surface;
mod view;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use view::{State, View};

use crate::display::Display;
use crate::wait::{PATIENCE, wait_for};
use crate::workspace;

/// The viewport of a tab, in CSS pixels.
pub const TAB_SIZE: (u32, u32) = (1280, 800);

/// A first start on a busy machine.
const LONGEST_START: Duration = Duration::from_secs(60);

/// The page that a side panel shows.
const PANEL: &str = "popup/index.html?panel";

/// What the browser prints, in the profile folder; of the last start.
const LOG: &str = "browser.log";

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Chromium, or Chrome where there is none.
    Chromium,
    /// Firefox ESR: releases refuse an unsigned extension.
    Firefox,
}

impl Which {
    /// Both, in the order in which the tests run them.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        })
    }
}

/// Whether the extension's background runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Background {
    Running,
    Stopped,
}

/// The packed extension, one zip for each browser.
#[derive(Clone, Debug)]
pub struct Extension {
    /// For Chromium, which loads it unpacked.
    pub chrome: PathBuf,
    /// For Firefox.
    pub firefox: PathBuf,
}

impl Extension {
    /// What `cargo xtask build` made.
    pub fn built() -> Self {
        let dist = workspace::root().join("dist");
        Self { chrome: dist.join("mysafe-chrome.zip"), firefox: dist.join("mysafe-firefox.zip") }
    }
}

/// A running browser. Ends on drop; [`Browser::close`] ends it so that its profile can be used again.
pub struct Browser {
    running: Running,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // When a step failed, an error on a page's console is often the reason.
        if std::thread::panicking() {
            println!("--- the extension's consoles:");
            // The same line again and again would hide the others.
            let mut lines = BTreeMap::<String, usize>::new();
            self.console().into_iter().for_each(|line| *lines.entry(line).or_default() += 1);
            lines.into_iter().for_each(|(line, times)| println!("{times} x {line}"));
        }
    }
}

enum Running {
    Chromium(chromium::Chromium),
    Firefox(firefox::Firefox),
}

/// The same call on either browser.
macro_rules! either {
    ($running:expr, $browser:ident => $call:expr) => {
        match $running {
            Running::Chromium($browser) => $call,
            Running::Firefox($browser) => $call,
        }
    };
}

impl Browser {
    /// Starts a browser on a profile folder, new or used before, with the extension installed.
    #[track_caller]
    pub fn start(which: Which, display: &Display, profile: &Path, extension: &Extension) -> Self {
        std::fs::create_dir_all(profile).expect("the profile folder can be made");
        let running = match which {
            Which::Chromium => {
                let folder = chromium::unpack(&extension.chrome, profile);
                Running::Chromium(chromium::Chromium::start(display, profile, &folder))
            }
            Which::Firefox => {
                Running::Firefox(firefox::Firefox::start(display, profile, &extension.firefox))
            }
        };
        Self { running }
    }

    /// Which one it is.
    pub fn which(&self) -> Which {
        match self.running {
            Running::Chromium(_) => Which::Chromium,
            Running::Firefox(_) => Which::Firefox,
        }
    }

    /// Ends it as its menu does, so that everything is written to the profile.
    #[track_caller]
    pub fn close(mut self) {
        either!(&mut self.running, browser => browser.close());
    }

    /// Opens a web page in the browser's first tab, brings that to the front, waits until it is loaded.
    #[track_caller]
    pub fn open_page(&self, url: &str) -> View {
        let view = self.go_to(url);
        view.wait_until(url, |view| view.address() == url);
        view.wait_loaded();
        view
    }

    /// The same for an address at which the browser will not stay.
    #[track_caller]
    pub fn go_to(&self, url: &str) -> View {
        either!(&self.running, browser => View::new(browser.open_page(url)))
    }

    /// Opens the popup by the toolbar action itself, over the active tab, and waits until it is
    /// loaded and has the keyboard.
    #[track_caller]
    pub fn open_popup(&self) -> View {
        let view = either!(&self.running, browser => View::new(browser.open_popup()));
        view.wait_loaded();
        view.wait_focused();
        view
    }

    /// Waits for the popup that the extension opened itself. No tab of ours may be open.
    #[track_caller]
    pub fn wait_for_popup(&self) -> View {
        let popup = wait_for(PATIENCE, || match &self.running {
            Running::Chromium(browser) => browser.opened_popup().map(View::new),
            Running::Firefox(browser) => browser.opened_popup().map(View::new),
        });
        let view = popup.expect("the extension opens its popup");
        view.wait_loaded();
        view.wait_focused();
        view
    }

    /// Waits for the side panel or sidebar, which the extension opened.
    #[track_caller]
    pub fn wait_for_panel(&self) -> View {
        let panel = wait_for(PATIENCE, || match &self.running {
            Running::Chromium(browser) => browser.panel().map(View::new),
            Running::Firefox(browser) => browser.panel().map(View::new),
        });
        let view = panel.expect("the extension opens its panel");
        view.wait_loaded();
        view
    }

    /// Opens an extension page in a new tab: "popup/index.html#/settings".
    #[track_caller]
    pub fn open_tab(&self, path: &str) -> View {
        let url = self.extension_url(path);
        let view = either!(&self.running, browser => View::new(browser.open_tab(&url)));
        view.wait_loaded();
        view
    }

    /// Opens a web page in a new tab, which is then in front.
    #[track_caller]
    pub fn open_page_beside(&self, url: &str) -> View {
        let view = either!(&self.running, browser => View::new(browser.open_tab(url)));
        view.wait_until(url, |view| view.address() == url);
        view.wait_loaded();
        view
    }

    /// Waits for a tab at an address that starts like this, of the browser's own for one.
    #[track_caller]
    pub fn wait_for_address(&self, start: &str) -> View {
        let matches = |url: &str| url.starts_with(start);
        let view = wait_for(
            PATIENCE,
            || either!(&self.running, browser => browser.find_tab(&matches).map(View::new)),
        );
        view.unwrap_or_else(|| panic!("no tab at {start}"))
    }

    /// Waits for a tab that the extension opened itself, by the start of its path, and brings it to
    /// the front.
    #[track_caller]
    pub fn wait_for_tab(&self, path: &str) -> View {
        let view = self.wait_for_address(&self.extension_url(path));
        view.wait_loaded();
        view.activate();
        view
    }

    /// The address of a file of the extension.
    pub fn extension_url(&self, path: &str) -> String {
        either!(&self.running, browser => browser.extension_url(path))
    }

    /// Ends the background worker or page at once, as the browser does when it idles.
    #[track_caller]
    pub fn kill_background(&self) {
        either!(&self.running, browser => browser.kill_background());
    }

    /// Whether the background runs.
    #[track_caller]
    pub fn background(&self) -> Background {
        either!(&self.running, browser => browser.background())
    }

    /// What the extension wrote to its consoles or left uncaught since the browser started. In Firefox
    /// errors and warnings only.
    pub fn console(&self) -> Vec<String> {
        either!(&self.running, browser => browser.console())
    }

    /// Sets what pages see as `prefers-color-scheme`. In Chromium an open page changes with its next
    /// screenshot, in Firefox at once.
    #[track_caller]
    pub fn set_dark(&self, dark: bool) {
        either!(&self.running, browser => browser.set_dark(dark));
    }
}
