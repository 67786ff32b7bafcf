//! The shortcuts that work anywhere in the browser, as it has them now, and the way to change them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Shortcut, change_shortcuts, shortcuts};

use crate::state::App;
use crate::t;

/// A part of Settings.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let app = App::here();
    let now = RwSignal::new(Vec::<Shortcut>::new());
    let look = move || {
        spawn_local(async move {
            now.try_set(shortcuts().await);
        });
    };
    look();
    // They are changed in a page of the browser's: whoever comes back sees what they are.
    let back = window_event_listener(leptos::ev::focus, move |_| look());
    on_cleanup(move || back.remove());
    let key = move |command: &'static str| {
        now.with(|now| now.iter().find(|known| known.command == command)?.key.clone())
            .unwrap_or_else(|| t!("not-set"))
    };
    let change = move |_| {
        spawn_local(async move {
            if change_shortcuts().await.is_err() {
                app.fail(t!("change-shortcuts-failed"));
            }
        });
    };
    let line = move |command: &'static str, name: String| {
        view! {
            <div class="setting">
                <span>{name}</span>
                <kbd>{move || key(command)}</kbd>
            </div>
        }
    };
    view! {
        <section class="fields" aria-labelledby="s-keys">
            <h2 id="s-keys">{t!("shortcuts")}</h2>
            {line("_execute_action", t!("shortcut-open"))}
            {line("copy-secret", t!("shortcut-copy"))}
            {line("fill", t!("shortcut-fill"))}
            {line("lock", t!("shortcut-lock"))}
            <div class="setting buttons">
                <button type="button" class="button" on:click=change>
                    {t!("change-shortcuts")}
                </button>
            </div>
        </section>
    }
}
