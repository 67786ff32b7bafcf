//! The list screens: "This page" (what matches the page, then everything) and "API secrets".
//! The search box steers the list: arrows move, Enter copies, Ctrl+Enter opens.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Field, Reason};

use crate::copying::{copy_id, copy_secret};
use crate::dom;
use crate::kit::icon::{Glyph, Icon};
use crate::kit::list::{Grid, Line, items, row_id};
use crate::route::Route;
use crate::screens::arriving::{Arriving, is_on_its_way};
use crate::state::App;
use crate::t;

const CLOSE_AFTER_MS: u64 = 900;
const PAGE: i32 = 8;

/// The screen.
#[component]
pub fn Items() -> impl IntoView {
    let app = App::here();
    let this_page = Memo::new(move |_| app.list_now() == Route::ThisPage);
    let lines = Memo::new(move |_| lines(app, this_page.get()));
    let order = Memo::new(move |_| lines.with(|lines| items(app, lines)));
    let current = Memo::new(move |_| {
        let selected = app.selected.get();
        order.with(|order| {
            selected.filter(|id| order.contains(id)).or_else(|| order.first().copied())
        })
    });
    let empty = Memo::new(move |_| app.rows.with(|rows| rows.is_empty()));
    let on_its_way = Memo::new(move |_| is_on_its_way(app));
    let nothing = Memo::new(move |_| order.with(Vec::is_empty));
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
        let next = order.with_untracked(|order| {
            let at = current.get_untracked().and_then(|id| order.iter().position(|o| *o == id));
            let last = order.len() as i32 - 1;
            let next = (at.map_or(0, |at| at as i32) + by).clamp(0, last.max(0));
            order.get(next as usize).copied()
        });
        app.selected.set(next);
    };
    let keydown = move |event: web_sys::KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        match (event.key().as_str(), current.get_untracked()) {
            _ if event.is_composing() => return,
            ("ArrowDown", _) => step(1),
            ("ArrowUp", _) => step(-1),
            ("PageDown", _) => step(PAGE),
            ("PageUp", _) => step(-PAGE),
            ("Enter", Some(id)) if command => {
                app.selected.set(Some(id));
                app.go(Route::Item(id));
            }
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
                            aria-label=t!("clear")
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
            <Show when=move || empty.get() && on_its_way.get()>
                <div class="skeleton" aria-busy="true"></div>
            </Show>
            <Show when=move || empty.get() && !on_its_way.get()>
                <div class="empty">
                    <Glyph icon=Icon::Key />
                    <p>{t!("no-items")}</p>
                    <button type="button" class="button fill" on:click=move |_| app.go(Route::Add)>
                        {t!("add-api-secret")}
                    </button>
                </div>
            </Show>
            <Show when=move || !empty.get() && nothing.get()>
                <div class="empty" role="group" aria-labelledby="nothing-matches">
                    <Glyph icon=Icon::Search />
                    <p id="nothing-matches">
                        {move || t!("nothing-matches", query = app.query.get())}
                    </p>
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
                </div>
            </Show>
            <Show when=move || this_page.get() && !empty.get() && unmatched(app).is_some()>
                <div class="unmatched">
                    <span>
                        {move || t!("nothing-for", host = unmatched(app).unwrap_or_default())}
                    </span>
                    <button type="button" class="button" on:click=move |_| app.go(Route::Add)>
                        {t!("add-for-site")}
                    </button>
                </div>
            </Show>
            <Show when=move || !nothing.get()>
                <Grid lines=lines current=current />
            </Show>
            <div class="unseen" role="status">
                {move || {
                    app.query
                        .with(|query| !query.is_empty())
                        .then(|| t!("found-count", count = order.with(Vec::len)))
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
            _ => Route::ApiSecrets,
        }
    }
}

/// The popup closes a moment after a copy by key, so that the notice is seen.
fn leave(app: App) {
    if app.popup && app.settings.with_untracked(|settings| settings.close_after_copy) {
        set_timeout(dom::close, std::time::Duration::from_millis(CLOSE_AFTER_MS));
    }
}

/// The host of the page, if it is a web page that nothing matches and nothing is searched.
fn unmatched(app: App) -> Option<String> {
    app.rows.track();
    if app.query.with(|query| !query.is_empty()) {
        return None;
    }
    let page = app.page.get().filter(|page| page.starts_with("http"))?;
    if !app.open()?.matching(&page).is_empty() {
        return None;
    }
    let url = web_sys::Url::new(&page).ok()?;
    Some(url.host())
}

fn lines(app: App, this_page: bool) -> Vec<Line> {
    let count = app.rows.with(|rows| rows.len());
    let query = app.query.get();
    let Some(open) = app.open() else { return Vec::new() };
    if !query.trim().is_empty() {
        return open
            .search(&query)
            .into_iter()
            .map(|found| Line::Item { row: found.row, why: found_in(found.field) })
            .collect();
    }
    let all = |skip: &[usize]| {
        (0..count)
            .filter(|row| !skip.contains(row))
            .map(|row| Line::Item { row, why: None })
            .collect::<Vec<_>>()
    };
    if !this_page {
        return all(&[]);
    }
    let page = app.page.get().unwrap_or_default();
    let matches = open.matching(&page);
    let mut lines = Vec::with_capacity(count + 2);
    if !matches.is_empty() {
        lines.push(Line::Head(t!("matches-this-page")));
    }
    for found in &matches {
        let reason = match found.reason {
            _ if found.not_secure => t!("not-secure"),
            Reason::ExactAddress => t!("exact-address"),
            Reason::SameHost => t!("same-host"),
            Reason::SameDomain => t!("same-domain"),
        };
        lines.push(Line::Item { row: found.row, why: Some(reason) });
    }
    let rest = all(&matches.iter().map(|found| found.row).collect::<Vec<_>>());
    if !rest.is_empty() {
        lines.push(Line::Head(t!("all-api-secrets")));
        lines.extend(rest);
    }
    lines
}

/// The field that a row was found by, where the row does not show it.
fn found_in(field: Field) -> Option<String> {
    match field {
        Field::Identifier => Some(t!("identifier")),
        Field::Tags => Some(t!("tags")),
        Field::Notes => Some(t!("notes")),
        Field::Method => Some(t!("method")),
        Field::Name | Field::Url | Field::ClientId | Field::ClientSecret => None,
    }
}
