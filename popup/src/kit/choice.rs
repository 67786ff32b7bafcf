//! One of a few: the browser's own select, labelled.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A select. Each option is a value and its text.
#[component]
pub fn Choice(
    /// The select's id.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What can be chosen.
    options: Vec<(String, String)>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Something was chosen.
    chosen: Callback<String>,
    /// What holds for now whatever is chosen: then nothing can be.
    #[prop(optional, into)]
    instead: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="control select">
                <select
                    id=id
                    prop:value=move || {
                        if instead.with(Option::is_some) { String::new() } else { value.get() }
                    }
                    disabled=move || instead.with(Option::is_some)
                    on:change=move |event| chosen.run(event_target_value(&event))
                >
                    {options
                        .into_iter()
                        .map(|(option, text)| {
                            let this = option.clone();
                            view! {
                                <option value=option selected=move || value.get() == this>
                                    {text}
                                </option>
                            }
                        })
                        .collect_view()}
                    {move || instead.get().map(|text| view! { <option value="" selected=true>{text}</option> })}
                </select>
                <Glyph icon=Icon::Down />
            </div>
        </div>
    }
}
