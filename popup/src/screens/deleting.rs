//! The question before an item is deleted for good: its name is typed to confirm.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, sync_now};

use crate::dom;
use crate::kit::field::TextField;
use crate::screens::disable::why;
use crate::state::App;
use crate::t;

/// Asks while there is something to ask.
#[component]
pub fn Deleting() -> impl IntoView {
    let app = App::here();
    move || {
        let id = app.deleting.get()?;
        let name = app.open()?.name_of(&id)?;
        Some(view! { <Confirm id=id name=name /> })
    }
}

#[component]
fn Confirm(id: ItemId, name: String) -> impl IntoView {
    let app = App::here();
    let dialog = NodeRef::<html::Dialog>::new();
    let (typed, wrong) = (RwSignal::new(String::new()), RwSignal::new(None));
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
            dom::focus("delete-name");
        }
    });
    let close = move || app.deleting.set(None);
    let title = t!("delete-question", name = name.clone());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if typed.with_untracked(|typed| typed.trim() != name) {
            wrong.set(Some(t!("delete-other-name")));
            return dom::focus("delete-name");
        }
        close();
        spawn_local(delete(app, id, name.clone()));
    };
    view! {
        <dialog
            node_ref=dialog
            role="alertdialog"
            class="question"
            aria-labelledby="delete-title"
            aria-describedby="delete-detail"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
        >
            <h2 id="delete-title" dir="auto">{title}</h2>
            <p id="delete-detail">{t!("delete-detail")}</p>
            <form on:submit=submit novalidate=true>
                <TextField
                    id="delete-name"
                    label=t!("delete-name")
                    value=typed
                    error=wrong
                    required=true
                    autocomplete="off"
                    typed=Callback::new(move |()| wrong.set(None))
                />
                <div class="answers">
                    <button type="button" class="button" on:click=move |_| close()>
                        {t!("no")}
                    </button>
                    <button type="submit" class="button danger">
                        {t!("delete")}
                    </button>
                </div>
            </form>
        </dialog>
    }
}

async fn delete(app: App, id: ItemId, name: String) {
    let Some(open) = app.open() else { return };
    match open.delete(id).await {
        Ok(_) => {
            if app.route.with_untracked(|route| route.item() == Some(id)) {
                app.go(app.list());
            }
            app.changed();
            app.say(t!("deleted-now", name = name));
            dom::focus_soon("search");
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(why(&error)),
    }
}
