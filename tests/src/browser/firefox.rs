//! Firefox, driven over Marionette in the context of its own window: there the toolbar button, the
//! popup's panel and the tabs are elements like any others.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::firefox_page::Page;
use super::marionette::Marionette;
use super::{LOG, LONGEST_START, TAB_SIZE};
use crate::display::Display;
use crate::process::Group;
use crate::wait::{PATIENCE, wait_for};

/// A running Firefox with the extension.
pub struct Firefox {
    process: Group,
    pub(super) marionette: Arc<Marionette>,
    pub(super) extension: String,
    host: String,
    first_tab: u64,
}

impl Firefox {
    /// Starts it on this profile and installs the packed extension for good, unless it is there.
    #[track_caller]
    pub fn start(display: &Display, profile: &Path, extension: &Path) -> Self {
        std::fs::write(profile.join("user.js"), preferences()).expect("the profile folder exists");
        let port_file = profile.join("MarionetteActivePort");
        let _ = std::fs::remove_file(&port_file);
        let mut command = Command::new(program());
        command
            .args(["--marionette", "--remote-allow-system-access", "--no-remote", "--profile"])
            .arg(profile);
        command.arg("about:blank").env("DISPLAY", display.name()).env("LANG", "en_US.UTF-8");
        command.env("MOZ_CRASHREPORTER_DISABLE", "1").env_remove("WAYLAND_DISPLAY");
        let log = std::fs::File::create(profile.join(LOG)).expect("the profile folder exists");
        let same = log.try_clone().expect("a second handle");
        command.stdin(Stdio::null()).stdout(same).stderr(log);
        let mut process = Group::start(&mut command);
        let port = wait_for(LONGEST_START, || {
            assert!(
                process.ended().is_none(),
                "Firefox ended: see {}/browser.log",
                profile.display()
            );
            std::fs::read_to_string(&port_file).ok()?.trim().parse::<u16>().ok()
        });
        let marionette =
            Arc::new(Marionette::connect(port.expect("Firefox opens its remote port")));
        let mut browser = Self {
            process,
            marionette,
            extension: String::new(),
            host: String::new(),
            first_tab: 0,
        };
        browser.first_tab = browser
            .run("return gBrowser.tabs[0].linkedBrowser.browserId;", &[])
            .as_u64()
            .expect("a tab");
        browser.install(extension);
        browser.fit_window();
        browser
    }

    /// Ends it as its menu does, so that everything is written to the profile.
    pub fn close(&mut self) {
        // The answer may be cut off by the end it asks for.
        let _ = self.marionette.call("Marionette:Quit", &json!({ "flags": ["eAttemptQuit"] }));
        assert!(self.process.wait(Duration::from_secs(30)).is_some(), "Firefox does not end");
    }

    /// The address of a file of the extension.
    pub fn extension_url(&self, path: &str) -> String {
        format!("moz-extension://{}/{path}", self.host)
    }

    /// Opens a web page in the tab for web pages and brings it to the front.
    pub fn open_page(&self, url: &str) -> Page {
        self.run(
            "const tab = gBrowser.tabs.find((tab) => tab.linkedBrowser.browserId === given[0]);\
             gBrowser.selectedTab = tab;\
             const system = Services.scriptSecurityManager.getSystemPrincipal();\
             tab.linkedBrowser.fixupAndLoadURIString(given[1], { triggeringPrincipal: system });\
             tab.linkedBrowser.focus();",
            &[json!(self.first_tab), json!(url)],
        );
        self.page(self.first_tab)
    }

    /// Opens a new tab.
    pub fn open_tab(&self, url: &str) -> Page {
        let id = self.run(
            "const tab = gBrowser.addTrustedTab(given[0]); gBrowser.selectedTab = tab; tab.linkedBrowser.focus();\
             return tab.linkedBrowser.browserId;",
            &[json!(url)],
        );
        self.page(id.as_u64().expect("a browser has an id"))
    }

    /// The tab at an address that `matches`, if there is one.
    pub fn find_tab(&self, matches: &dyn Fn(&str) -> bool) -> Option<Page> {
        let tabs = self.run(
            "return gBrowser.tabs.map(({ linkedBrowser: b }) => [b.browserId, b.currentURI.spec]);",
            &[],
        );
        let tab = tabs.as_array()?.iter().find(|tab| tab[1].as_str().is_some_and(matches))?;
        Some(self.page(tab[0].as_u64()?))
    }

    /// Clicks the extension's toolbar button and gives the popup.
    #[track_caller]
    pub fn open_popup(&self) -> Page {
        let open = self.run(
            "return document.querySelector('browser[webextension-view-type=popup]') !== null;",
            &[],
        );
        assert_eq!(open, json!(false), "the popup is open already");
        // WebDriver's click is a real one: that is what grants activeTab.
        let selector = format!(
            "[data-extensionid='{}'].unified-extensions-item-action-button",
            self.extension
        );
        let find = json!({ "using": "css selector", "value": selector });
        let button =
            self.marionette.call("WebDriver:FindElement", &find).expect("the toolbar button");
        let id = button["value"]
            .as_object()
            .and_then(|o| o.values().next())
            .expect("an element has an id");
        self.marionette
            .call("WebDriver:ElementClick", &json!({ "id": id }))
            .expect("the toolbar button is clicked");
        let popup = wait_for(PATIENCE, || self.popup());
        self.page(popup.expect("the toolbar button opens the popup, and it takes the keyboard"))
    }

