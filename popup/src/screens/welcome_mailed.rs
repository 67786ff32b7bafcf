//! The step of a recovery that asks for the digits that were mailed.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::kit::field::TextField;
use crate::screens::welcome_acts::begin;
use crate::screens::welcome_answers::Answers;
use crate::screens::welcome_steps::{buttons, go_on};
use crate::t;

pub fn mailed_step(answers: Answers) -> impl IntoView {
    let another = move |_| {
        if !answers.working.get_untracked() {
            answers.mailed.set(String::new());
            answers.error.set(None);
            spawn_local(begin(answers));
        }
    };
    view! {
        <h1>{t!("w-mailed-title")}</h1>
        <p>{t!("w-mailed-text", address = answers.address.get_untracked())}</p>
        <TextField
            id="w-mailed"
            label=t!("mailed-code")
            value=answers.mailed
            error=answers.error
            required=true
            ltr=true
            inputmode="numeric"
            autocomplete="one-time-code"
        />
        <button type="button" class="link" on:click=another>
            {t!("send-new-code")}
        </button>
        {buttons(answers, true, go_on)}
    }
}
