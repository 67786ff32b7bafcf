//! Chromium, driven over the DevTools protocol alone. The toolbar popup is a page like any other
//! there, and `Extensions.triggerAction` opens it as a click on the icon does, `activeTab` included.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::cdp::Devtools;
use super::chromium_console::said;
use super::chromium_page::{FullStorage, Page, text_of};
use super::surface::Gone;
use super::{Background, LOG, LONGEST_START, PANEL, TAB_SIZE};
use crate::display::Display;
use crate::process::Group;
use crate::wait::{PATIENCE, wait_for};

/// A running Chromium with the extension.
pub struct Chromium {
    process: Group,
    devtools: Arc<Devtools>,
    extension: String,
    /// The tab that was there at the start: the one for web pages.
    first_tab: String,
    dark: Arc<Mutex<bool>>,
    log: PathBuf,
}

impl Chromium {
    /// Starts it on this profile with the extension's unpacked folder.
    #[track_caller]
    pub fn start(display: &Display, profile: &Path, extension: &Path) -> Self {
        let mut command = Command::new("sh");
        // The browser speaks on the descriptors 3 and 4; a child of ours has 0 and 1 to hand over.
        command.args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>&2"]);
        command.args([
            program(),
            "--remote-debugging-pipe".into(),
            "--enable-unsafe-extension-debugging".into(),
        ]);
        command.args([
            "--no-sandbox",
            "--test-type",
            "--no-first-run",
            "--no-default-browser-check",
        ]);
        command.args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]);
        command.args(["--host-resolver-rules=MAP * 127.0.0.1", "--disable-features=HttpsUpgrades"]);
        command.args([
            "--password-store=basic",
            "--use-mock-keychain",
            "--lang=en-US",
            "--enable-logging=stderr",
        ]);
        command.args(["--window-position=0,0", "--window-size=1400,1050"]);
        command.arg(format!("--user-data-dir={}", profile.display()));
        command.arg(format!("--load-extension={}", extension.display()));
        command.arg("about:blank").env("DISPLAY", display.name()).env("LANG", "en_US.UTF-8");
        give_optional_permissions(profile);
        let log = std::fs::File::create(profile.join(LOG)).expect("the profile folder exists");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut process = Group::start(&mut command);
        let to_browser = process.child().stdin.take().expect("stdin is piped");
        let from_browser = process.child().stdout.take().expect("stdout is piped");
        let devtools = Arc::new(Devtools::over(to_browser, from_browser));
        let extension = wait_for(LONGEST_START, || {
            let all = devtools.call(None, "Extensions.getExtensions", json!({})).ok()?;
            all["extensions"][0]["id"].as_str().map(str::to_owned)
        });
        let extension = extension.expect("Chromium loads the extension");
        let mut browser = Self {
            process,
            devtools,
            extension,
            first_tab: String::new(),
            dark: Arc::default(),
            log: profile.join(LOG),
        };
        let first = wait_for(PATIENCE, || {
            browser.pages().into_iter().find(|(_, url)| url == "about:blank")
        });
        browser.first_tab = first.expect("Chromium opens a tab").0;
        browser
    }

    /// Ends it as its menu does, so that everything is written to the profile.
    pub fn close(&mut self) {
        // The answer may be cut off by the end it asks for.
        let _ = self.devtools.call(None, "Browser.close", json!({}));
        assert!(self.process.wait(Duration::from_secs(20)).is_some(), "Chromium does not end");
    }

    /// The address of a file of the extension.
    pub fn extension_url(&self, path: &str) -> String {
        format!("chrome-extension://{}/{path}", self.extension)
    }

    /// Opens a web page in the tab for web pages and brings it to the front.
    pub fn open_page(&self, url: &str) -> Page {
        let page = self.page(&self.first_tab, Some(TAB_SIZE));
        page.navigate(url);
        self.activate(&self.first_tab);
        page
    }

    /// Opens a new tab.
    pub fn open_tab(&self, url: &str) -> Page {
        let made = self.call("Target.createTarget", json!({ "url": url }));
        let id = made["targetId"].as_str().expect("a target has an id");
        self.activate(id);
        self.page(id, Some(TAB_SIZE))
    }

    /// The tab at an address that `matches`, if there is one.
    pub fn find_tab(&self, matches: &dyn Fn(&str) -> bool) -> Option<Page> {
        let (id, _) = self.pages().into_iter().find(|(_, url)| matches(url))?;
        Some(self.page(&id, Some(TAB_SIZE)))
    }

    /// Clicks the extension's icon and gives the popup.
    #[track_caller]
    pub fn open_popup(&self) -> Page {
        let before = self.pages();
        let active = wait_for(PATIENCE, || self.active_tab()).expect("a tab is active");
        self.call("Extensions.triggerAction", json!({ "id": self.extension, "targetId": active }));
        let own = self.extension_url("");
        let popup = wait_for(PATIENCE, || {
            self.pages()
                .into_iter()
                .find(|(id, url)| url.starts_with(&own) && before.iter().all(|(old, _)| old != id))
        });
        self.page(&popup.expect("the action opens the popup").0, None)
    }

    /// The popup that is open, while no tab of ours is.
    pub fn opened_popup(&self) -> Option<Page> {
        let own = self.extension_url("popup/");
        let panel = self.extension_url(PANEL);
        let ours = |url: &str| url.starts_with(&own) && !url.starts_with(&panel);
        let (id, _) = self.pages().into_iter().find(|(_, url)| ours(url))?;
        Some(self.page(&id, None))
    }

    /// The side panel, while it is open.
    pub fn panel(&self) -> Option<Page> {
        let panel = self.extension_url(PANEL);
        let (id, _) = self.pages().into_iter().find(|(_, url)| url.starts_with(&panel))?;
        Some(self.page(&id, None))
    }

    /// Ends the background worker at once, and those that events already on their way bring up.
    pub fn kill_background(&self) {
        let stopped = wait_for(PATIENCE, || {
            let mut workers = self.targets();
            workers.retain(|target| self.is_our_worker(target));
            for worker in &workers {
                let id = json!({ "targetId": worker["targetId"] });
                let _ended_already = self.devtools.call(None, "Target.closeTarget", id);
            }
            workers.is_empty().then_some(())
        });
        assert!(stopped.is_some(), "the worker does not stop");
    }

    /// Evaluates in the background worker, if it runs.
    pub fn in_background(&self, expression: &str) -> Result<String, Gone> {
        let worker = self.targets().into_iter().find(|target| self.is_our_worker(target));
        let worker = worker.ok_or_else(|| Gone("the worker sleeps".to_owned()))?;
        let call = |session: Option<&str>, method, parameters| {
            self.devtools.call(session, method, parameters).map_err(Gone)
        };
        let target = json!({ "targetId": worker["targetId"], "flatten": true });
        let attached = call(None, "Target.attachToTarget", target)?;
        let expression =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = call(attached["sessionId"].as_str(), "Runtime.evaluate", expression);
        let session = json!({ "sessionId": attached["sessionId"] });
        call(None, "Target.detachFromTarget", session)?;
        text_of(&answer?)
    }

    fn is_our_worker(&self, target: &Value) -> bool {
        target["type"] == "service_worker" && self.is_ours(target)
    }

    /// Whether the background worker runs.
    pub fn background(&self) -> Background {
        let runs = self.targets().iter().any(|target| self.is_our_worker(target));
        if runs { Background::Running } else { Background::Stopped }
    }

    /// The colour scheme that pages are told of, those opened from now on.
    pub fn set_dark(&self, dark: bool) {
        *self.dark.lock().expect("no panic while held") = dark;
    }

    /// What the extension's pages and background wrote to their consoles, errors included.
    pub fn console(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        said(&log, &self.extension_url(""))
    }

    fn page(&self, target: &str, size: Option<(u32, u32)>) -> Page {
        Page::attach(Arc::clone(&self.devtools), target, size, Arc::clone(&self.dark))
    }

    fn activate(&self, target: &str) {
        self.call("Target.activateTarget", json!({ "targetId": target }));
    }

    fn is_ours(&self, target: &Value) -> bool {
        target["url"].as_str().is_some_and(|url| url.starts_with(&self.extension_url("")))
    }

    /// Id and address of every page: tabs and, while it is open, the popup.
    fn pages(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pages = self.targets().into_iter().filter(|target| target["type"] == "page");
        pages.map(|page| (text(&page["targetId"]), text(&page["url"]))).collect()
    }

    fn active_tab(&self) -> Option<Value> {
        self.targets()
            .into_iter()
            .find(|t| t["embedderData"]["tabActive"] == true)
            .map(|t| t["targetId"].clone())
    }

    fn targets(&self) -> Vec<Value> {
        // An empty filter entry lets every type through; without it those of type "tab" are left out.
        let all = self.devtools.call(None, "Target.getTargets", json!({ "filter": [{}] }));
        all.ok().and_then(|all| all["targetInfos"].as_array().cloned()).unwrap_or_default()
    }

    /// Leaves the extension no space to store more, until what this gives is dropped. One of its pages
    /// has to be open, and to stay so.
    #[track_caller]
    pub fn fill_storage(&self) -> FullStorage {
        let own = self.extension_url("");
        let (target, _) = self
            .pages()
            .into_iter()
            .find(|(_, url)| url.starts_with(&own))
            .expect("a page is open");
        self.page(&target, None).fill_storage(&own)
    }

    #[track_caller]
    fn call(&self, method: &str, parameters: Value) -> Value {
        self.devtools.call(None, method, parameters).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// An optional permission is given at the click that asks for it: its question is a window of the
/// browser's own, which nothing here can answer. In a new profile alone.
fn give_optional_permissions(profile: &Path) {
    /// Of the key in our manifest.
    const EXTENSION: &str = "eaagblbapebhbadjjpilagcihmbbnlmf";
    let file = profile.join("Default/Preferences");
    if file.exists() {
        return;
    }
    let given = json!({ "api": ["tabs", "clipboardRead"], "explicit_host": [], "manifest_permissions": [], "scriptable_host": [] });
    let preferences = json!({ "extensions": { "settings": { EXTENSION: { "runtime_granted_permissions": given } } } });
    std::fs::create_dir_all(profile.join("Default")).expect("a folder");
    std::fs::write(file, preferences.to_string()).expect("the profile can be written");
}

/// Debian's name for it, or Chrome's.
fn program() -> String {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(name).is_file())
    });
    found.expect("Chromium is installed").to_owned()
}

/// Unpacks the zip that is handed to people, which is what Chromium then loads. The folder lies in
/// the profile, because the browser must find it there again.
pub fn unpack(zip: &Path, profile: &Path) -> PathBuf {
    let folder = profile.join("unpacked-extension");
    // A profile used before keeps what was installed in it, as Firefox's does.
    if folder.exists() {
        return folder;
    }
    let file =
        std::fs::File::open(zip).unwrap_or_else(|error| panic!("{}: {error}", zip.display()));
    let mut archive = zip::ZipArchive::new(file).expect("a zip file");
    archive.extract(&folder).expect("the zip can be unpacked");
    folder
}