    /// The popup that is open.
    pub fn opened_popup(&self) -> Option<Page> {
        self.popup().map(|id| self.page(id))
    }

    /// The sidebar, while it shows the extension.
    pub fn panel(&self) -> Option<Page> {
        let panel = self.run(
            "const inner = document.getElementById('sidebar')?.contentDocument?.getElementById('webext-panels-browser');\
             return SidebarController.isOpen && inner ? inner.browserId : null;",
            &[],
        );
        Some(self.page(panel.as_u64()?))
    }

    /// The colour scheme of the desktop, as the browser sees it.
    pub fn set_dark(&self, dark: bool) {
        self.run(
            "Services.prefs.setIntPref('ui.systemUsesDarkTheme', given[0]);",
            &[json!(u8::from(dark))],
        );
    }

    /// What the extension's pages and background reported: errors that nothing caught, blocked loads.
    pub fn console(&self) -> Vec<String> {
        let reports = "return Services.console.getMessageArray().map(String).filter((text) => text.includes(given[0]));";
        let lines = self.marionette.run(reports, &[json!(self.extension_url(""))]);
        let lines = lines.ok().and_then(|lines| lines.as_array().cloned()).unwrap_or_default();
        lines.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    fn page(&self, id: u64) -> Page {
        Page::new(Arc::clone(&self.marionette), id)
    }

    /// The popup's id once it is shown and has been given the keyboard.
    fn popup(&self) -> Option<u64> {
        self.run(
            "const popup = document.querySelector('browser[webextension-view-type=popup]');\
             const shown = popup?.closest('panel')?.state === 'open' && document.activeElement === popup;\
             return shown ? popup.browserId : null;",
            &[],
        )
        .as_u64()
    }

    fn install(&mut self, extension: &Path) {
        let own = "const own = (await AddonManager.getAddonsByTypes(['extension']))\
                   .filter((addon) => !addon.isBuiltin && !addon.isSystem).map((addon) => addon.id)[0] ?? null;";
        let mut id = self.run(&format!("{own} return own;"), &[]);
        if id.is_null() {
            let installed = self
                .marionette
                .call("Addon:Install", &json!({ "path": extension, "temporary": false }));
            id = installed.expect("Firefox installs the extension")["value"].clone();
        }
        self.extension = id.as_str().expect("an add-on has an id").to_owned();
        let host = wait_for(PATIENCE, || {
            let host = self.run(
                "return WebExtensionPolicy.getByID(given[0])?.mozExtensionHostname ?? null;",
                &[id.clone()],
            );
            host.as_str().map(str::to_owned)
        });
        self.host = host.expect("the extension starts");
        // As a person pins it from the puzzle piece's menu.
        self.run(
            "const widget = given[0].toLowerCase().replace(/[^a-z0-9_-]/g, '_');\
             CustomizableUI.addWidgetToArea(`${widget}-browser-action`, 'nav-bar');",
            &[id],
        );
    }

    /// Makes the window as large as a page of [`TAB_SIZE`] needs.
    fn fit_window(&self) {
        let fitted = wait_for(PATIENCE, || {
            let left = self.run(
                "const { width, height } = gBrowser.selectedBrowser.getBoundingClientRect();\
                 const left = [given[0] - width, given[1] - height]; window.resizeBy(...left); return left;",
                &[json!(TAB_SIZE.0), json!(TAB_SIZE.1)],
            );
            (left[0].as_f64() == Some(0.0) && left[1].as_f64() == Some(0.0)).then_some(())
        });
        assert!(fitted.is_some(), "the window does not take its size");
    }

    #[track_caller]
    pub(super) fn run(&self, body: &str, parameters: &[Value]) -> Value {
        match self.marionette.run(body, parameters) {
            Ok(answer) => answer,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Debian's name for it, or Mozilla's.
fn program() -> &'static str {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    ["firefox-esr", "firefox"].into_iter().find(|name| there(name)).expect("Firefox is installed")
}

/// The profile's settings: an unsigned zip may be installed, no pages of its own, nothing fetched.
fn preferences() -> String {
    let all = json!({
        "marionette.port": 0,
        "devtools.console.stdout.content": true,
        "xpinstall.signatures.required": false,
        "extensions.autoDisableScopes": 0,
        "network.dns.forceResolve": "127.0.0.1",
        // Marionette would switch it on, and then a popup does not get the keyboard as it does for people.
        "focusmanager.testmode": false,
        "ui.systemUsesDarkTheme": 0,
        "browser.toolbars.bookmarks.visibility": "never",
        "browser.startup.page": 0,
        "browser.startup.homepage_override.mstone": "ignore",
        "browser.shell.checkDefaultBrowser": false,
        "browser.aboutwelcome.enabled": false,
        "browser.tabs.warnOnClose": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "toolkit.telemetry.enabled": false,
        "app.normandy.enabled": false,
        "app.update.enabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "intl.accept_languages": "en-US",
        // An optional permission is given at the click that asks for it.
        "extensions.webextOptionalPermissionPrompts": false,
    });
    let mut lines = String::new();
    for (name, value) in all.as_object().expect("written above") {
        let _ = writeln!(lines, "user_pref({}, {value});", json!(name));
    }
    lines
}
