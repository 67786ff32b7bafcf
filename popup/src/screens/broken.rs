//! The store does not open: what happened and what to do. Nothing is destroyed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{StoreError, expect_no_account};

use crate::kit::icon::Mark;
use crate::state::App;
use crate::t;

/// The text for a store's failure.
pub fn text(error: &StoreError) -> String {
    of(error.code())
}

/// The same by its code.
pub fn of(code: &str) -> String {
    match code {
        "full" => t!("store-full"),
        "newer" => t!("store-newer"),
        "damaged" => t!("store-damaged"),
        "gone" => t!("store-gone"),
        "locked" => t!("locked-now"),
        _ => t!("store-unavailable"),
    }
}

/// The screen.
#[component]
pub fn Broken(code: &'static str) -> impl IntoView {
    let app = App::here();
    let gone = code == "gone";
    let go_on = move |_| {
        spawn_local(async move {
            if gone && let Err(error) = expect_no_account().await {
                app.broken.set(Some(StoreError::from(error).code()));
                return;
            }
            app.look().await;
        });
    };
    view! {
        <main class="card-screen">
            <div class="card" role="alert">
                <Mark size=40 />
                <h1>{if gone { t!("store-gone-title") } else { t!("store-title") }}</h1>
                <p>{of(code)}</p>
                <button type="button" class="button fill" on:click=go_on>
                    {if gone { t!("sign-in-again") } else { t!("try-again") }}
                </button>
            </div>
        </main>
    }
}
