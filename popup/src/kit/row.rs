//! A row of the list: what an item is, and what can be done with it at once.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, OwnerView, Row, SecretPresence};

use super::icon::{Glyph, Icon};
use super::list::row_id;
use super::listed::Listed;
use super::menu::Actions;
use super::row_actions::actions;
use super::tile::Tile;
use crate::asking::choose;
use crate::copying::{Copied, copy_id, copy_secret};
use crate::dates::{exact, relative};
use crate::screens::person::in_full;
use crate::state::App;
use crate::{plain_t, t};

/// How many rows were made: each has a name of its own in the page.
static NAMES: AtomicU32 = AtomicU32::new(0);

/// Where a row stands in the list.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its upper edge.
    pub top: Signal<String>,
    /// Its number, the head of the columns counted.
    pub index: Signal<usize>,
}

/// A row; what it is about may change.
pub fn item(
    app: App,
    row: Memo<Listed>,
    why: Memo<Option<&'static str>>,
    place: Place,
    current: Memo<Option<ItemId>>,
    height: Memo<usize>,
) -> AnyView {
    let id = Memo::new(move |_| row.read().id);
    let is_current = Memo::new(move |_| current.get() == Some(id.get()));
    // Of the element, whatever it shows.
    let name_id = format!("name-{}", NAMES.fetch_add(1, Ordering::Relaxed));
    let damaged = move || row.read().trouble.as_deref().is_some_and(failed_check);
    let missing = Memo::new(move |_| row.read().secret == SecretPresence::Missing);
    let secret_copied = Memo::new(move |_| app.copied.get() == Some(Copied::Secret(id.get())));
    let id_copied = Memo::new(move |_| app.copied.get() == Some(Copied::Id(id.get())));
    let reach = move || if is_current.get() { "0" } else { "-1" };
    view! {
        <div
            id=move || row_id(&id.read())
            class="row"
            class:current=move || is_current.get()
            class:damaged=damaged
            role="row"
            aria-rowindex=move || place.index.get()
            aria-selected=move || is_current.get().to_string()
            style:top=move || place.top.get()
            style:height=move || format!("{}px", height.get())
            on:click=move |_| choose(app, id.get_untracked())
        >
            {cells(row, why, name_id.clone())}
            <div role="gridcell" class="c-do">
                <button
                    type="button"
                    class="icon-button quiet"
                    class:done=move || id_copied.get()
                    aria-label=t!("copy-client-id")
                    aria-describedby=name_id.clone()
                    data-tip=t!("copy-client-id-tip")
                    tabindex=reach
                    on:click=move |event| {
                        event.stop_propagation();
                        let id = id.get_untracked();
                        spawn_local(async move {
                            copy_id(app, id).await;
                        });
                    }
                >
                    {move || {
                        view! { <Glyph icon=if id_copied.get() { Icon::Check } else { Icon::Copy } /> }
                    }}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    class:done=move || secret_copied.get()
                    aria-label=t!("copy-client-secret")
                    aria-describedby=name_id.clone()
                    aria-disabled=move || missing.get().then_some("true")
                    data-tip=move || {
                        if missing.get() { t!("no-secret") } else { t!("copy-client-secret-tip") }
                    }
                    tabindex=reach
                    on:click=move |event| {
                        event.stop_propagation();
                        let id = id.get_untracked();
                        spawn_local(async move {
                            copy_secret(app, id).await;
                        });
                    }
                >
                    {move || {
                        view! { <Glyph icon=if secret_copied.get() { Icon::Check } else { Icon::Key } /> }
                    }}
                </button>
                <Actions
                    id=Signal::derive(move || format!("actions-{}", id.get()))
                    about=name_id
                    reachable=is_current
                    entries=Callback::new(move |()| actions(app, id.get_untracked()))
                />
            </div>
        </div>
    }
    .into_any()
}

