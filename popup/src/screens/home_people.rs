//! People the user is asked about: who was invited and is in MySafe now, and whose keys are not the ones
//! that were accepted.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{JoinedView, PersonView};

use crate::kit::icon::{Glyph, Icon};
use crate::screens::person::{called, in_full};
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// The questions; nothing while there is none.
#[component]
pub fn PeopleToMeet() -> impl IntoView {
    let app = App::here();
    let joined = RwSignal::new(Vec::<JoinedView>::new());
    let changed = RwSignal::new(Vec::<PersonView>::new());
    Effect::new(move |_| {
        app.changes.track();
        app.standing.track();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            joined.try_set(open.joined().await.unwrap_or_default());
            changed.try_set(open.changed_keys().await.unwrap_or_default());
        });
    });
    view! {
        {move || joined.get().into_iter().map(|one| invited(app, one)).collect_view()}
        {move || changed.get().into_iter().map(|one| other_keys(app, one)).collect_view()}
    }
}

/// Whoever was invited has joined: as at any first contact, their card is shown, and accepting them
/// completes the share.
fn invited(app: App, one: JoinedView) -> impl IntoView {
    let JoinedView { item, name, person, .. } = one;
    let who = in_full(person.name.as_deref(), &person.address);
    let address = person.address.clone();
    let gone = address.clone();
    let label = t!("complete-share", who = called(&person));
    let share = move |_| {
        let address = address.clone();
        let done = {
            let (address, user) = (address.clone(), person.user);
            move || {
                spawn_local(complete(app, item, address.clone(), user));
            }
        };
        match person.trust {
            mysafe_browser::PersonTrust::Seen | mysafe_browser::PersonTrust::Verified => done(),
            _ => app.meet(person.clone(), move |_| done()),
        }
    };
    let drop = move |_| {
        let address = gone.clone();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            match open.uninvite(item, &address).await {
                Ok(()) => app.changed(),
                Err(error) => app.fail(why(&error)),
            }
        });
    };
    view! {
        <div class="notice-line ask" role="group" aria-label=label.clone()>
            <Glyph icon=Icon::Users />
            <span>{t!("joined", who = who, name = name)}</span>
            <button type="button" class="button" on:click=drop>
                {t!("not-any-more")}
            </button>
            <button type="button" class="button fill" on:click=share>
                {label.clone()}
            </button>
        </div>
    }
}

async fn complete(
    app: App,
    item: mysafe_browser::ItemId,
    address: String,
    user: mysafe_browser::UserId,
) {
    let Some(open) = app.open() else { return };
    let name = open.name_of(&item).unwrap_or_default();
    match open.complete(item, &address, user).await {
        Ok(()) => {
            app.changed();
            app.say(t!("shared-with", name = name, who = address));
        }
        Err(error) if app.asks_to_confirm(&error) => {}
        Err(error) => app.fail(why(&error)),
    }
}

fn other_keys(app: App, person: PersonView) -> impl IntoView {
    let who = in_full(person.name.as_deref(), &person.address);
    view! {
        <div class="notice-line warn" role="group">
            <Glyph icon=Icon::Alert />
            <span>{t!("keys-changed-of", who = who)}</span>
            <button type="button" class="button" on:click=move |_| app.show_card(person.clone())>
                {t!("compare")}
            </button>
        </div>
    }
}
