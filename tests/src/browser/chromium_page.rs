//! A tab or the popup of Chromium.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::cdp::Devtools;
use super::keys::Chord;
use super::surface::{Gone, Surface, World};

/// A page, attached to.
pub struct Page {
    devtools: Arc<Devtools>,
    target: String,
    session: String,
    size: Option<(u32, u32)>,
    dark: Arc<Mutex<bool>>,
}

impl Page {
    /// Attaches to a target; `size` is the viewport of a tab, a popup sizes itself.
    #[track_caller]
    pub fn attach(
        devtools: Arc<Devtools>,
        target: &str,
        size: Option<(u32, u32)>,
        dark: Arc<Mutex<bool>>,
    ) -> Self {
        let attached = devtools.call(
            None,
            "Target.attachToTarget",
            json!({ "targetId": target, "flatten": true }),
        );
        let attached = attached.unwrap_or_else(|error| panic!("{error}"));
        let session = attached["sessionId"].as_str().expect("a session has an id").to_owned();
        let page = Self { devtools, target: target.to_owned(), session, size, dark };
        page.set_up().unwrap_or_else(|gone| panic!("{}", gone.0));
        page
    }

    /// Goes to an address and waits until the navigation is under way.
    #[track_caller]
    pub fn navigate(&self, url: &str) {
        let answer = self
            .call("Page.navigate", json!({ "url": url }))
            .unwrap_or_else(|gone| panic!("{}", gone.0));
        assert!(answer.get("errorText").is_none(), "{url}: {}", answer["errorText"]);
    }

    /// Leaves an origin no space to store more, until what this gives is dropped.
    #[track_caller]
    pub fn fill_storage(self, origin: &str) -> FullStorage {
        // Less than what is there already; Chromium takes nought as "no limit".
        let quota = json!({ "origin": origin.trim_end_matches('/'), "quotaSize": 20000 });
        self.call("Storage.overrideQuotaForOrigin", quota)
            .unwrap_or_else(|gone| panic!("{}", gone.0));
        FullStorage(self)
    }

    fn set_up(&self) -> Result<(), Gone> {
        if let Some((width, height)) = self.size {
            let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            self.call("Emulation.setDeviceMetricsOverride", metrics)?;
        }
        self.set_scheme()
    }

    fn set_scheme(&self) -> Result<(), Gone> {
        let scheme = if *self.dark.lock().expect("no panic while held") { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features).map(drop)
    }

    fn call(&self, method: &str, parameters: Value) -> Result<Value, Gone> {
        self.devtools.call(Some(&self.session), method, parameters).map_err(Gone)
    }

    fn mouse(&self, kind: &str, x: f64, y: f64, buttons: u32) -> Result<(), Gone> {
        self.mouse_with(if kind == "mouseMoved" { "none" } else { "left" }, kind, x, y, buttons)
    }

    fn mouse_with(
        &self,
        button: &str,
        kind: &str,
        x: f64,
        y: f64,
        buttons: u32,
    ) -> Result<(), Gone> {
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", event).map(drop)
    }
}

/// An origin without space; with the attachment that said so ends what it said.
pub struct FullStorage(Page);

impl Drop for FullStorage {
    fn drop(&mut self) {
        let session = json!({ "sessionId": self.0.session });
        // A page that has closed has taken its attachment along.
        let _ = self.0.devtools.call(None, "Target.detachFromTarget", session);
    }
}

/// The time in each function of a profile, without what it called: by name, the longest first.
fn times(profile: &Value) -> Vec<(String, f64)> {
    let list = |key: &str| profile[key].as_array().cloned().unwrap_or_default();
    let names: HashMap<u64, String> = list("nodes")
        .iter()
        .filter_map(|node| {
            let name = node["callFrame"]["functionName"].as_str()?;
            Some((node["id"].as_u64()?, name.to_owned()))
        })
        .collect();
    let mut times: HashMap<&str, f64> = HashMap::new();
    for (node, micros) in list("samples").iter().zip(list("timeDeltas")) {
        let name = node.as_u64().and_then(|id| names.get(&id)).map_or("", String::as_str);
        *times.entry(name).or_default() += micros.as_f64().unwrap_or_default() / 1000.0;
    }
    let mut times: Vec<(String, f64)> =
        times.into_iter().map(|(name, time)| (name.to_owned(), time)).collect();
    times.sort_by(|a, b| b.1.total_cmp(&a.1));
    times
}

