//! The tabs of an item's details: General and Sharing.

use leptos::prelude::*;
use mysafe_browser::ItemId;

use crate::route::Route;
use crate::state::App;
use crate::{dom, t};

/// The two tabs.
#[component]
pub fn Tabs(id: ItemId) -> impl IntoView {
    let app = App::here();
    let tab = move |route: Route, name: String| {
        let here = move || app.route.get() == route;
        view! {
            <button
                type="button"
                role="tab"
                aria-selected=move || here().to_string()
                tabindex=move || if here() { "0" } else { "-1" }
                on:click=move |_| app.go(route)
            >
                {name}
            </button>
        }
    };
    let other = move |event: web_sys::KeyboardEvent| {
        if !matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            return;
        }
        event.prevent_default();
        let route = match app.route.get_untracked() {
            Route::Item(_) => Route::Sharing(id),
            _ => Route::Item(id),
        };
        app.go(route);
        dom::focus_selected_tab();
    };
    view! {
        <div class="tabs" role="tablist" aria-labelledby="details-title" on:keydown=other>
            {tab(Route::Item(id), t!("general"))}
            {tab(Route::Sharing(id), t!("sharing"))}
        </div>
    }
}
