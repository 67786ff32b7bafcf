//! API secret details.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ApiSecretView, ItemId, MAILBOX_FIRST, Met, OpenError, Right, When};

use crate::copying::{Copied, copy_id};
use crate::dates::{exact, relative};
use crate::dom;
use crate::kit::button::IconButton;
use crate::kit::icon::{Glyph, Icon};
use crate::kit::menu::Actions;
use crate::kit::row::{trouble, waits_for};
use crate::kit::row_actions::actions;
use crate::kit::tile::Tile;
use crate::route::Route;
use crate::screens::accepting::{AcceptServer, FORKED, WENT_BACK};
use crate::screens::broken;
use crate::screens::details_tabs::Tabs;
use crate::screens::exposed_to::Reminder;
use crate::screens::further::FurtherAddresses;
use crate::screens::notices::{ItemNotices, tells_of};
use crate::screens::received::Received;
use crate::screens::secret::ClientSecret;
use crate::screens::sharing::Sharing;
use crate::state::App;
use crate::t;

/// The screen.
#[component]
pub fn Details(id: ItemId) -> impl IntoView {
    let app = App::here();
    let item = RwSignal::new_local(None::<Result<ApiSecretView, OpenError>>);
    // Apart from the rest: showing the secret is a use, and must not draw the secret anew.
    let (waiting, used) = (RwSignal::new(false), RwSignal::new(None::<u64>));
    Effect::new(move |first: Option<()>| {
        app.changes.track();
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let mut seen = open.view(&id).await;
            if let Ok(seen) = &mut seen {
                waiting.try_update(|waiting| *waiting = std::mem::take(&mut seen.waiting));
                used.try_update(|used| *used = seen.last_use.take());
            }
            // Viewed: it is new no more, on all browsers of the user.
            if let Ok(ApiSecretView { new: true, others: Some(owner), .. }) = &seen
                && owner.met == Met::Accepted
                && open.dismiss_new(id).await.is_ok()
            {
                app.rows.set(open.rows());
            }
            if item.try_with_untracked(|item| item.as_ref() != Some(&seen)) == Some(true) {
                item.set(Some(seen));
            }
            if first.is_none() {
                dom::focus_soon("details-title");
            }
        });
    });
    // Nothing while it is not known what may be done with it.
    let may = Memo::new(move |_| app.right(&id));
    let back = move || {
        app.go(app.list());
        dom::focus_soon("search");
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            back();
        }
    };
    view! {
        <article class="details" aria-label=t!("api-secret-details") on:keydown=escape>
            <header class="top">
                <IconButton
                    name=Signal::derive(|| t!("back"))
                    icon=Signal::derive(|| Icon::Back)
                    keys="Esc"
                    act=move |_| back()
                />
                <h1 class="title">{t!("api-secret-details")}</h1>
                <Show when=move || may.get() == Some(Right::Own)>
                    <button type="button" class="button" on:click=move |_| app.go(Route::Share(id))>
                        <Glyph icon=Icon::Share />
                        {t!("share")}
                    </button>
                </Show>
                <Show when=move || may.get().is_some_and(|right| right >= Right::Edit)>
                    <button type="button" class="button" on:click=move |_| app.go(Route::Edit(id))>
                        <Glyph icon=Icon::Edit />
                        {t!("edit")}
                    </button>
                </Show>
            </header>
            {move || {
                item.with(|item| match item {
                    None => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
                    Some(Ok(item)) => body(app, item.clone(), waiting, used).into_any(),
                    Some(Err(error)) => {
                        view! { <p class="empty" role="alert">{failed(error)}</p> }.into_any()
                    }
                })
            }}
        </article>
    }
}

/// Why an item is not shown.
pub fn failed(error: &OpenError) -> String {
    match error {
        OpenError::Gone => t!("gone"),
        OpenError::Damaged => t!("failed-check"),
        OpenError::Locked => t!("locked-now"),
        OpenError::Store(error) => broken::text(error),
    }
}

fn body(
    app: App,
    item: ApiSecretView,
    waiting: RwSignal<bool>,
    used: RwSignal<Option<u64>>,
) -> impl IntoView {
    let id = item.id;
    let sharing = Memo::new(move |_| app.route.get() == Route::Sharing(id));
    view! {
        <div class="scroll">
            <div class="head">
                <Tile name=item.name.clone() domain=item.registrable.clone() large=true />
                <h2 id="details-title" tabindex="-1" dir="auto" title=item.name.clone()>
                    {item.name.clone()}
                </h2>
                <Actions
                    id="details-actions"
                    about="details-title"
                    reachable=Signal::derive(|| true)
                    entries=Callback::new(move |()| {
                        actions(app, id).into_iter().filter(|entry| entry.icon != Icon::View).collect()
                    })
                />
            </div>
            <Show when=move || waiting.get()>
                <p class="state"><Glyph icon=Icon::Clock />{t!("waiting")}</p>
            </Show>
            {item.inactive.then(|| view! { <p class="state"><span class="mark-text">{t!("inactive")}</span>{t!("inactive-hint")}</p> })}
            <ItemNotices id=id />
            {trouble_line(app, &item)}
            <Received item=item.clone() />
            <Tabs id=id />
            {move || match sharing.get() {
                true => view! { <Sharing id=id /> }.into_any(),
                false => general(app, item.clone(), used).into_any(),
            }}
        </div>
    }
}

