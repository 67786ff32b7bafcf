//! Tags: Enter or comma makes one, Backspace takes the last one back.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::field::wrong_line;
use super::icon::{Glyph, Icon};
use crate::{dom, t};

/// A field of tags. What stands in the input when the form is saved becomes a tag too.
#[component]
pub fn TagField(
    /// The input's id.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// The tags.
    tags: RwSignal<Vec<String>>,
    /// What is typed and not a tag yet.
    typing: RwSignal<String>,
    /// What is wrong.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Something changed.
    changed: Callback<()>,
    /// Tags to offer while one types.
    #[prop(optional)]
    known: Option<Signal<Vec<String>>>,
    /// What helps, if it is something else than usual; then only a screen reader says it.
    #[prop(optional, into)]
    unseen_hint: Option<String>,
) -> impl IntoView {
    let take = move || {
        // A field that is taken away while it has the focus is left after its form is gone.
        let Some(text) = typing.try_get_untracked() else { return };
        let tag = text.trim();
        let known =
            tags.with_untracked(|tags| tags.iter().any(|t| t.to_lowercase() == tag.to_lowercase()));
        if !tag.is_empty() && !known {
            tags.update(|tags| tags.push(tag.to_owned()));
        }
        if !text.is_empty() {
            typing.set(String::new());
            // At once, not with the next drawing: the next letter may already be on its way.
            if let Some(input) = crate::dom::element(id)
                && let Ok(input) = input.dyn_into::<web_sys::HtmlInputElement>()
            {
                input.set_value("");
            }
            changed.run(());
        }
    };
    let keydown = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" | "," if !event.is_composing() && !event.ctrl_key() && !event.meta_key() => {
            // Enter in an empty field is nothing; in a form it must not save by accident.
            event.prevent_default();
            take();
        }
        "Backspace" if typing.with_untracked(String::is_empty) => {
            tags.update(|tags| {
                tags.pop();
            });
            changed.run(());
        }
        _ => {}
    };
    let input = move |event: web_sys::Event| {
        let Some(text) = dom::typed_text(&event) else { return };
        // A pasted list.
        if text.contains([',', '\n']) {
            for part in text.split([',', '\n']) {
                typing.set(part.to_owned());
                take();
            }
        } else {
            typing.set(text);
            changed.run(());
        }
    };
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=id>{label.clone()}</label>
            <div class="control tags">
                <ul aria-label=label>
                    <For
                        each=move || tags.get()
                        key=Clone::clone
                        children=move |tag| {
                            let gone = tag.clone();
                            view! {
                                <li class="chip">
                                    <span dir="auto">{tag.clone()}</span>
                                    <button
                                        type="button"
                                        aria-label=t!("remove-tag", tag = tag)
                                        on:click=move |_| {
                                            tags.update(|tags| tags.retain(|tag| *tag != gone));
                                            changed.run(());
                                            crate::dom::focus(id);
                                        }
                                    >
                                        <Glyph icon=Icon::Close />
                                    </button>
                                </li>
                            }
                        }
                    />
                </ul>
                <input
                    id=id
                    type="text"
                    dir="auto"
                    autocomplete="off"
                    list=known.map(|_| format!("{id}-known"))
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=move || {
                        let error = error.get().map(|_| format!("{id}-error "));
                        format!("{}{id}-hint", error.unwrap_or_default())
                    }
                    prop:value=move || typing.get()
                    on:input=input
                    on:keydown=keydown
                    on:blur=move |_| {
                        // Not if the whole window is left: a tag half typed stays what it is.
                        if !dom::is_focused(id) {
                            take();
                        }
                    }
                />
            </div>
            {move || error.get().map(|text| wrong_line(id, text))}
            {known
                .map(|known| {
                    let option = |tag| view! { <option value=tag></option> };
                    view! {
                        <datalist id=format!("{id}-known")>
                            {move || known.get().into_iter().map(option).collect_view()}
                        </datalist>
                    }
                })}
            <p class="hint" class:unseen=unseen_hint.is_some() id=format!("{id}-hint")>
                {unseen_hint.clone().unwrap_or_else(|| t!("tags-hint"))}
            </p>
        </div>
    }
}