/// What an item is: each text by itself, so that an element that comes to show another item changes
/// nothing else.
fn cells(row: Memo<Listed>, why: Memo<Option<&'static str>>, name_id: String) -> impl IntoView {
    let site = Memo::new(move |_| row.read().shown());
    let name = move || {
        let row = row.read();
        if row.name.is_empty() { t!("failed-check") } else { row.name.clone() }
    };
    let host = move || site.with(|site| site.host.clone());
    let marked = Memo::new(move |_| {
        let row = row.read();
        (row.waiting, row.trouble.as_deref().map(mark_of), row.inactive)
    });
    let shared_mark = Memo::new(move |_| row.with(|row| shared(row)));
    let wrong = Memo::new(move |_| row.read().trouble.as_deref().map(trouble));
    let tags = Memo::new(move |_| row.read().tags.clone());
    // A host loses its left when there is no room, a client ID its middle.
    let second = move || {
        match wrong.get() {
        Some(wrong) => wrong.into_any(),
        None => view! {
            <span class="host"><bdi dir="ltr">{host}</bdi></span>
            <span class="client"><bdi dir="ltr">{move || middle(&row.read().client_id, 12)}</bdi></span>
        }
        .into_any(),
    }
    };
    let owner = move || row.read().others.as_ref().map_or_else(|| t!("owner-me"), whose);
    view! {
        <div role="gridcell" class="c-name">
            <Tile
                name=Signal::derive(name)
                domain=Signal::derive(move || site.with(|site| site.registrable.clone()))
            />
            <div class="lines">
                <div class="first">
                    <span class="name" id=name_id dir="auto" title=name>
                        {name}
                    </span>
                    {move || marks(marked.get(), shared_mark.get(), why.get())}
                </div>
                <div
                    class="second"
                    title=move || {
                        wrong
                            .get()
                            .map_or_else(
                                || row.with(|row| format!("{} · {}", row.url, row.client_id)),
                                |wrong| {
                                    let row = row.read();
                                    let waits = row.trouble.as_deref().and_then(waits_for);
                                    waits.unwrap_or(wrong).to_owned()
                                },
                            )
                    }
                >
                    {second}
                </div>
            </div>
        </div>
        <div role="gridcell" class="c-url" title=move || row.read().url.clone()>
            <bdi dir="ltr">{host}</bdi>
        </div>
        <div role="gridcell" class="c-id mono" title=move || row.read().client_id.clone()>
            {move || middle(&row.read().client_id, 24)}
        </div>
        <div role="gridcell" class="c-tags" title=move || tags.with(|tags| tags.join(", "))>
            {move || {
                let tag = |tag| view! { <span class="tag" dir="auto">{tag}</span> };
                tags.get().into_iter().map(tag).collect_view()
            }}
        </div>
        <div role="gridcell" class="c-owner" dir="auto" title=owner>
            {owner}
        </div>
        <div role="gridcell" class="c-used" title=move || row.read().last_use.map(exact)>
            {move || row.read().last_use.map(relative)}
        </div>
    }
}

/// Whose an item is, in as few words as can be.
fn whose(owner: &OwnerView) -> String {
    owner.name.clone().unwrap_or_else(|| owner.address.clone())
}

/// What the mark of a shared item says.
fn shared(row: &Row) -> Option<String> {
    match &row.others {
        Some(owner) => {
            let who = in_full(owner.name.as_deref(), &owner.address);
            Some(t!("from-person", who = who))
        }
        None => row.shared.then(|| t!("shared")),
    }
}

/// The marks behind a name, and why the row stands here.
fn marks(
    (waiting, trouble, inactive): (bool, Option<&'static str>, bool),
    shared: Option<String>,
    why: Option<&'static str>,
) -> impl IntoView {
    view! {
        {waiting
            .then(|| {
                view! {
                    <span class="mark" title=t!("waiting") role="img" aria-label=t!("waiting")>
                        <Glyph icon=Icon::Clock />
                    </span>
                }
            })}
        {trouble.map(|class| view! { <span class=class><Glyph icon=Icon::Alert /></span> })}
        {shared
            .map(|text| {
                view! {
                    <span class="mark" title=text.clone() role="img" aria-label=text>
                        <Glyph icon=Icon::Users />
                    </span>
                }
            })}
        {inactive.then(|| view! { <span class="mark-text">{t!("inactive")}</span> })}
        {why.map(|why| view! { <span class="why">{why}</span> })}
    }
}

/// A text without its middle.
pub fn middle(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most / 2).collect();
    let tail: String = text.chars().skip(count - most / 2 + 1).collect();
    format!("{head}…{tail}")
}

/// Whether a code says that the item itself failed its check.
pub fn failed_check(code: &str) -> bool {
    matches!(code, "forged" | "went_back" | "forked" | "incomplete" | "damaged")
}

/// The classes of the mark of what is wrong. Whatever only waits is not shown as a failure.
pub fn mark_of(code: &str) -> &'static str {
    if waits_for(code).is_some() { "mark trouble warn" } else { "mark trouble bad" }
}

/// The whole sentence that says for what a change waits, where there is room for it.
pub fn waits_for(code: &str) -> Option<&'static str> {
    Some(match code {
        "account_full" => plain_t!("waits-account-full"),
        "too_many_items" => plain_t!("waits-too-many-items"),
        "owner_full" => plain_t!("waits-owner-full"),
        "changed_too_often" => plain_t!("waits-too-often"),
        "mailbox_first" => plain_t!("waits-mailbox-first"),
        "owner_mailbox_first" => plain_t!("waits-owner-mailbox-first"),
        "owner_first" => plain_t!("trouble-owner-first"),
        _ => return None,
    })
}

/// Returns the problem of an item in the few words that a row has room for.
pub fn trouble(code: &str) -> &'static str {
    match code {
        "identifier_taken" => plain_t!("trouble-identifier"),
        "account_full" => plain_t!("trouble-account-full"),
        "too_many_items" => plain_t!("trouble-too-many-items"),
        "owner_full" => plain_t!("trouble-owner-full"),
        "changed_too_often" => plain_t!("trouble-too-often"),
        "mailbox_first" => plain_t!("trouble-mailbox-first"),
        "owner_mailbox_first" => plain_t!("trouble-owner-mailbox-first"),
        "owner_first" => plain_t!("trouble-owner-first"),
        "unreadable" => plain_t!("trouble-unreadable"),
        "forked" | "went_back" => plain_t!("trouble-beside"),
        code if failed_check(code) => plain_t!("failed-check"),
        _ => plain_t!("trouble-refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_loses_its_middle() {
        assert_eq!(middle("short", 10), "short");
        assert_eq!(middle("0123456789abcdef", 10), "01234…cdef");
        assert_eq!(middle("ççççççççççç", 10), "ççççç…çççç");
    }
}
