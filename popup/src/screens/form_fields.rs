//! The fields of the form as signals, and the draft that is kept while one types.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ApiSecretForm, Base, Draft, Method, StoreError, Target};
use zeroize::Zeroizing;

use crate::screens::broken;
use crate::state::App;

/// Every field as it is typed.
#[derive(Clone, Copy)]
pub struct Fields {
    /// Name.
    pub name: RwSignal<String>,
    /// Url.
    pub url: RwSignal<String>,
    /// Client ID.
    pub client_id: RwSignal<String>,
    /// Client secret.
    pub client_secret: RwSignal<String>,
    /// Identifier.
    pub identifier: RwSignal<String>,
    /// Method; empty is none.
    pub method: RwSignal<String>,
    /// Tags.
    pub tags: RwSignal<Vec<String>>,
    /// A tag being typed.
    pub tag: RwSignal<String>,
    /// Notes.
    pub notes: RwSignal<String>,
    /// What they were filled with.
    filled: StoredValue<Draft, LocalStorage>,
}

impl Fields {
    /// Empty fields.
    pub fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            url: RwSignal::new(String::new()),
            client_id: RwSignal::new(String::new()),
            client_secret: RwSignal::new(String::new()),
            identifier: RwSignal::new(String::new()),
            method: RwSignal::new(String::new()),
            tags: RwSignal::new(Vec::new()),
            tag: RwSignal::new(String::new()),
            notes: RwSignal::new(String::new()),
            filled: StoredValue::new_local(Draft::default()),
        }
    }

    /// Fills the fields.
    pub fn fill(&self, draft: Draft) {
        let form = &draft.form;
        self.name.set(form.name.clone());
        self.url.set(form.url.clone());
        self.client_id.set(form.client_id.clone());
        self.client_secret.set(form.client_secret.to_string());
        self.identifier.set(form.identifier.clone());
        self.method.set(form.method.as_ref().map(ToString::to_string).unwrap_or_default());
        self.tags.set(form.tags.clone());
        self.tag.set(draft.typing.clone());
        self.notes.set(form.notes.clone());
        self.filled.set_value(draft);
    }

    /// What they were filled with before anything was typed.
    /// `None` too once the form is gone.
    pub fn base(&self) -> Option<Base> {
        self.filled.try_with_value(|filled| filled.base.clone()).flatten()
    }

    /// What stands in the fields, to keep.
    pub fn draft(&self) -> Draft {
        Draft {
            form: ApiSecretForm {
                name: self.name.get_untracked(),
                url: self.url.get_untracked(),
                client_id: self.client_id.get_untracked(),
                client_secret: Zeroizing::new(self.client_secret.get_untracked()),
                identifier: self.identifier.get_untracked(),
                method: self.method.with_untracked(|method| method.parse::<Method>().ok()),
                tags: self.tags.get_untracked(),
                notes: self.notes.get_untracked(),
            },
            typing: self.tag.get_untracked(),
            ..self.filled.get_value()
        }
    }

    /// What stands in the fields, to check; a tag being typed counts.
    pub fn form(&self) -> ApiSecretForm {
        self.draft().whole()
    }
}

/// Keeps the draft: one write at a time, the newest text last.
#[derive(Clone)]
pub struct Keeper {
    target: Target,
    busy: Rc<Cell<bool>>,
    /// What was typed last; kept also if the form is gone by then.
    newest: Rc<RefCell<Option<Draft>>>,
    stopped: Rc<Cell<bool>>,
}

impl Keeper {
    /// A keeper for a form.
    pub fn new(target: Target) -> Self {
        Self { target, busy: Rc::default(), newest: Rc::default(), stopped: Rc::default() }
    }

    /// Something was typed.
    pub fn keep(&self, app: App, fields: Fields) {
        self.newest.replace(Some(fields.draft()));
        if self.busy.replace(true) {
            return;
        }
        let keeper = self.clone();
        spawn_local(async move {
            while !keeper.stopped.get() {
                let newest = keeper.newest.borrow_mut().take();
                let (Some(draft), Some(open)) = (newest, app.open()) else { break };
                match open.keep_draft(keeper.target, &draft).await {
                    // Signed out elsewhere: this form is about to go.
                    Ok(()) | Err(StoreError::Locked) => {}
                    Err(error) => app.fail(broken::text(&error)),
                }
            }
            keeper.busy.set(false);
        });
    }

    /// The form was saved or discarded: nothing more is kept.
    pub fn stop(&self) {
        self.stopped.set(true);
    }

    /// The form is typed into again.
    pub fn go_on(&self) {
        self.stopped.set(false);
    }
}
