//! Filling from the popup: what is offered, the question where the page is not the item's, and the
//! notice once the value is in the field.

use std::pin::pin;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{
    Answer, FillError, Filled, Gesture, InPage, ItemId, OnPage, Refusal, RevealError, What,
    read_page, sync_now,
};

use crate::copying;
use crate::dom;
use crate::kit::icon::Icon;
use crate::kit::menu::Entry;
use crate::screens::disable;
use crate::state::App;
use crate::t;

const LONGEST_READ_MS: u32 = 1_000;

/// What the user is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    id: ItemId,
    what: What,
    origin: String,
    host: String,
}

/// The entries of an item's menu, on a page where it could be filled.
pub fn entries(app: App, id: ItemId) -> Vec<Entry> {
    let (Some(open), Some(page)) = (app.open(), app.page.get_untracked()) else {
        return Vec::new();
    };
    if !app.popup {
        return Vec::new();
    }
    let name = open.name_of(&id).unwrap_or_default();
    [
        (What::ClientId, t!("fill-client-id"), Icon::Fill),
        (What::ClientSecret, t!("fill-client-secret"), Icon::Fill),
    ]
    .into_iter()
    .filter_map(|(what, label, icon)| {
        let barred = match open.may_fill(&id, what, &page) {
            Ok(()) => None,
            Err(why @ Refusal::NoValue(_)) => Some(refused(why, &name)),
            Err(_) => return None,
        };
        let act = Callback::new(move |()| start(app, id, what, None));
        Some(Entry { icon, name: label, keys: "", barred, act })
    })
    .collect()
}

/// Reads the page once the first screen is painted.
pub async fn look(app: App) {
    dom::painted().await;
    let page = app.page.get_untracked();
    // The side panel may have turned to another page meanwhile, which is read by itself.
    let tell = |found| {
        if app.page.with_untracked(|now| *now == page) {
            app.on_page.set(Some(found));
        }
    };
    let Some(url) = &page else { return tell(OnPage::default()) };
    let limit = TimeoutFuture::new(LONGEST_READ_MS);
    let found = match select(pin!(read_page(url)), limit).await {
        Either::Left((found, _)) => found,
        // A page that is busy with itself answers late, if it does.
        Either::Right((_, late)) => {
            tell(OnPage::default());
            late.await
        }
    };
    if let Some(open) = app.open() {
        // What the page names may be any item's.
        open.whole().await;
    }
    tell(found);
}

/// Fills, or asks first. Whether the value is in the field now. `top`: not in a frame within the page, as
/// far as it is known.
pub async fn fill(app: App, id: ItemId, what: What, top: bool, answer: Option<Answer>) -> bool {
    let Some(open) = app.open() else { return false };
    let name = open.name_of(&id).unwrap_or_default();
    let always = answer.as_ref().is_some_and(|answer| answer.always);
    let filled = open.fill(&id, what, Gesture::Screen, top, answer.as_ref()).await;
    let done = filled == Ok(Filled::Done);
    match filled {
        Ok(Filled::Ask { origin, host }) => {
            app.filling.set(Some(Asked { id, what, origin, host }));
            return false;
        }
        Ok(Filled::Done) => app.say(match what {
            What::ClientId => t!("id-filled", name = name),
            What::ClientSecret => t!("secret-filled", name = name),
        }),
        Err(error) => app.fail(why(app, &error, &name)),
    }
    app.rows.set(open.rows());
    if always {
        app.changes.update(|count| *count += 1);
        app.sync.set(sync_now().await);
    }
    done
}

fn start(app: App, id: ItemId, what: What, answer: Option<Answer>) {
    spawn_local(async move {
        fill(app, id, what, true, answer).await;
    });
}

fn why(app: App, error: &FillError, name: &str) -> String {
    match error {
        // The panel stays when the tab goes on; what the click on the icon opened to us does not.
        FillError::Refused(Refusal::NoWebPage) | FillError::Page(InPage::Closed) if app.panel => {
            t!("fill-click-icon")
        }
        FillError::Refused(refusal) => refused(*refusal, name),
        FillError::Reveal(RevealError::Inactive) => t!("fill-inactive", name = name),
        FillError::Reveal(error) => copying::why(error, name),
        FillError::Save(error) => disable::why(error),
        FillError::Page(InPage::NoField) => t!("fill-no-field"),
        FillError::Page(InPage::SubFrame) => t!("fill-sub-frame"),
        FillError::Page(InPage::Fixed) => t!("fill-fixed"),
        FillError::Page(InPage::Hidden) => t!("fill-hidden"),
        FillError::Page(InPage::Lines) => t!("fill-lines"),
        FillError::Page(InPage::Short) => t!("fill-short"),
        FillError::Page(InPage::Changed) => t!("fill-changed"),
        FillError::Page(InPage::Moved) => t!("fill-moved"),
        FillError::Page(InPage::Closed) => t!("fill-closed"),
    }
}

fn refused(refusal: Refusal, name: &str) -> String {
    match refusal {
        // Nothing that is listed here is of somebody not accepted.
        Refusal::Inactive | Refusal::NotAccepted => t!("fill-inactive", name = name),
        Refusal::NoValue(What::ClientId) => t!("fill-no-id", name = name),
        Refusal::NoValue(What::ClientSecret) => t!("no-secret-of", name = name),
        Refusal::NotSecure => t!("fill-not-secure", name = name),
        Refusal::SubFrame => t!("fill-sub-frame"),
        Refusal::NoWebPage | Refusal::NoGesture => t!("fill-no-web-page"),
    }
}

/// Asks while there is something to ask. Esc is "No".
#[component]
pub fn Filling() -> impl IntoView {
    let app = App::here();
    move || {
        let Asked { id, what, origin, host } = app.filling.get()?;
        let name = app.open()?.name_of(&id)?;
        let answer = move |always: Option<bool>| {
            app.filling.set(None);
            if let Some(always) = always {
                let answer = Answer { origin: origin.clone(), always };
                start(app, id, what, Some(answer));
            }
        };
        Some(view! { <Question host=host name=name edits=app.may_edit(&id) answer=answer /> })
    }
}

#[component]
fn Question(
    host: String,
    name: String,
    /// The address may be kept with the item.
    edits: bool,
    answer: impl Fn(Option<bool>) + Clone + 'static,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
            dom::focus("answer-no");
        }
    });
    let (on_cancel, on_no, on_once) = (answer.clone(), answer.clone(), answer.clone());
    view! {
        <dialog
            node_ref=dialog
            role="alertdialog"
            class="question"
            aria-labelledby="question-title"
            aria-describedby="question-detail"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_cancel(None);
            }
        >
            <h2 id="question-title">{t!("fill-question", host = host)}</h2>
            <p id="question-detail">{t!("fill-detail", name = name)}</p>
            <div class="answers">
                <button id="answer-no" type="button" class="button" on:click=move |_| on_no(None)>
                    {t!("no")}
                </button>
                {edits
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                on:click=move |_| answer(Some(true))
                            >
                                {t!("always-here")}
                            </button>
                        }
                    })}
                <button
                    type="button"
                    class="button fill"
                    on:click=move |_| on_once(Some(false))
                >
                    {t!("fill-once")}
                </button>
            </div>
        </dialog>
    }
}
