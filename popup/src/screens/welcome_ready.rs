//! The last step of the first run: what to know, and what to allow.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::shortcut;

use crate::route::Route;
use crate::screens::suggesting::Suggesting;
use crate::state::App;
use crate::t;

pub fn ready_step(app: App) -> impl IntoView {
    let key = RwSignal::new(None::<String>);
    spawn_local(async move { key.set(shortcut().await) });
    view! {
        <h1 id="w-title" tabindex="-1">{t!("w-ready-title")}</h1>
        <p>{t!("w-ready-text")}</p>
        <ol class="tips">
            <li>{t!("w-ready-pin")}</li>
            {move || key.get().map(|key| view! { <li>{t!("w-ready-key", key = key)}</li> })}
            <li>{t!("w-ready-password")}</li>
        </ol>
        <div class="fields">
            <Suggesting />
        </div>
        <div class="answers">
            <button type="button" class="button" on:click=move |_| app.go(Route::ApiSecrets)>
                {t!("w-later")}
            </button>
            <button type="button" class="button fill" on:click=move |_| app.go(Route::Add)>
                {t!("add-api-secret")}
            </button>
        </div>
    }
}
