//! The tab "Sharing" of an item's details: whose it is, who has access and until when.

use leptos::prelude::*;
use mysafe_browser::{AccessView, ItemId, PendingView, PersonView, Right};

use crate::kit::icon::{Glyph, Icon};
use crate::route::Route;
use crate::screens::exposed_to::Reminder;
use crate::screens::parting::Parting;
use crate::screens::share_access::{PersonLines, loaded, told};
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// The tab.
#[component]
pub fn Sharing(id: ItemId) -> impl IntoView {
    let app = App::here();
    let access = loaded(app, id);
    move || {
        access.with(|access| match access {
            None => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
            Some(Err(error)) => view! { <p class="empty" role="alert">{why(error)}</p> }.into_any(),
            Some(Ok(access)) => body(app, id, access.clone()).into_any(),
        })
    }
}

fn body(app: App, id: ItemId, access: AccessView) -> impl IntoView {
    let AccessView { owner, right, people, pending } = access;
    let own = right == Right::Own;
    let alone = people.is_empty() && pending.is_empty();
    view! {
        <Reminder id=id />
        <section class="fields" aria-labelledby="sharing-who">
            <h2 id="sharing-who">{t!("who-has-access")}</h2>
            <ul class="people-list">
                {person(owner, t!("is-owner"))}
                {people
                    .into_iter()
                    .map(|grant| person(grant.person, told(grant.permission, grant.until)))
                    .collect_view()}
                {pending.into_iter().map(waiting).collect_view()}
            </ul>
            {(own && alone).then(|| view! { <p class="hint setting-hint">{t!("nobody-else")}</p> })}
        </section>
        <div class="sharing-acts">
            {own
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| app.go(Route::Share(id))
                        >
                            <Glyph icon=Icon::Share />
                            {t!("share")}
                        </button>
                    }
                })}
            {(!own)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| app.parting.set(Some(Parting::Copy(id)))
                        >
                            <Glyph icon=Icon::Copy />
                            {t!("make-copy")}
                        </button>
                        <button
                            type="button"
                            class="button danger-text"
                            on:click=move |_| app.parting.set(Some(Parting::Leave(id)))
                        >
                            {t!("leave")}
                        </button>
                    }
                })}
        </div>
    }
}

fn person(person: PersonView, may: String) -> impl IntoView {
    let name_id = format!("sharing-{}", person.user);
    view! {
        <li><div class="person-row" role="group" aria-labelledby=name_id.clone()>
            <PersonLines person=person id=name_id.clone() />
            <span class="second">{may}</span>
        </div></li>
    }
}

fn waiting(pending: PendingView) -> impl IntoView {
    let name_id = format!("sharing-{}", pending.address);
    view! {
        <li><div class="person-row" role="group" aria-labelledby=name_id.clone()>
            <span class="icon-button" aria-hidden="true"><Glyph icon=Icon::Clock /></span>
            <span class="lines">
                <span class="name" id=name_id.clone() dir="ltr" title=pending.address.clone()>
                    {pending.address.clone()}
                </span>
                <span class="second">{t!("pending-person")}</span>
            </span>
            <span class="second">{told(pending.permission, pending.until)}</span>
        </div></li>
    }
}
