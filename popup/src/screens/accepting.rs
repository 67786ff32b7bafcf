//! "Accept the server's state": the dialog says who wrote the server's version of an item, when, and who has
//! access in it. On an own item the user chooses the content. On an item of somebody else there is one choice.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{AcceptError, Beside, GrantView, ItemId, PersonView, Right, Side, Wrote};

use crate::dates::exact;
use crate::kit::icon::{Glyph, Icon};
use crate::screens::broken;
use crate::screens::person::in_full;
use crate::screens::share_access::told;
use crate::state::App;
use crate::t;

/// The code of an item whose history on the server is another than the one here.
pub const FORKED: &str = "forked";

/// The code of an item that is older on the server than here.
pub const WENT_BACK: &str = "went_back";

/// The code of an item from which the server withholds something, as its key.
pub const INCOMPLETE: &str = "incomplete";

/// Shows the dialog while an item is to be decided about.
#[component]
pub fn Accepting() -> impl IntoView {
    let app = App::here();
    move || app.accepting.get().map(|id| view! { <Decision id=id /> })
}

/// The button that opens the dialog.
#[component]
pub fn AcceptServer(id: ItemId) -> impl IntoView {
    let app = App::here();
    view! {
        <button type="button" class="button" on:click=move |_| app.accepting.set(Some(id))>
            {t!("accept-server")}
        </button>
    }
}

/// The server's state, once the server answered.
type Seen = RwSignal<Option<Result<Beside, String>>, LocalStorage>;

#[component]
fn Decision(id: ItemId) -> impl IntoView {
    let app = App::here();
    let dialog = NodeRef::<html::Dialog>::new();
    let seen: Seen = RwSignal::new_local(None);
    let working = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let name = app.open().and_then(|open| open.name_of(&id)).unwrap_or_default();
    let item = StoredValue::new(name.clone());
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
            crate::dom::focus("accept-title");
        }
    });
    spawn_local(async move {
        let Some(open) = app.open() else { return };
        let state = open.server_state(id).await;
        seen.try_set(Some(state.map_err(|error| why(error, item.get_value()))));
    });
    let may_edit =
        app.open().and_then(|open| open.row(&id)).is_some_and(|row| row.right >= Right::Edit);
    let close = move || app.accepting.set(None);
    let decide = move |side| {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            let done = open.accept_server(id, side).await;
            working.try_set(false);
            match done {
                Ok(()) => {
                    app.accepting.set(None);
                    app.changed();
                    app.say(t!("accepted", name = item.get_value()));
                }
                Err(error) => {
                    failed.try_set(Some(why(error, item.get_value())));
                }
            }
        });
    };
    view! {
        <dialog
            node_ref=dialog
            role="alertdialog"
            class="question accept"
            aria-labelledby="accept-title"
            aria-describedby="accept-detail"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
        >
            <h2 id="accept-title" tabindex="-1" dir="auto">
                {t!("accept-server-question", name = name)}
            </h2>
            <div id="accept-detail" class="accept-detail">
                {move || {
                    seen.with(|seen| match seen {
                        None => view! { <p role="status">{t!("accept-asking")}</p> }.into_any(),
                        Some(Err(text)) => wrong(text.clone()).into_any(),
                        Some(Ok(beside)) => told_of(beside, may_edit).into_any(),
                    })
                }}
            </div>
            {move || failed.get().map(wrong)}
            <div class="answers" aria-busy=move || working.get().to_string()>
                <button type="button" class="button" on:click=move |_| close()>
                    {t!("cancel")}
                </button>
                {move || {
                    seen.with(|seen| match seen {
                        Some(Ok(beside)) => choices(beside)
                            .into_iter()
                            .map(|(side, text, fill)| {
                                view! {
                                    <button
                                        type="button"
                                        class="button"
                                        class:fill=fill
                                        on:click=move |_| decide(side)
                                    >
                                        {text}
                                    </button>
                                }
                            })
                            .collect_view()
                            .into_any(),
                        _ => ().into_any(),
                    })
                }}
            </div>
        </dialog>
    }
}

/// Returns the choices: the side of each, its words, and whether it is the one to expect.
fn choices(beside: &Beside) -> Vec<(Side, String, bool)> {
    match &beside.owner {
        Some(_) => vec![(Side::Theirs, t!("accept-server"), true)],
        None if !beside.key_fits => vec![(Side::Mine, t!("accept-write-over"), true)],
        None => {
            vec![(Side::Theirs, t!("accept-theirs"), false), (Side::Mine, t!("accept-mine"), true)]
        }
    }
}

fn wrong(text: String) -> impl IntoView {
    view! { <p class="error" role="alert"><Glyph icon=Icon::Alert />{text}</p> }
}

/// Tells of both versions, of who has access, and of what follows.
fn told_of(beside: &Beside, may_edit: bool) -> impl IntoView + use<> {
    let Beside { owner, theirs, here, people, same_access, key_fits } = beside.clone();
    let follows = match &owner {
        Some(owner) if may_edit => vec![t!("accept-others", owner = full(owner))],
        Some(_) => vec![t!("accept-view")],
        None if !key_fits => vec![t!("accept-key")],
        None if same_access => vec![t!("accept-own")],
        None => vec![t!("accept-own"), t!("accept-access")],
    };
    view! {
        <dl class="accept-versions">
            {version(t!("accept-server-version"), theirs)}
            {here.map(|here| version(t!("accept-your-version"), here))}
        </dl>
        <h3>{t!("accept-who")}</h3>
        <ul class="accept-people">
            {owner.map(|owner| someone(full(&owner), t!("is-owner")))}
            {people
                .is_empty()
                .then(|| view! { <li class="muted">{t!("nobody-else")}</li> })}
            {people
                .into_iter()
                .map(|GrantView { person, permission, until }| {
                    someone(full(&person), told(permission, until))
                })
                .collect_view()}
        </ul>
        {follows.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
    }
}

fn version(label: String, Wrote { by, at, deleted }: Wrote) -> impl IntoView {
    let who = full(&by);
    let text = match deleted {
        true => t!("accept-deletes", who = who, when = exact(at)),
        false => t!("accept-wrote", who = who, when = exact(at)),
    };
    view! {
        <dt>{label}</dt>
        <dd dir="auto">{text}</dd>
    }
}

fn someone(who: String, may: String) -> impl IntoView {
    view! {
        <li>
            <span dir="auto">{who}</span>
            <span class="muted">{may}</span>
        </li>
    }
}

fn full(person: &PersonView) -> String {
    in_full(person.name.as_deref(), &person.address)
}

fn why(error: AcceptError, name: String) -> String {
    match error {
        AcceptError::Offline => t!("accept-offline"),
        AcceptError::Refused(code) => t!("notice-item", name = name, code = code),
        AcceptError::Locked => t!("locked-now"),
        AcceptError::Store(error) => broken::text(&error),
    }
}
