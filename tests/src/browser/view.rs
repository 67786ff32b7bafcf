//! A page as a person meets it: by role and accessible name only. The same for a tab and for the
//! toolbar popup, in both browsers.
//!
//! A name is matched whole; `*` in it stands for anything ("Stripe*"). Acting needs exactly one
//! element; it waits up to ten seconds for it and then panics with all roles and names of the page.

mod act;
mod look;

use std::cell::RefCell;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::script;
use super::surface::{Gone, Surface, World};
use crate::wait::{PATIENCE, wait_for};

/// A page, or with [`View::within`] a part of it.
#[derive(Clone)]
pub struct View {
    surface: Rc<dyn Surface>,
    scope: Vec<(String, String)>,
}

/// What a control tells of itself. `None`: it has no such state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "each is the ARIA state of that name")]
pub struct State {
    pub checked: Option<bool>,
    pub disabled: bool,
    pub expanded: Option<bool>,
    pub selected: Option<bool>,
    pub pressed: Option<bool>,
    pub invalid: bool,
    pub required: bool,
    pub focused: bool,
}

/// The answer to a question about one element.
#[derive(Deserialize)]
struct Answer<T> {
    is: Option<T>,
    problem: Option<String>,
}

impl View {
    pub(super) fn new(surface: impl Surface + 'static) -> Self {
        Self { surface: Rc::new(surface), scope: Vec::new() }
    }

    /// The part of the page inside this element: a row, group, dialog.
    #[must_use]
    pub fn within(&self, role: &str, name: &str) -> Self {
        let mut scope = self.scope.clone();
        scope.push((role.to_owned(), name.to_owned()));
        Self { surface: Rc::clone(&self.surface), scope }
    }

    /// Whether the page exists.
    pub fn is_open(&self) -> bool {
        self.surface.is_open()
    }

    /// Closes the page at once: a tab as by its cross, the popup as by a click beside it.
    #[track_caller]
    pub fn close(&self) {
        self.surface.close();
        self.wait_closed();
    }

    /// Waits until the page has closed by itself.
    #[track_caller]
    pub fn wait_closed(&self) {
        assert!(
            wait_for(PATIENCE, || (!self.is_open()).then_some(())).is_some(),
            "the page is still open"
        );
    }

    /// Brings a tab to the front.
    pub fn activate(&self) {
        self.surface.activate();
    }

    /// Waits until the page is loaded.
    #[track_caller]
    pub(super) fn wait_loaded(&self) {
        let loaded = wait_for(PATIENCE, || {
            (self.ask("ready", &json!({})).ok()? == json!(true)).then_some(())
        });
        assert!(loaded.is_some(), "the page did not load");
    }

    /// Waits until keys go to this page.
    #[track_caller]
    pub(super) fn wait_focused(&self) {
        let focused = wait_for(PATIENCE, || {
            (self.ask("has_focus", &json!({})).ok()? == json!(true)).then_some(())
        });
        assert!(focused.is_some(), "the page does not take the keyboard");
    }

    /// Evaluates in the world of the extension; for what no screen shows, such as its storage or the
    /// moment at which it dies.
    pub fn evaluate_as_extension(&self, expression: &str) -> Result<String, Gone> {
        self.surface.evaluate(World::Extension, expression)
    }

    /// From now on runs a script in each document of the page before the document's own, in the same
    /// world: to see what happens while one opens. Chromium only.
    #[track_caller]
    pub fn run_first(&self, script: &str) {
        self.surface.run_first(script).unwrap_or_else(|gone| self.fail(&gone.0));
    }

    /// Where the page's time goes while something is done: each function with the milliseconds in it
    /// alone, the longest first. Chromium only.
    #[track_caller]
    pub fn profile(&self, act: &dyn Fn()) -> Vec<(String, f64)> {
        self.surface.profile(act).unwrap_or_else(|gone| self.fail(&gone.0))
    }

    fn target(&self, role: &str, name: &str) -> Value {
        json!({ "scope": steps(&self.scope), "role": role, "name": name })
    }

    fn ask(&self, function: &str, argument: &Value) -> Result<Value, Gone> {
        let call = script::call(function, argument);
        let mut answer = self.surface.evaluate(World::Test, &call)?;
        if answer == "absent" {
            self.surface.evaluate(World::Test, &format!("({}), ''", script::installation()))?;
            answer = self.surface.evaluate(World::Test, &call)?;
        }
        serde_json::from_str(&answer).map_err(|_| Gone(answer))
    }

    #[track_caller]
    fn read<T: for<'a> Deserialize<'a>>(&self, function: &str, argument: &Value) -> T {
        let last = RefCell::new(String::new());
        let read = wait_for(PATIENCE, || match self.ask(function, argument) {
            Ok(answer) => serde_json::from_value(answer).ok(),
            Err(gone) => {
                last.replace(gone.0);
                None
            }
        });
        read.unwrap_or_else(|| self.fail(&format!("{function}: {}", last.borrow())))
    }

    #[track_caller]
    fn of_one<T: for<'a> Deserialize<'a>>(&self, function: &str, role: &str, name: &str) -> T {
        let mut problem = None;
        let answer = wait_for(PATIENCE, || {
            let answer: Answer<T> =
                serde_json::from_value(self.ask(function, &self.target(role, name)).ok()?).ok()?;
            problem = answer.problem;
            answer.is
        });
        answer.unwrap_or_else(|| self.fail(&format!("{role} {name:?}: {problem:?}")))
    }

    /// Brings the tab to the front if another one hides it.
    fn show(&self) {
        if matches!(self.ask("visible", &json!({})), Ok(Value::Bool(false))) {
            self.surface.activate();
        }
    }

    #[track_caller]
    fn fail(&self, problem: &str) -> ! {
        panic!("{problem}\n--- the page:\n{}", self.dump())
    }
}

fn steps(scope: &[(String, String)]) -> Vec<Value> {
    scope.iter().map(|(role, name)| json!({ "role": role, "name": name })).collect()
}