/// The text that an evaluation gave.
pub fn text_of(answer: &Value) -> Result<String, Gone> {
    match (answer.get("exceptionDetails"), answer["result"]["value"].as_str()) {
        (None, Some(text)) => Ok(text.to_owned()),
        (details, _) => Err(Gone(format!("{details:?} {}", answer["result"]))),
    }
}

impl Surface for Page {
    fn evaluate(&self, world: World, expression: &str) -> Result<String, Gone> {
        let mut parameters =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        if world == World::Test {
            // Gives the world of that name if the document has it already.
            let named = json!({ "frameId": self.target, "worldName": "mysafe-tests" });
            parameters["contextId"] =
                self.call("Page.createIsolatedWorld", named)?["executionContextId"].clone();
        }
        text_of(&self.call("Runtime.evaluate", parameters)?)
    }

    fn run_first(&self, script: &str) -> Result<(), Gone> {
        self.call("Page.enable", json!({}))?;
        let script = json!({ "source": script });
        self.call("Page.addScriptToEvaluateOnNewDocument", script).map(drop)
    }

    fn profile(&self, act: &dyn Fn()) -> Result<Vec<(String, f64)>, Gone> {
        self.call("Profiler.enable", json!({}))?;
        self.call("Profiler.setSamplingInterval", json!({ "interval": 200 }))?;
        self.call("Profiler.start", json!({}))?;
        act();
        let stopped = self.call("Profiler.stop", json!({}))?;
        Ok(times(&stopped["profile"]))
    }

    fn click(&self, x: f64, y: f64) -> Result<(), Gone> {
        self.mouse("mouseMoved", x, y, 0)?;
        self.mouse("mousePressed", x, y, 1)?;
        // The press alone may have closed the popup.
        match self.mouse("mouseReleased", x, y, 0) {
            Err(_) if !self.is_open() => Ok(()),
            released => released,
        }
    }

    fn right_click(&self, x: f64, y: f64) -> Result<(), Gone> {
        self.mouse("mouseMoved", x, y, 0)?;
        self.mouse_with("right", "mousePressed", x, y, 2)?;
        self.mouse_with("right", "mouseReleased", x, y, 0)
    }

    fn keys(&self, chords: &[Chord]) -> Result<(), Gone> {
        for chord in chords {
            let mut event = json!({
                "type": if chord.text().is_some() { "keyDown" } else { "rawKeyDown" },
                "key": chord.key, "code": chord.code(), "modifiers": chord.devtools_modifiers(),
                "windowsVirtualKeyCode": chord.virtual_key(),
            });
            if let Some(text) = chord.text() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", event.clone())?;
            event["type"] = json!("keyUp");
            event.as_object_mut().expect("an object").remove("text");
            match self.call("Input.dispatchKeyEvent", event) {
                Err(_) if !self.is_open() => return Ok(()),
                released => released.map(drop)?,
            }
        }
        Ok(())
    }

    fn resize(&self, size: Option<(u32, u32)>) -> Result<bool, Gone> {
        match size.or(self.size) {
            Some((width, height)) => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.call("Emulation.setDeviceMetricsOverride", metrics)?;
            }
            None => drop(self.call("Emulation.clearDeviceMetricsOverride", json!({}))?),
        }
        Ok(true)
    }

    fn screenshot(&self) -> Result<Vec<u8>, Gone> {
        self.set_scheme()?;
        let picture = self.call("Page.captureScreenshot", json!({ "format": "png" }))?;
        let data = picture["data"].as_str().unwrap_or_default();
        BASE64_STANDARD.decode(data).map_err(|error| Gone(error.to_string()))
    }

    fn is_open(&self) -> bool {
        let info =
            self.devtools.call(None, "Target.getTargetInfo", json!({ "targetId": self.target }));
        info.is_ok()
    }

    fn activate(&self) {
        // A page that is gone says so in the step that follows.
        let _ =
            self.devtools.call(None, "Target.activateTarget", json!({ "targetId": self.target }));
    }

    fn close(&self) {
        let call = |method, target: &Value| {
            self.devtools.call(None, method, json!({ "targetId": target }))
        };
        if self.size.is_some() {
            let _ = call("Target.closeTarget", &json!(self.target));
            return;
        }
        // A popup closes when its window loses the focus: to the tab below it, as by a click there.
        let all = self
            .devtools
            .call(None, "Target.getTargets", json!({ "filter": [{}] }))
            .unwrap_or_default();
        let targets = all["targetInfos"].as_array().cloned().unwrap_or_default();
        if let Some(tab) = targets.iter().find(|target| target["embedderData"]["tabActive"] == true)
        {
            let _ = call("Target.activateTarget", &tab["targetId"]);
        }
    }
}
