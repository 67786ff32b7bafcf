//! Home: what others shared, what was used last, how many items there are, and the ways to them.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Filters, ItemId, Order, Row, SharedFilter, StatusFilter};

use crate::copying::{Copied, copy_secret};
use crate::dom;
use crate::kit::icon::{Glyph, Icon};
use crate::kit::tile::Tile;
use crate::route::Route;
use crate::screens::exposed_to::Reminders;
use crate::screens::home_new::NewItems;
use crate::screens::home_people::PeopleToMeet;
use crate::screens::shortcuts::Shortcuts;
use crate::state::App;
use crate::t;

const LAST_USED: usize = 5;

/// The screen.
#[component]
pub fn Home() -> impl IntoView {
    let app = App::here();
    dom::focus_soon("home-title");
    view! {
        <div class="settings home">
            <header class="top">
                <h1 class="title" id="home-title" tabindex="-1">{t!("home")}</h1>
                <button type="button" class="button fill" on:click=move |_| app.go(Route::Add)>
                    <Glyph icon=Icon::Plus />
                    {t!("add")}
                </button>
            </header>
            <div class="scroll">
                <NewItems />
                <PeopleToMeet />
                <Reminders />
                <LastUsed />
                <Counts />
                <Shortcuts />
            </div>
        </div>
    }
}

/// What was shown, copied or filled last.
#[component]
fn LastUsed() -> impl IntoView {
    let app = App::here();
    let used = Memo::new(move |_| {
        let rows: Arc<Vec<Row>> = app.rows.get();
        let mut used: Vec<&Row> = rows.iter().filter(|row| row.last_use.is_some()).collect();
        used.sort_by_key(|row| std::cmp::Reverse(row.last_use));
        used.into_iter().take(LAST_USED).cloned().collect::<Vec<_>>()
    });
    view! {
        <section class="fields" aria-labelledby="home-used">
            <h2 id="home-used">{t!("last-used")}</h2>
            <Show when=move || used.with(Vec::is_empty)>
                <p class="hint setting-hint">{t!("nothing-used")}</p>
            </Show>
            <ul class="home-rows">
                {move || used.get().into_iter().map(entry).collect_view()}
            </ul>
        </section>
    }
}

fn entry(row: Row) -> impl IntoView {
    let id = row.id;
    let name_id = format!("used-{id}");
    view! {
        <li>
            <div class="home-row" role="group" aria-labelledby=name_id.clone()>
                <ItemLines row=row id=name_id.clone() />
                <CopySecret id=id about=name_id.clone() />
            </div>
        </li>
    }
}

/// The button that copies an item's client secret.
#[component]
pub fn CopySecret(
    id: ItemId,
    /// The id of the element that names the item.
    about: String,
) -> impl IntoView {
    let app = App::here();
    let copied = move || app.copied.get() == Some(Copied::Secret(id));
    view! {
        <button
            type="button"
            class="icon-button"
            class:done=copied
            aria-label=t!("copy-client-secret")
            aria-describedby=about
            data-tip=t!("copy-client-secret")
            on:click=move |_| {
                spawn_local(async move {
                    copy_secret(app, id).await;
                    app.changed();
                });
            }
        >
            {move || view! { <Glyph icon=if copied() { Icon::Check } else { Icon::Key } /> }}
        </button>
    }
}

/// Tile, name and host of an item: a link to it.
#[component]
pub fn ItemLines(row: Row, #[prop(into)] id: String) -> impl IntoView {
    let app = App::here();
    let shown = row.shown();
    let item = row.id;
    let route = Route::Item(item);
    view! {
        <a
            class="item-link"
            href=route.hash()
            on:click=move |event| {
                event.prevent_default();
                app.selected.set(Some(item));
                app.go(route);
            }
        >
            <Tile name=row.name.clone() domain=shown.registrable />
            <span class="lines">
                <span class="name" id=id dir="auto" title=row.name.clone()>
                    {row.name.clone()}
                </span>
                <span class="second"><bdi dir="ltr">{shown.host}</bdi></span>
            </span>
        </a>
    }
}

/// How many items there are, each number a way to them.
#[component]
fn Counts() -> impl IntoView {
    let app = App::here();
    let of = move |passes: fn(&Row) -> bool| {
        Memo::new(move |_| app.rows.with(|rows| rows.iter().filter(|row| passes(row)).count()))
    };
    let link = move |count: Memo<usize>, name: String, filters: Filters| {
        view! {
            <a
                class="count-link"
                href=Route::ApiSecrets.hash()
                on:click=move |event| {
                    event.prevent_default();
                    app.query.set(String::new());
                    app.order.set(Order::Name);
                    app.filter(filters.clone());
                    app.go(Route::ApiSecrets);
                }
            >
                <strong>{move || count.get()}</strong>
                " "
                <span>{name}</span>
            </a>
        }
    };
    let all = Filters::default;
    view! {
        <section aria-labelledby="home-counts">
            <h2 id="home-counts" class="unseen">{t!("counts")}</h2>
            <div class="count-links">
                {link(of(|_| true), t!("api-secrets"), all())}
                {link(
                    of(|row| row.shared || row.others.is_some()),
                    t!("shared"),
                    Filters { shared: SharedFilter::Yes, ..all() },
                )}
                {link(
                    of(|row| row.inactive),
                    t!("inactive"),
                    Filters { status: StatusFilter::Inactive, ..all() },
                )}
            </div>
        </section>
    }
}
