//! New items: what others share with the user, until it was viewed, copied or dismissed on one of their
//! browsers. What comes from people they have not met stays until those are accepted.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, Met, OwnerView, Row, UserId};

use crate::dates::{exact, relative};
use crate::dom;
use crate::screens::broken;
use crate::screens::home::{CopySecret, ItemLines};
use crate::screens::person::in_full;
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// A list of thousands helps nobody: the rest comes when these are done with.
const MOST: usize = 100;

/// What stands under "New items" now; drawn anew with each change of the store.
pub fn new_items(app: App) -> Memo<Vec<Row>> {
    Memo::new(move |_| {
        app.rows.track();
        app.changes.track();
        app.standing.track();
        app.open().map(|open| open.new_items()).unwrap_or_default()
    })
}

/// The section.
#[component]
pub fn NewItems() -> impl IntoView {
    let app = App::here();
    let all = new_items(app);
    let some = move || all.with(|all| all.iter().take(MOST).cloned().collect::<Vec<_>>());
    let more = move || all.with(Vec::len).saturating_sub(MOST);
    let can_dismiss = move || all.with(|all| all.iter().any(is_met));
    let dismiss_all = move |_| {
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            match open.dismiss_all_new().await {
                Ok(()) => app.changed(),
                Err(error) => app.fail(broken::text(&error)),
            }
            dom::focus("home-title");
        });
    };
    view! {
        <section class="fields" aria-labelledby="home-new">
            <div class="section-head">
                <h2 id="home-new">{t!("new-items")}</h2>
                <Show when=can_dismiss>
                    <button type="button" class="link" on:click=dismiss_all>
                        {t!("dismiss-all")}
                    </button>
                </Show>
            </div>
            <Show when=move || all.with(Vec::is_empty)>
                <p class="hint setting-hint">{t!("no-new-items")}</p>
            </Show>
            <ul class="home-rows" aria-labelledby="home-new">
                {move || some().into_iter().map(|row| entry(app, row)).collect_view()}
            </ul>
            <Show when=move || { more() > 0 }>
                <p class="hint setting-hint">{move || t!("more-new-items", count = more())}</p>
            </Show>
        </section>
    }
}

fn is_met(row: &Row) -> bool {
    row.others.as_ref().is_some_and(|owner| owner.met == Met::Accepted)
}

fn entry(app: App, row: Row) -> impl IntoView {
    let id = row.id;
    let name_id = format!("new-{id}");
    let met = is_met(&row);
    let owner = row.others.clone();
    let changed = row.changed;
    let copyable = met && !row.inactive;
    let from = owner.as_ref().map(|owner| {
        let who = in_full(owner.name.as_deref(), &owner.address);
        view! {
            <p class="second from" dir="auto" title=exact(changed)>
                {t!("from-person", who = who)} " · " {relative(changed)}
            </p>
        }
    });
    let (copy_about, dismiss_about) = (name_id.clone(), name_id.clone());
    view! {
        <li><div class="home-row new-item" role="group" aria-labelledby=name_id.clone()>
            <div class="new-lines">
                <ItemLines row=row id=name_id.clone() />
                {from}
            </div>
                {copyable.then(|| view! { <CopySecret id=id about=copy_about /> })}
            {if met {
                view! {
                    <button
                        type="button"
                        class="button"
                        aria-describedby=dismiss_about
                        on:click=move |_| spawn_local(dismiss(app, id))
                    >
                        {t!("dismiss")}
                    </button>
                }
                    .into_any()
            } else {
                owner.map(|owner| accept(app, owner)).into_any()
            }}
        </div></li>
    }
}

/// The way to whoever shares it: their card, and on it the acceptance.
pub fn accept(app: App, owner: OwnerView) -> impl IntoView {
    let OwnerView { user, address, name, met } = owner;
    let label = match met {
        Met::KeyChanged => t!("compare"),
        _ => t!("accept-person", name = name.unwrap_or(address)),
    };
    view! {
        <button type="button" class="button fill" on:click=move |_| spawn_local(show(app, user))>
            {label}
        </button>
    }
}

/// Opens the card of somebody, with their keys as the server has them now.
pub async fn show(app: App, user: UserId) {
    let Some(open) = app.open() else { return };
    match open.person(user).await {
        Ok(person) => app.show_card(person),
        Err(error) => app.fail(why(&error)),
    }
}

async fn dismiss(app: App, id: ItemId) {
    let Some(open) = app.open() else { return };
    match open.dismiss_new(id).await {
        Ok(()) => app.changed(),
        Err(error) => app.fail(broken::text(&error)),
    }
    dom::focus("home-title");
}
