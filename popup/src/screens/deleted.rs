//! Deleted API secrets: each can be restored for thirty days.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{DeletedView, OpenError, SaveError, UndeleteError, sync_now};

use crate::dates::{exact, relative};
use crate::dom;
use crate::kit::button::IconButton;
use crate::kit::icon::Icon;
use crate::route::Route;
use crate::screens::details::failed;
use crate::screens::disable::why;
use crate::state::App;
use crate::t;

type Listed = RwSignal<Option<Result<Vec<DeletedView>, OpenError>>, LocalStorage>;

/// The screen.
#[component]
pub fn Deleted() -> impl IntoView {
    let app = App::here();
    let list: Listed = RwSignal::new_local(None);
    Effect::new(move |_| {
        app.changes.track();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let deleted = open.deleted().await;
            list.try_set(Some(deleted));
        });
    });
    dom::focus_soon("deleted-title");
    let back = move || app.go(Route::Settings);
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            back();
        }
    };
    view! {
        <article class="details" aria-label=t!("deleted-items") on:keydown=escape>
            <header class="top">
                <IconButton
                    name=Signal::derive(|| t!("back"))
                    icon=Signal::derive(|| Icon::Back)
                    keys="Esc"
                    act=move |_| back()
                />
                <h1 class="title" id="deleted-title" tabindex="-1">{t!("deleted-items")}</h1>
            </header>
            {move || {
                list.with(|list| match list {
                    None => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
                    Some(Err(error)) => {
                        view! { <p class="empty" role="alert">{failed(error)}</p> }.into_any()
                    }
                    Some(Ok(list)) if list.is_empty() => {
                        view! { <p class="empty">{t!("deleted-none")}</p> }.into_any()
                    }
                    Some(Ok(list)) => {
                        let entries = list.iter().map(|gone| entry(app, gone.clone()));
                        view! {
                            <div class="scroll">
                                <p class="hint deleted-hint">{t!("deleted-hint")}</p>
                                <ul class="versions">{entries.collect_view()}</ul>
                            </div>
                        }
                            .into_any()
                    }
                })
            }}
        </article>
    }
}

fn entry(app: App, gone: DeletedView) -> impl IntoView {
    let id = gone.id;
    let name = if gone.name.is_empty() { t!("deleted-unnamed") } else { gone.name };
    let name_id = format!("deleted-{id}");
    let shown = name.clone();
    view! {
        <li class="version deleted">
            <div class="lines">
                <span class="name" id=name_id.clone() dir="auto" title=name.clone()>
                    {name.clone()}
                </span>
                <span class="second" title=exact(gone.at)>
                    {t!("deleted-when", when = relative(gone.at))}
                </span>
            </div>
            <button
                type="button"
                class="button"
                aria-describedby=name_id
                on:click=move |_| {
                    spawn_local(undelete(app, id, shown.clone()));
                }
            >
                {t!("undelete")}
            </button>
        </li>
    }
}

async fn undelete(app: App, id: mysafe_browser::ItemId, name: String) {
    let Some(open) = app.open() else { return };
    // A deletion that waits arrives first.
    app.sync.set(sync_now().await);
    if open.refresh().await.is_err() {
        return app.look().await;
    }
    match open.undelete(id).await {
        Ok(_) => {
            app.changed();
            app.say(t!("undeleted", name = name));
            dom::focus("deleted-title");
            app.sync.set(sync_now().await);
        }
        Err(UndeleteError::Offline) => app.fail(t!("undelete-offline")),
        Err(UndeleteError::Save(SaveError::Fields(_))) => app.fail(t!("undelete-identifier")),
        Err(UndeleteError::Save(error)) => app.fail(why(&error)),
    }
}
