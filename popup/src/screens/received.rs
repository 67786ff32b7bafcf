//! What the details say of an item that somebody else shares: whose it is, what one may do with it and
//! until when; and the question about somebody met for the first time.

use leptos::prelude::*;
use mysafe_browser::{ApiSecretView, Met, Right};

use crate::dates::{day, exact};
use crate::kit::icon::{Glyph, Icon};
use crate::screens::home_new::accept;
use crate::screens::person::in_full;
use crate::state::App;
use crate::t;

/// The lines; nothing for the user's own items.
#[component]
pub fn Received(item: ApiSecretView) -> impl IntoView {
    let app = App::here();
    let owner = item.others?;
    let who = in_full(owner.name.as_deref(), &owner.address);
    let may = match item.right {
        Right::View => t!("view-only"),
        _ => t!("edit-too"),
    };
    let until = item.until.map(|until| {
        let time = until * 1_000;
        view! { <span title=exact(time)>{t!("your-access-until", day = day(time))}</span> }
    });
    let met = owner.met;
    let question = match met {
        Met::Accepted => None,
        Met::First => Some(t!("from-stranger", who = who.as_str())),
        Met::KeyChanged => Some(t!("from-changed", who = who.as_str())),
    };
    Some(view! {
        <p class="state received" dir="auto">
            <Glyph icon=Icon::Users />
            <span>{t!("from-person", who = who)}</span>
            <span>{may}</span>
            {until}
        </p>
        {question
            .map(|text| {
                view! {
                    <div
                        class="notice-line ask"
                        class:warn=met == Met::KeyChanged
                        role="group"
                        aria-label=text.clone()
                    >
                        <Glyph icon=Icon::User />
                        <span>{text.clone()}</span>
                        {accept(app, owner)}
                    </div>
                }
            })}
    })
}
