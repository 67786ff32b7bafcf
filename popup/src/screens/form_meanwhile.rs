//! What was changed elsewhere while a form is open. What is typed stays; saving changes only what
//! was typed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Difference, Field, ItemId};

use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::form_fields::Fields;
use crate::screens::form_texts::label;
use crate::screens::history_version::values;
use crate::state::App;
use crate::t;

/// The banner, and what differs.
#[component]
pub fn Meanwhile(id: ItemId, fields: Fields, ready: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let changed = RwSignal::new(Vec::<Difference>::new());
    let comparing = RwSignal::new(false);
    Effect::new(move |_| {
        app.changes.track();
        app.standing.track();
        if !ready.get() {
            return;
        }
        spawn_local(async move {
            let (Some(open), Some(base)) = (app.open(), fields.base()) else { return };
            if let Ok(now) = open.meanwhile(&id, &base).await {
                changed.try_set(now);
            }
        });
    });
    view! {
        <Show when=move || changed.with(|changed| !changed.is_empty())>
            <div class="banner warn" role="status">
                <Glyph icon=Icon::Alert />
                <span>{t!("changed-meanwhile")}</span>
                <button
                    type="button"
                    class="link"
                    aria-expanded=move || comparing.get().to_string()
                    aria-controls="meanwhile"
                    on:click=move |_| comparing.update(|comparing| *comparing = !*comparing)
                >
                    {t!("compare")}
                </button>
            </div>
            <Show when=move || comparing.get()>
                <div id="meanwhile" class="meanwhile">
                    {move || changed.get().into_iter().map(compared).collect_view()}
                    <a
                        class="link"
                        href=Route::History(id).hash()
                        on:click=move |event| {
                            event.prevent_default();
                            app.go(Route::History(id));
                        }
                    >
                        {t!("history")}
                    </a>
                </div>
            </Show>
        </Show>
    }
}

/// A client secret is said to be another one; the history shows it to who asks.
fn compared(difference: Difference) -> AnyView {
    if difference.field != Field::ClientSecret {
        return values(difference);
    }
    let name = label(Field::ClientSecret);
    view! {
        <div class="compared" role="group" aria-label=name.clone()>
            <h2>{name.clone()}</h2>
            <p class="muted">{t!("another-secret")}</p>
        </div>
    }
    .into_any()
}
