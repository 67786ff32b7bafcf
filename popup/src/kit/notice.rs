//! Notices: one at a time at the bottom, five seconds, held under pointer or focus; errors stay.

use leptos::prelude::*;

use super::button::IconButton;
use super::icon::{Glyph, Icon};
use crate::exposed::Exposure;
use crate::state::App;
use crate::t;

const SHOWN_MS: i32 = 5_000;

/// What is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Good, bad, or a value to copy by hand.
    pub kind: Kind,
    /// The text.
    pub text: String,
}

/// How a notice behaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Something worked; it goes by itself.
    Done,
    /// Something did not; it stays until closed.
    Failed,
    /// A value that could not be copied: selected, to copy by hand.
    Value(String),
}

impl Shown {
    fn has_value(&self) -> bool {
        matches!(self.kind, Kind::Value(_))
    }
}

impl App {
    /// Something worked.
    pub fn say(&self, text: String) {
        self.notice.set(Some(Shown { kind: Kind::Done, text }));
    }

    /// Something did not.
    pub fn fail(&self, text: String) {
        self.notice.set(Some(Shown { kind: Kind::Failed, text }));
    }
}

/// The place for notices. It is always there, so that a screen reader hears what comes into it.
#[component]
pub fn Notices() -> impl IntoView {
    let app = App::here();
    let held = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
        let shown = app.notice.get();
        if shown.is_some_and(|shown| shown.kind == Kind::Done) && !held.get() {
            let wait = std::time::Duration::from_millis(SHOWN_MS as u64);
            let handle = set_timeout_with_handle(move || app.notice.set(None), wait).ok();
            timer.set_value(handle);
        }
    });
    // A value to copy by hand is a client secret: the notice stays, the value goes.
    let exposure = Exposure::new(move || {
        app.notice.try_update(|notice| {
            if let Some(shown) = notice.as_mut().filter(|shown| shown.has_value()) {
                shown.kind = Kind::Failed;
            }
        });
    });
    let value = move || app.notice.with(|notice| notice.as_ref().is_some_and(Shown::has_value));
    Effect::new(move |_| {
        if !value() {
            exposure.end();
        } else if !exposure.begin() {
            app.notice.set(None);
        }
    });
    let done = move || app.notice.get().filter(|shown| shown.kind == Kind::Done);
    let failed = move || app.notice.get().filter(|shown| shown.kind != Kind::Done);
    view! {
        <div
            class="notices"
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            <div role="status">{move || done().map(|shown| draw(app, shown))}</div>
            <div role="alert">{move || failed().map(|shown| draw(app, shown))}</div>
        </div>
    }
}

fn draw(app: App, shown: Shown) -> impl IntoView {
    let bad = shown.kind != Kind::Done;
    let value = match shown.kind {
        Kind::Value(value) => Some(value),
        _ => None,
    };
    if value.is_some() {
        crate::dom::soon(|| {
            use wasm_bindgen::JsCast;
            if let Some(area) = crate::dom::element("by-hand")
                && let Ok(area) = area.dyn_into::<web_sys::HtmlTextAreaElement>()
            {
                let _ = area.focus();
                area.select();
            }
        });
    }
    view! {
        <div class="notice" class:bad=bad>
            <Glyph icon=if bad { Icon::Alert } else { Icon::Check } />
            <div class="notice-text">
                <span>{shown.text}</span>
                {value
                    .map(|value| {
                        view! {
                            <textarea
                                id="by-hand"
                                class="mono"
                                readonly
                                aria-label=t!("value-to-copy")
                                prop:value=value
                            ></textarea>
                        }
                    })}
            </div>
            <IconButton
                name=Signal::derive(|| t!("close"))
                icon=Signal::derive(|| Icon::Close)
                act=move |_| app.notice.set(None)
            />
        </div>
    }
}
