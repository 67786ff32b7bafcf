//! Add API secret and Edit API secret: one form. What is typed is kept as a draft at once;
//! errors stand at the field, on leaving it and on Save.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    ApiSecretForm, Field, FieldError, ItemId, OpenError, SaveError, Target, sync_now,
};

use crate::dom;
use crate::kit::button::IconButton;
use crate::kit::icon::Icon;
use crate::route::Route;
use crate::screens::broken;
use crate::screens::disable::why;
use crate::screens::form_fields::{Fields, Keeper};
use crate::screens::form_inputs::{Errors, Inputs};
use crate::screens::form_meanwhile::Meanwhile;
use crate::screens::form_texts::{control, problem};
use crate::state::App;
use crate::t;

/// The screen.
#[component]
pub fn Form(item: Option<ItemId>) -> impl IntoView {
    let app = App::here();
    let target = item.map_or(Target::New, Target::Item);
    let fields = Fields::new();
    let keeper = StoredValue::new_local(Keeper::new(target));
    let errors: Errors = RwSignal::new(BTreeMap::new());
    let ready = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let restored = RwSignal::new(false);
    let saving = RwSignal::new(false);
    let typed_anything = RwSignal::new(false);

    let load = move |with_draft: bool| {
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let draft = if with_draft { open.draft(target).await } else { None };
            restored.set(draft.is_some());
            typed_anything.set(draft.is_some());
            let form = match (draft, item) {
                (Some(draft), _) => Ok(draft),
                (None, Some(id)) => open.form(&id).await,
                (None, None) => Ok(ApiSecretForm { url: origin(app), ..Default::default() }.into()),
            };
            match form {
                Ok(form) => {
                    fields.fill(form);
                    ready.set(true);
                    dom::focus_soon(control(Field::Name));
                }
                Err(OpenError::Gone) => failed.set(Some(t!("gone"))),
                Err(OpenError::Damaged) => failed.set(Some(t!("failed-check"))),
                Err(OpenError::Locked) => failed.set(Some(t!("locked-now"))),
                Err(OpenError::Store(error)) => failed.set(Some(broken::text(&error))),
            }
        });
    };
    load(true);

    let typed = Callback::new(move |()| {
        typed_anything.set(true);
        keeper.with_value(|keeper| {
            keeper.go_on();
            keeper.keep(app, fields);
        });
    });
    let discard = move || {
        keeper.with_value(Keeper::stop);
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            if let Err(error) = open.drop_draft(target).await {
                app.fail(broken::text(&error));
            }
            errors.set(BTreeMap::new());
            load(false);
        });
    };
    let leave = move || {
        if typed_anything.get_untracked() {
            app.say(t!("draft-kept"));
        }
        app.go(item.map_or_else(|| app.list(), Route::Item));
    };
    let save = move || {
        if saving.get_untracked() || !ready.get_untracked() {
            return;
        }
        let draft = fields.draft();
        let Some(open) = app.open() else { return };
        let wrong = open.check(target, &draft.whole());
        if !wrong.is_empty() {
            show_errors(errors, &wrong);
            return;
        }
        saving.set(true);
        keeper.with_value(Keeper::stop);
        spawn_local(async move {
            let name = draft.form.name.trim().to_owned();
            match open.save(target, draft).await {
                Ok(saved) => {
                    app.changed();
                    let offline = app.sync.with_untracked(|sync| sync.offline || sync.ended);
                    app.say(if offline {
                        t!("saved-here", name = name)
                    } else {
                        t!("saved", name = name)
                    });
                    app.selected.set(Some(saved.id));
                    app.go(item.map_or_else(|| app.list(), Route::Item));
                    app.sync.set(sync_now().await);
                }
                Err(error) => {
                    saving.set(false);
                    keeper.with_value(|keeper| {
                        keeper.go_on();
                        keeper.keep(app, fields);
                    });
                    match error {
                        SaveError::Fields(wrong) => show_errors(errors, &wrong),
                        error => app.fail(why(&error)),
                    }
                }
            }
        });
    };
    let keydown = move |event: web_sys::KeyboardEvent| {
        if event.default_prevented() {
            return;
        }
        match event.key().as_str() {
            "Escape" => leave(),
            "s" | "S" if event.ctrl_key() || event.meta_key() => save(),
            _ => return,
        }
        event.prevent_default();
    };
    let title = if item.is_some() { t!("edit-api-secret") } else { t!("add-api-secret") };
    view! {
        <form
            class="form"
            novalidate
            aria-labelledby="form-title"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
            on:keydown=keydown
        >
            <header class="top">
                <IconButton
                    name=Signal::derive(|| t!("back"))
                    icon=Signal::derive(|| Icon::Back)
                    keys="Esc"
                    act=move |_| leave()
                />
                <h1 class="title" id="form-title">{title}</h1>
            </header>
            {move || {
                failed.get().map(|text| view! { <p class="empty" role="alert">{text}</p> })
            }}
            <Show when=move || ready.get()>
                <div class="scroll">
                    <p class="mandatory">{t!("mandatory")}</p>
                    <Show when=move || restored.get()>
                        <div class="banner" role="status">
                            <span>{t!("draft-restored")}</span>
                            <button
                                type="button"
                                class="link"
                                on:click=move |_| discard()
                            >
                                {t!("discard")}
                            </button>
                        </div>
                    </Show>
                    {item.map(|id| view! { <Meanwhile id=id fields=fields ready=ready /> })}
                    <Inputs target=target fields=fields errors=errors typed=typed />
                </div>
                <footer class="actions">
                    <p class="attention" role="alert">
                        {move || {
                            let count = errors.with(BTreeMap::len);
                            (count > 0).then(|| t!("need-attention", count = count))
                        }}
                    </p>
                    <button type="button" class="button" on:click=move |_| leave()>
                        {t!("cancel")}
                    </button>
                    <button
                        type="submit"
                        class="button fill"
                        aria-busy=move || saving.get().to_string()
                    >
                        {t!("save")}
                    </button>
                </footer>
            </Show>
        </form>
    }
}

/// The origin of the page one stands on, for a new item.
fn origin(app: App) -> String {
    let page = app.page.get_untracked().filter(|page| page.starts_with("http"));
    page.and_then(|page| web_sys::Url::new(&page).ok()).map(|url| url.origin()).unwrap_or_default()
}

fn show_errors(errors: Errors, wrong: &[FieldError]) {
    errors.set(wrong.iter().map(|error| (error.field, problem(error))).collect());
    if let Some(first) = wrong.first() {
        dom::focus_soon(control(first.field));
    }
}
