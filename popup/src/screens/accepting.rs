//! The question before the server's state of an item takes the place of the one here.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{AcceptError, ItemId, Kept};

use crate::kit::dialog::Question;
use crate::screens::broken;
use crate::state::App;
use crate::t;

/// The code of an item whose history on the server is another than the one here.
pub const FORKED: &str = "forked";

/// Asks while there is something to ask.
#[component]
pub fn Accepting() -> impl IntoView {
    let app = App::here();
    move || {
        let id = app.accepting.get()?;
        let name = app.open()?.name_of(&id)?;
        Some(view! {
            <Question
                title=t!("accept-server-question", name = name)
                detail=t!("accept-server-detail")
                yes=t!("yes")
                no=t!("no")
                answer=move |yes| {
                    app.accepting.set(None);
                    if yes {
                        spawn_local(accept(app, id));
                    }
                }
            />
        })
    }
}

/// The button that begins it.
#[component]
pub fn AcceptServer(id: ItemId) -> impl IntoView {
    let app = App::here();
    view! {
        <button type="button" class="button" on:click=move |_| app.accepting.set(Some(id))>
            {t!("accept-server")}
        </button>
    }
}

async fn accept(app: App, id: ItemId) {
    let Some(open) = app.open() else { return };
    let name = open.name_of(&id).unwrap_or_default();
    match open.accept_server(id).await {
        Ok(kept) => {
            app.changed();
            app.say(match kept {
                Kept::Nowhere => t!("accepted", name = name),
                Kept::ItemDraft => t!("accepted-draft", name = name),
                Kept::NewDraft => t!("accepted-new-draft", name = name),
            });
        }
        Err(error) => app.fail(match error {
            AcceptError::Offline => t!("accept-offline"),
            AcceptError::Refused(code) => t!("notice-item", name = name, code = code),
            AcceptError::DraftInTheWay => t!("accept-draft", name = name),
            AcceptError::Locked => t!("locked-now"),
            AcceptError::Store(error) => broken::text(&error),
        }),
    }
}
