//! The question before an item is disabled or enabled.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, SaveError, sync_now};

use crate::kit::dialog::Question;
use crate::screens::broken;
use crate::state::App;
use crate::t;

/// Asks while there is something to ask.
#[component]
pub fn Disabling() -> impl IntoView {
    let app = App::here();
    move || {
        let (id, enable) = app.asking.get()?;
        let name = app.open()?.name_of(&id)?;
        let (title, detail) = if enable {
            (t!("enable-question", name = name), t!("enable-detail"))
        } else {
            (t!("disable-question", name = name), t!("disable-detail"))
        };
        Some(view! {
            <Question
                title=title
                detail=detail
                yes=t!("yes")
                no=t!("no")
                answer=move |yes| {
                    app.asking.set(None);
                    if yes {
                        spawn_local(set(app, id, enable));
                    }
                }
            />
        })
    }
}

async fn set(app: App, id: ItemId, active: bool) {
    let Some(open) = app.open() else { return };
    let name = open.name_of(&id).unwrap_or_default();
    match open.set_active(id, active).await {
        Ok(_) => {
            app.changed();
            app.say(if active { t!("enabled", name = name) } else { t!("disabled", name = name) });
            app.sync.set(sync_now().await);
        }
        Err(error) => app.fail(why(&error)),
    }
}

/// Why a change was not made.
pub fn why(error: &SaveError) -> String {
    match error {
        SaveError::Fields(_) => t!("restore-identifier"),
        SaveError::TooManyAddresses => t!("too-many-addresses"),
        SaveError::NotAllowed => t!("not-allowed"),
        SaveError::NotAccepted => t!("sharing-not-met"),
        SaveError::Gone => t!("gone"),
        SaveError::Damaged => t!("failed-check"),
        SaveError::Locked => t!("locked-now"),
        SaveError::Store(error) => broken::text(error),
    }
}
