//! Who can be chosen on the Share screen, and who is.

use leptos::prelude::*;
use mysafe_browser::{PersonTrust, PersonView, UserId};

use crate::kit::icon::{Glyph, Icon};
use crate::screens::person::{called, trust_mark};
use crate::screens::share_choice::{Choice, Chosen};
use crate::screens::share_people::INPUT;
use crate::{dom, t};

/// Who can be chosen: those who have no access yet; an address that nobody has is waited for.
pub fn options(
    people: Vec<PersonView>,
    typed: &str,
    choice: &Choice,
    there: &[UserId],
) -> Vec<Chosen> {
    let chosen = choice.chosen.get_untracked();
    let known = people.iter().any(|person| person.address == typed.to_ascii_lowercase());
    let free = |person: &PersonView| {
        person.trust != PersonTrust::Me
            && !there.contains(&person.user)
            && !chosen.iter().any(|one| one.address() == person.address)
    };
    let mut options: Vec<Chosen> =
        people.into_iter().filter(free).map(|person| Chosen::Person(Box::new(person))).collect();
    if !known && looks_like_address(typed) {
        let address = typed.to_ascii_lowercase();
        if !chosen.iter().any(|one| one.address() == address) {
            options.push(Chosen::Invited(address));
        }
    }
    options
}

/// Enough to be offered; whether it is one is for the core to say.
fn looks_like_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(who, host)| {
        let host = host.trim_end_matches('.');
        !who.is_empty() && host.contains('.') && !host.starts_with('.') && text.is_ascii()
    })
}

/// Somebody in the list.
pub fn option(
    at: usize,
    id: String,
    one: Chosen,
    active: RwSignal<usize>,
    choose: impl Fn(Chosen) + Copy + 'static,
) -> impl IntoView {
    let content = match &one {
        Chosen::Person(person) => {
            let mark = trust_mark(person.trust).map(|(icon, text)| {
                view! { <span class="trust"><Glyph icon=icon />{text}</span> }
            });
            view! {
                <Glyph icon=Icon::User />
                <span class="lines">
                    <span class="name" dir="auto">{called(person)}</span>
                    <span class="second" dir="ltr">{person.address.clone()}</span>
                </span>
                {mark}
            }
            .into_any()
        }
        Chosen::Invited(address) => view! {
            <Glyph icon=Icon::Plus />
            <span class="lines">{t!("invite-option", address = address.as_str())}</span>
        }
        .into_any(),
    };
    view! {
        <li
            id=id
            role="option"
            class="option"
            class:current=move || active.get() == at
            aria-selected=move || (active.get() == at).to_string()
            // Before the field is left, which closes the list.
            on:pointerdown=move |event| {
                event.prevent_default();
            }
            on:click=move |_| choose(one.clone())
        >
            {content}
        </li>
    }
}

/// Somebody chosen.
pub fn chip(choice: Choice, one: Chosen) -> impl IntoView {
    let (name, address) = (one.name(), one.address().to_owned());
    view! {
        <li class="chip" title=address>
            <span dir="auto">{name.clone()}</span>
            <button
                type="button"
                aria-label=t!("remove-person", name = name)
                on:click=move |_| {
                    choice.chosen.update(|chosen| chosen.retain(|kept| *kept != one));
                    dom::focus(INPUT);
                }
            >
                <Glyph icon=Icon::Close />
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_address_is_offered() {
        for (text, expected) in [
            ("ana@example.com", true),
            ("ana@example", false),
            ("@example.com", false),
            ("ana", false),
            ("ana@.com", false),
            ("ána@example.com", false),
        ] {
            assert_eq!(looks_like_address(text), expected, "{text}");
        }
    }
}
