//! What can be done with an item of somebody else's: leave it, or make one's own of it. Each is asked
//! first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, sync_now};

use crate::kit::dialog::Question;
use crate::screens::person::in_full;
use crate::screens::{disable, share_why};
use crate::state::App;
use crate::t;

/// What the user is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parting {
    /// Whether to give up the access.
    Leave(ItemId),
    /// Whether to make a copy.
    Copy(ItemId),
}

/// Asks while there is something to ask.
#[component]
pub fn PartingQuestion() -> impl IntoView {
    let app = App::here();
    move || {
        let parting = app.parting.get()?;
        let (Parting::Leave(id) | Parting::Copy(id)) = parting;
        let open = app.open()?;
        let row = open.row(&id)?;
        let who = row.others.map(|owner| in_full(owner.name.as_deref(), &owner.address));
        let who = who.unwrap_or_default();
        let (title, detail) = match parting {
            Parting::Leave(_) => {
                (t!("leave-question", name = row.name), t!("leave-detail", who = who))
            }
            Parting::Copy(_) => {
                (t!("copy-question", name = row.name), t!("copy-detail", who = who))
            }
        };
        Some(view! {
            <Question
                title=title
                detail=detail
                yes=t!("yes")
                no=t!("no")
                danger=matches!(parting, Parting::Leave(_))
                answer=move |yes| {
                    app.parting.set(None);
                    if yes {
                        match parting {
                            Parting::Leave(id) => spawn_local(leave(app, id)),
                            Parting::Copy(id) => spawn_local(copy(app, id)),
                        }
                    }
                }
            />
        })
    }
}

async fn leave(app: App, id: ItemId) {
    let Some(open) = app.open() else { return };
    let name = open.name_of(&id).unwrap_or_default();
    match open.leave(id).await {
        Ok(()) => {
            if app.route.get_untracked().item() == Some(id) {
                app.go(app.list());
            }
            app.changed();
            app.say(t!("left", name = name));
        }
        Err(error) => app.fail(share_why::why(&error)),
    }
}

async fn copy(app: App, id: ItemId) {
    let Some(open) = app.open() else { return };
    let name = open.name_of(&id).unwrap_or_default();
    match open.make_own_copy(id).await {
        Ok(copy) => {
            app.changed();
            app.selected.set(Some(copy.id));
            app.go(crate::route::Route::Item(copy.id));
            app.say(t!("copy-made", name = name));
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(disable::why(&error)),
    }
}
