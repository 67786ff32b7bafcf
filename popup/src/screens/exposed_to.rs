//! After access was taken away: who could have read the client secret and since when, and a reminder to
//! make a new one at the provider.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ExposedView, ItemId, UserId, now, sync_now};

use crate::dates::{day, end_of_day, in_days};
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::person::in_full;
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// In how many days one is reminded if one changes nothing.
const DAYS: u32 = 7;

/// Who had access; nothing while nobody was removed.
#[component]
pub fn Exposed(id: ItemId, users: RwSignal<Vec<UserId>>) -> impl IntoView {
    let app = App::here();
    let exposed = RwSignal::new(Vec::<ExposedView>::new());
    Effect::new(move |_| {
        let gone = users.get();
        if gone.is_empty() {
            return;
        }
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            if let Ok(found) = open.exposed(id, &gone).await {
                exposed.try_set(found);
            }
        });
    });
    view! {
        <Show when=move || !exposed.with(Vec::is_empty)>
            <section class="fields exposed" aria-labelledby="exposed-title">
                <h2 id="exposed-title" tabindex="-1">
                    <Glyph icon=Icon::Alert />
                    {t!("could-read")}
                </h2>
                <ul>
                    {move || {
                        exposed
                            .get()
                            .into_iter()
                            .map(|one| {
                                let who = in_full(one.person.name.as_deref(), &one.person.address);
                                let since = day(one.since);
                                view! { <li>{t!("could-read-since", who = who, day = since)}</li> }
                            })
                            .collect_view()
                    }}
                </ul>
                <p class="hint">{t!("rotate-hint")}</p>
                <Remind id=id />
            </section>
        </Show>
    }
}

/// Sets the reminder.
#[component]
fn Remind(id: ItemId) -> impl IntoView {
    let app = App::here();
    let date = RwSignal::new(in_days(DAYS));
    let set = move |_| {
        let Some(due) = end_of_day(&date.get_untracked()) else { return };
        spawn_local(remind(app, id, Some(due * 1_000)));
    };
    view! {
        <div class="remind">
            <div class="control">
                <input
                    type="date"
                    aria-label=t!("rotate-remind")
                    min=in_days(0)
                    prop:value=move || date.get()
                    on:change=move |event| date.set(event_target_value(&event))
                />
            </div>
            <button type="button" class="button" on:click=set>
                <Glyph icon=Icon::Calendar />
                {t!("rotate-remind")}
            </button>
        </div>
    }
}

/// The reminders of all items, the next one first.
#[component]
pub fn Reminders() -> impl IntoView {
    let app = App::here();
    let set = Memo::new(move |_| {
        let mut set: Vec<(u64, ItemId, String)> = app.rows.with(|rows| {
            let due = rows.iter().filter_map(|row| Some((row.rotate?, row.id, row.name.clone())));
            due.collect()
        });
        set.sort();
        set
    });
    view! {
        <For
            each=move || set.get()
            key=Clone::clone
            children=move |(due, id, name)| {
                let route = Route::Item(id);
                view! {
                    <div class="notice-line" class:warn=due <= now()>
                        <Glyph icon=Icon::Calendar />
                        <span>
                            <a
                                href=route.hash()
                                dir="auto"
                                on:click=move |event| {
                                    event.prevent_default();
                                    app.go(route);
                                }
                            >
                                {name}
                            </a>
                            <br />
                            {told(due)}
                        </span>
                    </div>
                }
            }
        />
    }
}

fn told(due: u64) -> String {
    match due <= now() {
        true => t!("rotate-due", day = day(due)),
        false => t!("rotate-on", day = day(due)),
    }
}

/// The reminder that is set, in the details.
#[component]
pub fn Reminder(id: ItemId) -> impl IntoView {
    let app = App::here();
    let due = Memo::new(move |_| {
        app.changes.track();
        app.row(&id).and_then(|row| row.rotate)
    });
    move || {
        due.get().map(|due| {
            let late = due <= now();
            view! {
                <div class="notice-line" class:warn=late role="status">
                    <Glyph icon=Icon::Calendar />
                    <span>{told(due)}</span>
                    <button
                        type="button"
                        class="link"
                        on:click=move |_| spawn_local(remind(app, id, None))
                    >
                        {t!("rotate-done")}
                    </button>
                </div>
            }
        })
    }
}

async fn remind(app: App, id: ItemId, due: Option<u64>) {
    let Some(open) = app.open() else { return };
    match open.set_rotation_reminder(id, due).await {
        Ok(()) => {
            app.changed();
            if let Some(due) = due {
                app.say(t!("rotate-set", day = day(due)));
            }
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(why(&error)),
    }
}
