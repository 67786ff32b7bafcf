//! Filters and the order of a list: behind "Filters" where there is little room, always open in
//! the tab. What is chosen counts from "Filter" on.

use leptos::prelude::*;
use mysafe_browser::{Filters, Order, OwnerFilter};

use crate::kit::choice::Choice;
use crate::kit::field::TextField;
use crate::kit::icon::{Glyph, Icon};
use crate::kit::lines::Lines;
use crate::kit::tags::TagField;
use crate::route::Route;
use crate::screens::filters_chips::{Chips, last_use, owner_text, shared, status};
use crate::screens::filters_chosen::{
    Chosen, LAST_USES, SHARED, STATUSES, at, options, owner_value, place,
};
use crate::screens::person::in_full;
use crate::state::App;
use crate::{dom, t};

impl App {
    /// Lists what passes these filters, from its beginning.
    pub fn filter(&self, filters: Filters) {
        if self.filters.with_untracked(|now| *now != filters) {
            self.filters.set(filters);
        }
        self.selected.set(None);
        self.scroll.set(0);
    }
}

/// How many tags are offered at a time.
const MOST_OFFERED: usize = 50;
const ORDERS: [Order; 3] = [Order::Name, Order::LastUse, Order::Changed];
/// From this width of the window on there are a side menu and a drawer for what is open, so wide.
const SPLIT: f64 = 900.0;
const MENU: f64 = 216.0;
const DRAWER: f64 = 440.0;
/// What the filters need beside each other.
const ROOM: f64 = 560.0;

/// Opener, panel, chips and order.
#[component]
pub fn FilterBar(
    /// What is listed.
    lines: Memo<Lines>,
) -> impl IntoView {
    let app = App::here();
    let width = RwSignal::new(dom::width());
    let resized = window_event_listener(leptos::ev::resize, move |_| width.set(dom::width()));
    on_cleanup(move || resized.remove());
    // In the tab, wherever they have room: beside an open item, too. Not beside a form, whose fields have
    // the same names.
    let always = Memo::new(move |_| {
        let beside = match app.route.get() {
            Route::ApiSecrets => 0.0,
            Route::Item(_) | Route::History(_) => DRAWER,
            _ => return false,
        };
        let width = width.get();
        let list = if width < SPLIT { width } else { width - MENU - beside };
        !app.popup && list >= ROOM
    });
    let searching = Memo::new(move |_| app.query.with(|query| !query.trim().is_empty()));
    let hidden = Memo::new(move |_| {
        lines.with(|lines| Some(lines.hidden).filter(|_| lines.count() > 0).unwrap_or_default())
    });
    let opened = RwSignal::new(false);
    let count = Memo::new(move |_| app.filters.with(Filters::count));
    let chosen = Chosen::new();
    Effect::new(move |_| app.filters.with(|filters| chosen.set(filters)));
    let close = move || {
        if !always.get_untracked() {
            opened.set(false);
            dom::focus("filters");
        }
    };
    let order = Signal::derive(move || place(&ORDERS, &app.order.get()));
    let choose_order = Callback::new(move |value: String| {
        app.order.set(at(&ORDERS, &value).unwrap_or_default());
        app.selected.set(None);
        app.scroll.set(0);
    });
    let order_text = |order| match order {
        Order::Name => t!("name"),
        Order::LastUse => t!("last-use"),
        Order::Changed => t!("changed"),
    };
    view! {
        <div class="finding" class:always=move || always.get()>
            <Show when=move || !always.get()>
                <button
                    id="filters"
                    type="button"
                    class="button opener"
                    aria-expanded=move || opened.get().to_string()
                    aria-controls=move || opened.get().then_some("filter-panel")
                    on:click=move |_| {
                        opened.update(|opened| *opened = !*opened);
                        if opened.get_untracked() {
                            dom::focus_soon("filter-status");
                        }
                    }
                >
                    <Glyph icon=Icon::Filters />
                    {t!("filters")}
                    <Show when=move || { count.get() > 0 }>
                        <span class="count">{move || count.get()}</span>
                    </Show>
                </button>
            </Show>
            <Show when=move || always.get() || opened.get()>
                <Panel chosen=chosen close=close />
            </Show>
            <div class="order">
                <Choice
                    id="sort"
                    label=t!("sort")
                    options=options(&ORDERS, order_text)
                    value=order
                    chosen=choose_order
                    instead=Signal::derive(move || searching.get().then(|| t!("best-match")))
                />
            </div>
            <Chips />
            <Show when=move || { hidden.get() > 0 }>
                <p class="hidden">{move || t!("hidden-by-filters", count = hidden.get())}</p>
            </Show>
        </div>
    }
}

