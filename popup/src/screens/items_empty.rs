//! What a list says that has nothing to show.

use leptos::prelude::*;
use mysafe_browser::Filters;

use crate::dom;
use crate::kit::icon::{Glyph, Icon};
use crate::kit::lines::Lines;
use crate::route::Route;
use crate::screens::arriving::is_on_its_way;
use crate::screens::items_lines::unmatched;
use crate::state::App;
use crate::t;

/// No items at all, none found, none for the page.
#[component]
pub fn Emptiness(
    /// What is listed.
    lines: Memo<Lines>,
    /// The list is the one of the page.
    this_page: Memo<bool>,
) -> impl IntoView {
    let app = App::here();
    let empty = Memo::new(move |_| app.rows.with(|rows| rows.is_empty()));
    let on_its_way = Memo::new(move |_| is_on_its_way(app));
    let nothing = Memo::new(move |_| lines.with(|lines| lines.count() == 0));
    view! {
        <Show when=move || empty.get() && on_its_way.get()>
            <div class="skeleton" aria-busy="true"></div>
        </Show>
        <Show when=move || empty.get() && !on_its_way.get()>
            <div class="empty">
                <Glyph icon=Icon::Key />
                <p>{t!("no-items")}</p>
                // The button of that name at the top, once more for the pointer.
                <button
                    type="button"
                    class="button fill"
                    aria-hidden="true"
                    tabindex="-1"
                    on:click=move |_| app.go(Route::Add)
                >
                    {t!("add")}
                </button>
            </div>
        </Show>
        <Show when=move || !empty.get() && nothing.get()>
            <Nothing lines=lines />
        </Show>
        <Show when=move || this_page.get() && !empty.get() && unmatched(app).is_some()>
            <div class="unmatched">
                <span>{move || t!("nothing-for", host = unmatched(app).unwrap_or_default())}</span>
                <button type="button" class="button" on:click=move |_| app.go(Route::Add)>
                    {t!("add-for-site")}
                </button>
            </div>
        </Show>
    }
}

/// Nothing found, or the filters let nothing pass.
#[component]
fn Nothing(lines: Memo<Lines>) -> impl IntoView {
    let app = App::here();
    let searched = Memo::new(move |_| app.query.with(|query| !query.trim().is_empty()));
    let hidden = Memo::new(move |_| lines.with(|lines| lines.hidden));
    view! {
        <div
            class="empty"
            role="group"
            aria-labelledby=move || if searched.get() { "nothing-matches" } else { "hidden" }
        >
            <Glyph icon=Icon::Search />
            <Show when=move || searched.get()>
                <p id="nothing-matches">{move || t!("nothing-matches", query = app.query.get())}</p>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        app.query.set(String::new());
                        dom::focus("search");
                    }
                >
                    {t!("clear")}
                </button>
            </Show>
            <Show when=move || { hidden.get() > 0 }>
                <p id="hidden">{move || t!("hidden-by-filters", count = hidden.get())}</p>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        app.filter(Filters::default());
                        dom::focus("search");
                    }
                >
                    {t!("clear-filters")}
                </button>
            </Show>
        </div>
    }
}
