//! Buttons.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A button that is an icon, with its name as tooltip; `keys` is shown behind the name.
#[component]
pub fn IconButton(
    /// Its accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// Its icon.
    #[prop(into)]
    icon: Signal<Icon>,
    /// The key that does the same.
    #[prop(optional, into)]
    keys: String,
    /// What the name is about, where it repeats: the id of an element.
    #[prop(optional, into)]
    about: Option<String>,
    /// What happens.
    act: impl Fn(web_sys::MouseEvent) + 'static,
) -> impl IntoView {
    let tip = move || match keys.as_str() {
        "" => name.get(),
        keys => format!("{} ({keys})", name.get()),
    };
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || name.get()
            aria-describedby=about
            data-tip=tip
            on:click=act
        >
            {move || view! { <Glyph icon=icon.get() /> }}
        </button>
    }
}
