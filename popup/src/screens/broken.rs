//! The store does not open: what happened and what to do. Nothing is destroyed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::StoreError;

use crate::kit::icon::Mark;
use crate::state::App;
use crate::t;

/// The code of a store's failure.
pub fn code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full => "full",
        StoreError::Newer => "newer",
        StoreError::Damaged => "damaged",
        StoreError::Locked => "locked",
        StoreError::Unavailable(_) => "unavailable",
    }
}

/// The text for a store's failure.
pub fn text(error: &StoreError) -> String {
    of(code(error))
}

fn of(code: &str) -> String {
    match code {
        "full" => t!("store-full"),
        "newer" => t!("store-newer"),
        "damaged" => t!("store-damaged"),
        "locked" => t!("locked-now"),
        _ => t!("store-unavailable"),
    }
}

/// The screen.
#[component]
pub fn Broken(code: &'static str) -> impl IntoView {
    let app = App::here();
    view! {
        <main class="card-screen">
            <div class="card" role="alert">
                <Mark size=40 />
                <h1>{t!("store-title")}</h1>
                <p>{of(code)}</p>
                <button
                    type="button"
                    class="button fill"
                    on:click=move |_| spawn_local(async move { app.look().await })
                >
                    {t!("try-again")}
                </button>
            </div>
        </main>
    }
}
