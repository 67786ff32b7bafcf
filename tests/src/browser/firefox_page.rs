//! A tab or the popup of Firefox: both are `<browser>` elements of its window, reached there.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::keys::Chord;
use super::marionette::Marionette;
use super::surface::{Gone, Surface, World};

/// A page by its `browserId`, which no other page of this run gets.
pub struct Page {
    marionette: Arc<Marionette>,
    id: u64,
}

/// Finds the `<browser>` of the page whose id is the first argument.
const FIND: &str = "const sidebar = document.getElementById('sidebar');\
                    const all = [document, sidebar?.contentDocument].flatMap((d) => [...d?.querySelectorAll('browser') ?? []]);\
                    const browser = all.find((b) => b.browserId === given[0]);\
                    if (!browser) throw new Error('closed');";

impl Page {
    /// The page with this `browserId`.
    pub fn new(marionette: Arc<Marionette>, id: u64) -> Self {
        Self { marionette, id }
    }

    fn run(&self, body: &str) -> Result<Value, Gone> {
        self.marionette.run(&format!("{FIND}{body}"), &[json!(self.id)]).map_err(Gone)
    }

    fn perform(&self, kind: &str, actions: Vec<Value>) -> Result<(), Gone> {
        let mut source = json!({ "type": kind, "id": kind, "actions": actions });
        if kind == "pointer" {
            source["parameters"] = json!({ "pointerType": "mouse" });
        }
        let performed =
            self.marionette.call("WebDriver:PerformActions", &json!({ "actions": [source] }));
        match performed {
            // The first of them may have closed the popup.
            Err(_) if !self.is_open() => Ok(()),
            performed => performed.map(drop).map_err(Gone),
        }
    }

    fn click_with(&self, button: u8, x: f64, y: f64) -> Result<(), Gone> {
        let place =
            self.run("const box = browser.getBoundingClientRect();\
                      const around = browser.ownerDocument === document ? { x: 0, y: 0 } : sidebar.getBoundingClientRect();\
                      return [box.x + around.x, box.y + around.y];")?;
        let offset = |n: usize| place[n].as_f64().unwrap_or_default();
        let (x, y) = ((offset(0) + x).floor(), (offset(1) + y).floor());
        self.perform(
            "pointer",
            vec![
                json!({ "type": "pointerMove", "x": x, "y": y, "duration": 0 }),
                json!({ "type": "pointerDown", "button": button }),
                json!({ "type": "pointerUp", "button": button }),
            ],
        )
    }
}

/// Evaluates in a page by its `browserId`, or in the background page of the extension of this id.
pub fn evaluate_in(marionette: &Marionette, id: Value, expression: &str) -> Result<String, Gone> {
    let answer = marionette.run(include_str!("firefox_page.js"), &[id, json!(expression)]);
    match answer.map_err(Gone)? {
        Value::String(text) => Ok(text),
        other => Err(Gone(format!("not text: {other}"))),
    }
}

impl Surface for Page {
    fn evaluate(&self, _: World, expression: &str) -> Result<String, Gone> {
        // The sandbox sees the extension's interfaces and keeps the test's globals to itself: one
        // world for both.
        evaluate_in(&self.marionette, json!(self.id), expression)
    }

    fn click(&self, x: f64, y: f64) -> Result<(), Gone> {
        self.click_with(0, x, y)
    }

    fn right_click(&self, x: f64, y: f64) -> Result<(), Gone> {
        self.click_with(2, x, y)
    }

    fn keys(&self, chords: &[Chord]) -> Result<(), Gone> {
        let mut actions = Vec::new();
        for chord in chords {
            let key = chord.webdriver();
            let held: Vec<_> = chord.webdriver_modifiers().collect();
            actions.extend(held.iter().map(|value| json!({ "type": "keyDown", "value": value })));
            actions.push(json!({ "type": "keyDown", "value": key }));
            actions.push(json!({ "type": "keyUp", "value": key }));
            actions.extend(held.iter().map(|value| json!({ "type": "keyUp", "value": value })));
        }
        self.perform("key", actions)
    }

    fn screenshot(&self) -> Result<Vec<u8>, Gone> {
        let picture = self.run(
            "const { width, height } = browser.getBoundingClientRect();\
             const page = browser.browsingContext.currentWindowGlobal;\
             const picture = await page.drawSnapshot(new DOMRect(0, 0, width, height), 1, 'white');\
             const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');\
             canvas.width = width; canvas.height = height;\
             canvas.getContext('2d').drawImage(picture, 0, 0);\
             return canvas.toDataURL('image/png').split(',')[1];",
        )?;
        BASE64_STANDARD
            .decode(picture.as_str().unwrap_or_default())
            .map_err(|error| Gone(error.to_string()))
    }

    fn is_open(&self) -> bool {
        self.run("return true;").is_ok()
    }

    fn activate(&self) {
        // A page that is gone says so in the step that follows.
        let _ = self.run(
            "const tab = gBrowser.getTabForBrowser(browser); if (tab) gBrowser.selectedTab = tab;\
             if (tab || browser.ownerDocument !== document) browser.focus();",
        );
    }

    fn close(&self) {
        let _ = self.run(
            "const tab = gBrowser.getTabForBrowser(browser);\
             if (tab) gBrowser.removeTab(tab);\
             else if (browser.ownerDocument === document) browser.closest('panel').hidePopup();\
             else SidebarController.hide();",
        );
    }
}
