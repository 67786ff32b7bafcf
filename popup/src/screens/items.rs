//! The list screens: "This page" (what matches the page, then everything) and "API secrets".
//! The search box steers the list: arrows move, Enter copies, Ctrl+Enter opens.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::asking::{Choosing, choose, leave};
use crate::browsing::Unseen;
use crate::copying::{copy_id, copy_secret};
use crate::dom;
use crate::kit::icon::{Glyph, Icon};
use crate::kit::lines::Lines;
use crate::kit::list::{Grid, row_id};
use crate::route::Route;
use crate::screens::arriving::Arriving;
use crate::screens::filters::FilterBar;
use crate::screens::items_empty::Emptiness;
use crate::screens::items_lines::lines;
use crate::state::App;
use crate::t;

const PAGE: i32 = 8;

/// The screen.
#[component]
pub fn Items() -> impl IntoView {
    let app = App::here();
    let this_page = Memo::new(move |_| app.list_now() == Route::ThisPage);
    let lines = lines(app, this_page);
    let current = Memo::new(move |_| {
        let selected = app.selected.get();
        let rows = app.rows.get();
        lines.with(|lines| {
            let selected = selected.and_then(|id| app.place(&id));
            let row = selected.filter(|row| lines.place(*row).is_some()).or_else(|| lines.first());
            row.and_then(|row| rows.get(row)).map(|row| row.id)
        })
    });
    let empty = Memo::new(move |_| app.rows.with(|rows| rows.is_empty()));
    let nothing = Memo::new(move |_| lines.with(|lines| lines.count() == 0));
    let narrowed = move || {
        app.query.with(|query| !query.trim().is_empty())
            || app.filters.with(|filters| filters.count() > 0)
    };
    // The first keystroke does not wait for what all of them need; nothing else waits for that either.
    Effect::new(move |_| {
        app.rows.track();
        spawn_local(async move {
            dom::painted().await;
            while app.open().is_some_and(|open| !open.prepare_search()) {
                dom::rest().await;
            }
        });
    });
    if app.route.get_untracked().item().is_none() {
        dom::focus_soon("search");
    }
    let slash = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "/" && !dom::typing() {
            event.prevent_default();
            dom::focus("search");
        }
    });
    on_cleanup(move || slash.remove());

    let step = move |by: i32| {
        let row = current.get_untracked().and_then(|id| app.place(&id));
        let next = lines.with_untracked(|lines| lines.step(row, by));
        let next =
            next.and_then(|row| app.rows.with_untracked(|rows| rows.get(row).map(|row| row.id)));
        app.selected.set(next);
    };
    let to_end = move || match app.open() {
        Some(open) if lines.with_untracked(Lines::is_partial) => spawn_local(async move {
            open.whole().await;
            step(i32::MAX);
        }),
        _ => step(i32::MAX),
    };
    let keydown = move |event: web_sys::KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        match (event.key().as_str(), current.get_untracked()) {
            _ if event.is_composing() => return,
            ("ArrowDown", _) => step(1),
            ("ArrowUp", _) => step(-1),
            ("PageDown", _) => step(PAGE),
            ("PageUp", _) => step(-PAGE),
            // Without Ctrl they move in the text.
            ("End", _) if command => to_end(),
            ("Home", _) if command => step(-i32::MAX),
            ("Enter", Some(id)) if command => {
                app.selected.set(Some(id));
                app.go(Route::Item(id));
            }
            ("Enter", Some(id)) if app.choosing.get_untracked().is_some() => choose(app, id),
            ("Enter", Some(id)) => {
                let shift = event.shift_key();
                spawn_local(async move {
                    let copied =
                        if shift { copy_id(app, id).await } else { copy_secret(app, id).await };
                    if copied {
                        leave(app);
                    }
                });
            }
            ("k" | "K", Some(id)) if command => {
                if let Some(button) = dom::element(&format!("actions-{id}")) {
                    button.click();
                }
            }
            ("Escape", _) if app.query.with_untracked(|query| !query.is_empty()) => {
                app.query.set(String::new());
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div class="items">
            <header class="top">
                <div class="search" role="search">
                    <Glyph icon=Icon::Search />
                    <input
                        id="search"
                        type="text"
                        role="combobox"
                        aria-label=t!("search")
                        placeholder=t!("search")
                        aria-autocomplete="list"
                        aria-haspopup="grid"
                        aria-expanded=move || (!nothing.get()).to_string()
                        aria-controls=move || (!nothing.get()).then_some("rows")
                        aria-activedescendant=move || current.get().map(|id| row_id(&id))
                        autocomplete="off"
                        spellcheck="false"
                        dir="auto"
                        prop:value=move || app.query.get()
                        on:input=move |event| {
                            app.selected.set(None);
                            app.scroll.set(0);
                            if let Some(text) = dom::typed_text(&event) {
                                app.query.set(text);
                            }
                        }
                        on:keydown=keydown
                    />
                    <Show when=move || !app.query.with(String::is_empty)>
                        <button
                            type="button"
                            class="inside"
                            aria-label=t!("clear-search")
                            on:click=move |_| {
                                app.query.set(String::new());
                                dom::focus("search");
                            }
                        >
                            <Glyph icon=Icon::Close />
                        </button>
                    </Show>
                </div>
                <Show when=move || app.sync.with(|sync| sync.offline || sync.waiting > 0)>
                    <span
                        class="cloud"
                        role="img"
                        aria-label=move || t!("waiting-count", count = app.sync.get().waiting)
                        data-tip=move || t!("waiting-count", count = app.sync.get().waiting)
                    >
                        <Glyph icon=Icon::CloudOff />
                    </span>
                </Show>
                <button type="button" class="button fill" on:click=move |_| app.go(Route::Add)>
                    <Glyph icon=Icon::Plus />
                    {t!("add")}
                </button>
            </header>
            <h1 class="unseen">
                {move || if this_page.get() { t!("this-page") } else { t!("api-secrets") }}
            </h1>
            <Arriving />
            <Choosing />
            <Show when=move || !empty.get()>
                <FilterBar lines=lines />
            </Show>
            <Unseen this_page=this_page />
            <Emptiness lines=lines this_page=this_page />
            <Show when=move || !nothing.get()>
                <Grid lines=lines current=current />
            </Show>
            <div class="unseen" role="status">
                {move || {
                    narrowed().then(|| t!("found-count", count = lines.with(|lines| lines.count())))
                }}
            </div>
        </div>
    }
}

impl App {
    /// The list that is shown, or was before something was opened from it.
    pub fn list_now(&self) -> Route {
        match self.route.get() {
            list @ (Route::ThisPage | Route::ApiSecrets) if self.popup => list,
            _ if self.popup => self.list(),
            Route::ThisPage if self.page.with(Option::is_some) => Route::ThisPage,
            _ => Route::ApiSecrets,
        }
    }
}
