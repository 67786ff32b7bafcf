//! "Suggest as I browse": whether MySafe may see the addresses of tabs, for its badge.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ask_to_suggest, suggest_no_more, suggests};

use crate::screens::settings::Tick;
use crate::state::App;
use crate::t;

/// The switch, in Settings and at the end of the first run.
#[component]
pub fn Suggesting() -> impl IntoView {
    let on = App::here().suggests;
    let look = move || {
        spawn_local(async move {
            on.try_set(suggests().await);
        });
    };
    look();
    // The browser's own question, or its list of permissions, may have been answered meanwhile.
    let back = window_event_listener(leptos::ev::focus, move |_| look());
    on_cleanup(move || back.remove());
    let ticked = move |wanted: bool| {
        // What is shown is what is so: the switch waits for the answer.
        on.set(wanted);
        if wanted {
            let asked = ask_to_suggest();
            spawn_local(async move {
                on.try_set(asked.await);
            });
        } else {
            spawn_local(async move {
                suggest_no_more().await;
                on.try_set(suggests().await);
            });
        }
    };
    view! {
        <Tick id="s-suggest" label=t!("suggest") value=on ticked=Callback::new(ticked) />
        <p class="hint setting-hint">{t!("suggest-text")}</p>
    }
}
