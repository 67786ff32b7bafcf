//! The earlier versions of an item: who wrote them and when, what each changed, how each differs
//! from what is there now, and a way back to it.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemHistory, ItemId, Older, OpenError, sync_now};

use crate::dom;
use crate::kit::button::IconButton;
use crate::kit::dialog::Question;
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::details::failed;
use crate::screens::disable::why;
use crate::screens::history_version::{entry, shown_secret};
use crate::state::App;
use crate::t;

type Shown = RwSignal<Option<Result<Rc<ItemHistory>, OpenError>>, LocalStorage>;

/// The screen.
#[component]
pub fn HistoryScreen(id: ItemId) -> impl IntoView {
    let app = App::here();
    let shown: Shown = RwSignal::new_local(None);
    let working = RwSignal::new(false);
    let restoring = RwSignal::new(None::<usize>);
    Effect::new(move |first: Option<()>| {
        app.changes.track();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let history = open.history(id).await.map(Rc::new);
            shown.try_set(Some(history));
            if first.is_none() {
                dom::focus_soon("history-title");
            }
        });
    });
    let back = move || app.go(Route::Item(id));
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            back();
        }
    };
    let more = move |_| {
        let Some(open) = app.open() else { return };
        if working.get_untracked() {
            return;
        }
        working.set(true);
        spawn_local(async move {
            // Whoever holds it draws it anew below.
            let taken = shown.try_update(Option::take).flatten();
            let Some(Ok(history)) = taken else { return };
            let older = match Rc::try_unwrap(history) {
                Ok(history) => open.older(history).await,
                Err(_) => open.history(id).await,
            };
            shown.try_set(Some(older.map(Rc::new)));
            working.try_set(false);
        });
    };
    let name = move || app.row(&id).map(|row| row.name).unwrap_or_default();
    view! {
        <article class="details history" aria-label=t!("history") on:keydown=escape>
            <header class="top">
                <IconButton
                    name=Signal::derive(|| t!("back"))
                    icon=Signal::derive(|| Icon::Back)
                    keys="Esc"
                    act=move |_| back()
                />
                <h1 class="title" id="history-title" tabindex="-1">
                    {move || t!("history-of", name = name())}
                </h1>
            </header>
            {move || {
                shown.with(|shown| match shown {
                    None => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
                    Some(Err(error)) => {
                        view! { <p class="empty" role="alert">{failed(error)}</p> }.into_any()
                    }
                    Some(Ok(history)) => {
                        let versions = history.versions();
                        let inactive = versions.first().is_some_and(|version| version.inactive);
                        view! {
                            <div class="scroll">
                                <ol class="versions">
                                    {versions
                                        .into_iter()
                                        .map(|version| entry(shown_secret(app, history), version, inactive, restoring))
                                        .collect_view()}
                                </ol>
                                {end(history.older, working, more)}
                            </div>
                        }
                            .into_any()
                    }
                })
            }}
            {move || {
                restoring.get().map(|place| ask(app, id, shown, restoring, place))
            }}
        </article>
    }
}

/// What there is below the last version shown.
fn end(
    older: Older,
    working: RwSignal<bool>,
    more: impl Fn(web_sys::MouseEvent) + 'static,
) -> Option<AnyView> {
    match older {
        Older::None => None,
        Older::More => Some(
            view! {
                <button
                    type="button"
                    class="button"
                    aria-busy=move || working.get().to_string()
                    on:click=more
                >
                    {t!("older-versions")}
                </button>
            }
            .into_any(),
        ),
        Older::Offline => {
            Some(view! { <p class="hint" role="status">{t!("older-offline")}</p> }.into_any())
        }
        Older::Refused(code) => Some(
            view! { <p class="state bad" role="alert"><Glyph icon=Icon::Alert />{t!("older-refused", code = code)}</p> }
                .into_any(),
        ),
    }
}

fn ask(
    app: App,
    id: ItemId,
    shown: Shown,
    restoring: RwSignal<Option<usize>>,
    place: usize,
) -> impl IntoView {
    let name = app.row(&id).map(|row| row.name).unwrap_or_default();
    view! {
        <Question
            title=t!("restore-question", name = name)
            detail=t!("restore-detail")
            yes=t!("yes")
            no=t!("no")
            answer=move |yes| {
                restoring.set(None);
                if yes {
                    spawn_local(restore(app, id, shown, place));
                }
            }
        />
    }
}

async fn restore(app: App, id: ItemId, shown: Shown, place: usize) {
    let history = shown.with_untracked(|shown| match shown {
        Some(Ok(history)) => Some(Rc::clone(history)),
        _ => None,
    });
    let (Some(open), Some(history)) = (app.open(), history) else { return };
    match open.restore(&history, place).await {
        Ok(_) => {
            drop(history);
            app.rows.set(open.rows());
            app.changes.update(|count| *count += 1);
            app.say(t!("restored"));
            app.go(Route::Item(id));
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(why(&error)),
    }
}
