//! The earlier versions of an item: who wrote them and when, what each changed, how each differs
//! from what is there now, and a way back to it.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemHistory, ItemId, Older, Open, OpenError, VersionView, sync_now};

use crate::dom;
use crate::kit::button::IconButton;
use crate::kit::dialog::Question;
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::accepting::INCOMPLETE;
use crate::screens::details::failed;
use crate::screens::disable::why;
use crate::screens::history_version::{entry, head_id, same, shown_secret};
use crate::state::App;
use crate::t;

/// What is shown: nothing yet, the history, or why there is none.
pub type Shown = RwSignal<Option<Result<Rc<ItemHistory>, OpenError>>, LocalStorage>;

/// The version that may be restored, in the history in which it was chosen: another one may be
/// shown by the time of the answer.
type Asked = RwSignal<Option<(Rc<ItemHistory>, usize)>, LocalStorage>;

const MORE: &str = "older-versions";

/// What of [`Shown`] decides which part of the screen is drawn.
#[derive(Clone, PartialEq)]
enum Part {
    Loading,
    Failed(String),
    Versions,
}

/// The screen.
#[component]
pub fn HistoryScreen(id: ItemId) -> impl IntoView {
    let app = App::here();
    let shown: Shown = RwSignal::new_local(None);
    let working = RwSignal::new(false);
    let asked: Asked = RwSignal::new_local(None);
    Effect::new(move |first: Option<()>| {
        app.changes.track();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let at_least = there(shown).map_or(0, |history| history.versions().len());
            shown.try_set(Some(begin(&open, id, at_least).await.map(Rc::new)));
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
    let more = move || {
        if !working.get_untracked() {
            working.set(true);
            spawn_local(async move {
                get_older(app, shown).await;
                working.try_set(false);
            });
        }
    };
    let part = Memo::new(move |_| {
        shown.with(|shown| match shown {
            None => Part::Loading,
            Some(Err(error)) => Part::Failed(failed(error)),
            Some(Ok(_)) => Part::Versions,
        })
    });
    let versions = Memo::new(move |_| {
        shown.with(|shown| match shown {
            Some(Ok(history)) => history.versions(),
            _ => Vec::new(),
        })
    });
    let older = Memo::new(move |_| {
        shown.with(|shown| match shown {
            Some(Ok(history)) => history.older,
            _ => Older::None,
        })
    });
    let inactive = Memo::new(move |_| {
        versions.with(|versions| versions.first().is_some_and(|version| version.inactive))
    });
    let edits = Memo::new(move |_| app.may_edit(&id));
    let restore = move |place| asked.set(there(shown).map(|history| (history, place)));
    let reveal = StoredValue::new_local(shown_secret(app, shown));
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
            {move || match part.get() {
                Part::Loading => {
                    view! { <div class="skeleton" aria-busy="true"></div> }.into_any()
                }
                Part::Failed(why) => {
                    view! { <p class="empty" role="alert">{why}</p> }.into_any()
                }
                Part::Versions => {
                    view! {
                        <div class="scroll">
                            <ol class="versions">
                                <For
                                    each=move || versions.get()
                                    key=same
                                    children=move |version: VersionView| {
                                        entry(reveal.get_value(), version, versions, inactive, edits, restore)
                                    }
                                />
                            </ol>
                            {move || end(older.get(), working, more)}
                        </div>
                    }
                        .into_any()
                }
            }}
            {move || asked.get().map(|(history, place)| ask(app, asked, history, place))}
        </article>
    }
}

/// The history that is shown.
pub fn there(shown: Shown) -> Option<Rc<ItemHistory>> {
    shown.try_with_untracked(|shown| match shown {
        Some(Ok(history)) => Some(Rc::clone(history)),
        _ => None,
    })?
}

/// The history from its newest version on, with as many versions as were shown before.
async fn begin(open: &Open, id: ItemId, at_least: usize) -> Result<ItemHistory, OpenError> {
    let mut history = open.history(id).await?;
    while history.older == Older::More && history.versions().len() < at_least {
        history = open.older(&history).await?;
    }
    Ok(history)
}

/// Shows the next older versions below those that are shown, and goes to the first of them.
async fn get_older(app: App, shown: Shown) {
    let (Some(open), Some(history)) = (app.open(), there(shown)) else { return };
    let older = open.older(&history).await;
    // It was read anew meanwhile: the button is there again if there is more.
    if !there(shown).is_some_and(|now| Rc::ptr_eq(&now, &history)) {
        return;
    }
    match older {
        Ok(older) => {
            let next = history.versions().len();
            let waits = dom::is_focused(MORE);
            shown.try_set(Some(Ok(Rc::new(older))));
            if waits {
                dom::focus_soon(head_id(next));
            }
        }
        Err(error) => app.fail(failed(&error)),
    }
}

/// What there is below the last version shown.
fn end(older: Older, working: RwSignal<bool>, more: impl Fn() + Copy + 'static) -> Option<AnyView> {
    let button = move || {
        view! {
            <button
                id=MORE
                type="button"
                class="button"
                aria-busy=move || working.get().to_string()
                on:click=move |_| more()
            >
                {t!("older-versions")}
            </button>
        }
    };
    match older {
        Older::None => None,
        Older::More => Some(button().into_any()),
        Older::Offline => Some(
            view! {
                <p class="hint" role="status">{t!("older-offline")}</p>
                {button()}
            }
            .into_any(),
        ),
        Older::Refused(INCOMPLETE) => Some(
            view! { <p class="state" role="status"><Glyph icon=Icon::Alert />{t!("older-lacking")}</p> }
                .into_any(),
        ),
        Older::Refused(code) => Some(
            view! { <p class="state bad" role="alert"><Glyph icon=Icon::Alert />{t!("older-refused", code = code)}</p> }
                .into_any(),
        ),
    }
}

fn ask(app: App, asked: Asked, history: Rc<ItemHistory>, place: usize) -> impl IntoView {
    let name = app.row(&history.id).map(|row| row.name).unwrap_or_default();
    view! {
        <Question
            title=t!("restore-question", name = name)
            detail=t!("restore-detail")
            yes=t!("yes")
            no=t!("no")
            answer=move |yes| {
                asked.set(None);
                if yes {
                    spawn_local(restore(app, Rc::clone(&history), place));
                }
            }
        />
    }
}

async fn restore(app: App, history: Rc<ItemHistory>, place: usize) {
    let Some(open) = app.open() else { return };
    match open.restore(&history, place).await {
        Ok(_) => {
            app.changed();
            app.say(t!("restored"));
            app.go(Route::Item(history.id));
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(why(&error)),
    }
}