/// The line that says why an item has trouble, unless a notice of it says so.
fn trouble_line(app: App, item: &ApiSecretView) -> impl IntoView + use<> {
    let (id, own) = (item.id, item.others.is_none());
    let code = StoredValue::new(item.trouble.clone()?);
    let told = Memo::new(move |_| code.with_value(|code| tells_of(app, id, code)));
    let offered = code.with_value(|code| match code.as_str() {
        FORKED => true,
        WENT_BACK => !own,
        _ => false,
    });
    let waits = code.with_value(|code| waits_for(code));
    let is_for_mailbox = code.with_value(|code| code == MAILBOX_FIRST);
    // A notice that stands below has the same button.
    let offered_below = Memo::new(move |_| {
        app.notices.with(|notices| notices.iter().any(|view| view.notice.code == MAILBOX_FIRST))
    });
    Some(view! {
        <Show when=move || !told.get()>
            <p class="state" class:bad=waits.is_none() class:warn=waits.is_some()>
                <Glyph icon=Icon::Alert />
                {waits.unwrap_or_else(|| code.with_value(|code| trouble(code)))}
            </p>
            {offered.then(|| view! { <p class="state"><AcceptServer id=id /></p> })}
            <Show when=move || is_for_mailbox && !offered_below.get()>
                <p class="state">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| app.confirming.set(true)
                    >
                        {t!("confirm-email")}
                    </button>
                </p>
            </Show>
        </Show>
    })
}

/// The tab "General": all fields.
fn general(app: App, item: ApiSecretView, used: RwSignal<Option<u64>>) -> impl IntoView {
    let id = item.id;
    let copied = move || app.copied.get() == Some(Copied::Id(id));
    let text = |label: String, value: String| {
        (!value.is_empty()).then(|| {
            view! {
                <div class="value-field">
                    <h3>{label}</h3>
                    <p dir="auto">{value}</p>
                </div>
            }
        })
    };
    let edits = item.right >= Right::Edit;
    view! {
        <Reminder id=id />
            <div class="fields">
                <div class="value-field">
                    <h3>{t!("url")}</h3>
                    <p class="url">{address(&item)}</p>
                </div>
                <FurtherAddresses id=id addresses=item.addresses.clone() />
                <div class="value-field" role="group" aria-labelledby="l-id">
                    <h3 id="l-id">{t!("client-id")}</h3>
                    <div class="value-line">
                        <code dir="ltr">{item.client_id.clone()}</code>
                        <span class="value-buttons">
                            <button
                                type="button"
                                class="button"
                                class:done=copied
                                on:click=move |_| {
                                    spawn_local(async move {
                                        copy_id(app, id).await;
                                    });
                                }
                            >
                                {move || {
                                    view! { <Glyph icon=if copied() { Icon::Check } else { Icon::Copy } /> }
                                }}
                                {t!("copy")}
                            </button>
                        </span>
                    </div>
                </div>
                <ClientSecret id=id name=item.name.clone() presence=item.secret edits=edits />
            </div>
            <div class="fields">
                {text(t!("identifier"), item.identifier.clone())}
                {text(t!("method"), item.method.as_ref().map_or_else(|| t!("none"), ToString::to_string))}
                {(!item.tags.is_empty())
                    .then(|| {
                        view! {
                            <div class="value-field">
                                <h3>{t!("tags")}</h3>
                                <ul class="tag-list">
                                    {item
                                        .tags
                                        .iter()
                                        .map(|tag| view! { <li class="tag" dir="auto">{tag.clone()}</li> })
                                        .collect_view()}
                                </ul>
                            </div>
                        }
                    })}
                {(!item.notes.is_empty())
                    .then(|| {
                        view! {
                            <div class="value-field">
                                <h3>{t!("notes")}</h3>
                                <p class="notes" dir="auto">{item.notes.clone()}</p>
                            </div>
                        }
                    })}
            </div>
            <div class="fields">
                {text(t!("owner"), item.owner.clone())}
                {item.created.map(|when| moment(t!("created"), when))}
                {item.changed.map(|when| moment(t!("changed"), when))}
                <div class="value-field">
                    <h3>{t!("last-use")}</h3>
                    <p title=move || used.get().map(exact)>
                        {move || used.get().map_or_else(|| t!("never"), relative)}
                    </p>
                </div>
            </div>
    }
}

/// The address, as a link if it is a web address.
fn address(item: &ApiSecretView) -> AnyView {
    let text = item.url.clone();
    match item.link.clone() {
        Some(link) => view! {
            <a href=link target="_blank" rel="noreferrer noopener" dir="ltr">{text}</a>
        }
        .into_any(),
        None => view! { <bdi dir="ltr">{text}</bdi> }.into_any(),
    }
}

fn moment(label: String, when: When) -> impl IntoView {
    let text = t!("when-by", when = relative(when.at), by = when.by);
    view! {
        <div class="value-field">
            <h3>{label}</h3>
            <p title=exact(when.at)>{text}</p>
        </div>
    }
}
