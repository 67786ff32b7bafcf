//! A row of the list: what an item is, and what can be done with it at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{ItemId, Met, OwnerView, Right, Row, SecretPresence, Shown};

use super::icon::{Glyph, Icon};
use super::list::{Listed, row_id};
use super::menu::{Actions, Entry};
use super::tile::Tile;
use crate::asking::choose;
use crate::copying::{Copied, copy_id, copy_secret};
use crate::dates::{exact, relative};
use crate::filling;
use crate::route::Route;
use crate::screens::parting::Parting;
use crate::screens::person::in_full;
use crate::state::App;
use crate::t;

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
    why: Memo<Option<String>>,
    place: Place,
    current: Memo<Option<ItemId>>,
    height: Memo<usize>,
) -> AnyView {
    let id = Memo::new(move |_| row.read().id);
    let is_current = Memo::new(move |_| current.get() == Some(id.get()));
    let name_id = Signal::derive(move || format!("name-{}", id.get()));
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
            {move || cells(&row.read(), why.get())}
            <div role="gridcell" class="c-do">
                <button
                    type="button"
                    class="icon-button quiet"
                    class:done=move || id_copied.get()
                    aria-label=t!("copy-client-id")
                    aria-describedby=move || name_id.get()
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
                    aria-describedby=move || name_id.get()
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

/// What an item is.
fn cells(row: &Row, why: Option<String>) -> impl IntoView + use<> {
    let name_id = format!("name-{}", row.id);
    let Shown { host, registrable } = row.shown();
    let name = if row.name.is_empty() { t!("failed-check") } else { row.name.clone() };
    // A host loses its left when there is no room, a client ID its middle.
    let second = match &row.trouble {
        Some(code) => trouble(code).into_any(),
        None => view! {
            <span class="host"><bdi dir="ltr">{host.clone()}</bdi></span>
            <span class="client"><bdi dir="ltr">{middle(&row.client_id, 12)}</bdi></span>
        }
        .into_any(),
    };
    let used = row.last_use;
    let owner = row.others.as_ref().map_or_else(|| t!("owner-me"), whose);
    view! {
        <div role="gridcell" class="c-name">
            <Tile name=name.clone() domain=registrable />
            <div class="lines">
                <div class="first">
                    <span class="name" id=name_id dir="auto" title=name.clone()>
                        {name.clone()}
                    </span>
                    {row
                        .waiting
                        .then(|| {
                            view! {
                                <span class="mark" title=t!("waiting") role="img" aria-label=t!("waiting")>
                                    <Glyph icon=Icon::Clock />
                                </span>
                            }
                        })}
                    {row
                        .trouble
                        .is_some()
                        .then(|| view! { <span class="mark bad"><Glyph icon=Icon::Alert /></span> })}
                    {shared(row)
                        .map(|text| {
                            view! {
                                <span class="mark" title=text.clone() role="img" aria-label=text>
                                    <Glyph icon=Icon::Users />
                                </span>
                            }
                        })}
                    {row.inactive.then(|| view! { <span class="mark-text">{t!("inactive")}</span> })}
                    {why.map(|why| view! { <span class="why">{why}</span> })}
                </div>
                <div class="second" title=format!("{} · {}", row.url, row.client_id)>
                    {second}
                </div>
            </div>
        </div>
        <div role="gridcell" class="c-url" title=row.url.clone()>
            <bdi dir="ltr">{host}</bdi>
        </div>
        <div role="gridcell" class="c-id mono" title=row.client_id.clone()>
            {middle(&row.client_id, 24)}
        </div>
        <div role="gridcell" class="c-tags" title=row.tags.join(", ")>
            {row.tags.iter().map(|tag| view! { <span class="tag" dir="auto">{tag.clone()}</span> }).collect_view()}
        </div>
        <div role="gridcell" class="c-owner" dir="auto" title=owner.clone()>
            {owner.clone()}
        </div>
        <div role="gridcell" class="c-used" title=used.map(exact)>
            {used.map(relative)}
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

/// What can be done with an item; what is not allowed is left out.
pub fn actions(app: App, id: ItemId) -> Vec<Entry> {
    let Some(row) = app.row(&id) else { return Vec::new() };
    let go = move |route: Route| {
        Callback::new(move |()| {
            app.selected.set(Some(id));
            app.go(route);
        })
    };
    let entry = |icon, name, act| Entry { icon, name, keys: "", barred: None, act };
    let others = row.others.as_ref();
    let met = others.is_none_or(|owner| owner.met == Met::Accepted);
    let edits = row.right >= Right::Edit && met;
    let mut entries = vec![entry(Icon::View, t!("view-api-secret"), go(Route::Item(id)))];
    if met {
        entries.extend(filling::entries(app, id));
    }
    if edits {
        entries.push(entry(Icon::Edit, t!("edit"), go(Route::Edit(id))));
    }
    if row.right == Right::Own {
        entries.push(entry(Icon::Share, t!("share"), go(Route::Share(id))));
    }
    if met {
        entries.push(entry(Icon::Clock, t!("history"), go(Route::History(id))));
    }
    if edits {
        let (icon, name) = match row.inactive {
            true => (Icon::Check, t!("enable")),
            false => (Icon::Close, t!("disable")),
        };
        let inactive = row.inactive;
        let ask = Callback::new(move |()| app.asking.set(Some((id, inactive))));
        entries.push(entry(icon, name, ask));
    }
    if others.is_some() {
        let ask = move |parting| Callback::new(move |()| app.parting.set(Some(parting)));
        if met && !row.inactive {
            entries.push(entry(Icon::Copy, t!("make-copy"), ask(Parting::Copy(id))));
        }
        entries.push(entry(Icon::Leave, t!("leave"), ask(Parting::Leave(id))));
    } else if row.inactive {
        let ask = Callback::new(move |()| app.deleting.set(Some(id)));
        entries.push(entry(Icon::Trash, t!("delete"), ask));
    }
    entries
}

/// A text without its middle.
fn middle(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most / 2).collect();
    let tail: String = text.chars().skip(count - most / 2 + 1).collect();
    format!("{head}…{tail}")
}

/// Whether a code says that the item itself failed its check.
fn failed_check(code: &str) -> bool {
    matches!(code, "forged" | "went_back" | "forked" | "incomplete" | "unreadable" | "damaged")
}

/// What is wrong with an item.
pub fn trouble(code: &str) -> String {
    match code {
        "identifier_taken" => t!("trouble-identifier"),
        "owner_first" => t!("trouble-owner-first"),
        code if failed_check(code) => t!("failed-check"),
        _ => t!("trouble-refused"),
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
