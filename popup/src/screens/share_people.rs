//! "User or group": people are found by name and email as one types, and chosen one after the other.
//! Whoever is met for the first time, or has other keys than before, is shown first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{PersonTrust, UserId};

use crate::dom;
use crate::kit::field::wrong_line;
use crate::kit::icon::{Glyph, Icon};
use crate::screens::share_choice::{Choice, Chosen};
use crate::screens::share_options::{chip, option, options};
use crate::screens::share_why::why;
use crate::state::App;
use crate::t;

/// The id of the field.
pub const INPUT: &str = "share-with";
const LIST: &str = "share-found";
const PAUSE_MS: u32 = 200;
const SHORTEST: usize = 2;

/// What stands below the field.
#[derive(Clone, PartialEq)]
enum Found {
    Nothing,
    Searching,
    Options(Vec<Chosen>),
    Failed(String),
}

impl Found {
    fn options(&self) -> &[Chosen] {
        match self {
            Self::Options(options) => options,
            _ => &[],
        }
    }
}

/// The field.
#[component]
pub fn PeopleField(
    /// Where what is chosen goes.
    choice: Choice,
    /// Who has access already.
    there: Signal<Vec<UserId>>,
    /// What is wrong with the choice.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let app = App::here();
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Found::Nothing);
    let active = RwSignal::new(0usize);
    let asked = StoredValue::new(0u32);

    let search = move |typed: String| {
        asked.update_value(|asked| *asked += 1);
        let this = asked.get_value();
        let late = move || asked.try_get_value() != Some(this);
        active.set(0);
        let typed = typed.trim().to_owned();
        if typed.chars().count() < SHORTEST {
            let Some(open) = app.open() else { return };
            spawn_local(async move {
                let known = open.known_people().await.unwrap_or_default();
                if !late() {
                    let all = options(known, "", &choice, &there.get_untracked());
                    found.try_set(Found::Options(all));
                }
            });
            return;
        }
        found.set(Found::Searching);
        spawn_local(async move {
            gloo_timers::future::TimeoutFuture::new(PAUSE_MS).await;
            let Some(open) = app.open().filter(|_| !late()) else { return };
            let people = open.find_people(&typed).await;
            if late() {
                return;
            }
            found.try_set(match people {
                Ok(people) => {
                    Found::Options(options(people, &typed, &choice, &there.get_untracked()))
                }
                Err(error) => Found::Failed(why(&error)),
            });
        });
    };
    let close = move || {
        asked.update_value(|asked| *asked += 1);
        found.set(Found::Nothing);
    };
    let add = move |one: Chosen| {
        // By the time of the answer the screen may be another one.
        choice.chosen.try_update(|chosen| {
            if !chosen.iter().any(|there| there.address() == one.address()) {
                chosen.push(one);
            }
        });
        text.try_set(String::new());
        error.try_set(None);
        dom::focus_soon(INPUT);
    };
    let choose = move |one: Chosen| {
        close();
        match one {
            Chosen::Person(person) => match person.trust {
                PersonTrust::First | PersonTrust::KeyChanged => {
                    app.meet(*person, move |person| add(Chosen::Person(Box::new(person))));
                }
                _ => add(Chosen::Person(person)),
            },
            invited @ Chosen::Invited(_) => add(invited),
        }
    };
    let count = move || found.with(|found| found.options().len());
    let keydown = move |event: web_sys::KeyboardEvent| {
        let (key, count) = (event.key(), count());
        match key.as_str() {
            _ if event.is_composing() => return,
            "ArrowDown" if count > 0 => active.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => active.update(|at| *at = (*at + count - 1) % count),
            "ArrowDown" => search(text.get_untracked()),
            // In a form it must not share by accident.
            "Enter" => {
                let at = active.get_untracked();
                let one = found.with_untracked(|found| found.options().get(at).cloned());
                if let Some(one) = one {
                    choose(one);
                }
            }
            "Escape" if found.with_untracked(|found| *found != Found::Nothing) => close(),
            "Backspace" if text.with_untracked(String::is_empty) => {
                choice.chosen.update(|chosen| {
                    chosen.pop();
                });
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let option_id = |at: usize| format!("{LIST}-{at}");
    view! {
        <div class="field people" class:wrong=move || error.get().is_some()>
            <label for=INPUT>{t!("user-or-group")}</label>
            <div class="control tags">
                <ul aria-label=t!("user-or-group")>
                    <For
                        each=move || choice.chosen.get()
                        key=Clone::clone
                        children=move |one| chip(choice, one)
                    />
                </ul>
                <input
                    id=INPUT
                    type="text"
                    role="combobox"
                    dir="auto"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || (count() > 0).to_string()
                    aria-controls=move || (count() > 0).then_some(LIST)
                    aria-activedescendant=move || (count() > 0).then(|| option_id(active.get()))
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=move || {
                        if error.get().is_some() { "share-with-error" } else { "share-with-hint" }
                    }
                    prop:value=move || text.get()
                    on:input=move |event| {
                        if let Some(typed) = dom::typed_text(&event) {
                            text.set(typed.clone());
                            error.set(None);
                            search(typed);
                        }
                    }
                    on:click=move |_| search(text.get_untracked())
                    on:blur=move |_| close()
                    on:keydown=keydown
                />
            </div>
            <div class="found">
                {move || {
                    found
                        .with(|found| match found {
                            Found::Nothing => None,
                            Found::Searching => {
                                Some(view! { <p class="hint">{t!("searching")}</p> }.into_any())
                            }
                            Found::Failed(text) => {
                                Some(
                                    view! {
                                        <p class="error">
                                            <Glyph icon=Icon::CloudOff />
                                            {text.clone()}
                                        </p>
                                    }
                                        .into_any(),
                                )
                            }
                            Found::Options(all) if all.is_empty() => {
                                let typed = text.get_untracked();
                                (!typed.trim().is_empty())
                                    .then(|| {
                                        let text = t!("nobody-found", text = typed.trim());
                                        view! { <p class="hint">{text}</p> }.into_any()
                                    })
                            }
                            Found::Options(all) => {
                                let options = all
                                    .iter()
                                    .cloned()
                                    .enumerate()
                                    .map(|(at, one)| option(at, option_id(at), one, active, choose));
                                Some(
                                    view! {
                                        <ul id=LIST role="listbox" aria-label=t!("user-or-group")>
                                            {options.collect_view()}
                                        </ul>
                                    }
                                        .into_any(),
                                )
                            }
                        })
                }}
            </div>
            <div class="unseen" role="status">
                {move || {
                    found
                        .with(|found| match found {
                            Found::Options(all) if all.is_empty() && text.get().trim().is_empty() => {
                                String::new()
                            }
                            Found::Options(all) => t!("people-found", count = all.len()),
                            Found::Failed(text) => text.clone(),
                            _ => String::new(),
                        })
                }}
            </div>
            {move || error.get().map(|text| wrong_line(INPUT, text))}
            <p class="hint" id="share-with-hint">{t!("user-hint")}</p>
        </div>
    }
}

/// Puts the focus into the field.
pub fn focus() {
    dom::focus(INPUT);
}
