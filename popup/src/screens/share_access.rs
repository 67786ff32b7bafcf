//! Who has access to an item, on the Share screen: each with what they may do and a way to remove them.
//! Nothing of it is done before "Share".

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    AccessView, GrantView, ItemId, PendingView, Permission, PersonView, SharingError, UserId,
};

use crate::dates::day;
use crate::kit::icon::{Glyph, Icon};
use crate::screens::person::{called, trust_mark};
use crate::screens::share_choice::Choice;
use crate::state::App;
use crate::t;

/// The words for a permission.
pub fn permission(permission: Permission) -> String {
    match permission {
        Permission::View => t!("can-view"),
        Permission::Edit => t!("can-edit"),
    }
}

/// What somebody may do, and until when.
pub fn told(may: Permission, until: Option<u64>) -> String {
    match until {
        Some(until) => {
            format!("{}, {}", permission(may), t!("until-day", day = day(until * 1_000)))
        }
        None => permission(may),
    }
}

/// Who has access to an item, once it is known; or why not.
pub type Loaded = RwSignal<Option<Result<AccessView, SharingError>>, LocalStorage>;

/// Asks who has access, again with each change of the store.
pub fn loaded(app: App, id: ItemId) -> Loaded {
    let access: Loaded = RwSignal::new_local(None);
    Effect::new(move |_| {
        app.changes.track();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let found = open.access(id).await;
            if access.try_with_untracked(|now| now.as_ref() != Some(&found)) == Some(true) {
                access.set(Some(found));
            }
        });
    });
    access
}

/// Name and address of somebody; a click opens their card.
#[component]
pub fn PersonLines(person: PersonView, #[prop(into)] id: String) -> impl IntoView {
    let app = App::here();
    let name = called(&person);
    let mark = trust_mark(person.trust)
        .map(|(icon, text)| view! { <span class="trust"><Glyph icon=icon />{text}</span> });
    let address = person.name.is_some().then(|| person.address.clone());
    let shown = person.clone();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=t!("card-of", name = name.as_str())
            data-tip=t!("card-of", name = name.as_str())
            on:click=move |_| app.show_card(shown.clone())
        >
            <Glyph icon=Icon::User />
        </button>
        <span class="lines">
            <span class="first">
                <span class="name" id=id dir="auto" title=name.clone()>{name.clone()}</span>
                {mark}
            </span>
            {address.map(|address| view! { <span class="second" dir="ltr">{address}</span> })}
        </span>
    }
}

/// The list. A row stays the same element while others of it change, so that nobody loses the control they
/// are at.
#[component]
pub fn AccessList(access: Memo<Option<AccessView>>, choice: Choice) -> impl IntoView {
    let people =
        move || access.with(|there| there.as_ref().map(|a| a.people.clone()).unwrap_or_default());
    let pending =
        move || access.with(|there| there.as_ref().map(|a| a.pending.clone()).unwrap_or_default());
    let alone = Memo::new(move |_| {
        access.with(|there| {
            there.as_ref().is_none_or(|a| a.people.is_empty() && a.pending.is_empty())
        })
    });
    view! {
        <section class="fields" aria-labelledby="who-has-access">
            <h2 id="who-has-access">{t!("who-has-access")}</h2>
            <Show when=move || alone.get()>
                <p class="hint setting-hint">{t!("nobody-else")}</p>
            </Show>
            <ul class="people-list">
                <For
                    each=people
                    key=|grant| grant.person.user
                    children=move |grant| {
                        let user = grant.person.user;
                        let now = Memo::new(move |_| {
                            let found = access.with(|there| {
                                let mut people = there.iter().flat_map(|there| &there.people);
                                people.find(|now| now.person.user == user).cloned()
                            });
                            found.unwrap_or_else(|| grant.clone())
                        });
                        row(choice, user, now)
                    }
                />
                <For
                    each=pending
                    key=|one| (one.address.clone(), told(one.permission, one.until))
                    children=move |one| waiting(choice, one)
                />
            </ul>
        </section>
    }
}

fn row(choice: Choice, user: UserId, grant: Memo<GrantView>) -> impl IntoView {
    let name_id = format!("access-{user}");
    let person = Memo::new(move |_| grant.with(|grant| grant.person.clone()));
    let until = move || grant.with(|grant| grant.until);
    let may = Memo::new(move |_| grant.with(|grant| grant.permission));
    let removed = Memo::new(move |_| choice.removed.with(|removed| removed.contains(&user)));
    let toggle = move |_| {
        choice.removed.update(|removed| {
            if !removed.remove(&user) {
                removed.insert(user);
            }
        });
    };
    let chosen =
        move || choice.changed.with(|changed| changed.get(&user).copied()).unwrap_or(may.get());
    let change = move |event: web_sys::Event| {
        let wanted = match event_target_value(&event).as_str() {
            "edit" => Permission::Edit,
            _ => Permission::View,
        };
        choice.changed.update(|changed| {
            if wanted == may.get_untracked() {
                changed.remove(&user);
            } else {
                changed.insert(user, wanted);
            }
        });
    };
    let option = move |value: &'static str, this: Permission| {
        view! {
            <option value=value selected=move || chosen() == this>
                {permission(this)}
            </option>
        }
    };
    let lines_id = name_id.clone();
    view! {
        <li><div class="person-row" class:struck=move || removed.get() role="group" aria-labelledby=name_id.clone()>
            {move || view! { <PersonLines person=person.get() id=lines_id.clone() /> }}
            {move || {
                until().map(|until| view! { <span class="second">{t!("until-day", day = day(until * 1_000))}</span> })
            }}
            <Show
                when=move || !removed.get()
                fallback=move || view! { <span class="second">{t!("taken-away")}</span> }
            >
                <span class="control select">
                    <select
                        aria-label=move || person.with(|person| t!("permission-of", name = called(person)))
                        prop:value=move || if chosen() == Permission::Edit { "edit" } else { "view" }
                        on:change=change
                    >
                        {option("view", Permission::View)}
                        {option("edit", Permission::Edit)}
                    </select>
                    <Glyph icon=Icon::Down />
                </span>
            </Show>
            <button type="button" class="button" aria-describedby=name_id.clone() on:click=toggle>
                {move || if removed.get() { t!("undo") } else { t!("remove") }}
            </button>
        </div></li>
    }
}

fn waiting(choice: Choice, pending: PendingView) -> impl IntoView {
    let PendingView { address, permission: may, until, .. } = pending;
    let name_id = format!("waiting-{address}");
    let (this, that) = (address.clone(), address.clone());
    let removed = Memo::new(move |_| choice.uninvited.with(|gone| gone.contains(&this)));
    let toggle = move |_| {
        choice.uninvited.update(|gone| {
            if !gone.remove(&that) {
                gone.insert(that.clone());
            }
        });
    };
    view! {
        <li><div class="person-row" class:struck=move || removed.get() role="group" aria-labelledby=name_id.clone()>
            <span class="icon-button" aria-hidden="true"><Glyph icon=Icon::Clock /></span>
            <span class="lines">
                <span class="name" id=name_id.clone() dir="ltr" title=address.clone()>
                    {address.clone()}
                </span>
                <span class="second">{t!("pending-person")}</span>
            </span>
            <span class="second">{told(may, until)}</span>
            <button type="button" class="button" aria-describedby=name_id.clone() on:click=toggle>
                {move || if removed.get() { t!("undo") } else { t!("remove") }}
            </button>
        </div></li>
    }
}
