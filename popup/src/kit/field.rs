//! Fields of forms: label above, what is wrong below, both tied to the control.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Glyph, Icon};
use crate::{dom, t};

/// What a field looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shape {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Area,
    /// Several lines of fixed-width text, hidden until "Show".
    Secret,
    /// One line, hidden until "Show".
    Password,
}

/// A labelled text field.
#[component]
pub fn TextField(
    /// The control's id; the label, the error and the hint derive theirs from it.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(default = Signal::derive(|| None), into)]
    error: Signal<Option<String>>,
    /// A line below that helps.
    #[prop(default = Signal::derive(|| None), into)]
    hint: Signal<Option<String>>,
    /// Must not be empty.
    #[prop(optional)]
    required: bool,
    /// How it looks.
    #[prop(optional)]
    shape: Shape,
    /// What the browser may fill in.
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// Text direction follows the content; addresses and IDs are left to right.
    #[prop(optional)]
    ltr: bool,
    /// The keyboard a phone shows.
    #[prop(optional, into)]
    inputmode: Option<&'static str>,
    /// It can be read, not changed.
    #[prop(optional)]
    fixed: bool,
    /// It was left.
    #[prop(optional, into)]
    left: Option<Callback<()>>,
    /// It was typed into.
    #[prop(optional, into)]
    typed: Option<Callback<()>>,
    /// Something was pasted into it.
    #[prop(optional, into)]
    pasted: Option<Callback<()>>,
) -> impl IntoView {
    let wrong = move || error.get();
    let help = move || hint.get();
    let shown = RwSignal::new(false);
    let described = move || {
        let mut ids = Vec::new();
        if wrong().is_some() {
            ids.push(format!("{id}-error"));
        }
        if help().is_some() {
            ids.push(format!("{id}-hint"));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    let input = move |event: web_sys::Event| {
        let Some(text) = dom::typed_text(&event) else { return };
        value.set(text);
        if let Some(typed) = typed {
            typed.try_run(());
        }
    };
    // A field that is taken away while it has the focus is left after its form is gone.
    // Nor is it left with the whole window: who comes back goes on typing.
    let blur = move |_| {
        if let Some(left) = left
            && !dom::is_focused(id)
        {
            left.try_run(());
        }
    };
    let paste = move |_| {
        if let Some(pasted) = pasted {
            // The value is in the field once the event is over.
            let later = move || {
                pasted.try_run(());
            };
            set_timeout(later, std::time::Duration::ZERO);
        }
    };
    let caps = RwSignal::new(false);
    let caps_of = move |event: web_sys::KeyboardEvent| {
        caps.set(event.get_modifier_state("CapsLock"));
    };
    let hidden = matches!(shape, Shape::Secret | Shape::Password);
    let dir = if ltr { "ltr" } else { "auto" };
    let control = match shape {
        Shape::Line | Shape::Password => view! {
            <input
                id=id
                type=move || if shape == Shape::Password && !shown.get() { "password" } else { "text" }
                class:mono=ltr
                dir=dir
                required=required
                readonly=fixed
                autocomplete=autocomplete.unwrap_or("off")
                autocapitalize="none"
                spellcheck="false"
                inputmode=inputmode
                aria-invalid=move || wrong().map(|_| "true")
                aria-describedby=described
                prop:value=move || value.get()
                on:input=input
                on:blur=blur
                on:paste=paste
                on:keydown=caps_of
                on:keyup=caps_of
            />
        }
        .into_any(),
        Shape::Area | Shape::Secret => view! {
            <textarea
                id=id
                rows=if shape == Shape::Secret { "1" } else { "3" }
                class:mono=shape == Shape::Secret
                class:veiled=move || shape == Shape::Secret && !shown.get()
                dir=if shape == Shape::Secret { "ltr" } else { "auto" }
                required=required
                autocomplete="off"
                spellcheck=if shape == Shape::Secret { "false" } else { "true" }
                aria-invalid=move || wrong().map(|_| "true")
                aria-describedby=described
                prop:value=move || value.get()
                on:input=input
                on:blur=blur
                on:paste=paste
            ></textarea>
        }
        .into_any(),
    };
    view! {
        <div class="field" class:wrong=move || wrong().is_some()>
            <label for=id>
                {label.clone()}
                {required.then(|| view! { <span class="star" aria-hidden="true">"*"</span> })}
            </label>
            <div class="control">
                {control}
                {hidden
                    .then(|| {
                        let name = move || if shown.get() { t!("hide") } else { t!("show") };
                        view! {
                            <button
                                type="button"
                                class="inside"
                                aria-describedby=format!("{id}-label")
                                on:click=move |_| shown.update(|shown| *shown = !*shown)
                            >
                                {move || {
                                    let icon = if shown.get() { Icon::EyeOff } else { Icon::Eye };
                                    view! { <Glyph icon=icon /> }
                                }}
                                <span>{name}</span>
                            </button>
                            <span id=format!("{id}-label") hidden>
                                {label.clone()}
                            </span>
                        }
                    })}
            </div>
            {move || wrong().map(|text| wrong_line(id, text))}
            {move || help().map(|text| view! { <p class="hint" id=format!("{id}-hint")>{text}</p> })}
            {move || {
                (shape == Shape::Password && caps.get())
                    .then(|| view! { <p class="hint caps">{t!("caps-lock")}</p> })
            }}
        </div>
    }
}

/// What is wrong with the field of this id.
pub fn wrong_line(id: &str, text: String) -> impl IntoView + use<> {
    view! {
        <p class="error" id=format!("{id}-error")>
            <Glyph icon=Icon::Alert />
            {text}
        </p>
    }
}

/// Selects the whole text of a field.
pub fn select_all(id: &str) {
    if let Some(input) = dom::element(id)
        && let Ok(input) = input.dyn_into::<web_sys::HtmlInputElement>()
    {
        let _ = input.focus();
        input.select();
    }
}
