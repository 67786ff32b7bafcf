//! The answers of the first run. They are kept when the tab closes; master password and
//! recovery codes are not.

use std::rc::Rc;

use leptos::prelude::*;
use mysafe_browser::{Recovering, Server, SigningUp, Signups};

use crate::kit::code::NewCode;

/// A step of the first run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Server,
    Way,
    Name,
    Address,
    Admission,
    Password,
    Code,
    TypeBack,
    SignIn,
    Recover,
    Mailed,
    Ready,
}

/// What the server has taken the first half of.
#[derive(Clone)]
pub enum Begun {
    Nothing,
    SignUp(Rc<SigningUp>),
    Recovery(Rc<Recovering>),
}

/// The answers.
#[derive(Clone, Copy)]
pub struct Answers {
    pub step: RwSignal<Step>,
    pub server: RwSignal<String>,
    pub found: RwSignal<Option<Server>>,
    /// The address that would be asked without encryption, once that was said.
    pub unencrypted: RwSignal<Option<String>>,
    /// The user allows that for this address.
    pub allowed: RwSignal<bool>,
    pub name: RwSignal<String>,
    pub address: RwSignal<String>,
    pub admission: RwSignal<String>,
    pub password: RwSignal<String>,
    /// The recovery code that one has, as typed.
    pub code: RwSignal<String>,
    /// The digits that were mailed, as typed.
    pub mailed: RwSignal<String>,
    /// One recovers an account instead of making one.
    pub recovering: RwSignal<bool>,
    pub begun: StoredValue<Begun, LocalStorage>,
    /// The code one is given: one for as long as the tab is open, since it may be on paper already.
    pub new_code: NewCode,
    pub error: RwSignal<Option<String>>,
    pub working: RwSignal<bool>,
}

const KEPT: [&str; 3] = ["welcome-server", "welcome-name", "welcome-address"];
const STEP: &str = "welcome-step";
/// The steps that can be gone back to, by the names they are kept under.
const STEPS: [(&str, Step); 6] = [
    ("way", Step::Way),
    ("name", Step::Name),
    ("address", Step::Address),
    ("password", Step::Password),
    ("sign-in", Step::SignIn),
    ("recover", Step::Recover),
];

impl Answers {
    pub fn new() -> Self {
        let kept = |key| RwSignal::new(stored(key).unwrap_or_default());
        Self {
            step: RwSignal::new(Step::Server),
            server: kept(KEPT[0]),
            found: RwSignal::new(None),
            unencrypted: RwSignal::new(None),
            allowed: RwSignal::new(false),
            name: kept(KEPT[1]),
            address: kept(KEPT[2]),
            admission: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            code: RwSignal::new(String::new()),
            mailed: RwSignal::new(String::new()),
            recovering: RwSignal::new(false),
            begun: StoredValue::new_local(Begun::Nothing),
            new_code: NewCode::draw(),
            error: RwSignal::new(None),
            working: RwSignal::new(false),
        }
    }

    pub fn keep(&self) {
        for (key, value) in KEPT.into_iter().zip([self.server, self.name, self.address]) {
            store(key, &value.get_untracked());
        }
    }

    /// The step one was at when the tab closed.
    pub fn kept_step() -> Option<Step> {
        let kept = stored(STEP)?;
        STEPS.iter().find(|(name, _)| *name == kept).map(|(_, step)| *step)
    }

    pub fn to(&self, step: Step) {
        self.keep();
        self.error.set(None);
        self.step.set(step);
        // What is not kept is asked again: who was there starts again before it.
        let kept = match step {
            Step::Admission => Step::Address,
            Step::Password | Step::Mailed if self.recovering.get_untracked() => Step::Recover,
            step => step,
        };
        if let Some((name, _)) = STEPS.iter().find(|(_, step)| *step == kept) {
            store(STEP, name);
        }
    }

    /// Whether to ask if the address that stands there may be reached without encryption.
    pub fn asks_unencrypted(&self) -> bool {
        self.unencrypted.with(|asked| asked.as_deref() == Some(&*self.server.read()))
    }

    pub fn needs_admission(&self) -> bool {
        let signups = self.found.with_untracked(|found| found.as_ref().map(|found| found.signups));
        matches!(signups, Some(Signups::FirstWithCode | Signups::Invite))
    }

    /// The step before, on the way one came.
    pub fn back(&self) {
        let before = match self.step.get_untracked() {
            Step::Server | Step::Way | Step::Ready => Step::Server,
            Step::Name | Step::SignIn | Step::Recover => Step::Way,
            Step::Address => Step::Name,
            Step::Admission => Step::Address,
            Step::Password if self.recovering.get_untracked() => Step::Recover,
            Step::Password if self.needs_admission() => Step::Admission,
            Step::Password => Step::Address,
            Step::Code | Step::Mailed => Step::Password,
            Step::TypeBack => return self.to(Step::Code),
        };
        self.password.set(String::new());
        self.begun.set_value(Begun::Nothing);
        self.to(before);
    }
}

fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

pub fn forget() {
    if let Ok(Some(storage)) = window().local_storage() {
        for key in KEPT.into_iter().chain([STEP]) {
            let _ = storage.remove_item(key);
        }
    }
}
