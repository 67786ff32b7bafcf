//! What a person sees on a page.

use std::path::Path;

use serde_json::json;

use super::{State, View, steps};
use crate::browser::script;
use crate::browser::surface::World;
use crate::wait::{PATIENCE, wait_for};

impl View {
    /// Waits until the element is there.
    #[track_caller]
    pub fn see(&self, role: &str, name: &str) {
        if wait_for(PATIENCE, || (self.count(role, name)? > 0).then_some(())).is_none() {
            self.fail(&format!("no {role} {name:?}"));
        }
    }

    /// Waits until the page, or this part of it, shows the text; runs of white space count as one.
    #[track_caller]
    pub fn see_text(&self, text: &str) {
        if wait_for(PATIENCE, || self.text().contains(text).then_some(())).is_none() {
            self.fail(&format!("the text {text:?} does not show"));
        }
    }

    /// Waits until no such element is there.
    #[track_caller]
    pub fn gone(&self, role: &str, name: &str) {
        if wait_for(PATIENCE, || (self.count(role, name)? == 0).then_some(())).is_none() {
            self.fail(&format!("{role} {name:?} is still there"));
        }
    }

    /// Waits until a field holds `value`.
    #[track_caller]
    pub fn see_value(&self, role: &str, name: &str, value: &str) {
        self.see_told("value", role, name, value);
    }

    /// Waits until a control's description, its error included, is `text`.
    #[track_caller]
    pub fn see_description(&self, role: &str, name: &str, text: &str) {
        self.see_told("description", role, name, text);
    }

    #[track_caller]
    fn see_told(&self, what: &str, role: &str, name: &str, wanted: &str) {
        let mut last = String::new();
        let told = wait_for(PATIENCE, || {
            last = self.of_one(what, role, name);
            (last == wanted).then_some(())
        });
        if told.is_none() {
            self.fail(&format!("the {what} of {role} {name:?} is {last:?}, not {wanted:?}"));
        }
    }

    /// Waits until the text no longer shows.
    #[track_caller]
    pub fn text_gone(&self, text: &str) {
        if wait_for(PATIENCE, || (!self.text().contains(text)).then_some(())).is_none() {
            self.fail(&format!("the text {text:?} still shows"));
        }
    }

    /// Waits until the condition holds; for what the other methods do not say.
    #[track_caller]
    pub fn wait_until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        if wait_for(PATIENCE, || condition(self).then_some(())).is_none() {
            self.fail(&format!("not so: {what}"));
        }
    }

    /// How many such elements are there now; `None` while the page is not there.
    pub fn count(&self, role: &str, name: &str) -> Option<u64> {
        self.ask("count", &self.target(role, name)).ok()?.as_u64()
    }

    /// Whether such an element is there now.
    pub fn has(&self, role: &str, name: &str) -> bool {
        self.count(role, name).is_some_and(|count| count > 0)
    }

    /// The accessible names of all elements of a role, in the order of the page.
    #[track_caller]
    pub fn names(&self, role: &str) -> Vec<String> {
        self.read("names", &self.target(role, "*"))
    }

    /// The text that shows now, runs of white space as one space.
    pub fn text(&self) -> String {
        let argument = json!({ "scope": steps(&self.scope) });
        let text = self.ask("text", &argument).unwrap_or_default();
        text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What is in a field, or the text of an element that is none.
    #[track_caller]
    pub fn value(&self, role: &str, name: &str) -> String {
        self.of_one("value", role, name)
    }

    /// What belongs to a control beside its name: its description and, if it is invalid, its error.
    #[track_caller]
    pub fn description(&self, role: &str, name: &str) -> String {
        self.of_one("description", role, name)
    }

    /// Whether a control is checked, disabled, expanded and so on.
    #[track_caller]
    pub fn state(&self, role: &str, name: &str) -> State {
        self.of_one("state", role, name)
    }

    /// The address of the page.
    #[track_caller]
    pub fn address(&self) -> String {
        self.read("address", &json!({}))
    }

    /// Whether a control says that it is at work.
    #[track_caller]
    pub fn is_busy(&self, role: &str, name: &str) -> bool {
        self.of_one("busy", role, name)
    }

    /// How many rows a grid says it has, its head among them; those far off are not drawn.
    #[track_caller]
    pub fn row_count(&self, name: &str) -> usize {
        self.of_one("row_count", "grid", name)
    }

    /// All roles, names and states of the page, for a person to read.
    pub fn dump(&self) -> String {
        match self.ask("dump", &json!({})) {
            Ok(dump) => dump.as_str().unwrap_or_default().to_owned(),
            Err(gone) => format!("(no page: {})", gone.0),
        }
    }

    /// Whether the page is told to be dark.
    pub fn is_dark(&self) -> bool {
        matches!(self.ask("dark", &json!({})), Ok(serde_json::Value::Bool(true)))
    }

    /// Waits until nothing moves or changes its colour.
    #[track_caller]
    pub fn wait_still(&self) {
        self.wait_until("nothing moves", |view| {
            matches!(view.ask("still", &json!({})), Ok(serde_json::Value::Bool(true)))
        });
    }

    /// Lets time pass by the page's own clock, which stands still while the page has no processor.
    #[track_caller]
    pub fn pass(&self, time: std::time::Duration) {
        let timer = format!(
            "new Promise((done) => window.setTimeout(() => done('over'), {}))",
            time.as_millis()
        );
        let over = self.surface.evaluate(World::Test, &timer);
        assert!(over.is_ok(), "the page went: {over:?}");
    }

    /// What axe-core finds wrong with the page, a line for each element. Halfway to other colours
    /// nothing can be said of contrast, so it waits until the page is still.
    #[track_caller]
    pub fn axe(&self) -> Vec<String> {
        self.wait_still();
        let answer = self.surface.evaluate(World::Test, &script::axe());
        let lines = answer.unwrap_or_else(|gone| self.fail(&format!("axe: {}", gone.0)));
        serde_json::from_str(&lines).unwrap_or_else(|_| self.fail(&format!("axe: {lines}")))
    }

    /// Shows the page in another size, or in its own again. False where the browser cannot.
    #[track_caller]
    pub fn resize(&self, size: Option<(u32, u32)>) -> bool {
        self.surface.resize(size).unwrap_or_else(|gone| self.fail(&gone.0))
    }

    /// Writes a PNG of what the page shows.
    #[track_caller]
    pub fn screenshot(&self, file: &Path) {
        self.show();
        let png = self.surface.screenshot().unwrap_or_else(|gone| self.fail(&gone.0));
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder"))
            .expect("the folder can be made");
        std::fs::write(file, png).expect("the picture can be written");
    }
}
