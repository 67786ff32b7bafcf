//! The card of somebody: address, how far their keys are trusted, the safety number, and the act that
//! accepts them.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{PersonTrust, PersonView};

use crate::kit::icon::{Glyph, Icon};
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// What follows. It outlives the part of the screen it was made in.
type Accepted = Arc<dyn Fn(PersonView) + Send + Sync>;

/// Whose card is open.
#[derive(Clone)]
pub struct Card {
    /// Who.
    pub person: PersonView,
    /// What follows once the user accepted them.
    pub accepted: Option<Accepted>,
}

impl App {
    /// Opens somebody's card.
    pub fn show_card(&self, person: PersonView) {
        self.card.set(Some(Card { person, accepted: None }));
    }

    /// Opens somebody's card; once accepted, something follows.
    pub fn meet(&self, person: PersonView, accepted: impl Fn(PersonView) + Send + Sync + 'static) {
        self.card.set(Some(Card { person, accepted: Some(Arc::new(accepted)) }));
    }
}

/// Their name, or the address where the server told no name.
pub fn called(person: &PersonView) -> String {
    person.name.clone().unwrap_or_else(|| person.address.clone())
}

/// Name and address, in one line.
pub fn in_full(name: Option<&str>, address: &str) -> String {
    match name {
        Some(name) => format!("{name} ({address})"),
        None => address.to_owned(),
    }
}

/// How far somebody's keys are trusted, in a word or two; nothing where there is nothing to do.
pub fn trust_mark(trust: PersonTrust) -> Option<(Icon, String)> {
    match trust {
        PersonTrust::Me | PersonTrust::Seen => None,
        PersonTrust::First => Some((Icon::User, t!("first-contact"))),
        PersonTrust::Verified => Some((Icon::Verified, t!("compared"))),
        PersonTrust::KeyChanged => Some((Icon::Alert, t!("new-keys"))),
    }
}

/// Shows the card that is open.
#[component]
pub fn PersonCard() -> impl IntoView {
    let app = App::here();
    move || app.card.get().map(|card| view! { <Shown card=card /> })
}

#[component]
fn Shown(card: Card) -> impl IntoView {
    let app = App::here();
    let dialog = NodeRef::<html::Dialog>::new();
    let working = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
            crate::dom::focus("person-name");
        }
    });
    let close = move || app.card.set(None);
    let Card { person, accepted } = card;
    let (name, address, trust) = (called(&person), person.address.clone(), person.trust);
    let (detail, act) = match trust {
        PersonTrust::Me => (t!("person-me"), None),
        PersonTrust::First => (t!("person-first"), Some(t!("accept"))),
        PersonTrust::Seen => (t!("person-seen"), Some(t!("accept-compared"))),
        PersonTrust::Verified => (t!("person-verified"), None),
        PersonTrust::KeyChanged => (t!("person-changed"), Some(t!("accept-compared"))),
    };
    let number = person.safety_number.clone();
    // Without an answer the card says nothing of it.
    let unconfirmed = RwSignal::new(false);
    if matches!(trust, PersonTrust::First | PersonTrust::KeyChanged) {
        let user = person.user;
        spawn_local(async move {
            let Some(open) = app.open() else { return };
            if open.is_confirmed(user).await == Some(false) {
                unconfirmed.try_set(true);
            }
        });
    }
    let accept = move |_| {
        let Some(open) = app.open() else { return };
        if working.get_untracked() {
            return;
        }
        working.set(true);
        let (person, accepted) = (person.clone(), accepted.clone());
        spawn_local(async move {
            let done = match trust {
                PersonTrust::First => open.accept_person(&person).await,
                _ => open.accept_compared(&person).await,
            };
            working.try_set(false);
            match done {
                Ok(()) => {
                    app.card.set(None);
                    app.changed();
                    app.say(t!("person-accepted", name = called(&person)));
                    if let Some(accepted) = accepted {
                        let trust = match trust {
                            PersonTrust::First => PersonTrust::Seen,
                            _ => PersonTrust::Verified,
                        };
                        accepted(PersonView { trust, ..person });
                    }
                }
                Err(error) => {
                    failed.try_set(Some(why(&error)));
                }
            }
        });
    };
    view! {
        <dialog
            node_ref=dialog
            class="question person-card"
            aria-labelledby="person-name"
            aria-describedby="person-detail"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
        >
            <h2 id="person-name" tabindex="-1" dir="auto">{name.clone()}</h2>
            <p class="address" dir="ltr">{address}</p>
            <p id="person-detail" class:bad=trust == PersonTrust::KeyChanged>{detail}</p>
            <Show when=move || unconfirmed.get()>
                <p class="bad" role="status">{t!("person-not-confirmed")}</p>
            </Show>
            {(trust != PersonTrust::Me)
                .then(|| {
                    let groups = number.into_iter().map(|group| view! { <code>{group}</code> });
                    view! {
                        <div role="group" aria-labelledby="person-number">
                            <h3 id="person-number">{t!("safety-number")}</h3>
                            <div class="safety-number" dir="ltr">{groups.collect_view()}</div>
                            <p class="hint">{t!("safety-number-hint")}</p>
                        </div>
                    }
                })}
            {move || {
                failed
                    .get()
                    .map(|text| {
                        view! { <p class="error" role="alert"><Glyph icon=Icon::Alert />{text}</p> }
                    })
            }}
            <div class="answers">
                <button type="button" class="button" on:click=move |_| close()>
                    {if act.is_some() { t!("cancel") } else { t!("close") }}
                </button>
                {act
                    .map(|act| {
                        view! {
                            <button
                                type="button"
                                class="button fill"
                                aria-busy=move || working.get().to_string()
                                on:click=accept
                            >
                                {move || if working.get() { t!("accepting") } else { act.clone() }}
                            </button>
                        }
                    })}
            </div>
        </dialog>
    }
}
