//! What a person does on a page: mouse and keyboard, as the browser gets them from a person.

use serde_json::json;

use super::View;
use crate::browser::keys::Chord;
use crate::wait::{PATIENCE, wait_for};

/// Longer texts go in at once, as a paste does, not key by key.
const LONGEST_TYPED: usize = 300;

impl View {
    /// Clicks with the mouse, in the middle of the element.
    #[track_caller]
    pub fn click(&self, role: &str, name: &str) {
        let (x, y) = self.point(role, name);
        self.surface
            .click(x, y)
            .unwrap_or_else(|gone| self.fail(&format!("cannot click {role} {name:?}: {}", gone.0)));
    }

    /// Clicks with the mouse at a point of the page: where nothing has a name yet.
    #[track_caller]
    pub fn click_at(&self, x: f64, y: f64) {
        self.show();
        self.surface
            .click(x, y)
            .unwrap_or_else(|gone| self.fail(&format!("cannot click at {x}, {y}: {}", gone.0)));
    }

    /// Clicks there with the right button: the browser opens its own menu.
    #[track_caller]
    pub(in crate::browser) fn right_click(&self, role: &str, name: &str) {
        let (x, y) = self.point(role, name);
        self.surface
            .right_click(x, y)
            .unwrap_or_else(|gone| self.fail(&format!("cannot click {role} {name:?}: {}", gone.0)));
    }

    /// The middle of an element that stands still, on a page that is in front.
    #[track_caller]
    fn point(&self, role: &str, name: &str) -> (f64, f64) {
        let target = self.target(role, name);
        let mut before = None;
        let mut problem = String::from("is not on the page");
        let point = wait_for(PATIENCE, || {
            let place = self.ask("locate", &target).ok()?;
            let Some(point) = place["x"].as_f64().zip(place["y"].as_f64()) else {
                problem = place["problem"].as_str().unwrap_or_default().to_owned();
                return None;
            };
            // Still: at the same place twice.
            (before.replace(point) == Some(point)).then_some(point)
        });
        let Some(point) = point else {
            self.fail(&format!("cannot click {role} {name:?}: {problem}"))
        };
        self.show();
        point
    }

    /// Clicks into a field, selects what is there and types `text` over it.
    #[track_caller]
    pub fn fill(&self, role: &str, name: &str, text: &str) {
        self.click(role, name);
        let target = self.target(role, name);
        let focused = wait_for(PATIENCE, || {
            (self.ask("focused", &target).ok()? == json!(true)).then_some(())
        });
        assert!(focused.is_some(), "{role} {name:?} did not take the focus");
        self.press("Control+a");
        if text.is_empty() {
            self.press("Delete");
        } else {
            self.type_text(text);
        }
        // The keys reach the page after they were sent. Fields may trim or complete what was typed:
        // what they made of it is the test's to check.
        let mut before = None;
        let settled = wait_for(PATIENCE, || {
            let value = self.value(role, name);
            let all_there = value.chars().count() >= text.trim().chars().count();
            (before.replace(value.clone()) == Some(value) && all_there).then_some(())
        });
        if settled.is_none() {
            self.fail(&format!("{role} {name:?} did not take the text"));
        }
    }

    /// Types where the focus is.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        if text.chars().count() > LONGEST_TYPED || text.contains('\n') {
            let inserted = self.ask("insert", &json!({ "text": text }));
            assert_eq!(inserted.ok(), Some(json!(true)), "nothing takes text here");
        } else {
            self.send(&Chord::typing(text));
        }
    }

    /// Presses a key as the keyboard does: "Enter", "Control+k", "/".
    #[track_caller]
    pub fn press(&self, chord: &str) {
        self.show();
        self.send(&[Chord::parse(chord)]);
    }

    /// Chooses an option of a closed drop-down list (`<select>`) with the arrow keys.
    #[track_caller]
    pub fn choose(&self, role: &str, name: &str, option: &str) {
        self.see(role, name);
        let target = self.target(role, name);
        let options: Vec<String> = self.read("options", &target);
        let Some(wanted) = options.iter().position(|o| o == option) else {
            self.fail(&format!("{role} {name:?} has no option {option:?} but {options:?}"))
        };
        let focused: bool = self.read("focus", &target);
        assert!(focused, "{role} {name:?} did not take the focus");
        let current: i64 = self.read("selected", &target);
        let steps = i64::try_from(wanted).expect("a short list") - current.max(0);
        let key = if steps > 0 { "ArrowDown" } else { "ArrowUp" };
        for _ in 0..steps.unsigned_abs() {
            self.press(key);
        }
        let chosen = wait_for(PATIENCE, || (self.value(role, name) == option).then_some(()));
        if chosen.is_none() {
            self.fail(&format!("{role} {name:?} stayed at {:?}", self.value(role, name)));
        }
    }

    #[track_caller]
    fn send(&self, chords: &[Chord]) {
        self.surface.keys(chords).unwrap_or_else(|gone| self.fail(&format!("keys: {}", gone.0)));
    }
}