#[component]
fn Panel(chosen: Chosen, close: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let app = App::here();
    let all = Memo::new(move |_| app.rows.with(|rows| tags(rows)));
    // A list of thousands helps nobody.
    let known = Signal::derive(move || {
        let typed = chosen.tag.get().to_lowercase();
        all.with(|all| {
            let fitting = all.iter().filter(|tag| tag.to_lowercase().contains(&typed));
            fitting.take(MOST_OFFERED).cloned().collect::<Vec<_>>()
        })
    });
    // Everybody who owns something that is listed.
    let owners = Memo::new(move |_| {
        let mut owners: Vec<(String, String)> = app.rows.with(|rows| {
            let owners = rows.iter().filter_map(|row| row.others.as_ref());
            owners
                .map(|owner| {
                    let text = in_full(owner.name.as_deref(), &owner.address);
                    (text, owner_value(OwnerFilter::One(owner.user)))
                })
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .map(|(text, value)| (value, text))
                .collect()
        });
        let first = [OwnerFilter::Anyone, OwnerFilter::Me];
        owners.splice(0..0, first.map(|owner| (owner_value(owner), owner_text(app, owner))));
        owners
    });
    let take = move || {
        app.filter(chosen.get());
        close();
    };
    view! {
        <form
            id="filter-panel"
            class="filter-panel"
            aria-label=t!("filters")
            on:submit=move |event| {
                event.prevent_default();
                take();
            }
            on:keydown=move |event| {
                if event.key() == "Escape" && !event.is_composing() {
                    // The popup would close.
                    event.prevent_default();
                    event.stop_propagation();
                    close();
                }
            }
        >
            <Choice
                id="filter-status"
                label=t!("status")
                options=options(&STATUSES, status)
                value=chosen.status
                chosen=Callback::new(move |value| chosen.status.set(value))
            />
            <Choice
                id="filter-shared"
                label=t!("shared")
                options=options(&SHARED, shared)
                value=chosen.shared
                chosen=Callback::new(move |value| chosen.shared.set(value))
            />
            <TagField
                id="filter-tags"
                label=t!("tags")
                tags=chosen.tags
                typing=chosen.tag
                error=Signal::derive(|| None::<String>)
                changed=Callback::new(|()| ())
                known=known
                unseen_hint=t!("tags-filter-hint")
            />
            {move || {
                view! {
                    <Choice
                        id="filter-owner"
                        label=t!("owner")
                        options=owners.get()
                        value=chosen.owner
                        chosen=Callback::new(move |value| chosen.owner.set(value))
                    />
                }
            }}
            <TextField id="filter-url" label=t!("url") value=chosen.url ltr=true inputmode="url" />
            <Choice
                id="filter-last-use"
                label=t!("last-use")
                options=options(&LAST_USES, last_use)
                value=chosen.last_use
                chosen=Callback::new(move |value| chosen.last_use.set(value))
            />
            <div class="answers">
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        chosen.set(&Filters::default());
                        app.filter(Filters::default());
                    }
                >
                    {t!("clear")}
                </button>
                <button type="submit" class="button fill">
                    {t!("filter")}
                </button>
            </div>
        </form>
    }
}

/// Every tag there is, each once.
fn tags(rows: &[mysafe_browser::Row]) -> Vec<String> {
    let mut tags: std::collections::BTreeMap<String, &String> = std::collections::BTreeMap::new();
    for tag in rows.iter().flat_map(|row| &row.tags) {
        tags.entry(tag.to_lowercase()).or_insert(tag);
    }
    tags.into_values().cloned().collect()
}
