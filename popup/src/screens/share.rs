//! Share: the card "Internal", who is to get access and what they may do, and who has it. "Share" does all
//! of it at once. What is chosen stays until it is done, also when the server does not answer.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, Permission, sync_now};

use crate::dates::in_days;
use crate::dom;
use crate::kit::button::IconButton;
use crate::kit::field::wrong_line;
use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::exposed_to::Exposed;
use crate::screens::notice_acts::close_unreadable;
use crate::screens::share_access::{AccessList, loaded};
use crate::screens::share_choice::Choice;
use crate::screens::share_people::{self, PeopleField};
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// What of who has access decides which part of the screen is drawn: what is typed stays while others change
/// who has access.
#[derive(Clone, PartialEq)]
enum Part {
    Loading,
    Failed(String),
    There,
}

/// The screen.
#[component]
pub fn ShareScreen(id: ItemId) -> impl IntoView {
    let app = App::here();
    let access = loaded(app, id);
    dom::focus_soon("share-title");
    let choice = Choice::new();
    if let Some((_, user)) = app.removing.get_untracked().filter(|(item, _)| *item == id) {
        app.removing.set(None);
        choice.removed.update(|removed| {
            removed.insert(user);
        });
    }
    let working = RwSignal::new(false);
    let (nobody, late) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let failed = RwSignal::new(None::<String>);
    let gone = RwSignal::new(Vec::new());
    let name = Memo::new(move |_| {
        app.changes.track();
        app.row(&id).map(|row| row.name).unwrap_or_default()
    });
    let inactive = Memo::new(move |_| {
        app.changes.track();
        app.row(&id).is_some_and(|row| row.inactive)
    });
    let part = Memo::new(move |_| {
        access.with(|access| match access {
            None => Part::Loading,
            Some(Err(error)) => Part::Failed(why(error)),
            Some(Ok(_)) => Part::There,
        })
    });
    let there = Memo::new(move |_| {
        access.with(|access| access.as_ref().and_then(|access| access.clone().ok()))
    });
    let users = Signal::derive(move || {
        let people = there.get().map(|access| access.people).unwrap_or_default();
        people.into_iter().map(|grant| grant.person.user).collect::<Vec<_>>()
    });
    let back = move || app.go(Route::Item(id));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(open) = app.open() else { return };
        let Some(there) = there.get_untracked() else { return };
        if working.get_untracked() {
            return;
        }
        if choice.is_empty() {
            nobody.set(Some(t!("nothing-chosen")));
            return share_people::focus();
        }
        let until = match choice.ends() {
            Ok(until) => until,
            Err(text) => {
                late.set(Some(text));
                return dom::focus("share-until");
            }
        };
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            // What was changed goes first.
            if open.row(&id).is_some_and(|row| row.waiting) {
                app.sync.set(sync_now().await);
            }
            let done = choice.apply(&open, id, &there, until).await;
            app.changed();
            working.try_set(false);
            match done {
                Ok(done) => {
                    app.say(done.text(&name.get_untracked()));
                    if done.removed.is_empty() {
                        if app.route.get_untracked() == Route::Share(id) {
                            app.go(Route::Sharing(id));
                        }
                    } else {
                        close_unreadable(app, id, &done.removed).await;
                        gone.try_set(done.removed);
                        dom::focus_soon("exposed-title");
                    }
                }
                Err(error) if app.asks_to_confirm(&error) => {}
                Err(error) => {
                    failed.try_set(Some(why(&error)));
                }
            }
        });
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            back();
        }
    };
    view! {
        <form
            class="form share"
            novalidate
            aria-labelledby="share-title"
            on:submit=submit
            on:keydown=escape
        >
            <header class="top">
                <IconButton
                    name=Signal::derive(|| t!("back"))
                    icon=Signal::derive(|| Icon::Back)
                    keys="Esc"
                    act=move |_| back()
                />
                <h1 class="title" id="share-title" tabindex="-1" dir="auto">
                    {move || t!("share-item", name = name.get())}
                </h1>
            </header>
            {move || match part.get() {
                Part::Loading => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
                Part::Failed(text) => {
                    view! { <p class="empty" role="alert">{text}</p> }.into_any()
                }
                Part::There => {
                    view! {
                        <div class="scroll">
                            <Cards />
                            <section
                                id="internal"
                                role="tabpanel"
                                class="share-body"
                                aria-labelledby="card-internal"
                            >
                                <Show
                                    when=move || !inactive.get()
                                    fallback=|| view! { <p class="hint">{t!("share-inactive")}</p> }
                                >
                                    <PeopleField choice=choice there=users error=nobody />
                                    <Permissions choice=choice />
                                    <Until choice=choice error=late />
                                </Show>
                                <Exposed id=id users=gone />
                                <AccessList access=there choice />
                            </section>
                        </div>
                        <footer class="actions">
                            <p class="attention" role="alert">
                                {move || failed.get()}
                            </p>
                            <button type="button" class="button" on:click=move |_| back()>
                                {t!("cancel")}
                            </button>
                            <button
                                type="submit"
                                class="button fill"
                                aria-busy=move || working.get().to_string()
                            >
                                {move || if working.get() { t!("sharing-now") } else { t!("share") }}
                            </button>
                        </footer>
                    }
                        .into_any()
                }
            }}
        </form>
    }
}

/// Whom an item can be shared with. A card for each kind of people.
#[component]
fn Cards() -> impl IntoView {
    view! {
        <div class="share-cards" role="tablist">
            <button
                type="button"
                id="card-internal"
                role="tab"
                class="share-card"
                aria-selected="true"
                aria-controls="internal"
                aria-describedby="card-internal-detail"
                on:click=move |_| share_people::focus()
            >
                <Glyph icon=Icon::Users />
                {t!("internal")}
            </button>
            <span class="hint" id="card-internal-detail">{t!("internal-detail")}</span>
        </div>
    }
}

#[component]
fn Permissions(choice: Choice) -> impl IntoView {
    let radio = move |id: &'static str, this: Permission, label: String, detail: Option<String>| {
        let detail_id = format!("{id}-detail");
        let described = detail.as_ref().map(|_| detail_id.clone());
        view! {
            <div class="radio">
                <input
                    id=id
                    type="radio"
                    name="permission"
                    aria-describedby=described
                    prop:checked=move || choice.permission.get() == this
                    on:change=move |_| choice.permission.set(this)
                />
                <label for=id>{label}</label>
                {detail.map(|text| view! { <span class="hint" id=detail_id>{text}</span> })}
            </div>
        }
    };
    view! {
        <fieldset class="permissions">
            <legend>{t!("permission")}</legend>
            {radio("share-view", Permission::View, t!("can-view"), None)}
            {radio("share-edit", Permission::Edit, t!("can-edit"), Some(t!("can-edit-detail")))}
        </fieldset>
    }
}

#[component]
fn Until(choice: Choice, error: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <div class="field until" class:wrong=move || error.get().is_some()>
            <label for="share-until">{t!("access-until")}</label>
            <div class="control">
                <input
                    id="share-until"
                    type="date"
                    min=in_days(0)
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=move || {
                        if error.get().is_some() { "share-until-error" } else { "share-until-hint" }
                    }
                    prop:value=move || choice.until.get()
                    on:change=move |event| {
                        choice.until.set(event_target_value(&event));
                        error.set(None);
                    }
                />
            </div>
            {move || error.get().map(|text| wrong_line("share-until", text))}
            <p class="hint" id="share-until-hint">{t!("access-until-hint")}</p>
        </div>
    }
}
