//! What the user may allow MySafe beyond what it was installed with: to see the addresses of tabs, for
//! its badge; to read the clipboard, to clear only its own.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::Optional;

use crate::screens::settings::Tick;
use crate::state::App;
use crate::t;

/// "Suggest as I browse", in Settings and at the end of the first run.
#[component]
pub fn Suggesting() -> impl IntoView {
    let on = App::here().suggests;
    view! {
        <Allowing
            id="s-suggest"
            what=Optional::Tabs
            label=t!("suggest")
            text=t!("suggest-text")
            on=on
        />
    }
}

/// "Clear only what MySafe copied", in Settings.
#[component]
pub fn ClearingOwn() -> impl IntoView {
    view! {
        <Allowing
            id="s-clear-own"
            what=Optional::ReadClipboard
            label=t!("clear-own")
            text=t!("clear-own-text")
            on=RwSignal::new(false)
        />
    }
}

/// A switch that is a permission of the browser.
#[component]
fn Allowing(
    id: &'static str,
    what: Optional,
    label: String,
    text: String,
    on: RwSignal<bool>,
) -> impl IntoView {
    let look = move || {
        spawn_local(async move {
            on.try_set(what.given().await);
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
            let asked = what.ask();
            spawn_local(async move {
                on.try_set(asked.await);
            });
        } else {
            spawn_local(async move {
                what.give_back().await;
                on.try_set(what.given().await);
            });
        }
    };
    view! {
        <Tick id=id label=label value=on ticked=Callback::new(ticked) />
        <p class="hint setting-hint">{text}</p>
    }
}
